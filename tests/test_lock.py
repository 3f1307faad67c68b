# SPDX-License-Identifier: Apache-2.0
"""The locks fix every file by hash, name no host, and hold only licences we accept."""

import tomllib
from email.message import Message
from importlib import metadata
from typing import cast

import pytest
from packaging.requirements import Requirement

from tests.house.lock import Locked, licence_fault, lock_faults, read_lock
from tests.house.tree import ROOT

RUN, DEV = "requirements.lock", "requirements-dev.lock"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DIGEST = "a" * 64


def lock(name: str) -> list[Locked]:
    return read_lock((ROOT / name).read_text(encoding="utf-8"))


def applies_here(requirement: Requirement) -> bool:
    return requirement.marker is None or requirement.marker.evaluate()


@pytest.mark.parametrize("name", [RUN, DEV])
def test_every_requirement_is_fixed_by_hash_and_no_host_is_named(name: str) -> None:
    assert list(lock_faults((ROOT / name).read_text(encoding="utf-8"))) == []


def test_the_development_lock_holds_the_run_lock() -> None:
    run, dev = (
        {f"{each.requirement.name}{each.requirement.specifier}" for each in lock(name)}
        for name in (RUN, DEV)
    )
    assert run - dev == set()


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        (RUN, PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["build"]),
        (DEV, PROJECT["dependency-groups"]["dev"]),
    ],
)
def test_the_lock_is_as_new_as_pyproject(name: str, wanted: list[str]) -> None:
    locked = {each.requirement.name: each.requirement for each in lock(name)}
    for requirement in map(Requirement, wanted):
        version = next(iter(locked[requirement.name].specifier)).version
        assert version in requirement.specifier, f"{requirement}: run `make lock`"


def test_run_time_licences_are_accepted() -> None:
    names = [each.requirement.name for each in lock(RUN) if applies_here(each.requirement)]
    stated = {name: cast("Message", metadata.metadata(name)) for name in names}
    assert [fault for name in names if (fault := licence_fault(name, stated[name]))] == []


@pytest.mark.parametrize(
    "text",
    [
        "click==8.5.1",
        "click>=8 --hash=sha256:" + DIGEST,
        "click==8.5.1 --hash=sha256:abc",
        "click==8.5.1 --hash=md5:" + DIGEST,
        f"--index-url https://example.org\nclick==8.5.1 --hash=sha256:{DIGEST}",
        f"click @ https://example.org/click.whl --hash=sha256:{DIGEST}",
    ],
)
def test_a_loose_lock_is_seen(text: str) -> None:
    assert list(lock_faults(text)) != []


@pytest.mark.parametrize(
    ("field", "value", "accepted"),
    [
        ("License-Expression", "MIT", True),
        ("License-Expression", "Apache-2.0 OR GPL-3.0-only", True),
        ("License-Expression", "MIT AND GPL-3.0-only", False),
        ("License-Expression", "AGPL-3.0-or-later", False),
        ("License-Expression", "LGPL-3.0-only", False),
        ("License", "BUSL-1.1", False),
        ("Classifier", "License :: OSI Approved :: GNU General Public License v3 (GPLv3)", False),
        ("Classifier", "License :: OSI Approved :: MIT License", True),
        ("Classifier", "Topic :: Office/Business", False),
    ],
)
def test_a_licence_we_refuse_is_seen(field: str, value: str, accepted: bool) -> None:
    stated = Message()
    stated[field] = value
    assert (licence_fault("a-library", stated) is None) is accepted
