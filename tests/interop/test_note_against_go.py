# SPDX-License-Identifier: Apache-2.0
"""Go's sumdb/note and ours give the same verdict on good, mutated and cosigned notes."""

import base64
import json
import os
import random
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pytest

from kerege.keys import InvalidSignatureError, NamedPrivateKey, PrivateKey, SignatureType
from kerege.translog.cosignature import Cosigner
from kerege.translog.note import (
    Ed25519NoteSigner,
    Note,
    NoteError,
    NoteSigner,
    format_note,
    open_note,
    parse_verifier_key,
    sign_note,
)
from tests.model_log import ModelLog
from tests.witness_server import NOW_S, make_witness, post, serve

SOURCE = Path(__file__).parent / "notecheck"
GO = os.environ.get("KEREGE_GO", "go")
"""The go command; ML-DSA-44 is checked by Go 1.27 or later only."""
GO_CODE = Path(os.environ.get("KEREGE_GOPATH", "/usr/share/gocode"))
"""Where Debian's golang-golang-x-mod-dev puts the library."""

MUTATED_NOTES = 4000
SEED = int(os.environ.get("KEREGE_SEED", "1"))
NO_ML_DSA = "this Go has no ML-DSA"

pytestmark = pytest.mark.slow


class Verdict(NamedTuple):
    """What was made of a note: its text and who verifiably signed it, or that it was refused."""

    text: str
    names: tuple[str, ...]
    error: str


@pytest.fixture(scope="session")
def notecheck(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Go program, built once."""
    if shutil.which(GO) is None or not (GO_CODE / "src/golang.org/x/mod/sumdb/note").is_dir():
        pytest.skip("NOT CHECKED BY GO: apt install golang-go golang-golang-x-mod-dev")
    folder = tmp_path_factory.mktemp("notecheck")
    variables = os.environ | {
        "GO111MODULE": "off",
        "GOPATH": str(GO_CODE),
        "GOCACHE": str(folder / "cache"),
        "GOTOOLCHAIN": "local",
    }
    command = [GO, "build", "-o", str(folder / "notecheck"), "."]
    subprocess.run(command, cwd=SOURCE, check=True, env=variables, timeout=300)
    return folder / "notecheck"


def ask_go(program: Path, notes: Iterable[bytes], keys: list[str]) -> list[Verdict]:
    lines = (json.dumps({"keys": keys, "note": base64.b64encode(note).decode()}) for note in notes)
    done = subprocess.run(
        [program], input="\n".join(lines), capture_output=True, text=True, timeout=120, check=True
    )
    answers = [json.loads(line) for line in done.stdout.split("\n") if line]
    return [Verdict(one["text"], tuple(one["names"] or ()), one["error"]) for one in answers]


def ask_ourselves(note: bytes, keys: list[str]) -> Verdict:
    try:
        opened = open_note(note, [parse_verifier_key(key) for key in keys])
    except (NoteError, InvalidSignatureError) as error:
        return Verdict("", (), str(error))
    # Go drops repetitions.
    names = tuple(dict.fromkeys(signature.name for signature in opened.signatures))
    return Verdict(opened.text, names, "")


def signer_and_key(name: str, number: int) -> tuple[NoteSigner, str]:
    key = PrivateKey(SignatureType.ED25519.algorithm, bytes([number]) * 32)
    named = NamedPrivateKey(name=name, signature_type=SignatureType.ED25519, private_key=key)
    return Ed25519NoteSigner(name, key), named.public.to_vkey()


ANNA, ANNA_KEY = signer_and_key("anna.example", 1)
BEREKE, BEREKE_KEY = signer_and_key("береке", 2)
STRANGER, _ = signer_and_key("stranger", 3)
KEYS = [ANNA_KEY, BEREKE_KEY]

SEEDS = [
    format_note(sign_note(text, signers))
    for text in ("hello\n", "\n", "a\n\nb\n\n\n", "— anna.example AAAA\n", "теңге\n\u2028\n")
    for signers in ((ANNA,), (ANNA, BEREKE), (STRANGER, BEREKE), (STRANGER,), (ANNA, ANNA))
]
PIECES = [
    *(b"\n", b"\n\n", b" ", b"+", b"=", b"\r", b"\t", b"\0", b"\x7f", b"\xff", b"\xc2\xa0"),
    *("\u2003".encode(), "\u3000".encode(), "\u0085".encode(), "—".encode(), "— ".encode()),
    *(b"\xed\xa0\x80", b"\xef\xbf\xbd", b"A", b"AA==", b"\x1c", "\u200b".encode()),
]


def mutate(note: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.randrange(1, 3)):
        place = chance.randrange(len(note) + 1)
        lines = note.split(b"\n")
        match chance.randrange(7):
            case 0:
                note = note[:place] + chance.choice(PIECES) + note[place:]
            case 1:
                note = note[:place] + note[place + 1 :]
            case 2 if place < len(note):
                note = (
                    note[:place]
                    + bytes([note[place] ^ 1 << chance.randrange(8)])
                    + note[place + 1 :]
                )
            case 3:
                note = note[:place]
            case 4:
                lines.insert(chance.randrange(len(lines)), chance.choice(lines))
                note = b"\n".join(lines)
            case 5:
                chance.shuffle(lines)
                note = b"\n".join(lines)
            case _:
                note = note.replace(b"=\n", chance.choice([b"\n", b"==\n", b"= \n"]), 1)
    return note


def is_ours_alone_to_refuse(note: bytes) -> bool:
    """Tell the two differences of docs/decisions/signed-note-strictness.md."""
    block = note.decode().rpartition("\n\n")[2].removesuffix("\n")
    encoded = [line.split(" ")[2] for line in block.split("\n")]
    decoded = [base64.b64decode(text) for text in encoded]
    keys = [
        (line.split(" ")[1], data[:4])
        for line, data in zip(block.split("\n"), decoded, strict=True)
    ]
    is_canonical = all(
        base64.b64encode(data).decode() == text for data, text in zip(decoded, encoded, strict=True)
    )
    return not is_canonical or len(set(keys)) < len(keys)


def test_verdicts_on_mutated_notes(notecheck: Path) -> None:
    chance = random.Random(SEED)
    notes = SEEDS + [mutate(chance.choice(SEEDS), chance) for _ in range(MUTATED_NOTES)]
    accepted = refused = stricter = 0
    for note, theirs in zip(notes, ask_go(notecheck, notes, KEYS), strict=True):
        ours = ask_ourselves(note, KEYS)
        if bool(ours.error) == bool(theirs.error):
            accepted, refused = accepted + (not ours.error), refused + bool(ours.error)
            assert ours[:2] == theirs[:2], note
        else:
            stricter += 1
            assert ours.error, f"Go refused ({theirs.error}) what we accept: {note!r}"
            assert is_ours_alone_to_refuse(note), note
    print(f"{accepted} accepted and {refused} refused by both, {stricter} by us alone")
    assert accepted > 100
    assert refused > 100


def test_the_two_differences_are_as_written_down(notecheck: Path) -> None:
    good = SEEDS[0]
    digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    last = good.decode()[-3]
    stray = (good.decode()[:-3] + digits[digits.index(last) + 1] + "=\n").encode()
    signature = ANNA.sign("hello\n")
    wrong = ANNA.sign("another\n")
    repeated = format_note(Note("hello\n", (signature, wrong)))
    for note, message in [(stray, "not canonical"), (repeated, "does not verify")]:
        assert ask_go(notecheck, [note], KEYS)[0].error == ""
        assert message in ask_ourselves(note, KEYS).error


@pytest.mark.parametrize("count", [16, 100, 101])
def test_the_limit_on_signatures_is_the_same(notecheck: Path, count: int) -> None:
    lines = "".join(f"— s{number} AAAAAAA=\n" for number in range(count - 1))
    note = SEEDS[0] + lines.encode()
    theirs, ours = ask_go(notecheck, [note], KEYS)[0], ask_ourselves(note, KEYS)
    assert bool(theirs.error) == bool(ours.error) == (count > 100)


@pytest.mark.parametrize(
    "signature_type", [SignatureType.COSIGNATURE_ED25519, SignatureType.COSIGNATURE_ML_DSA_44]
)
def test_go_verifies_our_cosignatures(notecheck: Path, signature_type: SignatureType) -> None:
    key = PrivateKey(signature_type.algorithm, bytes(range(32)))
    named = NamedPrivateKey(name="w.example", signature_type=signature_type, private_key=key)
    cosigner = Cosigner("w.example", signature_type, key)
    for size in (0, 1, 5):
        text = ModelLog().checkpoint(size).decode().partition("\n\n")[0] + "\n"
        good = format_note(sign_note(text, [cosigner.at(NOW_S)]))
        spoilt = good.replace(b"log.example", b"log.exampld")
        theirs, refused = ask_go(notecheck, [good, spoilt], [named.public.to_vkey()])
        if theirs.error == NO_ML_DSA:
            pytest.skip("ML-DSA-44 NOT CHECKED BY GO: it needs Go 1.27 (KEREGE_GO)")
        assert theirs == Verdict(text, ("w.example",), "")
        assert refused.error


def test_go_verifies_what_our_witness_answers(notecheck: Path) -> None:
    log = ModelLog()
    with serve(make_witness(log)) as address:
        status, _, lines = post(address, log.request(0, 5))
    assert status == 200
    key = PrivateKey(SignatureType.COSIGNATURE_ED25519.algorithm, bytes(32))
    named = NamedPrivateKey(
        name="witness.example/w1",
        signature_type=SignatureType.COSIGNATURE_ED25519,
        private_key=key,
    )
    (verdict,) = ask_go(notecheck, [log.checkpoint(5) + lines], [named.public.to_vkey()])
    assert verdict.names == ("witness.example/w1",)
