# SPDX-License-Identifier: Apache-2.0
"""The last checkpoint a log signed, kept before anyone else sees it.

Shell. "A log MUST not sign any checkpoint which is inconsistent with any checkpoint it previously
signed" (tlog-checkpoint, "Signatures"): so what was signed must never be forgotten.
"""

from kerege.errors import KeregeError
from kerege.translog.checkpoint import Checkpoint, CheckpointError, parse_checkpoint
from kerege.translog.files import Files
from kerege.translog.log_files import write_durably
from kerege.translog.note import Note, NoteError, format_note, parse_note
from kerege.translog.tiles import MissingFileError

__all__ = ["SIGNED_PATH", "LogForkError", "SignedRecord"]

SIGNED_PATH = "signed-checkpoint"


class LogForkError(KeregeError):
    """Going on could sign a second history; the integrator stops instead."""


class SignedRecord:
    """One file, away from the log's own so that no restored copy of the log can change it."""

    def __init__(self, files: Files) -> None:
        """Keep the record in `files`, best on another disk than the tiles."""
        self._files = files

    def lock(self) -> None:
        """Become the record's only writer."""
        self._files.lock()

    def read(self) -> Checkpoint | None:
        """Return the last checkpoint signed; `None` if there was none.

        Raises `LogForkError` if the record cannot be read as one.
        """
        try:
            data = self._files.read(SIGNED_PATH)
        except MissingFileError:
            return None
        try:
            return parse_checkpoint(parse_note(data).text)
        except (NoteError, CheckpointError) as error:
            raise LogForkError(
                f"the record of the last signed checkpoint is damaged: {error.message}",
                place=SIGNED_PATH,
                remedy="restore it from a backup, or from the newest checkpoint a witness holds",
            ) from error

    def write(self, note: Note) -> None:
        """Replace the record; when this returns it survives a crash."""
        write_durably(self._files, SIGNED_PATH, format_note(note))
