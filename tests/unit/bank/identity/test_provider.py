# SPDX-License-Identifier: Apache-2.0
"""Signing in at a bank as the standards say, and what attackers try instead."""

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
import sqlalchemy as sa
from joserfc import jwt
from joserfc.jwk import KeySet

from kerege.bank.customer import CustomerState
from kerege.bank.identity.codes import MAX_TRIES, PER_HOUR, Checked
from kerege.bank.identity.grants import GRANT_LIFE_S
from kerege.bank.identity.guard import Unauthenticated
from kerege.bank.identity.provider import Page
from kerege.bank.identity.sessions import REFRESH_LIFE_S, SESSION_LIFE_S
from kerege.bank.identity.sign_in import SIGN_IN_LIFE_S
from kerege.bank.identity.tokens import ACCESS_LIFE_S
from kerege.bank.identity.web import Answer
from kerege.bank.personal_data import PersonalData
from kerege.keys import Algorithm, PrivateKey
from tests.people import AIGERIM
from tests.signing_in import (
    ISSUER,
    VERIFIER,
    Desk,
    back,
    challenge_of,
    open_desk,
    proof,
    thumbprint,
)

SECOND_US = 1_000_000
NOBODY = "+77015559999"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = open_desk(tmp_path)
    desk.house.add()
    yield desk
    desk.house.tables.close()


def wait(desk: Desk, seconds: int) -> None:
    desk.house.clock.advance_us(seconds * SECOND_US)


def refused(answer: Page | Answer) -> str:
    assert isinstance(answer, Answer), answer
    assert answer.status == 400, answer
    return str(answer.json()["error"])


def shut_out(desk: Desk, token: str, **headers: Any) -> Unauthenticated:
    with pytest.raises(Unauthenticated) as caught:
        desk.enter(token, **headers)
    return caught.value


# As it should go


def test_the_code_flow(desk: Desk) -> None:
    returned = desk.sign_in()
    assert (returned["state"], returned["iss"]) == ("st&te", ISSUER)
    tokens = desk.fetch(returned["code"]).json()
    assert tokens["token_type"] == "Bearer"
    assert tokens["expires_in"] == ACCESS_LIFE_S
    assert tokens["scope"] == "openid wallets payments"
    principal = desk.enter(tokens["access_token"], "payments")
    assert desk.house.customers.get(principal.customer).kind == "person"
    assert desk.provider.userinfo(principal) == {"sub": principal.customer}


def test_the_page_says_who_asks_for_what(desk: Desk) -> None:
    page = desk.begin(scope="openid wallets")
    assert (page.step, page.client, page.scopes) == ("phone", "Wallet", ("openid", "wallets"))


def test_another_library_verifies_the_id_token(desk: Desk) -> None:
    tokens = desk.tokens()
    keys = KeySet.import_key_set(json.loads(json.dumps(desk.provider.key_set())))
    token = jwt.decode(tokens["id_token"], keys, algorithms=["ES256"])
    claims = token.claims
    assert claims["iss"] == desk.provider.discovery()["issuer"] == ISSUER
    assert (claims["aud"], claims["nonce"]) == ("app", "n-1")
    assert claims["exp"] - claims["iat"] == ACCESS_LIFE_S
    assert AIGERIM.name not in str(claims)
    header = jwt.decode(tokens["access_token"], keys, algorithms=["ES256"]).header
    assert header["typ"] == "at+jwt"


def test_names_are_told_to_whom_they_were_granted(desk: Desk) -> None:
    code = desk.sign_in(scope="openid profile")["code"]
    principal = desk.enter(desk.fetch(code).json()["access_token"], "profile")
    assert desk.provider.userinfo(principal) == {
        "sub": principal.customer,
        "name": AIGERIM.name,
        "phone_number": AIGERIM.phone,
    }


def test_a_tool_on_the_customers_machine_listens_on_any_port(desk: Desk) -> None:
    address = "http://127.0.0.1:54321/done"
    code = desk.sign_in(client_id="tool", redirect_uri=address)["code"]
    assert desk.fetch(code, client_id="tool", redirect_uri=address).status == 200


def test_sessions_are_listed_and_ended(desk: Desk) -> None:
    first, second = desk.tokens(), desk.tokens()
    customer = desk.enter(first["access_token"]).customer
    listed = desk.provider.sessions.list(customer)
    assert [session.client for session in listed] == ["app", "app"]
    gone = desk.enter(first["access_token"]).session
    assert desk.provider.sessions.end(customer, gone)
    assert not desk.provider.sessions.end(customer, gone)
    assert shut_out(desk, first["access_token"]).status == 401
    assert refused(desk.refresh(first["refresh_token"])) == "invalid_grant"
    assert desk.enter(second["access_token"])
    assert desk.provider.sessions.end_all(customer) == 1
    assert shut_out(desk, second["access_token"]).status == 401


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_a_revoked_token_ends_its_session(desk: Desk, kind: str) -> None:
    tokens = desk.tokens()
    answer = desk.provider.revoke(f"client_id=app&token={tokens[kind]}")
    assert answer.status == 200
    shut_out(desk, tokens["access_token"])
    assert refused(desk.refresh(tokens["refresh_token"])) == "invalid_grant"


def test_revoking_says_nothing_about_other_texts(desk: Desk) -> None:
    tokens = desk.tokens()
    assert desk.provider.revoke("client_id=app&token=whatever").status == 200
    foreign = f"client_id=other&token={tokens['refresh_token']}"
    assert refused(desk.provider.revoke(foreign)) == "invalid_grant"
    assert desk.enter(tokens["access_token"])


# Codes and verifiers


def test_a_code_is_good_once_and_its_second_use_ends_the_session(desk: Desk) -> None:
    code = desk.sign_in()["code"]
    tokens = desk.fetch(code).json()
    assert desk.enter(tokens["access_token"])
    assert refused(desk.fetch(code)) == "invalid_grant"
    wait(desk, 2)
    shut_out(desk, tokens["access_token"])
    assert refused(desk.refresh(tokens["refresh_token"])) == "invalid_grant"


def test_a_code_is_good_for_a_minute(desk: Desk) -> None:
    code = desk.sign_in()["code"]
    wait(desk, GRANT_LIFE_S)
    assert refused(desk.fetch(code)) == "invalid_grant"


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "other"},
        {"client_id": "tool"},
        {"redirect_uri": "https://other.example/cb"},
        {"redirect_uri": None},
        {"code_verifier": "w" * 43},
        {"code_verifier": challenge_of(VERIFIER)},
        {"code_verifier": None},
        {"code_verifier": ""},
        {"code_verifier": VERIFIER + "\n"},
        {"code_verifier": VERIFIER[:42]},
    ],
)
def test_a_stolen_code_is_worth_nothing_and_is_used_up(
    desk: Desk, changes: dict[str, str | None]
) -> None:
    code = desk.sign_in()["code"]
    assert refused(desk.fetch(code, **changes)) in ("invalid_grant", "invalid_request")
    if (changes.get("code_verifier") or "").isprintable():
        assert refused(desk.fetch(code)) == "invalid_grant"


def test_a_verifier_is_needed_even_by_whom_the_request_had_none(desk: Desk) -> None:
    """PKCE downgrade: the challenge cut out of the request on its way."""
    answer = desk.provider.authorize(desk.query(code_challenge=None, code_challenge_method=None))
    assert isinstance(answer, Answer)
    assert back(answer)["error"] == "invalid_request"


@pytest.mark.parametrize(
    "changes",
    [
        {"grant_type": "password", "username": "u", "password": "p"},
        {"grant_type": "client_credentials"},
        {"grant_type": "implicit"},
        {"grant_type": None},
        {"code": None},
        {"code": "x"},
        {"code": "x" * 300},
        {"client_id": None},
        {"client_id": "nobody"},
        {"client_secret": "hunter2"},
    ],
)
def test_token_requests_that_give_nothing(desk: Desk, changes: dict[str, str | None]) -> None:
    assert refused(desk.fetch(desk.sign_in()["code"], **changes))


def test_two_who_show_a_code_at_once_get_one_session_at_most(desk: Desk, tmp_path: Path) -> None:
    other = open_desk(tmp_path, seed=8)
    code = desk.sign_in()["code"]
    other.house.clock.advance_us(desk.house.clock.now_us() - other.house.clock.now_us())
    barrier, answers = Barrier(2), []

    def fetch(here: Desk) -> None:
        barrier.wait()
        answers.append(here.fetch(code).status)

    threads = [Thread(target=fetch, args=(each,)) for each in (desk, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.house.tables.close()
    assert sorted(answers) in ([200, 400], [400, 400])
    customer = desk.house.customers.page()[0].id
    assert desk.provider.sessions.list(customer) == []


# Refresh tokens and stolen sessions


def test_a_refresh_token_brings_the_next_one(desk: Desk) -> None:
    tokens = desk.tokens()
    renewed = desk.refresh(tokens["refresh_token"]).json()
    assert renewed["refresh_token"] != tokens["refresh_token"]
    assert renewed["scope"] == tokens["scope"]
    before, after = (desk.enter(each["access_token"]) for each in (tokens, renewed))
    assert before == after


def test_a_refresh_token_shown_twice_ends_the_session_for_both(desk: Desk) -> None:
    tokens = desk.tokens()
    renewed = desk.refresh(tokens["refresh_token"]).json()
    assert refused(desk.refresh(tokens["refresh_token"])) == "invalid_grant"
    assert refused(desk.refresh(renewed["refresh_token"])) == "invalid_grant"
    shut_out(desk, renewed["access_token"])


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "other"}, "invalid_grant"),
        ({"client_id": "nobody"}, "invalid_client"),
        ({"refresh_token": "x"}, "invalid_grant"),
        ({"scope": "openid"}, "invalid_scope"),
        ({"scope": "openid admin"}, "invalid_scope"),
    ],
)
def test_what_does_not_renew_does_not_end_either(
    desk: Desk, changes: dict[str, str], error: str
) -> None:
    token = desk.tokens()["refresh_token"]
    assert refused(desk.refresh(token, **changes)) == error
    assert desk.refresh(token).status == 200


def test_sessions_end_by_themselves(desk: Desk) -> None:
    token = desk.tokens()["refresh_token"]
    for _ in range(SESSION_LIFE_S // (REFRESH_LIFE_S - 1)):
        wait(desk, REFRESH_LIFE_S - 1)
        token = desk.refresh(token).json()["refresh_token"]
    wait(desk, REFRESH_LIFE_S - 1)
    assert refused(desk.refresh(token)) == "invalid_grant"
    idle = desk.tokens()["refresh_token"]
    wait(desk, REFRESH_LIFE_S)
    assert refused(desk.refresh(idle)) == "invalid_grant"


def test_an_access_token_is_short_lived(desk: Desk) -> None:
    token = desk.tokens()["access_token"]
    wait(desk, ACCESS_LIFE_S - 1)
    assert desk.enter(token)
    wait(desk, 1)
    assert 'error="invalid_token"' in shut_out(desk, token).challenge


def test_a_blocked_customer_is_out_within_a_second(desk: Desk) -> None:
    tokens = desk.tokens()
    customer = desk.enter(tokens["access_token"]).customer
    desk.house.customers.set_state(customer, CustomerState.BLOCKED)
    wait(desk, 1)
    shut_out(desk, tokens["access_token"])
    assert refused(desk.refresh(tokens["refresh_token"]))
    desk.to_code()
    assert desk.phone.latest(AIGERIM.phone)


def test_a_token_for_another_bank(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    other = open_desk(tmp_path / "b", issuer="https://other-bank.example")
    other.house.add()
    foreign = other.tokens()
    shut_out(desk, foreign["access_token"])
    assert refused(desk.refresh(foreign["refresh_token"])) == "invalid_grant"
    other.house.tables.close()


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Basic YXBwOng=",
        "Bearer a.b.c",
        "Bearer " + "a" * 100_000,
        "Bearer \u0430\u0431",
        "Bearer \ud800",
        "DPoP x",
        "Bearer eyJhbGciOiJub25lIn0.e30.",
    ],
)
def test_what_is_no_token(desk: Desk, authorization: str | None) -> None:
    fault = shut_out(desk, "", authorization=authorization)
    assert fault.status == 401
    assert fault.challenge.startswith(("Bearer", "DPoP"))


def test_an_id_token_opens_nothing(desk: Desk) -> None:
    shut_out(desk, desk.tokens()["id_token"])


def test_a_scope_that_was_not_granted(desk: Desk) -> None:
    token = desk.fetch(desk.sign_in(scope="openid wallets")["code"]).json()["access_token"]
    fault = shut_out(desk, token, scope="payments")
    assert fault.status == 403
    assert 'scope="payments"' in fault.challenge


# Keys instead of bearers


MINE, THEIRS = (PrivateKey(Algorithm.ES256, bytes([number]) * 32) for number in (2, 3))


def bound_tokens(desk: Desk, **changes: str) -> dict[str, Any]:
    code = desk.sign_in(client_id="bound", **changes)["code"]
    made = proof(MINE, f"{ISSUER}/oauth/token", desk.now_s)
    tokens: dict[str, Any] = desk.fetch(code, client_id="bound", dpop=made).json()
    return tokens


def test_a_bound_token_comes_with_its_key(desk: Desk) -> None:
    tokens = bound_tokens(desk, dpop_jkt=thumbprint(MINE))
    token = tokens["access_token"]
    assert tokens["token_type"] == "DPoP"
    shown = {"authorization": f"DPoP {token}"}
    address = f"{ISSUER}/v1/me"

    def shown_with(key: PrivateKey, **changes: Any) -> dict[str, str]:
        changes = {"method": "GET", "token": token, "jti": "proof zero"} | changes
        url = changes.pop("url", address)
        return shown | {"dpop": proof(key, url, desk.now_s, **changes)}

    assert desk.enter(token, **shown_with(MINE))
    for stolen in (
        {},
        shown,
        shown_with(MINE),
        shown_with(THEIRS, jti="proof no A"),
        shown_with(MINE, jti="proof no B", method="POST"),
        shown_with(MINE, jti="proof no C", url=f"{ISSUER}/v1/payments"),
        shown_with(MINE, jti="proof no D", token="another"),
        shown_with(MINE, jti="proof no E", iat=desk.now_s - 61),
        {"authorization": f"Bearer {token}", "dpop": shown_with(MINE, jti="proof no F")["dpop"]},
    ):
        assert shut_out(desk, token, **stolen).status == 401
    assert desk.enter(token, **shown_with(MINE, jti="proof no G"))


def test_a_bound_session_is_renewed_with_its_key_only(desk: Desk) -> None:
    tokens = bound_tokens(desk)
    url = f"{ISSUER}/oauth/token"
    for dpop in (None, proof(THEIRS, url, desk.now_s), "rubbish"):
        answer = desk.refresh(tokens["refresh_token"], client_id="bound", dpop=dpop)
        assert refused(answer) in ("invalid_grant", "invalid_dpop_proof")
    mine = proof(MINE, url, desk.now_s)
    answer = desk.refresh(tokens["refresh_token"], client_id="bound", dpop=mine)
    assert answer.json()["token_type"] == "DPoP"


def test_a_bound_program_without_a_key_gets_nothing(desk: Desk) -> None:
    code = desk.sign_in(client_id="bound")["code"]
    assert refused(desk.fetch(code, client_id="bound")) == "invalid_dpop_proof"
    announced = desk.sign_in(client_id="bound", dpop_jkt=thumbprint(MINE))["code"]
    theirs = proof(THEIRS, f"{ISSUER}/oauth/token", desk.now_s)
    assert refused(desk.fetch(announced, client_id="bound", dpop=theirs)) == "invalid_grant"


# Codes by telephone


def test_guessing_a_code(desk: Desk) -> None:
    page = desk.to_code()
    right = desk.phone.latest(AIGERIM.phone)
    wrong = f"{(int(right or 0) + 1) % 10**6:06}"
    for guess in [wrong, "", "abc", "9" * 10_000, "\ud800"]:
        shown = desk.provider.give_code(page.cookie, page.form_token, guess)
        assert isinstance(shown, Page)
        assert shown.problem == "code_wrong"
    assert MAX_TRIES == 5
    shown = desk.provider.give_code(page.cookie, page.form_token, right or "")
    assert isinstance(shown, Page)
    assert shown.problem == "code_spent"


def test_a_number_gets_few_codes_whoever_asks(desk: Desk) -> None:
    for number in (AIGERIM.phone, NOBODY):
        for _ in range(PER_HOUR.limit):
            assert desk.to_code(number).step == "code"
        page = desk.to_code(number)
        assert (page.step, page.problem) == ("phone", "too_many_codes")
        assert 0 < page.wait_s <= 3600
    wait(desk, 3600)
    assert desk.to_code().step == "code"


def test_asking_again_makes_the_earlier_code_worthless(desk: Desk) -> None:
    page = desk.to_code()
    first = desk.phone.latest(AIGERIM.phone)
    page = desk.provider.give_phone(page.cookie, page.form_token, AIGERIM.phone)  # type: ignore[assignment]
    second = desk.phone.latest(AIGERIM.phone)
    assert first != second
    assert isinstance(desk.provider.give_code(page.cookie, page.form_token, first or ""), Page)
    assert isinstance(desk.provider.give_code(page.cookie, page.form_token, second or ""), Answer)


def statements(desk: Desk, number: str) -> list[str]:
    """Every statement both steps of a sign-in send to the database."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    engine = desk.house.tables.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    page = desk.to_code(number)
    desk.provider.give_code(page.cookie, page.form_token, "wrong")
    sa.event.remove(engine, "before_cursor_execute", note)
    return seen


def test_who_banks_here_cannot_be_found_out(desk: Desk) -> None:
    """The same pages and the same work for a customer, a stranger and a blocked one."""
    blocked = desk.house.add(PersonalData(phone="+77015550003"), tier="phone")
    desk.house.customers.set_state(blocked.id, CustomerState.BLOCKED)
    numbers = (AIGERIM.phone, NOBODY, "+77015550003")
    pages = []
    for number in numbers:
        page = desk.to_code(number)
        shown = desk.provider.give_code(page.cookie, page.form_token, "000000")
        pages.append((page.step, page.problem, getattr(shown, "problem", shown)))
    assert len(set(pages)) == 1
    first, *rest = (statements(desk, number) for number in numbers)
    assert first
    assert all(each == first for each in rest)
    assert desk.phone.latest(NOBODY) is None


def test_no_code_is_right_for_nobody(desk: Desk) -> None:
    page = desk.to_code(NOBODY)
    sign_in = desk.provider._sign_ins.find(page.cookie, page.form_token)
    assert sign_in is not None
    assert desk.provider.codes.check(sign_in.code or "", "", purpose="sign-in") is Checked.WRONG
    shown = desk.provider.give_code(page.cookie, page.form_token, "123456")
    assert isinstance(shown, Page)


# Other people's browsers


def test_a_form_of_another_page_does_nothing(desk: Desk) -> None:
    page, other = desk.to_code(), desk.begin()
    code = desk.phone.latest(AIGERIM.phone) or ""
    for cookie, form in (
        (page.cookie, other.form_token),
        (other.cookie, page.form_token),
        (page.cookie, ""),
        (page.cookie, "\ud800"),
        ("", page.form_token),
        ("\ud800", ""),
        (page.form_token, page.form_token),
    ):
        assert refused(desk.provider.give_code(cookie, form, code)) == "invalid_request"
        assert refused(desk.provider.give_phone(cookie, form, AIGERIM.phone))
        assert refused(desk.provider.cancel(cookie, form))
    assert isinstance(desk.provider.give_code(page.cookie, page.form_token, code), Answer)


def test_a_code_sent_for_one_sign_in_does_not_finish_another(desk: Desk) -> None:
    """Session fixation: the attacker's own sign-in, finished with the victim's code."""
    attackers = desk.begin(client_id="other", redirect_uri="https://other.example/cb")
    desk.to_code()
    code = desk.phone.latest(AIGERIM.phone) or ""
    shown = desk.provider.give_code(attackers.cookie, attackers.form_token, code)
    assert isinstance(shown, Page)
    assert shown.step == "phone"


def test_a_sign_in_ends_once(desk: Desk) -> None:
    page = desk.to_code()
    code = desk.phone.latest(AIGERIM.phone) or ""
    assert isinstance(desk.provider.give_code(page.cookie, page.form_token, code), Answer)
    assert refused(desk.provider.give_code(page.cookie, page.form_token, code))
    late = desk.to_code()
    wait(desk, SIGN_IN_LIFE_S)
    assert refused(desk.provider.give_code(late.cookie, late.form_token, code))
    changed_mind = desk.begin()
    told = back(desk.provider.cancel(changed_mind.cookie, changed_mind.form_token))
    assert told["error"] == "access_denied"
    assert refused(desk.provider.cancel(changed_mind.cookie, changed_mind.form_token))


def test_a_number_that_is_none(desk: Desk) -> None:
    page = desk.begin()
    shown = desk.provider.give_phone(page.cookie, page.form_token, "nonsense")
    assert isinstance(shown, Page)
    assert (shown.step, shown.problem) == ("phone", "phone_malformed")
    assert isinstance(desk.provider.give_code(page.cookie, page.form_token, "1"), Page)


# What stays


def test_the_database_helps_no_thief(desk: Desk, tmp_path: Path) -> None:
    page = desk.to_code()
    code = desk.phone.latest(AIGERIM.phone) or ""
    answer = desk.provider.give_code(page.cookie, page.form_token, code)
    assert isinstance(answer, Answer)
    tokens = desk.fetch(back(answer)["code"]).json()
    secrets = [page.cookie, page.form_token, back(answer)["code"], AIGERIM.phone, AIGERIM.name]
    secrets += [tokens["access_token"], tokens["refresh_token"], tokens["id_token"]]
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"app.example" in written
    for secret in secrets:
        assert secret.encode() not in written


def test_on_postgres(pg_url: str) -> None:
    desk = open_desk(pg_url)
    desk.house.add()
    tokens = desk.tokens()
    renewed = desk.refresh(tokens["refresh_token"]).json()
    assert desk.enter(renewed["access_token"])
    assert refused(desk.refresh(tokens["refresh_token"])) == "invalid_grant"
    shut_out(desk, renewed["access_token"])
    desk.house.tables.close()
