# SPDX-License-Identifier: Apache-2.0
"""Names of algorithms, keys and purposes in JOSE."""

import pytest

from kerege.keys import Algorithm, KeyEncodingError
from kerege.keys.jose_names import ALGORITHM_OF_NAME, check_name, check_plain_members, jose_name


@pytest.mark.parametrize("algorithm", [Algorithm.ED25519, Algorithm.ES256])
def test_the_name_written_is_read_as_the_same_algorithm(algorithm: Algorithm) -> None:
    assert ALGORITHM_OF_NAME[jose_name(algorithm)] is algorithm


def test_other_algorithms_have_no_name() -> None:
    with pytest.raises(KeyEncodingError, match="no place in JOSE"):
        jose_name(Algorithm.ML_DSA_44)


@pytest.mark.parametrize("name", ["", "x" * 129, 'a"b', "a\\b", "a\nb", "ж", "\x7f", "a\n"])
def test_names_that_need_an_escape_or_have_no_end_are_refused(name: str) -> None:
    with pytest.raises(KeyEncodingError, match="1 to 128 printable"):
        check_name(name, member="kid")


def test_any_other_printable_name_is_fine() -> None:
    check_name(
        "".join(chr(code) for code in range(32, 127) if chr(code) not in '"\\'), member="kid"
    )
    check_name("x" * 128, member="typ")


@pytest.mark.parametrize(
    "raw", [b'{"a":"b","a":"c"}', b'{"a":null,"a":"b"}', b'{"a":"b","c":null}', b'{"\\u0061":"b"}']
)
def test_what_a_decoder_would_swallow_is_seen(raw: bytes) -> None:
    with pytest.raises(KeyEncodingError):
        check_plain_members(raw, texts=1)


def test_spaces_between_members_do_not_matter() -> None:
    check_plain_members(b' { "a" : "b" ,\n"c":["d"]} ', texts=1, others=4)
