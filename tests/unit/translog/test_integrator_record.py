# SPDX-License-Identifier: Apache-2.0
import pytest

from kerege.translog.checkpoint import Checkpoint, format_checkpoint
from kerege.translog.integrator_record import SIGNED_PATH, LogForkError, SignedRecord
from kerege.translog.memory_files import MemoryFiles
from kerege.translog.note import sign_note
from tests.logs import ORIGIN, SIGNER


def test_it_remembers_the_last_checkpoint_signed() -> None:
    files = MemoryFiles()
    record = SignedRecord(files)
    record.lock()
    assert record.read() is None
    for size in (5, 9):
        checkpoint = Checkpoint(ORIGIN, size, bytes(32))
        record.write(sign_note(format_checkpoint(checkpoint), [SIGNER]))
        assert SignedRecord(files).read() == checkpoint


@pytest.mark.parametrize("damage", [b"", b"\xff", b"x\n\n\xe2\x80\x94 a b\n"])
def test_a_damaged_record_is_not_taken_for_none(damage: bytes) -> None:
    files = MemoryFiles()
    files.write(SIGNED_PATH, damage)
    with pytest.raises(LogForkError, match="damaged"):
        SignedRecord(files).read()
