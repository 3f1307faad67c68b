# SPDX-License-Identifier: Apache-2.0
"""Put the figures of a run into docs/benchmarks.md: `python -m benchmarks.page [FIGURES] [PAGE]`.

What stands between the two marks is replaced; nobody types figures.
"""

import json
import sys
from pathlib import Path
from typing import Any

from benchmarks.charts import ChartError
from benchmarks.table import figure

__all__ = ["BEGIN", "END", "fill_page", "table_of"]

BEGIN, END = "<!-- figures of a run -->", "<!-- end of figures -->"

_WHERE = ("cpu", "cores", "memory_gib", "kernel", "python", "sqlite", "file_system", "fdatasync_us")
_WHEN = ("load_1min", "load_1min_at_end", "seed", "sizes", "date")


def fill_page(page: str, rows: list[dict[str, Any]]) -> str:
    """The page with the table of `rows`; raises `ChartError` if it has no marks."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ChartError(f"the page has no marks {BEGIN} and {END}")
    return f"{before}{BEGIN}\n\n{table_of(rows)}\n{END}{after}"


def table_of(rows: list[dict[str, Any]]) -> str:
    """Machine, then a line a benchmark."""
    told = rows[0]["conditions"]
    lines = [", ".join(f"{name} {told[name]}" for name in names) for names in (_WHERE, _WHEN)]
    lines = [f"{line}.  " for line in lines]
    lines += ["", "| id | unit | median | least | most | target | runs |"]
    lines += ["| --- | --- | ---: | ---: | ---: | ---: | ---: |"]
    lines += [_line(row) for row in rows]
    return "".join(f"{line}\n" for line in lines)


def _line(row: dict[str, Any]) -> str:
    samples = row["conditions"].get("samples")
    least, most = (min(samples), max(samples)) if samples else (None, None)
    sign = "≤" if row["conditions"].get("better") == "low" else "≥"
    target = "-" if row["target"] is None else f"{sign} {figure(row['target'])}"
    figures = [figure(one) for one in (row["value"], least, most)]
    return f"| `{row['id']}` | {row['unit']} | {' | '.join(figures)} | {target} | {row['runs']} |"


def main() -> int:
    """Fill the page; 1 if there are no figures or no page."""
    given = [Path(one) for one in sys.argv[1:]]
    defaults = [Path("build/bench.json"), Path("docs/benchmarks.md")]
    figures, page = [*given, *defaults[len(given) :]]
    try:
        rows = json.loads(figures.read_text(encoding="utf-8"))
        page.write_text(fill_page(page.read_text(encoding="utf-8"), rows), encoding="utf-8")
    except (ChartError, OSError, ValueError, LookupError) as fault:
        print(f"{fault}; run `python -m benchmarks` first", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
