# SPDX-License-Identifier: Apache-2.0
"""One file, one benchmark (or one with its variants)."""
