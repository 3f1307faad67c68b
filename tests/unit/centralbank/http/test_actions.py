# SPDX-License-Identifier: Apache-2.0
from pathlib import Path
from typing import Any

import pytest

from kerege.centralbank.actions import Action, Admit, Issue, ReservesIn
from kerege.centralbank.actions_proposals import (
    APPROVAL_TYP,
    PROPOSAL_TYP,
    Approval,
    ProposalText,
    digest_of,
    encode_text,
)
from kerege.centralbank.register_participants import Role
from kerege.keys import format_jwk, sign_compact
from kerege.service import Refused
from tests.cores import Core
from tests.registers import HOUR_US, key_of, kid_of

ARU, BEK = "staff-aru", "staff-bek"
Told = dict[str, Any]


def signed(payload: bytes, name: str, typ: str) -> str:
    key = key_of(name)
    return sign_compact(payload, key, kid=kid_of(key), typ=typ).decode()


def proposal(core: Core, action: Action, number: int = 1) -> tuple[str, str]:
    text = ProposalText(
        id=f"prp_{number:032x}",
        action=action,
        reason="a test",
        expires_us=core.clock.now_us() + HOUR_US,
    )
    return text.id, signed(encode_text(text), ARU, PROPOSAL_TYP)


def approval(proposal_id: str, text: str, *, by: str = BEK) -> str:
    digest = digest_of(text.rpartition(".")[0].encode())
    return signed(encode_text(Approval(proposal=proposal_id, sha256=digest)), by, APPROVAL_TYP)


def admit(name: str) -> Admit:
    jwk = format_jwk(key_of(name).public_key).decode()
    return Admit(participant=name, roles=(Role.INTERMEDIARY,), keys=(jwk,))


def test_one_proposes_and_another_approves(tmp_path: Path) -> None:
    with Core(tmp_path) as core, core.client(ARU) as aru, core.client(BEK) as bek:
        proposal_id, text = proposal(core, admit("new-bank"))
        told = aru.post("/v1/proposals", {"proposal": text}, Told)
        assert told["state"] == "proposed"
        assert aru.post("/v1/proposals", {"proposal": text}, Told) == told
        body = {"approval": approval(proposal_id, text)}
        told = bek.post(f"/v1/proposals/{proposal_id}/approvals", body, Told)
        assert (told["state"], told["code"]) == ("executed", "executed")
        assert aru.get(f"/v1/proposals/{proposal_id}", Told) == told
        listed = bek.get("/v1/proposals", Told)["proposals"]
        assert [one["id"] for one in listed] == [proposal_id]
        assert core.node.register.participant("new-bank") is not None


def test_nobody_else_proposes_and_nobody_approves_their_own(tmp_path: Path) -> None:
    with Core(tmp_path) as core, core.client(ARU) as aru:
        core.admit("altyn-bank")
        proposal_id, text = proposal(core, admit("new-bank"))
        with core.client("altyn-bank") as bank, pytest.raises(Refused) as caught:
            bank.post("/v1/proposals", {"proposal": text}, Told)
        assert caught.value.status == 403
        aru.post("/v1/proposals", {"proposal": text}, Told)
        body = {"approval": approval(proposal_id, text, by=ARU)}
        with pytest.raises(Refused) as caught:
            aru.post(f"/v1/proposals/{proposal_id}/approvals", body, Told)
        assert caught.value.code == "proposal_own"
        with core.client("") as nobody, pytest.raises(Refused) as caught:
            nobody.get("/v1/proposals", Told)
        assert caught.value.status == 401


def test_supply_and_lawful_access_are_for_all_to_see(tmp_path: Path) -> None:
    with Core(tmp_path) as core, core.client("") as anyone:
        figures = anyone.get("/v1/supply", Told)["supply"]
        assert figures
        assert {(one["issued"], one["circulating"]) for one in figures} == {(0, 0)}
        assert anyone.get("/v1/access-log", Told) == {"entries": []}


def test_what_two_people_want_may_still_be_impossible(tmp_path: Path) -> None:
    with Core(tmp_path) as core, core.client(ARU) as aru, core.client(BEK) as bek:

        def done(number: int, action: Action) -> Told:
            proposal_id, text = proposal(core, action, number)
            aru.post("/v1/proposals", {"proposal": text}, Told)
            body = {"approval": approval(proposal_id, text)}
            return bek.post(f"/v1/proposals/{proposal_id}/approvals", body, Told)

        done(1, admit("new-bank"))
        done(2, ReservesIn(participant="new-bank", asset="KZT", amount=500))
        # A bank without a wallet of its own has nowhere to put it.
        told = done(3, Issue(participant="new-bank", asset="KZT", amount=500))
        assert (told["state"], told["code"]) == ("refused", "wallet_unknown")
