# SPDX-License-Identifier: Apache-2.0
"""The two kinds of exception every room shares.

A refusal that a caller should expect is neither: it is a value, an outcome.
"""

from typing import Any

__all__ = ["InvariantViolation", "KeregeError"]


class KeregeError(Exception):
    """The caller or the surroundings are at fault, and a person can put it right.

    `message` says what is wrong, `place` where (a file, a line, a field; empty if there is none),
    `remedy` what to do next (empty if the message already says it).
    """

    def __init__(self, message: str, *, place: str = "", remedy: str = "") -> None:
        """Keep the three parts apart, so that a screen or an API can lay them out."""
        super().__init__(message, place, remedy)
        self.message = message
        self.place = place
        self.remedy = remedy

    def __reduce__(self) -> tuple[Any, ...]:
        """Let it cross from one process to another, whatever its class's constructor takes."""
        return _made_again, (type(self), self.args), self.__dict__

    def __str__(self) -> str:
        """One line: place, message, remedy."""
        where = f"{self.place}: " if self.place else ""
        what_next = f" ({self.remedy})" if self.remedy else ""
        return f"{where}{self.message}{what_next}"


def _made_again(kind: type[KeregeError], args: tuple[Any, ...]) -> KeregeError:
    return kind.__new__(kind, *args)


class InvariantViolation(Exception):
    """A promise of the system does not hold: a fault of ours.

    Not a `KeregeError`, so that nothing which excuses a person's mistake can swallow it.
    """
