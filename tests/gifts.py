# SPDX-License-Identifier: Apache-2.0
"""A programme whose money people may spend, and some of it in a wallet."""

from typing import Any

import msgspec

from kerege.centralbank.actions import ActivateProgramme
from kerege.keys import key_thumbprint, sign_compact
from kerege.payments import Fund
from kerege.programmes.document import PROGRAMME_TYP
from tests.programmes import programme, route
from tests.two_tiers import ASSET, MINUTE_US, START_US, Branch, Signer

__all__ = ["give_programme"]


def give_programme(branch: Branch, to: Signer, amount: int) -> None:
    """Money of a programme in force, which is spent anywhere but at banks."""
    funder = branch.country.person(branch.signer.bank, owner_kind="firm")
    branch.country.core.issue("funder", funder.wallet, ASSET, amount)
    grant = route("payer.is_funder", name="grant", arrival="keep")
    spend = route("payee.kind != 'bank'", name="spend")
    times = {"starts_us": 0, "ends_us": START_US + 10**12}
    terms = programme(grant, spend, id="gift", funder=funder.wallet, budget=amount, **times)
    signed = sign_compact(
        msgspec.json.encode(terms),
        funder.key,
        kid=key_thumbprint(funder.key.public_key),
        typ=PROGRAMME_TYP,
    )
    branch.country.core.act(ActivateProgramme(terms=signed.decode()))
    frame: dict[str, Any] = {
        "id": branch.country.order_id(),
        "wallet": funder.wallet,
        "until_us": branch.country.clock.now_us() + MINUTE_US,
    }
    fund = funder.sign(Fund(**frame, programme="gift", amount=amount))
    pay = funder.pay(to.wallet, amount, spend="gift")
    verdicts = branch.country.line(branch.signer.bank).submit([fund, pay])
    assert [one.code for one in verdicts] == ["accepted", "accepted"]
