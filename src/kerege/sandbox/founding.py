# SPDX-License-Identifier: Apache-2.0
"""Licenses a country's institutions, opens their own wallets, issues the first money.

All of it through the core's API, as in earnest: two people propose and approve, banks sign for
their wallets. Every step bears an id made of what it is for, so that a founding that was cut short
is simply done again.
"""

import hashlib
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from msgspec import Struct

from kerege.centralbank.actions import Admit, Issue, ReservesIn
from kerege.centralbank.register_participants import Licence, Quota, Role
from kerege.errors import KeregeError
from kerege.keys import format_jwk, key_thumbprint
from kerege.payments import ACCEPTED, Open, Refusal, Verdict
from kerege.runtime import Clock, SystemRandomness
from kerege.sandbox.addresses import CORE, Addresses
from kerege.sandbox.configuring import STAFF, own_wallet
from kerege.sandbox.country import Country
from kerege.sandbox.dual_control import DualControl
from kerege.sandbox.key_folder import KeyFolder
from kerege.sandbox.profile import Institution
from kerege.service import NodeClient, Refused
from kerege.wallet.signing import Signer

__all__ = ["NotFounded", "found_institutions"]

_DAY_US: Final = 24 * 3600 * 1_000_000
_TRIES: Final = 20
_PAUSE_S: Final = 0.1
_NOT_SEEN_YET: Final = frozenset({"signature_missing", Refusal.PARTICIPANT_SUSPENDED.value})
"""What a process of the core says of a participant it does not know yet."""

_TOGETHER: Final = 3
"""Institutions founded at once: the core gathers what comes together."""

_QUOTA: Final = Quota(orders_per_s=20_000, burst=100_000, resolutions_per_minute=100_000)
"""More than a sandbox's machine can do, so that `kerege load` meets the machine's limit."""


class NotFounded(KeregeError):
    """A step of the founding was refused."""


class _Orders(Struct, frozen=True):
    orders: list[str]


class _Verdicts(Struct, frozen=True):
    verdicts: list[Verdict]


def found_institutions(country: Country, addresses: Addresses, clock: Clock) -> None:
    """Admit every institution, open its wallet, take its reserves, issue money to it.

    Raises `ActionRefused`, `NotFounded`, or what `NodeClient` raises.
    """
    keys = country.central_bank / "keys"
    with DualControl(addresses.url(CORE), keys, STAFF, clock) as control:

        def found(one: Institution) -> None:
            _found(country, addresses, one, control, clock)

        with ThreadPoolExecutor(_TOGETHER) as pool:
            for _ in pool.map(found, country.profile.institutions):
                pass


def _found(
    country: Country,
    addresses: Addresses,
    one: Institution,
    control: DualControl,
    clock: Clock,
) -> None:
    money = country.profile.money
    requests = KeyFolder(country.institution(one.id) / "keys").private("requests.pem")
    since_us = country.settings.made_us
    jwk = format_jwk(requests.public_key).decode()
    admit = Admit(
        participant=one.id,
        roles=(Role.INTERMEDIARY,),
        keys=(jwk,),
        licence=Licence(name=one.name, number=f"sandbox-{one.id}"[:64], since_us=since_us),
        quota=_QUOTA,
    )
    reserves = ReservesIn(
        participant=one.id, asset=money.asset, amount=money.reserves_minor, reference="founding"
    )
    issue = Issue(participant=one.id, asset=money.asset, amount=money.issue_minor)
    control.carry_out(admit, reason="licensed", label=f"admit {one.id}", now_us=since_us)
    control.carry_out(
        reserves, reason="reserves arrived", label=f"reserves {one.id}", now_us=since_us
    )
    _open_wallet(country, addresses, one, clock)
    control.carry_out(issue, reason="the first money", label=f"issue {one.id}", now_us=since_us)


def _open_wallet(country: Country, addresses: Addresses, one: Institution, clock: Clock) -> None:
    """Open the institution's own wallet, which money is issued to."""
    keys = KeyFolder(country.institution(one.id) / "keys")
    wallet, key = own_wallet(country, one.id), keys.private("wallet.pem")
    opening = Open(
        id=f"ord_{hashlib.sha256(f'sandbox wallet {wallet}'.encode()).digest()[:16].hex()}",
        wallet=wallet,
        until_us=country.settings.made_us + _DAY_US,
        bank=one.id,
        key=format_jwk(key.public_key).decode(),
        assets=(country.profile.money.asset,),
        owner_kind="bank",
        tier="",
    )
    requests = keys.private("requests.pem")
    client = NodeClient(
        addresses.url(CORE),
        clock=clock,
        randomness=SystemRandomness(),
        key=requests,
        keyid=key_thumbprint(requests.public_key),
    )
    try:
        code = _submit(client, Signer(wallet, key).order(opening).text.decode())
    finally:
        client.close()
    if code != ACCEPTED:
        raise NotFounded(f"the wallet of {one.id} was not opened: {code}", place=one.id)


def _submit(client: NodeClient, order: str) -> str:
    """The verdict's code. Another process of the core may not have seen the admission yet: it looks
    for changes some times a second, and is asked again."""
    code = ""
    for _ in range(_TRIES):
        try:
            (verdict,) = client.post("/v1/orders", _Orders([order]), _Verdicts).verdicts
            code = verdict.code
        except Refused as fault:
            code = fault.code
        if code not in _NOT_SEEN_YET:
            break
        time.sleep(_PAUSE_S)
    return code
