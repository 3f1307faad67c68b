# SPDX-License-Identifier: Apache-2.0
"""Draw `build/bench.json` as SVG: `python -m benchmarks.charts [FIGURES] [FOLDER]`.

One chart for each unit that at least two benchmarks share. The same figures give the same bytes.
"""

import json
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

__all__ = ["ChartError", "draw_all"]

BAR, TARGET = "#2f6f8f", "#c0392b"


class ChartError(Exception):
    """The file of figures cannot be read; the text says where it comes from."""


def draw_all(figures: Path, folder: Path) -> list[Path]:
    """Write the charts; return their paths. Failed benchmarks are left out.

    Raises `ChartError` if `figures` is missing or is not what the benchmarks write.
    """
    try:
        rows = json.loads(figures.read_text(encoding="utf-8"))
        by_unit = defaultdict(list)
        for row in rows:
            if row["value"] is not None:
                by_unit[row["unit"]].append(row)
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise ChartError(f"cannot read {figures}; run `python -m benchmarks` first") from fault
    folder.mkdir(parents=True, exist_ok=True)
    return [_draw(unit, of_unit, folder) for unit, of_unit in by_unit.items() if len(of_unit) > 1]


def _draw(unit: str, rows: list[dict[str, Any]], folder: Path) -> Path:
    path = folder / f"benchmark-{re.sub(r'[^a-z0-9]+', '-', unit.lower()).strip('-')}.svg"
    # The salt fixes the ids inside the SVG; paths of matplotlib's own font look alike everywhere.
    style = mpl.rc_context(
        {"svg.hashsalt": "kerege", "svg.fonttype": "path", "font.family": "DejaVu Sans"}
    )
    with style:
        figure = Figure(figsize=(8, 1.2 + 0.45 * len(rows)), layout="constrained")
        axes = figure.add_subplot()
        # The first row stands at the top, as in the table.
        for place, row in enumerate(reversed(rows)):
            samples = row["conditions"]["samples"]
            value = row["value"]
            axes.barh(place, value, color=BAR, height=0.6)
            axes.plot([min(samples), max(samples)], [place, place], color="black", linewidth=1)
            if row["target"] is not None:
                axes.plot([row["target"]] * 2, [place - 0.4, place + 0.4], color=TARGET)
        axes.set_yticks(range(len(rows)), [row["id"] for row in reversed(rows)])
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}".replace(",", " "))
        axes.set_xlabel(f"{unit}: median, least to most (black), target (red)\n{_where(rows[0])}")
        axes.spines[["top", "right"]].set_visible(False)
        figure.savefig(path, format="svg", metadata={"Date": None, "Creator": None})
    return path


def _where(row: dict[str, Any]) -> str:
    told = row["conditions"]
    return f"{told['cpu']}, {told['cores']} cores, {told['file_system']}, {told['python']}"


def main() -> int:
    given = [Path(one) for one in sys.argv[1:]]
    figures, folder = [*given, *[Path("build/bench.json"), Path("docs")][len(given) :]]
    try:
        for path in draw_all(figures, folder):
            print(path)
    except ChartError as fault:
        print(fault, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
