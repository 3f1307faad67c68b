# SPDX-License-Identifier: Apache-2.0
"""What the core's own errors are answered with."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kerege.centralbank.actions_proposals import ProposalFault, ProposalRefused
from kerege.centralbank.directory import DirectoryFault, DirectoryRefused
from kerege.centralbank.receipts import NotYetLogged
from kerege.centralbank.register_facts import CountryNotFounded
from kerege.centralbank.register_wallets import WalletBusy
from kerege.errors import KeregeError
from kerege.ledger import MalformedId, Overloaded
from kerege.runtime.tables import DatabaseUnavailable
from kerege.service import Codes

__all__ = ["CORE_CODES", "DIRECTORY_CODES", "PROPOSAL_CODES"]

PROPOSAL_CODES: Final[Mapping[ProposalFault, str]] = MappingProxyType(
    {
        ProposalFault.TEXT_INVALID: "proposal_text_invalid",
        ProposalFault.KEY_UNKNOWN: "proposal_key_unknown",
        ProposalFault.SIGNATURE_INVALID: "proposal_signature_invalid",
        ProposalFault.ID_HAS_OTHER_CONTENT: "proposal_id_reused",
        ProposalFault.PROPOSAL_UNKNOWN: "proposal_unknown",
        ProposalFault.PROPOSAL_EXPIRED: "proposal_expired",
        ProposalFault.PROPOSAL_SETTLED: "proposal_settled",
        ProposalFault.TIMES_INVALID: "proposal_times_invalid",
        ProposalFault.PERSONAL_DATA: "proposal_personal_data",
        ProposalFault.OWN_PROPOSAL: "proposal_own",
        ProposalFault.DIGEST_DIFFERS: "proposal_digest_differs",
        ProposalFault.TOO_MANY_OPEN: "too_many_proposals",
    }
)

DIRECTORY_CODES: Final[Mapping[DirectoryFault, str]] = MappingProxyType(
    {
        DirectoryFault.TAG_INVALID: "request_invalid",
        DirectoryFault.RATE_EXCEEDED: "too_many_requests",
        DirectoryFault.WALLET_UNKNOWN: "wallet_unknown",
        DirectoryFault.TOO_MANY_ALIASES: "too_many_aliases",
        DirectoryFault.ALIAS_TAKEN: "alias_taken",
        DirectoryFault.ALIAS_UNKNOWN: "alias_unknown",
    }
)

CORE_CODES: Final[Mapping[type[KeregeError], str | Codes]] = MappingProxyType(
    {
        CountryNotFounded: "unavailable",
        DatabaseUnavailable: "unavailable",
        DirectoryRefused: DIRECTORY_CODES,
        MalformedId: "request_invalid",
        NotYetLogged: "not_found",
        Overloaded: "unavailable",
        ProposalRefused: PROPOSAL_CODES,
        WalletBusy: "unavailable",
    }
)
"""By class of error, to a problem's code; or by the error's own `code`."""
