# SPDX-License-Identifier: Apache-2.0
"""The desk's tables are made once, in either database."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from kerege.bank.desk_store import METADATA, open_desk_tables


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_tables_are_made_once(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    url = f"sqlite:///{tmp_path}/bank.db" if kind == "sqlite" else request.getfixturevalue("pg_url")
    open_desk_tables(url).close()
    tables = open_desk_tables(url)
    there = set(sa.inspect(tables.engine).get_table_names())
    assert there >= set(METADATA.tables)
    tables.close()
