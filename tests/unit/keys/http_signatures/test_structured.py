# SPDX-License-Identifier: Apache-2.0
"""Structured fields in canonical writing: what is read, and every other writing refused."""

import pytest

from kerege.keys.http_signatures import HttpSignatureError
from kerege.keys.http_signatures.structured import parse_byte_sequences, parse_inner_lists

FIELD = "signature-input"


def test_an_inner_list_keeps_its_text() -> None:
    text = '("@method" "content-type");created=1;keyid="a b";x-y.z*=0'
    (found,) = parse_inner_lists(f"sig1={text}", field=FIELD).values()
    assert found.components == ("@method", "content-type")
    assert found.parameters == {"created": 1, "keyid": "a b", "x-y.z*": 0}
    assert found.text == text


def test_several_members_in_order() -> None:
    found = parse_inner_lists("b=(),\ta=();x=1 ,  *c=()", field=FIELD)
    assert list(found) == ["b", "a", "*c"]
    assert [entry.text for entry in found.values()] == ["()", "();x=1", "()"]


def test_byte_sequences() -> None:
    assert parse_byte_sequences("a=:AQI=:, b=::", field="signature") == {"a": b"\x01\x02", "b": b""}


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "a",
        "a=",
        "a=(",
        "a=()x",
        "a=() b=()",
        "a=(),",
        "a=(),,b=()",
        ",a=()",
        " a=()",
        "a=() ",
        "a =()",
        "a= ()",
        "A=()",
        "1=()",
        "a=(),a=()",
        "a=();x=1, a=()",
        'a=( "@method")',
        'a=("@method" )',
        'a=("@method"  "@path")',
        'a=("@method""@path")',
        'a=("@method"\t"@path")',
        'a=("@method","@path")',
        "a=(@method)",
        "a=('@method')",
        'a=("@Method")',
        'a=("Content-Type")',
        'a=("content type")',
        'a=("")',
        'a=("content\\"type")',
        'a=("@method" "@method")',
        'a=("@method";req)',
        'a=("cache-control";key="x")',
        'a=("@query-param";name="x")',
        'a=("x";bs "y")',
        "a=1",
        'a="x"',
        "a=:AA==:",
        "a=();",
        "a=() ;x=1",
        "a=(); x=1",
        "a=();x",
        "a=();x=",
        "a=();x=?1",
        "a=();x=01",
        "a=();x=-1",
        "a=();x=+1",
        "a=();x=1.0",
        "a=();x=1e3",
        "a=();x=1234567890123456",
        "a=();x=token",
        "a=();x=:AA==:",
        'a=();x="',
        'a=();x="a',
        'a=();x="a\\"b"',
        'a=();x="a\\\\b"',
        'a=();x="a\nb"',
        'a=();x="ж"',
        "a=();X=1",
        "a=();x=1;x=1",
        'a=();x=1;x="1"',
        "a=();x=1\n",
        "a=(),b=(),c=(),d=(),e=()",
        "a=(" + " ".join(f'"x{number}"' for number in range(17)) + ")",
        f"{'a' * 65}=()",
        f'a=("{"x" * 65}")',
        "ж=()",
    ],
)
def test_other_writings_of_lists_are_refused_with_their_place(text: str) -> None:
    with pytest.raises(HttpSignatureError) as caught:
        parse_inner_lists(text, field=FIELD)
    assert caught.value.place.startswith("signature-input, character ")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a=",
        "a=:",
        "a=:AA==",
        "a=AA==",
        'a="AA=="',
        "a=:AA:",
        "a=:AB==:",
        "a=:A A=:",
        "a=:-_8=:",
        "a=:AA==:;x=1",
        "a=:AA==:,a=:AA==:",
        "a=:AA==:,",
        "a=(:AA==:)",
        "a=::,b=::,c=::,d=::,e=::",
    ],
)
def test_other_writings_of_bytes_are_refused_with_their_place(text: str) -> None:
    with pytest.raises(HttpSignatureError) as caught:
        parse_byte_sequences(text, field="signature")
    assert caught.value.place.startswith("signature, character ")


def test_the_place_is_where_reading_stopped() -> None:
    with pytest.raises(HttpSignatureError, match="signature-input, character 14: expected a comp"):
        parse_inner_lists('a=("@method" @path)', field=FIELD)
