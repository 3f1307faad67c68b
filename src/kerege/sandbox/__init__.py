# SPDX-License-Identifier: Apache-2.0
"""Kerege in a box: made-up people, real parts.

>>> from kerege.sandbox import Tour
"""

from kerege.sandbox.tour import Tour

__all__ = ["Tour"]
