# SPDX-License-Identifier: Apache-2.0
"""Book cash on a deposit as a sandbox bank's staff: FOLDER BANK-URL PHONE AMOUNT."""

import sys
import tomllib
from pathlib import Path

from kerege.keys import encode_base64url, key_thumbprint, load_private_key
from kerege.money import ISO4217, PLAIN, parse_amount
from kerege.runtime import SystemClock, SystemRandomness
from kerege.service import NodeClient


def staff_of(country: Path, url: str) -> Path:
    """The key file of the staff of the bank at `url`."""
    for settings in country.glob("institutions/*/bank.toml"):
        if tomllib.loads(settings.read_text())["url"] == url:
            return settings.parent / "keys" / "staff.pem"
    raise SystemExit(f"no bank of {country} is at {url}")


def main(folder: str, url: str, phone: str, amount: str) -> None:
    """Book it once; the reference is new each time."""
    key = load_private_key(staff_of(Path(folder), url))
    clock, randomness = SystemClock(), SystemRandomness()
    desk = NodeClient(
        url, clock=clock, randomness=randomness, key=key, keyid=key_thumbprint(key.public_key)
    )
    booking = {
        "phone": phone,
        "asset": "KZT",
        "amount": parse_amount(amount, ISO4217.by_code("KZT"), PLAIN).minor,
        "reference": f"cash {encode_base64url(randomness.draw(9))}",
    }
    answer = desk.post("/v1/staff/deposits", {"bookings": [booking]}, dict)
    print(answer["bookings"][0]["code"])


if __name__ == "__main__":
    main(*sys.argv[1:5])
