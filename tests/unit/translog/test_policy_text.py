# SPDX-License-Identifier: Apache-2.0
"""Policy files: the document's example with keys, and every line that can be wrong."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kerege.keys import NamedPrivateKey, PrivateKey, SignatureType
from kerege.translog.policy import PolicyGroup
from kerege.translog.policy_text import (
    MAX_POLICY_BYTES,
    MAX_POLICY_ENTRIES,
    PolicyTextError,
    parse_policy,
)


def vkey(
    number: int,
    name: str = "k.example",
    signature_type: SignatureType = SignatureType.COSIGNATURE_ED25519,
) -> str:
    key = PrivateKey(signature_type.algorithm, number.to_bytes(32, "big"))
    named = NamedPrivateKey(name=name, signature_type=signature_type, private_key=key)
    return named.public.to_vkey()


LOG = vkey(1, "log.example", SignatureType.ED25519)

# C2SP tlog-policy, "Example policy".
EXAMPLE = f"""log {LOG}

witness X1 {vkey(11)}
witness X2 {vkey(12)}
witness X3 {vkey(13)}
group X-witnesses 2 X1 X2 X3

witness Y1 {vkey(21)}
witness Y2 {vkey(22)}
witness Y3 {vkey(23)}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


def test_the_example_of_tlog_policy() -> None:
    policy = parse_policy(EXAMPLE.encode())
    assert [log.verifier.name for log in policy.logs] == ["log.example"]
    assert [witness.name for witness in policy.witnesses] == ["X1", "X2", "X3", "Y1", "Y2", "Y3"]
    assert policy.groups == (
        PolicyGroup("X-witnesses", 2, ("X1", "X2", "X3")),
        PolicyGroup("Y-witnesses", 1, ("Y1", "Y2", "Y3")),
        PolicyGroup("X-and-Y", 2, ("X-witnesses", "Y-witnesses")),
    )
    assert policy.quorum == "X-and-Y"


def test_spaces_tabs_comments_urls_and_opaque_names() -> None:
    text = (
        b"# comment \xff\n \t \n\t log \t " + LOG.encode() + b" https://log.example/ \t\n"
        b"  #\nwitness \xff\xfe " + vkey(2).encode() + b" https://\xd0\xb6.example\n"
        b"quorum \xff\xfe\n"
    )
    policy = parse_policy(text)
    assert policy.logs[0].url == "https://log.example/"
    assert policy.witnesses[0].name == policy.quorum


def test_no_quorum_and_no_log() -> None:
    policy = parse_policy(b"quorum none\n")
    assert (policy.logs, policy.witnesses, policy.quorum) == ((), (), "none")


def test_ml_dsa_44_witnesses() -> None:
    key = vkey(3, "w.example", SignatureType.COSIGNATURE_ML_DSA_44)
    assert parse_policy(f"witness w {key}\nquorum w\n".encode()).quorum == "w"


A, B = f"witness a {vkey(5)}\n", f"witness b {vkey(6)}\n"
FAULTS = {
    "nothing": ("", 1, "one quorum line"),
    "only witnesses": (A, 2, "one quorum line"),
    "two quorums": (f"{A}quorum a\nquorum a\n", 3, "one quorum line"),
    "no newline": (f"{A}quorum a", 2, "the last line ends with newline"),
    "an unknown word": (f"{A}Quorum a\n", 2, "a line starts with"),
    "a carriage return": (f"{A}quorum a\r\n", 2, "control characters"),
    "a NUL": ("quorum none\0\n", 1, "control characters"),
    "DEL": ("quorum none\x7f\n", 1, "control characters"),
    "a no-break space": ("quorum\u00a0none\n", 1, "a line starts with"),
    "quorum of nothing": ("quorum\n", 1, "quorum <name>|none"),
    "quorum of two": (f"{A}{B}quorum a b\n", 3, "quorum <name>|none"),
    "quorum not defined": ("quorum a\n", 1, "a is not defined on a line before"),
    "quorum defined later": (f"quorum a\n{A}", 1, "a is not defined on a line before"),
    "log without key": ("log\n", 1, "log <vkey>"),
    "log with more": (f"log {LOG} a b\n", 1, "log <vkey>"),
    "log with a bad key": ("log a+b+c\n", 1, "8 lowercase hex digits"),
    "a log twice": (f"log {LOG}\nlog {LOG}\n", 2, "another log has the same public key"),
    "a log under two names": (
        f"log {LOG}\nlog {vkey(1, 'other.example', SignatureType.ED25519)}\n",
        2,
        "another log has the same public key",
    ),
    "witness without key": ("witness a\n", 1, "witness <name> <vkey>"),
    "witness with more": (f"{A[:-1]} b c\n", 1, "witness <name> <vkey>"),
    "witness with a bad key": ("witness a b\n", 1, "three parts"),
    "witness with a log's key": (f"witness a {LOG}\n", 1, "of a cosignature type"),
    "witness none": (f"witness none {vkey(5)}\n", 1, "none is not free"),
    "a witness twice": (f"{A}{A}", 2, "another witness has the same public key"),
    "a key under two names": (
        f"{A}witness b {vkey(5, 'other')}\n",
        2,
        "another witness has the same public key",
    ),
    "a name twice": (f"{A}witness a {vkey(6)}\n", 2, "the name a is defined twice"),
    "a group named as a witness": (f"{A}group a any a\n", 2, "the name a is defined twice"),
    "a group without members": (f"{A}group g any\n", 2, "group <name> all"),
    "a group with threshold 0": (f"{A}group g 0 a\n", 2, "a group's rule is"),
    "a group with threshold 2 of 1": (f"{A}group g 2 a\n", 2, "a group's rule is"),
    "a group with threshold +1": (f"{A}group g +1 a\n", 2, "a group's rule is"),
    "a group with threshold 01": (f"{A}group g 01 a\n", 2, "a group's rule is"),
    "a group with an endless threshold": (f"{A}group g {'9' * 999} a\n", 2, "a group's rule is"),
    "a group of itself": (f"{A}group g any a g\n", 2, "g is not defined"),
    "a group of none": ("group g any none\n", 1, "none is not defined"),
    "a member twice": (f"{A}group g any a a\n", 2, "a is a group's member already"),
    "a member of two groups": (
        f"{A}{B}group g any a\ngroup h any b a\n",
        4,
        "a is a group's member already",
    ),
    "too long": ("#" * (MAX_POLICY_BYTES + 1), 1, "at most 2000000 bytes"),
}


@pytest.mark.parametrize(("text", "line", "message"), FAULTS.values(), ids=FAULTS)
def test_faults_are_named_by_line(text: str, line: int, message: str) -> None:
    with pytest.raises(PolicyTextError) as caught:
        parse_policy(text.encode())
    assert caught.value.place == f"line {line}"
    assert message in caught.value.message


def test_all_faults_are_told() -> None:
    with pytest.raises(PolicyTextError) as caught:
        parse_policy(b"log\nwitness\nquorum x")
    assert [line for line, _ in caught.value.faults] == [1, 2, 3]
    assert "and 2 more faults" in str(caught.value)


def test_a_threshold_may_ask_for_every_member() -> None:
    groups = parse_policy(f"{A}{B}group g 2 a b\nquorum g\n".encode()).groups
    assert groups == (PolicyGroup("g", 2, ("a", "b")),)


def test_as_many_groups_as_allowed() -> None:
    groups = "".join(f"group g{n} any {f'g{n - 1}' if n else 'a'}\n" for n in range(256))
    assert len(parse_policy(f"{A}{groups}quorum g255\n".encode()).groups) == MAX_POLICY_ENTRIES
    with pytest.raises(PolicyTextError, match="at most 256"):
        parse_policy(f"{A}{groups}group more any g255\nquorum more\n".encode())


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode()))
def test_any_bytes_are_a_policy_or_our_error(data: bytes) -> None:
    with contextlib.suppress(PolicyTextError):
        parse_policy(data)
