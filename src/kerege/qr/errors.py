# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with a code, and exactly where."""

from dataclasses import dataclass

from kerege.errors import KeregeError

__all__ = [
    "ChecksumError",
    "Fault",
    "NotMerchantCodeError",
    "QrError",
    "RuleError",
    "StructureError",
]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: at character `offset` of the payload, in the data object `path`.

    The path joins tags from the root down, such as `62.05`; it is empty for the code as a whole.
    """

    path: str
    offset: int
    message: str
    remedy: str

    @property
    def place(self) -> str:
        """The fault's place in words."""
        tag = f"tag {self.path}, " if self.path else ""
        return f"{tag}character {self.offset}"


class QrError(KeregeError):
    """A code that cannot be read, written or paid; `fault` tells where."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message, place=fault.place, remedy=fault.remedy)
        self.fault = fault


class NotMerchantCodeError(QrError):
    """Text of some other kind: a link, a ticket, a code of an unknown version."""


class StructureError(QrError):
    """Tags and lengths that do not add up, a tag given twice, or a limit exceeded."""


class ChecksumError(QrError):
    """A CRC that is missing, malformed, or of other content: the code is damaged or altered."""


class RuleError(QrError):
    """Well-formed, but against rules of EMVCo or the scheme: `faults`, from left to right."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(faults[0])
        self.faults = faults
