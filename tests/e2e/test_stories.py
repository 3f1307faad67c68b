# SPDX-License-Identifier: Apache-2.0
"""Stories of money: from issuing it to giving it back, through commands, wallets and HTTP only.

Each story stands by itself; all happen in one country, and `test_stories_proof.py` checks in the
end what they left. Amounts are in tiyn.
"""

import shutil
from pathlib import Path

from kerege.payments import Leg
from tests.e2e.cast import CAFE, NICKNAME, Cast
from tests.e2e.country import ASSET, eventually, run_kerege


def test_two_people_issue_money_and_the_supply_grows_by_it(cast: Cast) -> None:
    before = cast.country.supply()
    done = cast.country.kerege("issue", "uyq-bank", "2500000", "--reason", "holidays")
    assert done["amount_minor"] == 2_500_000_00
    after = cast.country.supply()
    assert after["issued"] - before["issued"] == 2_500_000_00


def test_a_deposit_becomes_digital_money_and_goes_back(cast: Cast) -> None:
    berik = cast.berik
    balance, deposit = berik.balance(), berik.deposit()
    cast.country.pay_in(berik, 9_000_00, reference="wages from elsewhere")
    cast.country.pay_in(berik, 9_000_00, reference="wages from elsewhere")
    berik.kerege("wallet", "fund", "7000")
    assert (berik.balance(), berik.deposit()) == (balance + 7_000_00, deposit + 2_000_00)
    berik.kerege("wallet", "defund", "1500.50")
    assert berik.balance() == balance + 5_499_50
    eventually(berik.deposit, lambda seen: seen == deposit + 3_500_50)


def test_the_works_pay_salaries_in_one_order(cast: Cast) -> None:
    cast.works.fund(300_000_00)
    before = cast.aru.balance(), cast.berik.balance()
    wages = [Leg(to=cast.aru.wallet_id(), amount=40_000_00)]
    wages.append(Leg(to=cast.berik.wallet_id(), amount=210_000_00))
    with cast.works.wallet() as wallet:
        answer = wallet.pay_all(wages, asset=ASSET)
    assert answer.verdict.accepted, answer
    assert cast.aru.balance() == before[0] + 40_000_00
    assert cast.berik.balance() == before[1] + 210_000_00


def test_berik_pays_by_nickname_and_sees_initials(cast: Cast) -> None:
    aru, berik, cafe = cast.aru, cast.berik, cast.cafe
    named = cafe.ask("POST", "/v1/aliases", {"alias": NICKNAME, "wallet": cafe.wallet_id()})
    assert (named.json()["kind"], named.json()["state"]) == ("nickname", "listed")
    phone = aru.ask("POST", "/v1/aliases", {"alias": aru.phone, "wallet": aru.wallet_id()})
    assert phone.json()["state"] == "listed"
    berik.fund(3_000_00)
    before = cafe.balance(), aru.balance()
    with berik.wallet() as wallet:
        shown = wallet.payee(NICKNAME)
        assert shown.name == CAFE["name"]
        assert wallet.pay(shown, 700_00, asset=ASSET).verdict.accepted
        friend = wallet.payee(aru.phone)
        assert friend.name == "А*** К***"
        assert wallet.pay(friend, 300_00, asset=ASSET).verdict.accepted
    assert (cafe.balance(), aru.balance()) == (before[0] + 700_00, before[1] + 300_00)
    taken = berik.ask("POST", "/v1/aliases", {"alias": NICKNAME, "wallet": berik.wallet_id()})
    assert (taken.status_code, taken.json()["code"]) == (409, "alias_taken")
    stranger = berik.ask("POST", "/v1/resolve", {"to": "+77990417999"}).json()
    assert "wallet" not in stranger


def test_aru_scans_a_code_and_gets_half_back(cast: Cast, tmp_path: Path) -> None:
    aru, cafe = cast.aru, cast.cafe
    aru.fund(5_000_00)
    before = aru.balance(), cafe.balance()
    code = cafe.kerege("request", "1800", "--note", "two bowls")
    paid = aru.kerege("pay", "--qr", code["qr"])
    order = paid["verdict"]["order"]
    assert (aru.balance(), cafe.balance()) == (before[0] - 1_800_00, before[1] + 1_800_00)
    with cafe.wallet() as wallet:
        assert wallet.refund(order, 900_00).verdict.accepted
        assert wallet.refund(order, 900_01).verdict.code == "exceeds_refundable"
    assert aru.balance() == before[0] - 900_00

    def receipt() -> Path | None:
        target = tmp_path / "receipt.txt"
        with aru.wallet():
            answer = aru.ask("GET", f"/v1/payments/{order}/receipt")
        if answer.status_code == 404:
            return None
        target.write_bytes(answer.content)
        return target

    assert eventually(receipt, lambda seen: seen is not None)
    shutil.copy(cast.country.policy, tmp_path / "policy.txt")
    told = run_kerege("receipt", "verify", "receipt.txt", "--policy", "policy.txt", cwd=tmp_path)
    assert told["order"] == order
