# SPDX-License-Identifier: Apache-2.0
"""The twin answers as the core would: real planning, real ledger, real signatures."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from kerege.bank.core_line import MAX_SUBMITTED
from kerege.errors import KeregeError
from kerege.keys import Algorithm, PrivateKey, format_jwk
from kerege.payments.documents import Amend, Rehome, Rekey
from kerege.payments.events import Event
from kerege.payments.refusal import Refusal
from tests.two_tiers import ASSET, MINUTE_US, Country, Signer

BANK, OTHER = "altyn-bank", "post"


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    country = Country(tmp_path)
    yield country
    country.close()


@pytest.fixture
def bank(country: Country) -> Signer:
    return country.bank(BANK, issued=1_000_000)


@pytest.fixture
def aru(country: Country, bank: Signer) -> Signer:
    aru = country.person(BANK)
    assert country.send(bank, bank.pay(aru.wallet, 10_000)).accepted
    return aru


def test_a_payment_moves_money_once(country: Country, aru: Signer) -> None:
    shop = country.person(BANK)
    text = aru.pay(shop.wallet, 2_500)
    first, again = country.send(aru, text), country.send(aru, text)
    assert (first.accepted, first.amounts, again.replayed) == (True, (2_500,), True)
    assert (country.balance(aru), country.balance(shop)) == (7_500, 2_500)
    assert country.line(BANK).verdict(first.order) == first


def test_too_much_is_the_ledgers_refusal(country: Country, bank: Signer, aru: Signer) -> None:
    verdict = country.send(aru, aru.pay(bank.wallet, 10_001))
    assert (verdict.code, verdict.found, verdict.limit) == ("exceeds_balance", 10_001, 10_000)


def test_senders_are_looked_at(country: Country, bank: Signer, aru: Signer) -> None:
    stranger = country.signer(BANK)
    thief = Signer(country, BANK, aru.wallet, stranger.key)
    misled = Signer(country, BANK, bank.wallet, aru.key)
    text = aru.pay(bank.wallet, 1)
    forged = text[:-4] + (b"AAAA" if text[-4:] != b"AAAA" else b"AAAE")
    country.bank(OTHER)
    cases = [
        (Refusal.ORDER_TEXT_INVALID, BANK, b"nonsense"),
        (Refusal.KEY_UNKNOWN, BANK, thief.pay(bank.wallet, 1)),
        (Refusal.SIGNER_IS_NOT_WALLET, BANK, misled.pay(aru.wallet, 1)),
        (Refusal.SIGNATURE_INVALID, BANK, forged),
        (Refusal.WALLET_KEPT_ELSEWHERE, OTHER, text),
        (Refusal.TOO_LONG_VALID, BANK, aru.pay(bank.wallet, 1, until_us=2**53)),
    ]
    for code, sender, order in cases:
        (verdict,) = country.line(sender).submit([order])
        assert verdict.code == code
    assert country.balance(aru) == 10_000


def test_an_order_past_its_time_is_refused_for_good(country: Country, aru: Signer) -> None:
    shop = country.person(BANK)
    text = aru.pay(shop.wallet, 1)
    country.clock.advance_us(MINUTE_US + 1)
    assert country.send(aru, text).code == "expired"
    assert country.send(aru, text).replayed


def test_the_rest_above_a_holding_limit_stays_with_the_bank(
    country: Country, bank: Signer, aru: Signer
) -> None:
    small = country.person(BANK, tier="phone", overflow=True)
    assert country.send(bank, bank.pay(aru.wallet, 90_000)).accepted
    assert country.send(aru, aru.pay(small.wallet, 70_000)).amounts == (70_000, 50_000)
    assert country.balance(small) == 50_000
    (event,) = country.line(BANK).events(-1, limit=100).events[-1:]
    told = [(move.wallet, move.change, move.overflow, move.leg) for move in event.wallets]
    assert told == [
        (aru.wallet, -70_000, False, 0),
        (bank.wallet, 70_000, True, 0),
        (bank.wallet, -50_000, True, 0),
        (small.wallet, 50_000, False, 0),
    ]


def test_events_are_paged_and_show_ones_own_side(country: Country, aru: Signer) -> None:
    other = country.bank(OTHER)
    assert country.send(aru, aru.pay(other.wallet, 40)).accepted
    line = country.line(OTHER)
    page = line.events(-1, limit=100)
    (move,) = page.events[-1].wallets
    assert (move.wallet, move.change, move.counterparty, move.bank) == (
        other.wallet,
        40,
        aru.wallet,
        BANK,
    )
    assert page.events[-1].kind == "pay"
    assert line.events(page.next, limit=100).events == ()
    found: list[Event] = []
    cursor = -1
    while (step := line.events(cursor, limit=1)).next != cursor:
        found += step.events
        cursor = step.next
    assert found == list(page.events)


def test_wallets_are_shown_whole_to_their_bank_only(country: Country, aru: Signer) -> None:
    country.bank(OTHER)
    whole, outside = country.line(BANK).wallet(aru.wallet), country.line(OTHER).wallet(aru.wallet)
    assert whole is not None
    assert outside is not None
    assert (whole.tier, outside.tier, outside.assets) == ("full", "", (ASSET,))
    assert country.line(OTHER).balances(aru.wallet) == []
    assert country.line(OTHER).statement(aru.wallet, asset=ASSET) == []
    assert country.line(BANK).wallet("wal_" + "0" * 32) is None


def test_a_statement_runs(country: Country, bank: Signer, aru: Signer) -> None:
    assert country.send(aru, aru.pay(bank.wallet, 300)).accepted
    lines = country.line(BANK).statement(aru.wallet, asset=ASSET)
    assert [(line.change, line.balance) for line in lines] == [(-300, 9_700), (10_000, 10_000)]


def test_a_lost_key_is_replaced_by_the_recovery_key(country: Country, bank: Signer) -> None:
    recovery = PrivateKey.generate(Algorithm.ES256)
    recovery_jwk = format_jwk(recovery.public_key).decode()
    aru = country.person(BANK, recovery=recovery_jwk)
    assert country.send(bank, bank.pay(aru.wallet, 100)).accepted
    new = PrivateKey.generate(Algorithm.ED25519)
    by_recovery = Signer(country, BANK, aru.wallet, recovery)
    change = Rekey(
        id=country.order_id(),
        wallet=aru.wallet,
        until_us=country.clock.now_us() + MINUTE_US,
        key=format_jwk(new.public_key).decode(),
    )
    assert country.send(aru, by_recovery.pay(bank.wallet, 1)).code == Refusal.KEY_UNKNOWN
    assert country.send(aru, by_recovery.sign(change)).accepted
    assert country.send(aru, aru.pay(bank.wallet, 1)).code == Refusal.KEY_REVOKED
    assert country.send(aru, Signer(country, BANK, aru.wallet, new).pay(bank.wallet, 1)).accepted
    assert country.line(BANK).verdict(change.id) is not None


def test_a_wallet_moves_to_another_bank(country: Country, aru: Signer) -> None:
    other = country.bank(OTHER)
    move = Rehome(
        id=country.order_id(),
        wallet=aru.wallet,
        until_us=country.clock.now_us() + MINUTE_US,
        bank=OTHER,
    )
    assert country.send(aru, aru.sign(move)).code == Refusal.WALLET_KEPT_ELSEWHERE
    assert country.send(other, aru.sign(move)).accepted
    assert country.send(aru, aru.pay(other.wallet, 1)).code == Refusal.WALLET_KEPT_ELSEWHERE
    assert country.send(other, aru.pay(other.wallet, 1)).accepted


def test_a_bank_amends_what_it_keeps(country: Country, bank: Signer, aru: Signer) -> None:
    other = country.bank(OTHER)

    def amended(by: Signer) -> str:
        change = Amend(
            id=country.order_id(),
            wallet=by.wallet,
            until_us=country.clock.now_us() + MINUTE_US,
            subject=aru.wallet,
            tier="phone",
        )
        return country.send(by, by.sign(change)).code

    assert [amended(other), amended(bank)] == [Refusal.WALLET_KEPT_ELSEWHERE, "accepted"]
    view = country.line(BANK).wallet(aru.wallet)
    assert view is not None
    assert view.tier == "phone"


def test_a_wallet_opens_once(country: Country, bank: Signer) -> None:
    aru = country.signer(BANK)
    text = aru.open()
    assert country.send(aru, text).accepted
    assert country.send(aru, text).replayed
    assert country.send(aru, aru.open()).code == Refusal.WALLET_EXISTS
    assert country.send(aru, country.signer(BANK).open(tier="none")).code == Refusal.TIER_UNKNOWN


def test_what_would_happen_changes_nothing(country: Country, bank: Signer, aru: Signer) -> None:
    line = country.line(BANK)
    assert line.try_out(aru.pay(bank.wallet, 1)).accepted
    assert line.try_out(aru.pay("wal_" + "0" * 32, 1)).code == Refusal.PAYEE_UNKNOWN
    assert country.balance(aru) == 10_000


def test_aliases_lead_to_wallets(country: Country, aru: Signer) -> None:
    line = country.line(BANK)
    line.put_alias("tag", aru.wallet)
    found = line.resolve("tag")
    assert found is not None
    assert (found.wallet, found.bank) == (aru.wallet, BANK)
    line.drop_alias("tag")
    assert line.resolve("tag") is None


def test_the_twin_has_no_receipts(country: Country, aru: Signer) -> None:
    assert country.line(BANK).receipt(country.order_id()) is None


def test_a_submission_has_a_limit(country: Country) -> None:
    with pytest.raises(KeregeError, match="at most"):
        country.line(BANK).submit([b""] * (MAX_SUBMITTED + 1))
