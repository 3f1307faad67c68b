# SPDX-License-Identifier: Apache-2.0
"""The file a bank node is started with: `bank.toml`. Paths in it are relative to the file.

bank = "altyn-bank"
listen = "127.0.0.1:7410"
url = "http://127.0.0.1:7410"       # how customers and other banks reach it
database = "sqlite:///bank.db"
ledger = "sqlite:///ledger.db"
profile = "profile.toml"            # the country's: tiers and limits
country = "KZ"                      # whose QR codes are paid
assets = [{ code = "KZT", scale = 2 }]

[core]
url = "http://127.0.0.1:7300"
keyid = "altyn-bank"                # the name of keys.requests at the core

[wallet]                            # the bank's own
id = "wal_..."

[keys]
folder = "keys"                     # see KEY_FILES

[[clients]]                         # programs customers sign in with
id = "kerege-cli"
name = "Kerege"
redirect_uris = ["http://127.0.0.1/callback"]

[staff]                             # who signs staff's requests: public keys (JWK) by name
aida = '{"crv":"Ed25519",...}'

[webhooks]
allow = ["127.0.0.1:8090"]          # private addresses, for a sandbox only
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from kerege.bank.numbering import read_numbering
from kerege.bank.tiers import TierBook
from kerege.errors import KeregeError
from kerege.payments.aliases import Numbering
from kerege.payments.ids import PARTICIPANT_PATTERN, WALLET_PATTERN
from kerege.runtime import SqliteUrl, parse_database_url
from kerege.runtime.database import DatabaseUrlError

__all__ = [
    "KEY_FILES",
    "AssetSetting",
    "BankSettings",
    "ClientSetting",
    "SettingsError",
    "read_settings",
]

KEY_FILES: Final[Mapping[str, str]] = {
    "requests.pem": "signs requests to the core and other banks, and webhooks",
    "wallet.pem": "the bank's own wallet",
    "tokens.pem": "signs access tokens (ES256)",
    "master.secret": "wraps the keys of customers' personal data",
    "index.secret": "finds customers by telephone or tax number",
    "directory.secret": "blinds aliases; the same at every bank of the country",
}
"""Files in the keys' folder, and what each is for."""

_MAX_BYTES: Final = 256 * 1024

_Bank = Annotated[str, Meta(pattern=PARTICIPANT_PATTERN, max_length=32)]
_Wallet = Annotated[str, Meta(pattern=WALLET_PATTERN)]
_Url = Annotated[str, Meta(pattern=r"^https?://[^/?#\s]+$(?!\n)", max_length=200)]
_Address = Annotated[str, Meta(pattern=r"^[^\s:]+:[0-9]{1,5}$(?!\n)", max_length=200)]


class SettingsError(KeregeError):
    """A settings file that cannot be used; `place` is the file and the member."""


class _Strict(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file: a member it does not know is a mistake."""


class AssetSetting(_Strict, frozen=True, kw_only=True):
    """An asset the bank keeps deposits in."""

    code: str
    scale: Annotated[int, Meta(ge=0, le=9)]


class CoreSetting(_Strict, frozen=True, kw_only=True):
    """Where the core is."""

    url: _Url
    keyid: str


class WalletSetting(_Strict, frozen=True, kw_only=True):
    """The bank's own wallet."""

    id: _Wallet


class KeysSetting(_Strict, frozen=True, kw_only=True):
    """Where the keys lie."""

    folder: str = "keys"


class ClientSetting(_Strict, frozen=True, kw_only=True):
    """A program that customers sign in with: as `bank.identity.Client`."""

    id: str
    name: str
    redirect_uris: tuple[str, ...]


class WebhookSetting(_Strict, frozen=True, kw_only=True):
    """Private addresses webhooks may lead to."""

    allow: tuple[str, ...] = ()


class RateSetting(_Strict, frozen=True, kw_only=True):
    """Requests of one customer, and of one address that nobody signed in for (many people may
    share it)."""

    per_s: Annotated[int, Meta(ge=1)] = 50
    burst: Annotated[int, Meta(ge=1)] = 200
    names_per_hour: Annotated[int, Meta(ge=1)] = 600
    strangers_per_s: Annotated[int, Meta(ge=1)] = 50
    strangers_burst: Annotated[int, Meta(ge=1)] = 500


class BankSettings(_Strict, frozen=True, kw_only=True):
    """A bank node's settings. `folder` is where the file lies, set when it is read."""

    bank: _Bank
    listen: _Address
    url: _Url
    database: str
    ledger: str
    profile: str
    core: CoreSetting
    wallet: WalletSetting
    country: Annotated[str, Meta(pattern=r"^[A-Z]{2}$(?!\n)")]
    city: str = ""
    assets: Annotated[tuple[AssetSetting, ...], Meta(min_length=1)]
    keys: KeysSetting = KeysSetting()
    clients: tuple[ClientSetting, ...] = ()
    peers: dict[str, _Url] = {}
    webhooks: WebhookSetting = WebhookSetting()
    rates: RateSetting = RateSetting()
    staff: dict[_Bank, Annotated[str, Meta(max_length=1024)]] = {}
    sandbox: bool = False
    shared: bool = False
    folder: str = ""

    def path(self, name: str) -> Path:
        """A path of the file, as it is from here."""
        return Path(self.folder) / name

    def key_file(self, name: str) -> Path:
        """One of `KEY_FILES`."""
        return self.path(self.keys.folder) / name

    def database_url(self, text: str) -> str:
        """A database's URL with the path as it is from here. Raises `SettingsError`."""
        try:
            parsed = parse_database_url(text)
        except DatabaseUrlError as fault:
            raise SettingsError(str(fault), place="database") from None
        if isinstance(parsed, SqliteUrl) and parsed.path is not None:
            return f"sqlite:///{(Path(self.folder) / parsed.path).absolute()}"
        return text

    def tiers(self) -> TierBook:
        """The tiers of the country's profile. Raises `SettingsError`, `MalformedTiers`."""
        return TierBook.read(_read_toml(self.path(self.profile)))

    def numbering(self) -> Numbering:
        """How numbers of the country look. Raises `SettingsError`, `MalformedNumbering`."""
        return read_numbering(_read_toml(self.path(self.profile)))


def read_settings(path: Path) -> BankSettings:
    """Read `bank.toml`. Raises `SettingsError`."""
    table = _read_toml(path)
    try:
        return msgspec.convert({**table, "folder": str(path.parent)}, BankSettings)
    except msgspec.ValidationError as fault:
        what, _, where = str(fault).partition(" - at ")
        raise SettingsError(
            what, place=f"{path} {where.strip('`')}".strip(), remedy="see docs/bank-api.md"
        ) from None


def _read_toml(path: Path) -> dict[str, object]:
    try:
        with path.open("rb") as file:
            text = file.read(_MAX_BYTES + 1)
        if len(text) > _MAX_BYTES:
            raise SettingsError(f"more than {_MAX_BYTES} bytes", place=str(path))
        return tomllib.loads(text.decode())
    except OSError as fault:
        raise SettingsError(f"cannot be read: {fault.strerror}", place=str(path)) from fault
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as fault:
        raise SettingsError(f"not TOML: {str(fault)[:200]}", place=str(path)) from None
