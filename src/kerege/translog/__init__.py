# SPDX-License-Identifier: Apache-2.0
"""The tamper-evident public log, to the C2SP tlog documents."""

__all__: list[str] = []
