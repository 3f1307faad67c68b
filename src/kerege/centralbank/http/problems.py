# SPDX-License-Identifier: Apache-2.0
"""What the core's own errors are answered with."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kerege.centralbank.actions_proposals import ProposalRefused
from kerege.centralbank.receipts import NotYetLogged
from kerege.centralbank.register_facts import CountryNotFounded
from kerege.centralbank.register_wallets import WalletBusy
from kerege.errors import KeregeError
from kerege.ledger import MalformedId, Overloaded
from kerege.runtime.tables import DatabaseUnavailable

__all__ = ["CORE_CODES"]

CORE_CODES: Final[Mapping[type[KeregeError], str]] = MappingProxyType(
    {
        CountryNotFounded: "unavailable",
        DatabaseUnavailable: "unavailable",
        MalformedId: "request_invalid",
        NotYetLogged: "not_found",
        ProposalRefused: "request_invalid",
        Overloaded: "unavailable",
        WalletBusy: "unavailable",
    }
)
"""By class of error, to a problem's code."""
