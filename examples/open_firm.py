# SPDX-License-Identifier: Apache-2.0
"""Become a customer with a wallet, with a sandbox bank's staff: FOLDER BANK-URL PHONE NAME KIND.

KIND is firm, agency or person. The purse is the folder NAME; prints the wallet's id.
"""

import sys
import tomllib
import zlib
from pathlib import Path

from kerege.keys import key_thumbprint, load_private_key
from kerege.runtime import SystemClock, SystemRandomness
from kerege.service import NodeClient
from kerege.wallet import HttpBank, Purse, Session, SignIn, TerminalSignIn

CLOCK, RANDOMNESS = SystemClock(), SystemRandomness()


def staff_of(country: Path, url: str) -> Path:
    """The key file of the staff of the bank at `url`."""
    for settings in country.glob("institutions/*/bank.toml"):
        if tomllib.loads(settings.read_text())["url"] == url:
            return settings.parent / "keys" / "staff.pem"
    raise SystemExit(f"no bank of {country} is at {url}")


def admit(country: Path, url: str, phone: str, name: str, kind: str) -> None:
    """As staff that saw the papers, which are made up of the telephone's number."""
    key = load_private_key(staff_of(country, url))
    keyid = key_thumbprint(key.public_key)
    desk = NodeClient(url, clock=CLOCK, randomness=RANDOMNESS, key=key, keyid=keyid)
    number = f"9{zlib.crc32(phone.encode()):011}"
    data = {"name": name, "phone": phone, "tax_number": number}
    tier = "full"
    if kind == "person":
        data, tier = {**data, "birth_date": "1990-01-01"}, "identified"
    customer = {"kind": kind, "tier": tier, "language": "kk", "data": data}
    desk.post("/v1/staff/customers", {"customers": [customer]}, dict)


def code_sent_to(url: str, phone: str) -> str:
    """What a sandbox's telephone shows."""
    desk = NodeClient(url, clock=CLOCK, randomness=RANDOMNESS)
    return str(desk.get("/v1/sandbox/codes", dict, query={"phone": phone})["code"])


def main(folder: str, url: str, phone: str, name: str, kind: str) -> None:
    """Admitted, signed in, with a wallet; firms are registered for VAT."""
    admit(Path(folder), url, phone, name, kind)
    purse = Purse(Path(name), lambda _: line, clock=CLOCK)
    line = HttpBank(url, Session(purse.store, url, clock=CLOCK, lock=Path(name) / "session.lock"))
    sign_in = SignIn(url, clock=CLOCK, randomness=RANDOMNESS)
    TerminalSignIn(sign_in, lambda _: code_sent_to(url, phone)).run(phone, purse.store)
    me = line.me()
    wallet = purse.create(name, bank=url)
    wallet.open(
        bank=me.bank,
        assets=["KZT"],
        owner_kind=kind,
        tier=me.customer.tier,
        vat=kind == "firm",
    )
    purse.close()
    print(wallet.id)


if __name__ == "__main__":
    main(*sys.argv[1:6])
