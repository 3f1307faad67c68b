# SPDX-License-Identifier: Apache-2.0
"""Kerege runs a national digital currency: a ledger, a public log, and the proofs that tie them."""
