# SPDX-License-Identifier: Apache-2.0
"""Authlib under our rules: nothing of what it would do by itself remains."""

from pathlib import Path

import pytest
from authlib.oauth2.rfc6749 import InvalidRequestError  # type: ignore[import-untyped]

from kerege.bank.identity.web import Answer
from tests.signing_in import open_desk


def test_no_generator_of_authlibs_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> str:
        raise AssertionError("Authlib drew by itself")

    monkeypatch.setattr("authlib.common.security.generate_token", fail)
    monkeypatch.setattr("authlib.oauth2.rfc6749.grants.authorization_code.generate_token", fail)
    desk = open_desk(tmp_path)
    desk.house.add()
    tokens = desk.tokens()
    assert desk.refresh(tokens["refresh_token"]).status == 200
    desk.house.tables.close()


def test_the_same_seed_gives_the_same_tokens(tmp_path: Path) -> None:
    given = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        desk = open_desk(tmp_path / name)
        desk.house.add()
        given.append(desk.tokens())
        desk.house.tables.close()
    assert given[0] == given[1]


def test_what_authlib_would_quote_in_an_error_is_refused_before(tmp_path: Path) -> None:
    """Authlib raises ValueError for a description with a quote in it."""
    with pytest.raises(ValueError, match="forbidden"):
        InvalidRequestError('say "no"')
    desk = open_desk(tmp_path)
    for name in ("client_id", "redirect_uri", "response_type", "scope", "code_challenge"):
        answer = desk.provider.authorize(desk.query(**{name: 'a"\\'}))
        assert isinstance(answer, Answer)
        assert answer.status == 400
    desk.house.tables.close()


def test_a_state_of_any_printable_text_comes_back_as_it_was(tmp_path: Path) -> None:
    desk = open_desk(tmp_path)
    desk.house.add()
    state = "".join(map(chr, range(0x20, 0x7F)))
    assert desk.sign_in(state=state)["state"] == state
    desk.house.tables.close()
