# SPDX-License-Identifier: Apache-2.0
"""Errors carry a message, a place and a remedy."""

from kerege.errors import InvariantViolation, KeregeError


def test_an_error_keeps_its_three_parts_and_reads_as_one_line() -> None:
    error = KeregeError("the amount is negative", place="batch.csv:7", remedy="write 1.00")

    assert (error.message, error.place, error.remedy) == (
        "the amount is negative",
        "batch.csv:7",
        "write 1.00",
    )
    assert str(error) == "batch.csv:7: the amount is negative (write 1.00)"


def test_place_and_remedy_may_be_absent() -> None:
    assert str(KeregeError("the file is empty")) == "the file is empty"


def test_an_invariant_violation_is_not_excused_as_a_persons_error() -> None:
    assert not issubclass(InvariantViolation, KeregeError)


class NamedFault(KeregeError):
    """An error whose constructor takes something else."""

    def __init__(self, text: str, *, expected: str) -> None:
        super().__init__(f"{text} is not it", place="here", remedy=f"write {expected}")
        self.expected = expected


def test_an_error_crosses_from_one_process_to_another() -> None:
    for error in (KeregeError("m", place="p", remedy="r"), NamedFault("x", expected="y")):
        kind, built, state = error.__reduce__()
        again = kind(*built)
        again.__dict__.update(state)
        assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))
