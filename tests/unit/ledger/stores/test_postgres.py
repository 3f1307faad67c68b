# SPDX-License-Identifier: Apache-2.0
"""Many at once on one PostgreSQL ledger, and what becomes of a batch when the database fails."""

import multiprocessing
import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from kerege.errors import InvariantViolation
from kerege.ledger.account import Role, Status
from kerege.ledger.errors import StoreFailed
from kerege.ledger.ids import UNMARKED, AccountId, OrderId
from kerege.ledger.ledger import Ledger
from kerege.ledger.order import (
    NO_TERMS,
    DeclareAsset,
    Expectation,
    Kind,
    OpenAccount,
    Order,
    PendingRef,
    SetStatus,
    Step,
    Terms,
    Transfer,
)
from kerege.ledger.outcome import Outcome
from kerege.ledger.refusal import Refusal
from kerege.ledger.stores import postgres_retry
from kerege.ledger.stores.opening import open_store
from kerege.ledger.stores.postgres import PostgresStore
from kerege.ledger.stores.postgres_retry import MAX_ATTEMPTS

ISSUER, ARU, BEK, CAN, TAX = (AccountId(number) for number in range(1, 6))
NOW_US = 1_800_000_000_000_000
SPAWN = multiprocessing.get_context("spawn")


def _id(number: int) -> OrderId:
    return OrderId(number.to_bytes(16, "big"))


def _order(number: int, *steps: Step, terms: Terms = NO_TERMS) -> Order:
    return Order(_id(number), steps, terms)


def _move(debit: int, credit: int, amount: int) -> Transfer:
    return Transfer(AccountId(debit), AccountId(credit), amount)


def _begin(url: str) -> Ledger:
    """Accounts 1 to 5: an issuer, three holders with 10 000 each, a collector."""
    ledger = Ledger(open_store(url), lambda: NOW_US)
    holders = [OpenAccount("KZT", Role.HOLDER, name) for name in ("aru", "bek", "can")]
    ledger.post(
        [
            _order(
                1,
                DeclareAsset("KZT", 2),
                OpenAccount("KZT", Role.ISSUER, "issuer", floor=None),
                *holders,
                OpenAccount("KZT", Role.COLLECTOR, "tax"),
            ),
            _order(2, *[_move(ISSUER, holder, 10_000) for holder in (ARU, BEK, CAN)]),
        ]
    )
    return ledger


@pytest.fixture
def ledger(pg_url: str) -> Iterator[Ledger]:
    ledger = _begin(pg_url)
    yield ledger
    ledger.close()


def _balance(ledger: Ledger, account: AccountId) -> int:
    cell = ledger.cells(account).get(UNMARKED)
    return 0 if cell is None else cell.balance


def _store_of(ledger: Ledger) -> PostgresStore:
    assert isinstance(ledger._store, PostgresStore)
    return ledger._store


def _circulating(ledger: Ledger) -> int:
    return sum(_balance(ledger, account) for account in (ARU, BEK, CAN, TAX))


def _post_at_random(ledger: Ledger, worker: int, batches: int) -> list[Outcome]:
    """Batches over the same five accounts, in no particular order, some ids shared by all."""
    chance = random.Random(worker)
    outcomes = []
    for batch in range(batches):
        orders = []
        for place in range(chance.choice([1, 3, 60])):
            debit, credit = chance.sample(range(1, 6), 2)
            own = 10_000 * (worker + 1) + 100 * batch + place
            shared = 900_000 + 100 * batch + place
            if chance.random() < 0.2:
                orders.append(_order(shared, _move(ARU, TAX, 1)))
            else:
                orders.append(_order(own, _move(debit, credit, chance.randint(1, 400))))
        outcomes += ledger.post(orders)
    return outcomes


def _run_process(url: str, worker: int, batches: int) -> int:
    ledger = Ledger(open_store(url), lambda: NOW_US)
    outcomes = _post_at_random(ledger, worker, batches)
    ledger.close()
    return sum(outcome.accepted and not outcome.replayed for outcome in outcomes)


def test_threads_over_few_accounts_lose_nothing(ledger: Ledger) -> None:
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda worker: _post_at_random(ledger, worker, 12), range(8)))
    fresh = [o for outcomes in done for o in outcomes if o.accepted and not o.replayed]
    _check_books(ledger, len(fresh))


def test_processes_over_few_accounts_lose_nothing(ledger: Ledger, pg_url: str) -> None:
    with SPAWN.Pool(3) as pool:
        accepted = pool.starmap(_run_process, [(pg_url, worker, 15) for worker in range(3)])
    _check_books(ledger, sum(accepted))


def _check_books(ledger: Ledger, accepted: int) -> None:
    """What balances say is what the log says, and every order is in it once."""
    assert _circulating(ledger) == -_balance(ledger, ISSUER)
    assert min(_balance(ledger, account) for account in (ARU, BEK, CAN, TAX)) >= 0
    store = ledger._store
    orders, leaf = [], 0
    while batches := store.batches(first_leaf=leaf, limit=1000):
        orders += [order for batch in batches for order in batch.orders]
        leaf = batches[-1].first_leaf + len(batches[-1].orders)
    numbers = [order.number for order in orders]
    assert numbers == sorted(numbers)
    assert len({order.id for order in orders}) == len(orders) == accepted + 2
    for account in (ISSUER, ARU, BEK, CAN, TAX):
        history = list(store.history((account, UNMARKED), before_seq=None))
        assert sum(movement.change for movement in history) == _balance(ledger, account)
        assert [m.seq for m in history] == sorted((m.seq for m in history), reverse=True)
        assert history[0].after.version == len(history)


def test_accounts_opened_at_once_get_ids_without_gaps(ledger: Ledger) -> None:
    def open_some(worker: int) -> list[int]:
        steps = [OpenAccount("KZT", Role.HOLDER, "someone")] * 3
        orders = [_order(1000 * (worker + 1) + n, *steps) for n in range(5)]
        return [a for order in orders for a in ledger.post([order])[0].results]

    with ThreadPoolExecutor(6) as pool:
        given = sorted(a for some in pool.map(open_some, range(6)) for a in some)
    assert given == list(range(6, 6 + 90))


def test_the_same_order_from_many_takes_effect_once(ledger: Ledger) -> None:
    orders = [_order(50 + n, _move(ISSUER, TAX, 7)) for n in range(40)]

    def post(seed: int) -> list[Outcome]:
        return ledger.post(random.Random(seed).sample(orders, len(orders)))

    with ThreadPoolExecutor(8) as pool:
        outcomes = [o for some in pool.map(post, range(8)) for o in some]
    assert sum(not outcome.replayed for outcome in outcomes) == 40
    assert len({(o.order_id, o.number, o.results) for o in outcomes}) == 40
    assert _balance(ledger, TAX) == 280


def test_a_collectors_stripes_do_not_wait_for_each_other(ledger: Ledger, pg_url: str) -> None:
    """Whoever credits a collector or touches an issuer holds one stripe; the others go on."""
    with _hold_stripe(pg_url, TAX, 16), _hold_stripe(pg_url, ISSUER, 16):
        store = PostgresStore(pg_url, place="test")
        busy = 0
        for number in range(20):
            # Connections take turns at stripes by their backend's number; skip the one held.
            other = Ledger(PostgresStore(pg_url, place="test"), lambda: NOW_US)
            with _store_of(other)._connections.use() as connection:
                is_held = connection.info.backend_pid % 16 + 1 == 16
            if not is_held:
                busy += 1
                outcome = other.post(
                    [
                        _order(100 + number, _move(ARU, TAX, 1)),
                        _order(200 + number, _move(ISSUER, BEK, 1)),
                    ]
                )
                assert all(one.accepted for one in outcome)
            other.close()
        store.close()
        assert busy > 10


def test_what_needs_a_collectors_balance_waits_for_all_of_it(ledger: Ledger, pg_url: str) -> None:
    ledger.post([_order(3, _move(ARU, TAX, 100))])
    spending = [
        _order(10, _move(TAX, ARU, 60)),
        _order(11, _move(ARU, BEK, 1), terms=Terms(expects=(Expectation(TAX, balance=40),))),
        _order(12, SetStatus(TAX, Status.CREDITS_FROZEN)),
    ]
    for order in spending:
        with ThreadPoolExecutor(1) as pool:
            with _hold_stripe(pg_url, TAX, 9):
                waiting = pool.submit(ledger.post, [order])
                with pytest.raises(TimeoutError):
                    waiting.result(timeout=0.3)
            assert waiting.result(timeout=10)[0].accepted
    assert ledger.post([_order(13, _move(ARU, TAX, 1))])[0].refusal is Refusal.CREDITS_FROZEN


def test_a_crowded_issuer_is_exact_again(ledger: Ledger) -> None:
    """Near the limit of a balance stripes give way to one sum, from any connection."""
    most = 10**18 - 1
    outcomes = []
    for number in range(6):
        _store_of(ledger)._connections._drop_idle()
        outcomes.append(ledger.post([_order(20 + number, _move(ISSUER, TAX, most))])[0])
    refused = [outcome.refusal for outcome in outcomes]
    assert refused == [None] * 3 + [Refusal.BALANCE_OVERFLOW] * 3
    assert _balance(ledger, TAX) == 3 * most
    assert ledger.post([_order(30, *[_move(TAX, ISSUER, most)] * 3)])[0].accepted
    assert (_balance(ledger, TAX), _balance(ledger, ISSUER)) == (0, -30_000)


def test_two_sweeps_expire_a_pending_transfer_once(ledger: Ledger, pg_url: str) -> None:
    ledger.post(
        [_order(n, Transfer(ARU, TAX, 5, kind=Kind.PENDING, timeout_s=1)) for n in range(100, 160)]
    )
    late = Ledger(open_store(pg_url), lambda: NOW_US + 5_000_000)
    with ThreadPoolExecutor(4) as pool:
        released = sum(pool.map(lambda _: late.expire(), range(4)))
    assert released == 60
    assert late.cells(ARU)[UNMARKED].debits_pending == 0
    ref = PendingRef(_id(100))
    capture = Transfer(ARU, TAX, 5, kind=Kind.CAPTURE, pending=ref)
    assert late.post([_order(500, capture)])[0].refusal is Refusal.PENDING_EXPIRED
    late.close()


class _hold_stripe:  # noqa: N801
    """Another process's transaction that has one stripe of an account locked."""

    def __init__(self, url: str, account: int, stripe: int) -> None:
        self._connection = psycopg.connect(url)
        self._connection.execute(
            "SELECT FROM balances WHERE account = %s AND mark = 0 AND stripe = %s FOR UPDATE",
            (account, stripe),
        )

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        self._connection.close()


class _Failing:
    """A connection that fails at its next commit, after or before the server has done it."""

    def __init__(self, store: PostgresStore, *, persisted: bool, times: int = 1) -> None:
        self.persisted, self.times = persisted, times
        self._connections = store._connections
        self._take = store._connections._take

    def __enter__(self) -> "_Failing":
        self._connections._take = self._taken  # type: ignore[method-assign]
        return self

    def __exit__(self, *_: object) -> None:
        self._connections._take = self._take  # type: ignore[method-assign]

    def _taken(self) -> psycopg.Connection[tuple[object, ...]]:
        connection = self._take()
        commit = connection.commit

        def fail() -> None:
            connection.commit = commit  # type: ignore[method-assign]
            if self.times == 0:
                commit()
                return
            self.times -= 1
            if self.persisted:
                commit()
            connection.close()
            raise psycopg.OperationalError("server closed the connection unexpectedly")

        connection.commit = fail  # type: ignore[method-assign]
        return connection


@pytest.mark.parametrize("persisted", [True, False])
def test_a_commit_without_an_answer_is_answered_from_what_is_there(
    ledger: Ledger, persisted: bool
) -> None:
    orders = [_order(10, _move(ARU, BEK, 100)), _order(11, _move(BEK, CAN, 10_100))]
    refused = _order(12, _move(ARU, BEK, 50_000))
    with _Failing(_store_of(ledger), persisted=persisted):
        outcomes = ledger.post([*orders, refused])
    assert [outcome.refusal for outcome in outcomes] == [None, None, Refusal.EXCEEDS_BALANCE]
    assert [outcome.replayed for outcome in outcomes] == [persisted] * 3
    assert (_balance(ledger, ARU), _balance(ledger, BEK), _balance(ledger, CAN)) == (
        9_900,
        0,
        20_100,
    )
    again = ledger.post([*orders, refused])
    assert all(outcome.replayed for outcome in again)
    assert [o.number for o in again] == [o.number for o in outcomes]


def test_out_of_attempts_is_an_error_with_a_remedy(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(postgres_retry, "sleep", pauses.append)
    with _Failing(_store_of(ledger), persisted=False, times=1000) as failing:
        with pytest.raises(StoreFailed) as caught:
            ledger.post([_order(10, _move(ARU, BEK, 100))])
        assert failing.times == 1000 - MAX_ATTEMPTS
    assert len(pauses) == MAX_ATTEMPTS - 1
    assert "send the same orders again" in caught.value.remedy
    assert ledger.post([_order(10, _move(ARU, BEK, 100))])[0].accepted


def test_a_server_that_ends_every_session_costs_no_order(ledger: Ledger, pg_url: str) -> None:
    """An administrator ends backends while threads post: nobody hears of it."""
    ending = threading.Event()

    def end_sessions() -> None:
        with psycopg.connect(pg_url, autocommit=True) as admin:
            while not ending.wait(0.05):
                admin.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    " AND random() < 0.3"
                )

    with ThreadPoolExecutor(5) as pool:
        killer = pool.submit(end_sessions)
        done = list(pool.map(lambda worker: _post_at_random(ledger, worker, 10), range(4)))
        ending.set()
        killer.result()
    ids = {o.order_id for outcomes in done for o in outcomes if o.accepted}
    _check_books(ledger, len(ids))


def test_the_database_repeats_what_the_rules_promise(pg_url: str, ledger: Ledger) -> None:
    with psycopg.connect(pg_url) as connection, pytest.raises(psycopg.errors.CheckViolation):
        connection.execute("UPDATE balances SET balance = -1 WHERE account = 2")


def test_a_rule_the_database_refuses_stops_the_ledger(pg_url: str, ledger: Ledger) -> None:
    with psycopg.connect(pg_url) as connection:
        connection.execute("ALTER TABLE transfers ADD CHECK (posted <> 13)")
    with pytest.raises(InvariantViolation, match="transfers_posted_check"):
        ledger.post([_order(10, _move(ARU, BEK, 13))])
    assert _balance(ledger, BEK) == 10_000


def test_a_closed_store_says_so(pg_url: str) -> None:
    ledger = _begin(pg_url)
    ledger.close()
    with pytest.raises(StoreFailed, match="closed"):
        ledger.post([_order(10, _move(ARU, BEK, 13))])
