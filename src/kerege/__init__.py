# SPDX-License-Identifier: Apache-2.0
"""Kerege runs a national digital currency: a ledger, a public log, and the proofs that tie them."""

__all__ = ["__version__"]

__version__ = "0.1.0"
