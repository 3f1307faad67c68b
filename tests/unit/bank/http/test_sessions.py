# SPDX-License-Identifier: Apache-2.0
"""One's sessions over HTTP: seen by oneself, ended one by one or all at once."""

import httpx

from tests.banks import Person


def call(person: Person, method: str, path: str = "") -> httpx.Response:
    return person.house.http.request(method, f"/v1/me/sessions{path}", headers=person.headers)


def test_a_session_one_does_not_know_is_ended(aru: Person, beket: Person) -> None:
    aru.sign_in()
    sessions = call(aru, "GET").json()["sessions"]
    assert len(sessions) == 2
    assert {one["client"] for one in sessions} == {"tests"}
    assert sessions[0]["started_us"] <= sessions[0]["ends_us"]
    older = sessions[-1]["session"]
    assert call(beket, "DELETE", f"/{older}").status_code == 404
    assert call(aru, "DELETE", f"/{older}").status_code == 204
    assert call(aru, "DELETE", f"/{older}").status_code == 404
    left = [one["session"] for one in call(aru, "GET").json()["sessions"]]
    assert older not in left
    assert len(left) == 1


def test_all_at_once_for_a_lost_telephone(aru: Person, beket: Person) -> None:
    assert call(aru, "DELETE").status_code == 204
    aru.clock.advance_us(5_000_000)
    token = aru.house.parts.provider.sessions.list(aru.view.customer)  # type: ignore[arg-type]
    assert token == []
    assert len(call(beket, "GET").json()["sessions"]) == 1
