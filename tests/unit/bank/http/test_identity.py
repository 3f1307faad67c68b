# SPDX-License-Identifier: Apache-2.0
"""Signing in over HTTP: browser and terminal walk the same way, and tokens end."""

import base64
import hashlib
import re
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from kerege.wallet import SessionEnded
from tests.banks import House, Person

VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=")
REDIRECT = "http://127.0.0.1:9/callback"
QUERY = {
    "response_type": "code",
    "client_id": "tests",
    "redirect_uri": REDIRECT,
    "scope": "openid wallets",
    "state": "s" * 20,
    "code_challenge": CHALLENGE.decode(),
    "code_challenge_method": "S256",
}


def form_token(page: httpx.Response) -> str:
    found = re.search(r'form_token" value="([^"]+)"', page.text)
    assert found is not None, page.text
    return found[1]


def browser(house: House) -> httpx.Client:
    return httpx.Client(base_url=house.url, trust_env=False)


def walk(house: House, http: httpx.Client, phone: str) -> str:
    """Sign in as a browser does; returns the code."""
    page = http.get(f"/oauth/authorize?{urlencode(QUERY)}")
    page = http.post("/oauth/sign-in/phone", data={"form_token": form_token(page), "phone": phone})
    page = http.post(
        "/oauth/sign-in/code",
        data={"form_token": form_token(page), "code": house.codes.latest(phone) or ""},
    )
    assert page.status_code == 303
    return parse_qs(urlsplit(page.headers["location"]).query)["code"][0]


def token(http: httpx.Client, code: str, **changes: str) -> httpx.Response:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT,
        "client_id": "tests",
        "code_verifier": VERIFIER,
    }
    return http.post("/oauth/token", data={**form, **changes})


def test_a_browser_signs_in(house: House, aru: Person) -> None:
    with browser(house) as http:
        answer = token(http, walk(house, http, aru.phone))
        assert answer.status_code == 200
        headers = {"authorization": f"Bearer {answer.json()['access_token']}"}
        assert http.get("/v1/wallets", headers=headers).status_code == 200
        # The scope that was not asked for is not there.
        refused = http.post("/v1/payments", json={"order": "a.b.c"}, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")


def test_the_page_can_be_framed_by_nobody_and_runs_no_script(house: House) -> None:
    page = house.get(f"/oauth/authorize?{urlencode(QUERY)}", **{"accept-language": "kk"})
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    assert "<script" not in page.text
    assert "Банкке кіру" in page.text
    assert "httponly" in page.headers["set-cookie"].lower()
    assert "samesite=lax" in page.headers["set-cookie"].lower()


def test_a_code_counts_once_and_its_second_use_ends_the_session(house: House, aru: Person) -> None:
    with browser(house) as http:
        code = walk(house, http, aru.phone)
        first = token(http, code).json()
        assert token(http, code).status_code == 400
        house.country.clock.advance_us(2_000_000)
        headers = {"authorization": f"Bearer {first['access_token']}"}
        assert http.get("/v1/wallets", headers=headers).status_code == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "w" * 43},
        {"client_id": "other"},
        {"redirect_uri": "http://127.0.0.1:9/other"},
        {"grant_type": "password"},
    ],
)
def test_a_stolen_code_is_of_no_use(house: House, aru: Person, changes: dict[str, str]) -> None:
    with browser(house) as http:
        assert token(http, walk(house, http, aru.phone), **changes).status_code in (400, 401)


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "https://evil.example/callback"},
        {"client_id": "nobody"},
        {"code_challenge": ""},
        {"code_challenge_method": "plain"},
        {"response_type": "token"},
    ],
)
def test_requests_that_are_refused(house: House, changes: dict[str, str]) -> None:
    answer = house.get(f"/oauth/authorize?{urlencode({**QUERY, **changes})}")
    location = answer.headers.get("location", "")
    assert answer.status_code in (400, 401, 303)
    assert not location.startswith("https://evil.example")
    if location:
        assert "error=" in location


def test_a_step_without_its_cookie_goes_nowhere(house: House, aru: Person) -> None:
    with browser(house) as http:
        page = http.get(f"/oauth/authorize?{urlencode(QUERY)}")
        stranger = house.http.post(
            "/oauth/sign-in/phone", data={"form_token": form_token(page), "phone": aru.phone}
        )
        assert stranger.status_code == 400


def test_tokens_end_and_are_renewed(house: House, aru: Person) -> None:
    before = aru.session.access_token()
    house.country.clock.advance_us(400_000_000)
    old = {"authorization": f"Bearer {before}"}
    assert house.http.get("/v1/me", headers=old).status_code == 401
    assert aru.session.access_token() != before
    assert aru.bank.me().phone == aru.phone


def test_a_refresh_token_shown_twice_ends_the_session(house: House, aru: Person) -> None:
    import msgspec

    kept = msgspec.json.decode(aru.purse.store.session(house.url) or b"")
    form = {
        "grant_type": "refresh_token",
        "refresh_token": kept["refresh_token"],
        "client_id": "tests",
    }
    assert house.http.post("/oauth/token", data=form).status_code == 200
    assert house.http.post("/oauth/token", data=form).status_code == 400
    house.country.clock.advance_us(2_000_000)
    with pytest.raises(SessionEnded):
        aru.bank.me()


def test_discovery_names_the_endpoints(house: House) -> None:
    found = house.get("/.well-known/openid-configuration").json()
    assert found["issuer"] == house.url
    assert house.get("/oauth/jwks").json()["keys"][0]["kty"] == "EC"


def test_other_bodies_are_refused(house: House) -> None:
    answer = house.post("/oauth/token", {"grant_type": "password"})
    assert (answer.status_code, answer.json()["code"]) == (415, "media_type_wrong")
    assert house.http.post("/oauth/sign-in/nothing", data={"a": "b"}).status_code == 404


def test_who_i_am_by_the_standard(aru: Person) -> None:
    answer = aru.house.http.get("/oauth/userinfo", headers=aru.headers)
    assert answer.json()["sub"] == aru.view.customer
