# SPDX-License-Identifier: Apache-2.0
"""Judgements are about mutants there are; running them all is `make mutants`."""

from pathlib import Path

from tests.mutation.judged import MODULES, PAGE, read_judgements
from tests.mutation.mutants import mutants_of, names_of


def test_every_judged_survivor_can_still_be_made() -> None:
    there = {
        (module.rpartition(".")[2], name)
        for module in MODULES
        for name in names_of(Path(f"src/{module.replace('.', '/')}.py").read_text("utf-8"))
    }
    gone = sorted(read_judgements() - there)
    assert not gone, f"take these out of {PAGE}, the code has changed: {gone}"


def test_a_mutant_is_the_module_with_one_change() -> None:
    source = "def least(a, b):\n    return a if a < b else b\n"
    made = {mutant.name: mutant.source for mutant in mutants_of(source)}
    assert made.keys() == names_of(source)
    assert made["least: `a < b` to LtE"] == source.replace("<", "<=").strip()
    assert made["least: `a if a < b else b` condition true"].endswith("a if True else b")
