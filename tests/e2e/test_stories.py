# SPDX-License-Identifier: Apache-2.0
"""Stories of money: from issuing it to giving it back, through commands, wallets and HTTP only.

Each story stands by itself; all happen in one country, and `test_stories_proof.py` checks in the
end what they left. Amounts are in tiyn.
"""

import hashlib
import shutil
from pathlib import Path

import httpx
import pytest

from kerege.keys import Algorithm, PrivateKey, encode_base64url
from kerege.payments import Leg
from tests.e2e.cast import CAFE, DANA, NICKNAME, SAULE, Cast
from tests.e2e.country import ASSET, CommandFailed, Customer, eventually, run_kerege

pytestmark = pytest.mark.slow

MAY_HOLD = 100_000_00
"""What the profile lets somebody hold whom the bank knows by telephone alone."""


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
        assert friend.name == "А*** К.", friend
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


def test_what_aru_may_not_hold_flows_to_the_deposit(cast: Cast) -> None:
    aru, works = cast.aru, cast.works
    works.fund(150_000_00)
    room = MAY_HOLD - aru.balance()
    deposit = aru.deposit()
    with works.wallet() as wallet:
        paid = wallet.pay_all([Leg(to=aru.wallet_id(), amount=room + 25_000_00)], asset=ASSET)
    assert paid.verdict.accepted, paid
    assert aru.balance() == MAY_HOLD
    eventually(aru.deposit, lambda seen: seen == deposit + 25_000_00)
    aru.kerege("wallet", "defund", "60000")
    eventually(aru.deposit, lambda seen: seen == deposit + 85_000_00)


def test_the_deposit_gives_what_a_payment_lacks(cast: Cast) -> None:
    aru, cafe = cast.aru, cast.cafe
    setting = f"/v1/wallets/{aru.wallet_id()}/settings"
    assert aru.ask("PUT", setting, {"name": "aru", "top_up": True}).json()["top_up"]
    cast.country.pay_in(aru, 4_000_00, reference="from grandmother")
    lacks = 3_500_00
    before = aru.balance(), aru.deposit(), cafe.balance()
    if before[0] > 2_000_00:
        with aru.wallet() as wallet:
            assert wallet.defund(before[0] - 2_000_00, asset=ASSET).verdict.accepted
        eventually(aru.deposit, lambda seen: seen == before[1] + before[0] - 2_000_00)
    before = aru.balance(), aru.deposit(), cafe.balance()
    with aru.wallet() as wallet:
        answer = wallet.pay(cafe.wallet_id(), before[0] + lacks, asset=ASSET)
        assert answer.verdict.accepted, answer
    assert (aru.balance(), cafe.balance()) == (0, before[2] + before[0] + lacks)
    eventually(aru.deposit, lambda seen: seen == before[1] - lacks)
    assert not aru.ask("PUT", setting, {"name": "aru"}).json().get("top_up")


def test_what_neither_wallet_nor_deposit_has_is_refused(cast: Cast) -> None:
    works, cafe = cast.works, cast.cafe
    setting = f"/v1/wallets/{works.wallet_id()}/settings"
    works.ask("PUT", setting, {"top_up": True})
    before = works.balance(), works.deposit(), cafe.balance()
    with works.wallet() as wallet:
        short = wallet.pay(cafe.wallet_id(), before[0] + before[1] + 1, asset=ASSET)
    assert short.verdict.code == "deposit_short", short
    assert (works.balance(), works.deposit(), cafe.balance()) == before
    works.ask("PUT", setting, {"top_up": False})


def test_a_pump_reserves_and_takes_what_was_filled(cast: Cast) -> None:
    berik, cafe = cast.berik, cast.cafe
    berik.fund(20_000_00)
    before = berik.balance(), cafe.balance()
    with berik.wallet() as wallet:
        hold = wallet.hold(cafe.wallet_id(), 20_000_00, asset=ASSET, seconds=3600)
    assert hold.verdict.accepted, hold
    assert berik.held() == 20_000_00
    with cafe.wallet() as wallet:
        taken = wallet.capture([hold.verdict.order], 14_500_00)
        assert taken.verdict.accepted, taken
        assert not wallet.capture([hold.verdict.order], 1_00).verdict.accepted
    assert (berik.balance(), berik.held()) == (before[0] - 14_500_00, 0)
    assert cafe.balance() == before[1] + 14_500_00


def test_two_friends_share_a_bill(cast: Cast) -> None:
    aru, berik, cafe = cast.aru, cast.berik, cast.cafe
    aru.fund(6_000_00)
    berik.fund(6_000_00)
    before = cafe.balance()
    with cafe.wallet() as wallet:
        bill = wallet.request(9_000_00, asset=ASSET, parts=True, note="table 4")
    for friend in (aru, berik):
        with friend.wallet() as wallet:
            answer = wallet.pay(bill.qr, 4_500_00, asset=ASSET)
            assert answer.verdict.accepted, answer
    assert cafe.balance() == before + 9_000_00
    with berik.wallet() as wallet:
        again = wallet.pay(bill.qr, 1_00, asset=ASSET)
    assert again.verdict.code == "request_already_paid", again


def test_a_mandate_takes_no_more_than_was_granted(cast: Cast) -> None:
    berik, cafe = cast.berik, cast.cafe
    berik.fund(10_000_00)
    before = berik.balance()
    with berik.wallet() as wallet:
        granted = wallet.mandate(
            cafe.wallet_id(), asset=ASSET, each=2_000_00, total=5_000_00, window_s=24 * 3600
        )
    assert granted.verdict.accepted, granted
    mandate = granted.verdict.order
    with cafe.wallet() as wallet:
        codes = [wallet.pull(mandate, each).verdict.code for each in (2_000_00, 2_000_00)]
        assert codes == ["accepted", "accepted"]
        assert wallet.pull(mandate, 2_000_01).verdict.code == "mandate_exceeds_each"
        assert wallet.pull(mandate, 1_000_01).verdict.code == "mandate_used_up"
    with berik.wallet() as wallet:
        assert wallet.cancel_mandate(mandate).verdict.accepted
    with cafe.wallet() as wallet:
        assert wallet.pull(mandate, 1_00).verdict.code == "mandate_ended"
    assert berik.balance() == before - 4_000_00


def test_a_lost_key_is_replaced_and_the_finder_of_the_old_one_gets_nothing(cast: Cast) -> None:
    kept_apart = PrivateKey.generate(Algorithm.ES256)
    dana = cast.country.known(
        *("dana", DANA), bank="dala-post", kind="person", tier="identified", recovery=kept_apart
    )
    dana.fund(8_000_00)
    lost = dana.wallet_id()
    new_phone = Customer(
        cast.country, cast.country.purses / "new phone", bank=dana.bank, phone=dana.phone
    )
    new_phone.sign_in()
    with new_phone.purse_open() as purse:
        url = cast.country.url(dana.bank)
        answer = purse.recover("mine", wallet=lost, bank=url, recovery=kept_apart)
    assert answer.verdict.accepted, answer
    assert new_phone.balance() == 8_000_00
    with dana.wallet() as wallet:
        stolen = wallet.pay(cast.berik.wallet_id(), 8_000_00, asset=ASSET)
    assert stolen.verdict.code == "key_revoked", stolen
    with new_phone.wallet() as wallet:
        assert wallet.pay(cast.aru.wallet_id(), 1_000_00, asset=ASSET).verdict.accepted


def test_a_wallet_changes_banks_with_all_that_is_in_it(cast: Cast) -> None:
    country, cafe = cast.country, cast.cafe
    saule = country.known(*("saule", SAULE), bank="shanyraq-bank", kind="person", tier="identified")
    saule.fund(30_000_00)
    with saule.wallet() as wallet:
        hold = wallet.hold(cafe.wallet_id(), 6_000_00, asset=ASSET, seconds=3600).verdict
        mandate = wallet.mandate(cafe.wallet_id(), asset=ASSET, each=1_000_00, total=2_000_00)
    there = Customer(country, saule.purse, bank="dala-post", phone=saule.phone)
    country.become_known(there, SAULE, kind="person", tier="identified")
    left = saule.ask("GET", f"/v1/wallets/{saule.wallet_id()}/departure").json()
    assert (left["bank"], left["open_orders"]) == ("shanyraq-bank", [])
    with saule.wallet() as wallet, there.line() as line:
        moved = line.bring_wallet(wallet.move_to("dala-post"))
        assert moved.verdict.accepted, moved
        elsewhere = wallet.pay(cafe.wallet_id(), 1_00, asset=ASSET)
        # The old bank hears of it from the core, sooner or later than this.
        refused = {"wallet_kept_elsewhere", "wallet_not_yours"}
        assert elsewhere.verdict.code in refused, elsewhere
    with there.purse_open() as purse:
        purse.moved("saule", country.url("dala-post"))
    gone = saule.ask("POST", f"/v1/wallets/{there.wallet_id()}/departure")
    assert gone.status_code in (httpx.codes.NO_CONTENT, httpx.codes.NOT_FOUND), gone.text
    assert (there.balance(), there.held()) == (30_000_00, 6_000_00)
    with cafe.wallet() as wallet:
        assert wallet.capture([hold.order], 5_000_00).verdict.accepted
        assert wallet.pull(mandate.verdict.order, 1_000_00).verdict.accepted
    with there.wallet() as wallet:
        assert wallet.pay(cafe.wallet_id(), 500_00, asset=ASSET).verdict.accepted
    assert (there.balance(), there.held()) == (23_500_00, 0)


def test_a_dispute_is_heard_and_decided(cast: Cast) -> None:
    berik, cafe = cast.berik, cast.cafe
    berik.fund(4_000_00)
    with cafe.wallet() as wallet:
        bank = wallet.state().bank_wallet
        granted = wallet.mandate(
            bank, asset=ASSET, each=1_000_000_00, total=1_000_000_00, holds=True
        )
    assert granted.verdict.accepted, granted
    ours = {"wallet": cafe.wallet_id(), "mandate": granted.verdict.order}
    assert cafe.ask("POST", "/v1/disputes/mandates", ours).status_code == httpx.codes.NO_CONTENT
    with berik.wallet() as wallet:
        paid = wallet.pay(cafe.wallet_id(), 3_000_00, asset=ASSET).verdict
    before = berik.balance(), cafe.balance()
    asked = {
        "wallet": berik.wallet_id(),
        "payment": paid.order,
        "reason": "not_received",
        "claimed": 3_000_00,
    }
    case = f"/v1/disputes/{berik.ask('POST', '/v1/disputes', asked).json()['id']}"
    eventually(lambda: berik.ask("GET", case).json()["reserved"], bool)
    assert cafe.held() == 3_000_00
    letter = hashlib.sha256(b"a letter that nobody but the two sides has").digest()
    told = {"wallet": berik.wallet_id(), "digest": encode_base64url(letter)}
    assert berik.ask("POST", f"{case}/evidence", told).status_code == httpx.codes.OK
    assert cast.aru.ask("GET", case).status_code == httpx.codes.NOT_FOUND
    answered = cafe.ask("POST", f"{case}/answer", {"conceded": 0})
    assert answered.json()["state"] == "answered", answered.text
    name = case.removeprefix("/v1/disputes/")
    path = f"/v1/staff/disputes/{name}/decision"
    assert cast.country.staff(berik.bank, path, {"awarded": 2_000_00})["state"] == "decided"
    eventually(berik.balance, lambda seen: seen == before[0] + 2_000_00)
    assert (cafe.balance(), cafe.held()) == (before[1] - 2_000_00, 0)


def test_a_bank_gives_money_back_and_the_supply_shrinks_by_it(cast: Cast) -> None:
    country = cast.country
    before = country.supply()
    order = country.pay_redemption("uyq-bank", 1_250_000_00)
    proposed = country.staff_of_the_core("aida", "propose", "redeem", order, "--reason", "too much")
    assert proposed["state"] == "proposed"
    assert country.supply() == before
    with pytest.raises(CommandFailed):
        country.staff_of_the_core("aida", "approve", proposed["id"], "--yes")
    done = country.staff_of_the_core("berik", "approve", proposed["id"], "--yes")
    assert done["state"] == "executed", done
    after = country.supply()
    assert after["redeemed"] - before["redeemed"] == 1_250_000_00
