# SPDX-License-Identifier: Apache-2.0
"""Disputes at a bank: open a case, follow it, give evidence, answer, let it be."""

from urllib.parse import quote

from kerege.keys import encode_base64url
from kerege.wallet.http_bank import HttpBank
from kerege.wallet.wire import CaseList, CaseView

__all__ = ["Cases"]


class Cases:
    """Cases over the line `bank`. Every call raises `BankUnreachable` or `BankRefused`."""

    def __init__(self, bank: HttpBank) -> None:
        self._bank = bank

    def open(
        self, *, wallet: str, payment: str, reason: str, claimed: int, leg: int = 0
    ) -> CaseView:
        """Claim `claimed` minor units of a leg back; the same again is the same case."""
        body = {
            "wallet": wallet,
            "payment": payment,
            "reason": reason,
            "claimed": claimed,
            "leg": leg,
        }
        return self._bank.ask("POST", "/v1/disputes", CaseView, body=body)

    def of(self, wallet: str) -> tuple[CaseView, ...]:
        """Cases of a wallet, of either side, newest first."""
        query = {"wallet": wallet}
        return self._bank.ask("GET", "/v1/disputes", CaseList, query=query).disputes

    def show(self, case: str) -> CaseView:
        """One case."""
        return self._bank.ask("GET", _path(case), CaseView)

    def answer(self, case: str, *, conceded: int) -> CaseView:
        """As the payee: how much of the claim is admitted."""
        return self._bank.ask("POST", _path(case, "answer"), CaseView, body={"conceded": conceded})

    def give_evidence(self, case: str, *, wallet: str, digest: bytes) -> CaseView:
        """Name a document by its SHA-256; the document itself stays with who has it."""
        body = {"wallet": wallet, "digest": encode_base64url(digest)}
        return self._bank.ask("POST", _path(case, "evidence"), CaseView, body=body)

    def withdraw(self, case: str) -> CaseView:
        """As the payer: let it be."""
        return self._bank.ask("POST", _path(case, "withdrawal"), CaseView)

    def take_part(self, *, wallet: str, mandate: str) -> None:
        """As a shop: let claims be set aside under a mandate to the bank's own wallet."""
        self._bank.tell(
            "POST", "/v1/disputes/mandates", body={"wallet": wallet, "mandate": mandate}
        )


def _path(case: str, what: str = "") -> str:
    return f"/v1/disputes/{quote(case, safe='')}" + (f"/{what}" if what else "")
