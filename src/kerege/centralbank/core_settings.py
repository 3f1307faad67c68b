# SPDX-License-Identifier: Apache-2.0
"""The file a core node is started with: `core.toml`. Paths in it are relative to the file.

listen = "127.0.0.1:7300"           # port 0: any free one
url = "https://core.example"        # how institutions write it; left out: where it listens
shared = false                      # several processes may listen on this port
ledger = "sqlite:///ledger.db"
register = "sqlite:///register.db"

[log]
origin = "core.example/ledger"      # the name of keys.log
folder = "log"                      # public files
signed = "signed"                   # what was signed last; best on another disk
witnesses = [{ url = "http://127.0.0.1:7381", vkeys = ["north.witness.example+..."] }]

[keys]
log = "keys/log"                    # a note key file
salt = "keys/salt"

[founding]                          # looked at until the country is founded, and compared after
parameters = "parameters.json"
operator = '{"crv":"Ed25519",...}'  # public keys as JWK
staff = { aida = '{...}', berik = '{...}' }
"""

import tomllib
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct

from kerege.errors import KeregeError
from kerege.payments.ids import PARTICIPANT_PATTERN
from kerege.runtime import DatabaseUrlError, SqliteUrl, parse_database_url

__all__ = [
    "CoreSettings",
    "CoreSettingsError",
    "FoundingSettings",
    "KeySettings",
    "LimitSettings",
    "LogSettings",
    "WitnessSettings",
    "read_core_settings",
]

_MAX_BYTES: Final = 256 * 1024
_MAX_WITNESSES: Final = 32

_Url = Annotated[str, Meta(pattern=r"^https?://[^/?#\s]+$(?!\n)", max_length=200)]
_Address = Annotated[str, Meta(pattern=r"^[^\s]+:[0-9]{1,5}$(?!\n)", max_length=200)]
_Name = Annotated[str, Meta(pattern=PARTICIPANT_PATTERN, max_length=32)]
_Jwk = Annotated[str, Meta(max_length=1024)]
_Rate = Annotated[int, Meta(ge=1, le=1_000_000)]


class CoreSettingsError(KeregeError):
    """A settings file that cannot be used; `place` is the file and the member."""


class _Strict(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file: a member it does not know is a mistake."""


class WitnessSettings(_Strict, frozen=True, kw_only=True):
    """Where a witness is, and the keys it cosigns with."""

    url: _Url
    vkeys: Annotated[tuple[str, ...], Meta(min_length=1, max_length=8)]


class LogSettings(_Strict, frozen=True, kw_only=True):
    """The public log."""

    origin: Annotated[str, Meta(min_length=1, max_length=200)]
    folder: str = "log"
    signed: str = "signed"
    witnesses: Annotated[tuple[WitnessSettings, ...], Meta(max_length=_MAX_WITNESSES)] = ()


class KeySettings(_Strict, frozen=True, kw_only=True):
    """Files of keys."""

    log: str = "keys/log"
    salt: str = "keys/salt"


class FoundingSettings(_Strict, frozen=True, kw_only=True):
    """What the country begins with: parameters (JSON), the operator's key, first staff."""

    parameters: str
    operator: _Jwk
    staff: Annotated[dict[_Name, _Jwk], Meta(min_length=2, max_length=64)]


class LimitSettings(_Strict, frozen=True, kw_only=True):
    """Requests a second, of each institution and each address that does not sign."""

    institution_per_s: _Rate = 5_000
    institution_burst: _Rate = 10_000
    public_per_s: _Rate = 1_000
    public_burst: _Rate = 5_000


class CoreSettings(_Strict, frozen=True, kw_only=True):
    """A core node's settings. `base` is the folder of the file, set when it is read."""

    listen: _Address
    ledger: str
    register: str
    log: LogSettings
    url: Annotated[str, Meta(pattern=r"^(https?://[^/?#\s]+)?$(?!\n)", max_length=200)] = ""
    shared: bool = False
    keys: KeySettings = KeySettings()
    founding: FoundingSettings | None = None
    limits: LimitSettings = LimitSettings()
    base: str = ""

    def path(self, name: str) -> Path:
        """A path of the file, as it is from here."""
        return Path(self.base) / name

    def database_url(self, text: str) -> str:
        """A database's URL with the path as it is from here. Raises `CoreSettingsError`."""
        try:
            parsed = parse_database_url(text)
        except DatabaseUrlError as fault:
            raise CoreSettingsError(fault.fault, place="database", remedy=fault.remedy) from None
        if isinstance(parsed, SqliteUrl) and parsed.path is not None:
            return f"sqlite:///{(Path(self.base) / parsed.path).absolute()}"
        return text

    def authority(self, listening: str) -> str:
        """Host and port as clients write them, given those it listens on."""
        return urlsplit(self.url).netloc.lower() if self.url else listening


def read_core_settings(path: Path) -> CoreSettings:
    """Read `core.toml`. Raises `CoreSettingsError`."""
    try:
        with path.open("rb") as file:
            text = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise CoreSettingsError(f"cannot be read: {error.strerror}", place=str(path)) from error
    if len(text) > _MAX_BYTES:
        raise CoreSettingsError(f"more than {_MAX_BYTES} bytes", place=str(path))
    try:
        table = tomllib.loads(text.decode())
        return msgspec.convert({**table, "base": str(path.parent)}, CoreSettings)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as fault:
        what, _, where = str(fault).partition(" - at ")
        raise CoreSettingsError(
            what[:300], place=f"{path} {where.strip('`')}".strip(), remedy="see docs/core-api.md"
        ) from None
    except RecursionError:
        raise CoreSettingsError("nested too deep", place=str(path)) from None
