# SPDX-License-Identifier: Apache-2.0
"""Parameters of a signature: all there, of their kind, and in time."""

import pytest

from kerege.keys.http_signatures import HttpSignatureError, SignatureNotCurrentError
from kerege.keys.http_signatures.parameters import (
    Parameters,
    check_current,
    check_keyid,
    check_nonce,
    read_parameters,
)
from kerege.keys.http_signatures.structured import parse_inner_lists

GOOD = 'created=100;expires=160;nonce="0123456789abcdef";keyid="k";tag="kerege"'


def read(text: str) -> Parameters:
    (entry,) = parse_inner_lists(f"sig=();{text}", field="signature-input").values()
    return read_parameters(entry)


def test_parameters_in_any_order() -> None:
    expected = Parameters(100, 160, nonce="0123456789abcdef", keyid="k", alg=None)
    assert read(GOOD) == read(";".join(reversed(GOOD.split(";")))) == expected
    assert read(f'{GOOD};alg="ed25519"').alg == "ed25519"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        *((";".join(part for part in GOOD.split(";") if not part.startswith(name)), name)
          for name in ("created", "expires", "nonce", "keyid", "tag")),
        (GOOD.replace("100", '"100"'), "created"),
        (GOOD.replace("160", '"160"'), "expires"),
        (GOOD.replace('"k"', "5"), "keyid"),
        (GOOD.replace('"k"', '""'), "keyid"),
        (GOOD.replace('"k"', '"a b"'), "keyid"),
        (GOOD.replace('"k"', f'"{"k" * 129}"'), "keyid"),
        (GOOD.replace('"kerege"', '"other"'), "tag"),
        (GOOD.replace('"kerege"', "1"), "tag"),
        (GOOD.replace("0123456789abcdef", "short"), "nonce"),
        (GOOD.replace("0123456789abcdef", "0123456789abcde+"), "nonce"),
        (GOOD.replace("0123456789abcdef", "n" * 65), "nonce"),
        (f"{GOOD};alg=1", "alg"),
        (f'{GOOD};x="y"', "x"),
    ],
)  # fmt: skip
def test_missing_malformed_and_unknown_parameters_are_refused(text: str, place: str) -> None:
    with pytest.raises(HttpSignatureError) as caught:
        read(text)
    assert caught.value.place == place


@pytest.mark.parametrize("now_s", [70, 100, 159])
def test_a_signature_holds_from_the_clock_skew_to_its_end(now_s: int) -> None:
    check_current(read(GOOD), now_s=now_s)


@pytest.mark.parametrize(
    ("created_s", "expires_s", "now_s", "message"),
    [
        (100, 160, 69, "created: made 31 s in the future"),
        (100, 160, 160, "expires: over for 0 s"),
        (100, 160, 10_000, "expires: over for 9840 s"),
        (100, 100, 100, "expires: a signature holds 1 to 300"),
        (100, 99, 100, "expires: a signature holds 1 to 300"),
        (100, 401, 100, "expires: a signature holds 1 to 300"),
        (0, 999_999_999_999_999, 100, "expires: a signature holds 1 to 300"),
    ],
)
def test_out_of_time(created_s: int, expires_s: int, now_s: int, message: str) -> None:
    parameters = Parameters(created_s, expires_s, nonce="n", keyid="k", alg=None)
    with pytest.raises(SignatureNotCurrentError, match=message):
        check_current(parameters, now_s=now_s)


def test_the_longest_validity_is_fine() -> None:
    check_current(Parameters(100, 400, nonce="n", keyid="k", alg=None), now_s=399)


@pytest.mark.parametrize("name", ["0123456789abcdef\n", "0123456789abcdef\r\nx: y", "ж" * 16])
def test_names_that_would_break_a_field_are_refused(name: str) -> None:
    for check in (check_nonce, check_keyid):
        with pytest.raises(HttpSignatureError):
            check(name)
