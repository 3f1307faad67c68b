# SPDX-License-Identifier: Apache-2.0
"""Open a firm or agency as a sandbox bank's staff: FOLDER BANK-URL PHONE NAME [KIND]."""

import sys
import tomllib
import zlib
from pathlib import Path

from kerege.keys import key_thumbprint, load_private_key
from kerege.runtime import SystemClock, SystemRandomness
from kerege.service import NodeClient


def staff_of(country: Path, url: str) -> Path:
    """The key file of the staff of the bank at `url`."""
    for settings in country.glob("institutions/*/bank.toml"):
        if tomllib.loads(settings.read_text())["url"] == url:
            return settings.parent / "keys" / "staff.pem"
    raise SystemExit(f"no bank of {country} is at {url}")


def main(folder: str, url: str, phone: str, name: str, kind: str = "firm") -> None:
    """Its papers are made up of its telephone number, so that each is another's."""
    key = load_private_key(staff_of(Path(folder), url))
    desk = NodeClient(
        url,
        clock=SystemClock(),
        randomness=SystemRandomness(),
        key=key,
        keyid=key_thumbprint(key.public_key),
    )
    tax_number = f"9{zlib.crc32(phone.encode()):011}"
    data = {"name": name, "phone": phone, "tax_number": tax_number}
    customer = {"kind": kind, "tier": "full", "language": "kk", "data": data}
    answer = desk.post("/v1/staff/customers", {"customers": [customer]}, dict)
    (opened,) = answer["customers"]
    print(opened.get("refused") or opened["customer"]["state"])


if __name__ == "__main__":
    main(*sys.argv[1:6])
