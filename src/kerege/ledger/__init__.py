# SPDX-License-Identifier: Apache-2.0
"""Accounts, transfers, orders: a double-entry ledger that can prove what it did."""
