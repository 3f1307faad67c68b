# SPDX-License-Identifier: Apache-2.0
"""A running bank, and people who use it from a terminal."""

from tests.terminals import aru, beket, house, sit_down

__all__ = ["aru", "beket", "house", "sit_down"]
