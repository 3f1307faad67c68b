# SPDX-License-Identifier: Apache-2.0
"""Sessions across nodes; their life is in `test_provider`."""

from pathlib import Path
from threading import Barrier, Thread

from kerege.bank.identity.sessions import SEEN_WITHIN_S
from tests.signing_in import Desk, open_desk


def test_another_node_sees_the_end_of_a_session_within_a_second(tmp_path: Path) -> None:
    here, there = open_desk(tmp_path), open_desk(tmp_path, seed=8)
    here.house.add()
    token = here.tokens()["access_token"]
    assert here.enter(token) == there.enter(token)
    principal = here.enter(token)
    assert here.provider.sessions.end(principal.customer, principal.session)
    there.house.clock.advance_us(SEEN_WITHIN_S * 1_000_000)
    assert there.provider.sessions.live(principal.session) is None
    for desk in (here, there):
        desk.house.tables.close()


def test_nobody_ends_anothers_session(tmp_path: Path) -> None:
    desk = open_desk(tmp_path)
    desk.house.add()
    principal = desk.enter(desk.tokens()["access_token"])
    stranger = type(principal.customer)("cus_" + "0" * 32)
    assert not desk.provider.sessions.end(stranger, principal.session)
    assert not desk.provider.sessions.end(principal.customer, "ses_unknown")
    assert desk.provider.sessions.end_all(stranger) == 0
    assert desk.provider.sessions.live(principal.session)
    assert desk.provider.sessions.live("ses_unknown") is None
    desk.house.tables.close()


def test_old_sessions_do_not_stay_for_ever(tmp_path: Path) -> None:
    desk = open_desk(tmp_path)
    customer = desk.house.add()
    first = desk.tokens()
    desk.house.clock.advance_us(31 * 24 * 3600 * 1_000_000)
    desk.tokens()
    assert len(desk.provider.sessions.list(customer.id)) == 1
    assert desk.provider.sessions.session_of_refresh_token(first["refresh_token"]) is None
    desk.house.tables.close()


def both_show_one_token(here: Desk, there: Desk) -> None:
    here.house.add()
    token = here.tokens()["refresh_token"]
    barrier, found = Barrier(2), []

    def show(desk: Desk) -> None:
        barrier.wait()
        found.append(desk.provider.sessions.use_refresh_token(token, client="app", thumbprint=None))

    threads = [Thread(target=show, args=(desk,)) for desk in (here, there)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    customer = here.house.customers.page()[0].id
    assert [session is None for session in found].count(True) >= 1
    assert here.provider.sessions.list(customer) == []
    for desk in (here, there):
        desk.house.tables.close()


def test_two_who_show_one_refresh_token_at_once(tmp_path: Path) -> None:
    both_show_one_token(open_desk(tmp_path), open_desk(tmp_path, seed=8))


def test_two_who_show_one_refresh_token_at_once_on_postgres(pg_url: str) -> None:
    both_show_one_token(open_desk(pg_url), open_desk(pg_url, seed=8))
