# SPDX-License-Identifier: Apache-2.0
"""An order is kept before it is sent, sent as the same bytes, and paid once whatever is lost."""

from pathlib import Path

import pytest

from kerege.payments import Verdict
from kerege.wallet import BankRefused, MemoryBank, Stage, StillUnanswered, Wallet
from kerege.wallet.sending import backoff_s
from tests.wallets import Pocket


@pytest.fixture
def pocket(tmp_path: Path) -> Pocket:
    return Pocket(tmp_path)


def pay(pocket: Pocket, wallet: Wallet, shop: str) -> str:
    return wallet.pay(shop, 450_00, asset="KZT").verdict.code


@pytest.mark.parametrize(("requests", "answers"), [(0, 0), (3, 0), (0, 3), (2, 2)])
def test_lost_requests_and_answers_pay_once(pocket: Pocket, requests: int, answers: int) -> None:
    wallet, shop = pocket.wallet(), pocket.bank.make_wallet()
    pocket.bank.lose_requests, pocket.bank.lose_answers = requests, answers
    assert pay(pocket, wallet, shop) == "accepted"
    assert pocket.bank.balance(shop) == 450_00
    assert len(pocket.waits) == requests + answers


def test_pauses_grow_and_end(pocket: Pocket) -> None:
    wallet, shop = pocket.wallet(), pocket.bank.make_wallet()
    pocket.bank.lose_requests = 1000
    with pytest.raises(StillUnanswered) as caught:
        pay(pocket, wallet, shop)
    assert pocket.waits == sorted(pocket.waits)
    assert sum(pocket.waits) <= 30
    stored = pocket.purse.store.order(caught.value.order_id)
    assert stored is not None
    assert stored.stage is Stage.UNANSWERED


def test_the_next_run_sends_what_was_kept(pocket: Pocket) -> None:
    wallet, shop = pocket.wallet(), pocket.bank.make_wallet()
    pocket.bank.lose_requests = 1000
    with pytest.raises(StillUnanswered):
        pay(pocket, wallet, shop)
    pocket.purse.close()
    pocket.bank.lose_requests = 0
    with pocket.reopened() as purse:
        [answer] = purse.open("tea").resume()
        assert answer.verdict.accepted
        assert purse.open("tea").resume() == []
    assert pocket.bank.balance(shop) == 450_00


def test_the_same_bytes_are_sent_again(pocket: Pocket, monkeypatch: pytest.MonkeyPatch) -> None:
    wallet, shop = pocket.wallet(), pocket.bank.make_wallet()
    seen: list[bytes] = []
    decide = MemoryBank.decide

    def note(bank: MemoryBank, text: bytes) -> Verdict:
        seen.append(text)
        return decide(bank, text)

    monkeypatch.setattr(MemoryBank, "decide", note)
    pocket.bank.lose_answers = 3
    pay(pocket, wallet, shop)
    assert len(seen) == 4
    assert len(set(seen)) == 1


def test_after_its_time_an_order_is_asked_for_not_sent(pocket: Pocket) -> None:
    wallet, shop = pocket.wallet(), pocket.bank.make_wallet()
    pocket.bank.lose_answers = 1000
    with pytest.raises(StillUnanswered):
        pay(pocket, wallet, shop)
    pocket.clock.advance_us(24 * 3600 * 1_000_000)
    pocket.bank.lose_answers = 0
    [answer] = wallet.resume()
    assert answer.verdict.accepted
    assert pocket.bank.balance(shop) == 450_00


def test_a_refusal_is_an_answer_and_final(pocket: Pocket) -> None:
    wallet, shop = pocket.wallet(money=1), pocket.bank.make_wallet()
    answer = wallet.pay(shop, 450_00, asset="KZT")
    assert answer.verdict.code == "exceeds_balance"
    assert wallet.resume() == []


def test_what_the_bank_turns_away_is_not_sent_by_itself(
    pocket: Pocket, monkeypatch: pytest.MonkeyPatch
) -> None:
    wallet, shop = pocket.wallet(), pocket.bank.make_wallet()

    def refuse(bank: MemoryBank, text: bytes) -> None:
        raise BankRefused("not your wallet", code="not_allowed", status=403)

    monkeypatch.setattr(MemoryBank, "decide", refuse)
    with pytest.raises(BankRefused):
        pay(pocket, wallet, shop)
    [stored] = [each for each in pocket.purse.store.latest(wallet.id, 5) if each.kind == "pay"]
    assert stored.stage is Stage.TURNED_AWAY
    assert wallet.resume() == []


def test_back_off_doubles_up_to_half_a_minute() -> None:
    assert [backoff_s(tries) for tries in (0, 1, 2)] == [0.2, 0.4, 0.8]
    assert backoff_s(1000) == 30.0
