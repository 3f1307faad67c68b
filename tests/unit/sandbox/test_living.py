# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from kerege.sandbox.living import Living, read_living, write_living


def test_what_is_written_is_read(tmp_path: Path) -> None:
    assert read_living(tmp_path) == Living()
    living = Living(people=5, joined=3, first_payer="Айгерім")
    write_living(tmp_path, living)
    assert read_living(tmp_path) == living
    assert [path.name for path in tmp_path.iterdir()] == ["living.json"]


@pytest.mark.parametrize("content", [b"", b"[]", b'{"people": "x"}', b"\xff"])
def test_damaged_figures_are_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "living.json").write_bytes(content)
    assert read_living(tmp_path) == Living()
