# SPDX-License-Identifier: Apache-2.0
"""`python -m tests.mutation`: small changes to the pure rules, and which of them no test sees.

Survivors are judged in `docs/mutants.md`; one that is not there makes this command fail.
"""

import argparse
import io
import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from tests.mutation.judged import MODULES, PAGE, judged, read_judgements
from tests.mutation.mutants import Mutant, mutants_of

# Imported once here, with all it needs, and inherited by every fork.
from tests.properties import test_pure_ledger, test_rules_alone

TESTS = (
    "tests/properties/test_pure_ledger.py",
    "tests/properties/test_rules_alone.py",
    "tests/unit/ledger/test_books.py",
    "tests/unit/ledger/test_grouping.py",
    "tests/unit/ledger/test_sure.py",
)
OPTIONS = ("-x", "-q", "-p", "no:cacheprovider", "-o", "filterwarnings=ignore")
"""Stop at the first failure; what was imported before the fork is no reason to warn."""

LONGEST_S = 60
"""A mutant that runs longer than this has lost its way, and that is seen."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", default=MODULES)
    parser.add_argument("--at-once", type=int, default=2)
    asked = parser.parse_args()
    began = time.monotonic()
    known = read_judgements()
    unjudged = 0
    for module in asked.modules:
        unjudged += _try_module(module, known, asked.at_once)
    print(f"{unjudged} survivors not judged in {PAGE}")
    print(f"{time.monotonic() - began:.0f} s", file=sys.stderr)
    return 1 if unjudged else 0


def _try_module(module: str, known: set[tuple[str, str]], at_once: int) -> int:
    """Print a line for each survivor as it is found; returns how many are not judged."""
    source = _path_of(module).read_text("utf-8")
    if not _survives(module, Mutant("unchanged", 0, source)):
        raise SystemExit(f"{module}: the tests fail without any mutant")
    mutants = list(mutants_of(source))
    print(f"{module}: {len(mutants)} mutants", flush=True)
    survivors = unjudged = 0
    with ThreadPoolExecutor(at_once) as pool:
        alive = pool.map(lambda mutant: _survives(module, mutant), mutants)
        for mutant in (mutant for mutant, lives in zip(mutants, alive, strict=True) if lives):
            is_known = judged(known, module, mutant.name)
            survivors += 1
            unjudged += not is_known
            word = "judged" if is_known else "UNJUDGED"
            print(f"  {word:8} {mutant.line:4} {mutant.name}", flush=True)
    print(f"  {survivors} of {len(mutants)} survive", flush=True)
    return unjudged


def _path_of(module: str) -> Path:
    return Path("src") / f"{module.replace('.', '/')}.py"


def _survives(module: str, mutant: Mutant) -> bool:
    """Whether the tests pass with the mutant in place; each runs in a fork of its own."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            status = _run_tests(module, mutant)
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == 0


def _run_tests(module: str, mutant: Mutant) -> int:
    signal.alarm(LONGEST_S)
    _put_in_place(module, mutant.source)
    if _fails_at_once():
        return 1
    quiet = io.StringIO()
    with redirect_stdout(quiet), redirect_stderr(quiet):
        return int(pytest.main([*OPTIONS, *TESTS]))


def _put_in_place(name: str, source: str) -> None:
    """Run the mutant in the module's place, for all who imported something from it."""
    module = sys.modules[name]
    before = {id(value): key for key, value in vars(module).items() if not key.startswith("__")}
    exec(compile(source, f"<mutant of {name}>", "exec"), vars(module))
    for other in list(sys.modules.values()):
        if getattr(other, "__name__", "").startswith(("kerege", "tests")):
            for key, value in list(vars(other).items()):
                if before.get(id(value)) == key:
                    setattr(other, key, vars(module)[key])


def _fails_at_once() -> bool:
    """Most mutants are seen by a few runs against the model; the whole suite is for the rest."""
    try:
        for few in (1, 48):
            test_pure_ledger.test_rules_and_columns_do_what_the_model_does(few, few)
        test_rules_alone.test_each_order_leaves_the_book_as_the_model(0)
        test_pure_ledger.test_every_malformed_order_is_refused_by_name()
        test_pure_ledger.test_figures_of_a_refusal_say_what_would_have_passed(100)
    except Exception:  # however it shows
        return True
    return False


if __name__ == "__main__":
    sys.exit(main())
