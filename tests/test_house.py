# SPDX-License-Identifier: Apache-2.0
"""The house's own rules hold in every file, and each rule is seen to catch a planted violation."""

from collections.abc import Iterable
from pathlib import PurePosixPath

import pytest

from tests.house import banned, layout, words
from tests.house.tree import SourceFile, source_files, text_files

LEDGER = "src/kerege/ledger/posting.py"
SERVICE = "src/kerege/ledger/gathering.py"
BANK = "src/kerege/bank/node.py"
TEST = "tests/unit/bank/test_node.py"


def planted(path: str, text: str) -> SourceFile:
    return SourceFile(PurePosixPath(path), text)


def assert_none(faults: Iterable[str]) -> None:
    """Fail with every fault on its own line, so that each says what to use instead."""
    found = list(faults)
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def test_no_banned_construct() -> None:
    assert_none(fault for file in source_files() for fault in banned.faults_in(file))


def test_no_word_that_should_not_stay() -> None:
    assert_none(fault for file in text_files() for fault in words.faults_in(file))


def test_every_source_file_opens_with_the_licence_line() -> None:
    bare = [file.path for file in text_files() if words.lacks_licence_line(file)]
    assert_none(f"{path}: open with `{words.LICENCE}` in a comment" for path in bare)


def test_lengths() -> None:
    assert_none(layout.length_faults(source_files(), layout.longer_than_usual()))


def test_folders_are_named_after_what_they_do() -> None:
    assert_none(layout.folder_faults(source_files()))


def test_every_module_with_code_has_its_unit_test() -> None:
    assert_none(layout.mirror_faults(source_files()))


def test_every_public_package_lists_what_is_public() -> None:
    assert_none(layout.public_list_faults(source_files()))


PLANTED = [
    ("float in money", LEDGER, "rate: float"),
    ("float in money", LEDGER, "rate = 1.5"),
    ("float in money", LEDGER, "half = total / 2"),
    ("float in money", LEDGER, "import numpy as np\nrates = np.float64"),
    ("float in money", "src/kerege/money/amount.py", "total /= 2"),
    ("catching everything", BANK, "try:\n    f()\nexcept Exception:\n    pass"),
    ("catching everything", BANK, "try:\n    f()\nexcept (OSError, BaseException):\n    pass"),
    ("catching everything", BANK, "try:\n    f()\nexcept:\n    pass"),
    ("print", BANK, "print(1)"),
    ("reading the clock", BANK, "datetime.now(UTC)"),
    ("reading the clock", BANK, "datetime.datetime.utcnow()"),
    ("reading the clock", BANK, "date.today()"),
    ("reading the clock", BANK, "import time\ntime.time_ns()"),
    ("reading the clock", BANK, "from time import time"),
    ("randomness", BANK, "import random"),
    ("randomness", BANK, "from random import Random, choice"),
    ("randomness", BANK, "from random import Random\nchance = Random()"),
    ("randomness", BANK, "from secrets import token_bytes"),
    ("randomness", BANK, "import uuid"),
    ("randomness", BANK, "os.urandom(8)"),
    ("randomness", BANK, "np.random.default_rng()"),
    ("assert", BANK, "assert debits == credits"),
    ("old typing names", TEST, "from typing import List"),
    ("old typing names", BANK, "import typing\nx: typing.Optional[int]"),
    ("str.format", BANK, "'{}'.format(1)"),
    ("unittest class", TEST, "class TestNode(unittest.TestCase): ..."),
    ("unittest class", TEST, "from unittest import TestCase"),
    ("pickle", TEST, "import pickle"),
    ("eval or exec", BANK, "eval('1')"),
    ("eval or exec", BANK, "exec('1')"),
    ("shell=True", TEST, "subprocess.run('ls', shell=True)"),
    ("shell=True", TEST, "os.system('ls')"),
    ("SQL from parts", "src/kerege/bank/store.py", "f'DELETE FROM {table} '"),
    ("SQL from parts", "src/kerege/bank/store.py", "'UPDATE account SET a = %s ' % value"),
    ("SQL from parts", "src/kerege/bank/store.py", "'INSERT INTO account ' + rest"),
    ("SQL outside a store", SERVICE, "db.execute('SELECT id FROM account ')"),
    ("SQL outside a store", SERVICE, "text = 'create table account (id)'"),
    ("SQL outside a store", SERVICE, "text = 'PRAGMA journal_mode = WAL'"),
    ("private key class outside keys", BANK, "class BankPrivateKey: ..."),
    ("skip without a reason", TEST, "@pytest.mark.skip\ndef test_it(): ..."),
    ("skip without a reason", TEST, "@pytest.mark.skipif(True)\ndef test_it(): ..."),
    ("skip without a reason", TEST, "pytest.skip()"),
]


@pytest.mark.parametrize(("rule", "path", "text"), PLANTED)
def test_a_planted_violation_is_seen(rule: str, path: str, text: str) -> None:
    faults = list(banned.faults_in(planted(path, text)))
    assert [fault for fault in faults if f": {rule}: " in fault] != []


def test_every_rule_has_a_planted_violation() -> None:
    assert {rule.name for rule in banned.RULES} == {name for name, _, _ in PLANTED}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            LEDGER,
            '"""Select one from the accounts; no float."""\nhalf = total // 2',
        ),
        (SERVICE, "timeout_s: float = 0.5"),
        (BANK, "try:\n    f()\nexcept OSError:\n    pass"),
        (BANK, "try:\n    f()\nexcept BaseException:\n    undo()\n    raise"),
        ("src/kerege/bank/store.py", "f'PRAGMA user_version = {VERSION}'"),
        (BANK, "message = 'Select a bank from the list '"),
        (BANK, "from datetime import datetime\nstart = datetime.fromtimestamp(0)"),
        (BANK, "import time\ndeadline_s = time.monotonic() + TIMEOUT_S"),
        (BANK, "from random import Random\ndef crash(chance: Random) -> None: ..."),
        (BANK, "amount.format('kk')"),
        ("src/kerege/cli/ledger.py", "print(1)"),
        ("src/kerege/runtime/clock.py", "import time\ntime.time()"),
        ("src/kerege/keys/hazmat/ed25519.py", "import secrets"),
        ("src/kerege/bank/store_sqlite.py", "db.execute('SELECT id FROM account ', ())"),
        (TEST, "assert 1.5\nprint(1)"),
        (TEST, "@pytest.mark.skipif(True, reason='needs PostgreSQL')\ndef test_it(): ..."),
    ],
)
def test_good_code_is_left_alone(path: str, text: str) -> None:
    assert list(banned.faults_in(planted(path, text))) == []


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("unfinished mark", "# TODO: later"),
        ("unfinished mark", "FIXME"),
        ("path of a machine", "open('/work/main/x')"),
        ("path of a machine", "cd /root"),
        ("path of a machine", "see /home/someone/x"),
        ("package host", "see https://pypi.org/project/x"),
    ],
)
def test_a_planted_word_is_seen(word: str, text: str) -> None:
    assert [f": {word}: " in fault for fault in words.faults_in(planted("a.md", text))] == [True]


def test_every_word_rule_has_a_planted_violation() -> None:
    ordinary = planted("a.md", "apt-get install python3-venv; https://example.org/work/x ./root")
    assert list(words.faults_in(ordinary)) == []


def test_a_missing_licence_line_is_seen() -> None:
    assert words.lacks_licence_line(planted("src/kerege/a.py", "x = 1"))
    assert words.lacks_licence_line(planted("src/kerege/a.sql", "SELECT 1;"))
    assert not words.lacks_licence_line(
        planted("tools/a.sh", "#!/bin/sh\n# SPDX-License-Identifier: Apache-2.0\n")
    )


def test_a_file_or_function_too_long_is_seen() -> None:
    long_file = planted("src/kerege/a.py", "x = 1\n" * 401)
    long_function = planted("src/kerege/b.py", "def f():\n" + "    x = 1\n" * 60)

    assert list(layout.length_faults([long_file, long_function], {})) == [
        "src/kerege/a.py has 401 lines: split it by ideas",
        "src/kerege/b.py::f has 61 lines: split it by ideas",
    ]


def test_the_table_of_long_files_may_only_shrink() -> None:
    file = planted("src/kerege/a.py", "x = 1\n" * 410)

    def faults(lines: int) -> str:
        return " ".join(layout.length_faults([file], {"src/kerege/a.py": lines}))

    assert faults(410) == ""
    assert "may only shrink" in faults(409)
    assert "say so in" in faults(411)
    assert "take it out" in " ".join(layout.length_faults([], {"src/kerege/a.py": 410}))


def test_a_docstring_does_not_make_a_function_long() -> None:
    text = 'def f():\n    """' + "words\n" * 70 + '    """\n    return 1\n'
    assert list(layout.length_faults([planted("src/kerege/a.py", text)], {})) == []


@pytest.mark.parametrize("path", ["src/kerege/utils/a.py", "src/kerege/bank/helpers.py"])
def test_a_folder_that_says_nothing_is_seen(path: str) -> None:
    assert len(list(layout.folder_faults([planted(path, "")]))) == 1


@pytest.mark.parametrize(
    ("path", "test"),
    [
        ("src/kerege/bank/node.py", "tests/unit/bank/test_node.py"),
        ("src/kerege/bank/__init__.py", "tests/unit/bank/test_init.py"),
        ("src/kerege/ledger/stores/_rows.py", "tests/unit/ledger/stores/test_rows.py"),
        ("src/kerege/errors.py", "tests/unit/test_errors.py"),
    ],
)
def test_a_missing_unit_test_is_seen(path: str, test: str) -> None:
    module = planted(path, "def f(): ...")

    assert list(layout.mirror_faults([module])) == [f"{path}: write {test}"]
    assert list(layout.mirror_faults([module, planted(test, "")])) == []
    assert list(layout.mirror_faults([planted(path, "LIMIT = 1")])) == []


def test_a_missing_public_list_is_seen() -> None:
    path = "src/kerege/bank/__init__.py"

    assert len(list(layout.public_list_faults([planted(path, "x = 1")]))) == 1
    assert list(layout.public_list_faults([planted(path, "__all__ = ['x']")])) == []
