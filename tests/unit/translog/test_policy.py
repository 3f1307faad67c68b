# SPDX-License-Identifier: Apache-2.0
"""Whether a checkpoint meets a policy: logs, quorums of quorums, times."""

import pytest

from kerege.keys import InvalidSignatureError, NamedPrivateKey, PrivateKey, SignatureType
from kerege.translog.cosignature import UNTIMED_S, Cosigner, TimeRules
from kerege.translog.note import Note, NoteError, NoteSignature, format_note, parse_note
from kerege.translog.policy import Policy, QuorumError
from kerege.translog.policy_text import parse_policy
from tests.model_log import ModelLog

NOW_S = 1_700_000_000
RULES = TimeRules(max_ahead_s=60)
LOG = ModelLog()
SIGNED = LOG.checkpoint(5)

COSIGNERS = {
    name: Cosigner(
        name=f"{name}.example",
        signature_type=signature_type,
        key=PrivateKey(signature_type.algorithm, bytes([number]) * 32),
    )
    for number, (name, signature_type) in enumerate(
        {
            "X1": SignatureType.COSIGNATURE_ED25519,
            "X2": SignatureType.COSIGNATURE_ED25519,
            "X3": SignatureType.COSIGNATURE_ML_DSA_44,
            "Y1": SignatureType.COSIGNATURE_ED25519,
            "Y2": SignatureType.COSIGNATURE_ML_DSA_44,
        }.items()
    )
}


def vkey(name: str, signature_type: SignatureType, key: PrivateKey) -> str:
    named = NamedPrivateKey(name=name, signature_type=signature_type, private_key=key)
    return named.public.to_vkey()


def log_key(log: ModelLog = LOG) -> str:
    assert isinstance(log.signer.key, PrivateKey)
    return vkey(log.origin, SignatureType.ED25519, log.signer.key)


def make_policy(rules: str) -> Policy:
    lines = [f"log {log_key()}"]
    for name, cosigner in COSIGNERS.items():
        assert isinstance(cosigner.key, PrivateKey)
        lines.append(f"witness {name} {vkey(cosigner.name, cosigner.signature_type, cosigner.key)}")
    return parse_policy("\n".join([*lines, rules, ""]).encode())


def cosigned(*names: str, timestamp_s: int = NOW_S) -> bytes:
    note = parse_note(SIGNED)
    signed = [COSIGNERS[name].cosign(note.text, timestamp_s=timestamp_s) for name in names]
    return format_note(note.with_signatures(signed))


NESTED = "group X 2 X1 X2 X3\ngroup Y any Y1 Y2\ngroup both all X Y\nquorum both"


@pytest.mark.parametrize(
    ("names", "reached"),
    [
        ("X1 X2 Y1", True),
        ("X1 X3 Y2", True),
        ("X1 X2 X3 Y1 Y2", True),
        ("X1 X2 X3", False),
        ("X1 Y1 Y2", False),
        ("X1 X1 Y1", False),
        ("", False),
    ],
)
def test_a_quorum_of_groups(names: str, reached: bool) -> None:
    note, policy = cosigned(*names.split()), make_policy(NESTED)
    if reached:
        assert policy.verify_checkpoint(note, now_s=NOW_S, time_rules=RULES).size == 5
    else:
        with pytest.raises(QuorumError, match="the quorum is not reached") as caught:
            policy.verify_checkpoint(note, now_s=NOW_S, time_rules=RULES)
        assert caught.value.place == "quorum both"


def test_a_single_witness_and_none_at_all() -> None:
    verify = make_policy("quorum Y2").verify_checkpoint
    assert verify(cosigned("Y2"), now_s=NOW_S, time_rules=RULES).origin == LOG.origin
    with pytest.raises(QuorumError, match="witnesses that count: X1, Y1"):
        verify(cosigned("X1", "Y1"), now_s=NOW_S, time_rules=RULES)
    make_policy("quorum none").verify_checkpoint(SIGNED, now_s=NOW_S, time_rules=RULES)


@pytest.mark.parametrize("timestamp_s", [NOW_S + 61, UNTIMED_S, 1])
def test_a_cosignature_at_another_time_does_not_count(timestamp_s: int) -> None:
    rules = TimeRules(max_ahead_s=60, max_age_s=300)
    with pytest.raises(QuorumError, match="witnesses that count: none"):
        make_policy("quorum X3").verify_checkpoint(
            cosigned("X3", timestamp_s=timestamp_s), now_s=NOW_S, time_rules=rules
        )


def test_a_log_must_be_listed_and_sign_for_its_own_origin() -> None:
    policy = make_policy("quorum X1")
    only_witness = Note(parse_note(SIGNED).text, parse_note(cosigned("X1")).signatures[1:])
    with pytest.raises(QuorumError, match="no log of the policy signed"):
        policy.verify_checkpoint(format_note(only_witness), now_s=NOW_S, time_rules=RULES)
    # A listed log's signature on a checkpoint that claims another log's origin.
    text = parse_note(SIGNED).text.replace(LOG.origin, "other.example")
    note = Note(text, (LOG.signer.sign(text), COSIGNERS["X1"].cosign(text, timestamp_s=NOW_S)))
    with pytest.raises(QuorumError, match="no log of the policy signed"):
        policy.verify_checkpoint(format_note(note), now_s=NOW_S, time_rules=RULES)
    with pytest.raises(NoteError):
        policy.verify_checkpoint(ModelLog("z", seed=3).checkpoint(5), now_s=1, time_rules=RULES)


def test_a_broken_cosignature_spoils_the_note_even_beside_a_quorum() -> None:
    broken = NoteSignature(COSIGNERS["Y1"].name, COSIGNERS["Y1"].key_id, bytes(72))
    note = format_note(parse_note(cosigned("X1")).with_signatures([broken]))
    with pytest.raises(InvalidSignatureError):
        make_policy("quorum X1").verify_checkpoint(note, now_s=NOW_S, time_rules=RULES)


def test_a_key_may_be_a_logs_and_a_witnesss() -> None:
    key = PrivateKey(SignatureType.COSIGNATURE_ML_DSA_44.algorithm, bytes(32))
    text = vkey(LOG.origin, SignatureType.COSIGNATURE_ML_DSA_44, key)
    policy = parse_policy(f"log {text}\nwitness w {text}\nquorum w\n".encode())
    cosigner = Cosigner(LOG.origin, SignatureType.COSIGNATURE_ML_DSA_44, key)
    checkpoint = parse_note(SIGNED).text
    timed = Note(checkpoint, (cosigner.cosign(checkpoint, timestamp_s=NOW_S),))
    policy.verify_checkpoint(format_note(timed), now_s=NOW_S, time_rules=RULES)
    untimed = Note(checkpoint, (cosigner.at(UNTIMED_S).sign(checkpoint),))
    with pytest.raises(QuorumError, match="the quorum is not reached"):
        policy.verify_checkpoint(format_note(untimed), now_s=NOW_S, time_rules=RULES)
