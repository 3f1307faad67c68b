# SPDX-License-Identifier: Apache-2.0
"""Requests to pay are kept as they were signed, in bounds, each under its own id."""

from pathlib import Path

import pytest

from kerege.bank import requests as desk
from kerege.bank.desk_store import open_desk_tables
from kerege.bank.requests import MAX_AHEAD_S, RequestRefused, Requests, read_request
from kerege.errors import KeregeError
from kerege.keys import Algorithm, PrivateKey
from kerege.payments import Request, WalletId, format_request_id, format_wallet_id
from kerege.runtime import ManualClock
from kerege.wallet.signing import Signer

NOW_US = 1_800_000_000_000_000
WALLET = format_wallet_id(bytes(16))
SIGNER = Signer(WalletId(WALLET), PrivateKey(Algorithm.ED25519, bytes(32)))


def signed(number: int = 1, *, ahead_s: int = 60, amount: int = 5) -> str:
    request = Request(
        id=format_request_id(number.to_bytes(16)),
        wallet=WALLET,
        asset="KZT",
        amount=amount,
        until_us=NOW_US + ahead_s * 1_000_000,
    )
    return SIGNER.request(request).decode()


@pytest.fixture
def requests(tmp_path: Path) -> Requests:
    tables = open_desk_tables(f"sqlite:///{tmp_path}/bank.db")
    return Requests(tables, ManualClock(NOW_US))


def test_a_request_is_found_as_it_was_signed(requests: Requests) -> None:
    text = signed()
    kept, request = requests.keep("cus_1", text, note="two loaves")
    assert (kept.text, kept.note, request.amount) == (text, "two loaves", 5)
    assert requests.find(kept.id) == kept
    assert requests.open_of("cus_1", limit=9) == [kept]
    assert requests.open_of("cus_2", limit=9) == []
    assert requests.find("req_" + "f" * 32) is None


def test_again_changes_nothing_and_other_content_is_refused(requests: Requests) -> None:
    requests.keep("cus_1", signed())
    requests.keep("cus_1", signed())
    with pytest.raises(RequestRefused, match="another request"):
        requests.keep("cus_1", signed(amount=6))
    with pytest.raises(RequestRefused, match="another request"):
        requests.keep("cus_2", signed())


@pytest.mark.parametrize("ahead_s", [-1, 0, MAX_AHEAD_S + 1])
def test_times_out_of_bounds_are_refused(requests: Requests, ahead_s: int) -> None:
    with pytest.raises(RequestRefused, match="time"):
        requests.keep("cus_1", signed(ahead_s=ahead_s))


def test_a_long_note_is_refused(requests: Requests) -> None:
    with pytest.raises(RequestRefused, match="note"):
        requests.keep("cus_1", signed(), note="x" * 141)


def test_open_requests_are_bounded(requests: Requests, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "MAX_OPEN", 2)
    for number in (1, 2):
        requests.keep("cus_1", signed(number))
    with pytest.raises(RequestRefused, match="at most 2"):
        requests.keep("cus_1", signed(3))


@pytest.mark.parametrize("text", ["", "a.b", "не", "e30.e30.e30", "a" * 70_000])
def test_what_is_no_request_is_told(text: str) -> None:
    with pytest.raises(KeregeError):
        read_request(text)
