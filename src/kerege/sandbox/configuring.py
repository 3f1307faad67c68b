# SPDX-License-Identifier: Apache-2.0
"""Makes the keys of everybody in a country and writes the files their processes are started with.

Keys are made once. Files of settings are written at every start, for ports may have changed.
"""

from pathlib import Path
from typing import Final

from msgspec import Struct

from kerege.centralbank.register_parameters import (
    MoneyAsset,
    Parameters,
    TierCeiling,
    encode_parameters,
)
from kerege.keys import Algorithm, SignatureType, format_jwk, key_thumbprint
from kerege.money import ISO4217
from kerege.payments import WalletId, format_wallet_id
from kerege.sandbox.addresses import CORE, Addresses
from kerege.sandbox.country import WITNESSES, Country
from kerege.sandbox.customer_line import CLIENT_ID, REDIRECT
from kerege.sandbox.key_folder import KeyFolder
from kerege.sandbox.profile import Institution, Profile
from kerege.sandbox.store_databases import database_of
from kerege.sandbox.toml_text import to_toml

__all__ = ["STAFF", "Keys", "configure", "database_names", "make_keys", "own_wallet"]

STAFF: Final = ("aida", "berik")
"""Two made-up people of the central bank: one proposes, the other approves."""

_HEADING: Final = "Written by `kerege up` at every start: changes are lost."
_OWNER_ONLY: Final = 0o600


class Keys(Struct, frozen=True):
    """Public parts that others need: the log's key and the witnesses' (vkeys)."""

    log_vkey: str
    witness_vkeys: dict[str, str]


def make_keys(country: Country) -> Keys:
    """Make what keys are missing, find the rest."""
    central = KeyFolder(country.central_bank / "keys")
    log = central.note("log", key_name=country.profile.log_origin, kind=SignatureType.ED25519)
    central.salt("salt")
    central.private("operator.pem")
    for name in STAFF:
        central.private(f"{name}.pem")
    directory = KeyFolder(country.institution(country.profile.institutions[0].id) / "keys").root(
        "directory.secret"
    )
    for one in country.profile.institutions:
        keys = KeyFolder(country.institution(one.id) / "keys")
        for name in ("requests.pem", "wallet.pem", "staff.pem"):
            keys.private(name)
        keys.private("tokens.pem", Algorithm.ES256)
        for name in ("master.secret", "index.secret"):
            keys.root(name)
        keys.root_like("directory.secret", directory)
    KeyFolder(country.people).root("seed")
    witnesses = {
        name: KeyFolder(country.witness(name))
        .note(
            "key",
            key_name=f"{name}.witness.{country.profile.code}.kerege.example",
            kind=SignatureType.COSIGNATURE_ED25519,
        )
        .public.to_vkey()
        for name in WITNESSES
    }
    return Keys(log.public.to_vkey(), witnesses)


def own_wallet(country: Country, institution: str) -> WalletId:
    """The id of an institution's own wallet: made of its key's thumbprint, so always the same."""
    key = KeyFolder(country.institution(institution) / "keys").private("wallet.pem")
    return format_wallet_id(key.public_key.encoded[:16])


def configure(country: Country, addresses: Addresses, keys: Keys) -> None:
    """Write the policy for verifiers and every institution's settings."""
    _write(country.policy, policy_text(keys))
    parameters = encode_parameters(parameters_of(country.profile)).decode()
    _write(country.central_bank / "parameters.json", parameters)
    table = core_table(country, addresses, keys)
    _write(country.central_bank / "core.toml", to_toml(table, heading=_HEADING))
    for one in country.profile.institutions:
        folder = country.institution(one.id)
        table = bank_table(country, addresses, one)
        _write(folder / "bank.toml", to_toml(table, heading=_HEADING))


def policy_text(keys: Keys) -> str:
    """A policy that wants the log's signature and every witness's."""
    names = list(keys.witness_vkeys)
    lines = [
        f"log {keys.log_vkey}",
        *(f"witness {name} {keys.witness_vkeys[name]}" for name in names),
        f"group all-of-them all {' '.join(names)}",
        "quorum all-of-them",
    ]
    return "\n".join(lines) + "\n"


def parameters_of(profile: Profile) -> Parameters:
    """What the core must know of a country."""
    asset = ISO4217.by_code(profile.money.asset)
    money = MoneyAsset(code=asset.code, reserve=f"{asset.code}-R", scale=asset.scale)
    tiers = tuple(
        TierCeiling(
            owner_kind=tier.owner_kind,
            name=tier.name,
            ceilings={
                code: limits.holding
                for code, limits in tier.limits.items()
                if limits.holding is not None
            },
        )
        for tier in profile.tiers
    )
    return Parameters(operator=profile.central_bank.id, assets=(money,), tiers=tiers)


def core_table(country: Country, addresses: Addresses, keys: Keys) -> dict[str, object]:
    """What the core's node is started with."""
    central = KeyFolder(country.central_bank / "keys")

    def jwk(name: str) -> str:
        return format_jwk(central.private(f"{name}.pem").public_key).decode()

    return {
        "listen": addresses.listen(CORE),
        "url": addresses.url(CORE),
        "shared": country.settings.core_processes > 1,
        "ledger": database_url(country, CORE, "ledger"),
        "register": database_url(country, CORE, "register"),
        "log": {
            "origin": country.profile.log_origin,
            "folder": "log",
            "signed": "signed",
            "witnesses": [
                {"url": addresses.url(name), "vkeys": [vkey]}
                for name, vkey in keys.witness_vkeys.items()
            ],
        },
        "keys": {"log": "keys/log", "salt": "keys/salt"},
        "founding": {
            "parameters": "parameters.json",
            "operator": jwk("operator"),
            "staff": {name: jwk(name) for name in STAFF},
        },
        "limits": dict.fromkeys(("institution_per_s", "institution_burst"), _AMPLE),
    }


_AMPLE: Final = 100_000
"""Requests a second: more than a sandbox's machine can do."""


def bank_table(
    country: Country, addresses: Addresses, institution: Institution
) -> dict[str, object]:
    """What one institution's node is started with."""
    profile = country.profile
    keys = KeyFolder(country.institution(institution.id) / "keys")
    asset = ISO4217.by_code(profile.money.asset)
    others = [one.id for one in profile.institutions if one.id != institution.id]
    return {
        "bank": institution.id,
        "listen": addresses.listen(institution.id),
        "url": addresses.url(institution.id),
        "database": database_url(country, institution.id, "bank"),
        "ledger": database_url(country, institution.id, "ledger"),
        "profile": "../../profile.toml",
        "country": profile.qr.country,
        "city": profile.qr.city,
        "assets": [{"code": asset.code, "scale": asset.scale}],
        "sandbox": True,
        "shared": country.settings.bank_processes > 1,
        "core": {
            "url": addresses.url(CORE),
            "keyid": key_thumbprint(keys.private("requests.pem").public_key),
        },
        "wallet": {"id": own_wallet(country, institution.id)},
        "keys": {"folder": "keys"},
        "staff": {"desk": format_jwk(keys.private("staff.pem").public_key).decode()},
        "peers": {other: addresses.url(other) for other in others},
        "clients": [
            {"id": CLIENT_ID, "name": "Made-up people", "redirect_uris": [REDIRECT]},
            {"id": "kerege-cli", "name": "Kerege", "redirect_uris": ["http://127.0.0.1/callback"]},
        ],
        "webhooks": {"allow": ["127.0.0.1:*"]},
    }


def database_names(country: Country) -> list[str]:
    """What `store_databases` is to make for everybody."""
    banks = [f"{one.id}-{what}" for one in country.profile.institutions for what in _OF_BANK]
    return [*(f"{CORE}-{what}" for what in _OF_CORE), *banks]


_OF_CORE: Final = ("ledger", "register")
_OF_BANK: Final = ("ledger", "bank")


def database_url(country: Country, institution: str, what: str) -> str:
    """An SQLite file beside the settings, or a database of its own on the server named: a ledger
    shares one with nothing else."""
    if not country.settings.database:
        return f"sqlite:///{what}.db"
    return database_of(country.settings.database, f"{institution}-{what}")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.new")
    draft.write_text(text, "utf-8")
    draft.chmod(_OWNER_ONLY)  # a database's URL may hold a password
    draft.replace(path)
