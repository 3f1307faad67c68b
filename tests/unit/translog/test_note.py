# SPDX-License-Identifier: Apache-2.0
"""Signed notes: the examples of C2SP and Go, and what must not be believed."""

import pytest

from kerege.keys import (
    Algorithm,
    InvalidSignatureError,
    NamedPrivateKey,
    PrivateKey,
    SignatureType,
)
from kerege.translog.cosignature import CosignatureVerifier
from kerege.translog.note import (
    MAX_NOTE_BYTES,
    MAX_NOTE_SIGNATURES,
    Ed25519NoteSigner,
    Ed25519NoteVerifier,
    Note,
    NoteError,
    NoteSignature,
    NoteVerifier,
    format_note,
    open_note,
    parse_note,
    parse_verifier_key,
    sign_note,
)

C2SP_VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
C2SP_NOTE = (
    "This is an example message.\n\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()

ANNA = Ed25519NoteSigner("anna", PrivateKey(Algorithm.ED25519, bytes([1]) * 32))
BEREKE = Ed25519NoteSigner("bereke", PrivateKey(Algorithm.ED25519, bytes([2]) * 32))


def verifier_of(signer: Ed25519NoteSigner) -> NoteVerifier:
    return Ed25519NoteVerifier(signer.name, signer.key_id, signer.key.public_key)


def broken(signature: NoteSignature) -> NoteSignature:
    flipped = bytes([signature.signature[0] ^ 1]) + signature.signature[1:]
    return NoteSignature(signature.name, signature.key_id, flipped)


def test_the_example_of_signed_note() -> None:
    note = open_note(C2SP_NOTE, [parse_verifier_key(C2SP_VKEY)])
    assert note.text == "This is an example message.\n"
    assert format_note(note) == C2SP_NOTE


def test_the_note_ends_at_its_last_blank_line() -> None:
    text = "trafitto da un raggio di sole:\n\ned è subito sera.\n\n\n"
    note = parse_note(format_note(sign_note(text, [ANNA])))
    assert note.text == text


def test_all_known_signatures_are_kept_and_unknown_ones_ignored() -> None:
    data = format_note(sign_note("text\n", [ANNA, BEREKE]))
    note = open_note(data, [verifier_of(BEREKE)])
    assert [signature.name for signature in note.signatures] == ["bereke"]


def test_a_key_that_shares_a_name_or_an_id_but_not_both_is_unknown() -> None:
    signature = ANNA.sign("text\n")
    other_name = NoteSignature("anna2", signature.key_id, signature.signature)
    other_id = NoteSignature("anna", b"\x00\x00\x00\x00", signature.signature)
    data = format_note(Note("text\n", (other_name, other_id)))
    with pytest.raises(NoteError, match="no signature on the note is of a known key"):
        open_note(data, [verifier_of(ANNA)])


def test_a_broken_signature_of_a_known_key_spoils_the_note() -> None:
    good = sign_note("text\n", [ANNA, BEREKE])
    data = format_note(Note("text\n", (good.signatures[0], broken(good.signatures[1]))))
    verifiers = [verifier_of(ANNA), verifier_of(BEREKE)]
    with pytest.raises(InvalidSignatureError) as caught:
        open_note(data, verifiers)
    assert caught.value.place.startswith("signature by bereke+")
    assert open_note(data, verifiers[:1]).text == "text\n"


def test_a_broken_repetition_of_a_good_signature_spoils_the_note() -> None:
    signature = ANNA.sign("text\n")
    data = format_note(Note("text\n", (signature, broken(signature))))
    with pytest.raises(InvalidSignatureError):
        open_note(data, [verifier_of(ANNA)])


def test_no_verifiers_believe_nothing() -> None:
    with pytest.raises(NoteError, match="no signature on the note is of a known key"):
        open_note(C2SP_NOTE, [])


def test_two_verifiers_of_one_name_and_id_are_refused() -> None:
    with pytest.raises(NoteError, match="same name and ID"):
        open_note(C2SP_NOTE, [parse_verifier_key(C2SP_VKEY)] * 2)


LINE = "— a AAAAAAA=\n"
MALFORMED = {
    "nothing": (b"", "a blank line before"),
    "no signatures": (b"text\n", "a blank line before"),
    "an empty block": (b"text\n\n", "ends with signature lines"),
    "no final newline": (f"text\n\n{LINE}"[:-1].encode(), "each ending with newline"),
    "no blank line": (f"text\n{LINE}".encode(), "a blank line before"),
    "a blank line after": (f"text\n\n{LINE}\n".encode(), "ends with signature lines"),
    "another line": (f"text\n\n{LINE}hello\n".encode(), "signature 2: a signature line starts"),
    "a carriage return": (f"text\r\n\n{LINE}".encode(), "character 4: a note has no control"),
    "a tab": (f"te\txt\n\n{LINE}".encode(), "character 2"),
    "a NUL": (f"\0text\n\n{LINE}".encode(), "character 0"),
    "half a character": (b"te\xd0\n\n" + LINE.encode(), "byte 2: a note is valid UTF-8"),
    "a surrogate": (b"te\xed\xa0\x80\n\n" + LINE.encode(), "valid UTF-8"),
    "an overlong form": (b"te\xc0\x80\n\n" + LINE.encode(), "valid UTF-8"),
    "too many signatures": (f"text\n\n{LINE * 101}".encode(), "at most 100 signatures"),
    "too long": (b"x" * MAX_NOTE_BYTES + f"\n\n{LINE}".encode(), "at most 1000000 bytes"),
}


@pytest.mark.parametrize(("data", "message"), MALFORMED.values(), ids=MALFORMED)
def test_malformed_notes_are_refused(data: bytes, message: str) -> None:
    with pytest.raises(NoteError, match=message):
        parse_note(data)


def test_as_many_signatures_as_allowed() -> None:
    data = f"text\n\n{LINE * MAX_NOTE_SIGNATURES}".encode()
    assert len(parse_note(data).signatures) == MAX_NOTE_SIGNATURES


@pytest.mark.parametrize("text", ["", "text", "te\txt\n", "te\ud800xt\n"])
def test_text_that_no_note_can_hold_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        sign_note(text, [])


def test_a_note_is_not_written_without_signatures_or_too_long() -> None:
    with pytest.raises(NoteError, match="at least one signature"):
        format_note(Note("text\n", ()))
    with pytest.raises(NoteError, match="at most 1000000 bytes"):
        format_note(sign_note("x" * MAX_NOTE_BYTES + "\n", [ANNA]))
    with pytest.raises(NoteError, match="at most 100 signatures"):
        Note("text\n", (ANNA.sign("text\n"),) * 101)


@pytest.mark.parametrize("signature_type", SignatureType)
def test_a_key_gives_the_verifier_of_its_type(signature_type: SignatureType) -> None:
    key = PrivateKey(signature_type.algorithm, bytes(32))
    named = NamedPrivateKey(name="w", signature_type=signature_type, private_key=key)
    verifier = parse_verifier_key(named.public.to_vkey())
    is_plain = signature_type is SignatureType.ED25519
    assert isinstance(verifier, Ed25519NoteVerifier if is_plain else CosignatureVerifier)
    assert (verifier.name, verifier.key_id) == ("w", named.public.key_id)
