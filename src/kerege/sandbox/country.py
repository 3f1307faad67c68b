# SPDX-License-Identifier: Apache-2.0
"""A sandbox country's folder: whose files lie where, and what the country was made with.

country/
  profile.toml  settings.json      what it was made with; later runs go on with these
  policy.txt                       whom verifiers of receipts trust: log and witnesses
  central-bank/  core.toml  keys/  databases, log/
  witnesses/NAME/  key  state.db
  institutions/ID/  bank.toml  keys/  databases
  people/  seed  keys and orders of made-up people
  logs/  run.json  run.lock        what runs now
"""

import shutil
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

from kerege.errors import KeregeError
from kerege.sandbox.inhabitants import MAX_PEOPLE, Population, populate
from kerege.sandbox.profile import Profile
from kerege.sandbox.profile_reading import parse_profile, profile_text
from kerege.sandbox.run_file import LOCK, hold_folder

__all__ = ["DEFAULT_FOLDER", "WITNESSES", "Country", "OtherCountry", "Settings"]

DEFAULT_FOLDER: Final = Path("country")
WITNESSES: Final = ("north", "south")

MAX_PROCESSES: Final = 8
"""Processes of one institution: more than a machine has cores for."""

_PROFILE: Final = "profile.toml"
_SETTINGS: Final = "settings.json"
_MAX_SETTINGS_BYTES: Final = 65_536


_REMAINS: Final = frozenset({LOCK, _SETTINGS})
"""What a removal or a making that was cut short leaves behind."""


class OtherCountry(KeregeError):
    """The folder holds another country than the one asked for, or something else."""


class Settings(Struct, frozen=True, kw_only=True):
    """What a country was made with beside its profile. `database`: a URL, "" for SQLite files."""

    people: Annotated[int, Meta(ge=1, le=MAX_PEOPLE)] = 1_000
    seed: int = 1
    pace: Annotated[float, Meta(ge=0, le=1_000)] = 2.0
    """Payments a second that people make together."""
    database: str = ""
    core_processes: Annotated[int, Meta(ge=1, le=MAX_PROCESSES)] = 1
    bank_processes: Annotated[int, Meta(ge=1, le=MAX_PROCESSES)] = 1
    ports: dict[str, int] = {}
    made_us: int = 0
    """When it was made, microseconds since 1970 UTC."""
    founded: bool = False
    """Whether its institutions are licensed and have money."""


class Country:
    """A folder with a country in it."""

    def __init__(self, folder: Path, profile: Profile, settings: Settings) -> None:
        self.folder = folder
        self.profile = profile
        self.settings = settings

    @classmethod
    def make(cls, folder: Path, country: str, settings: Settings) -> "Country":
        """Make the folder of a new country, or find it made alike.

        `country` names a profile as `load_profile` takes it. Raises `ProfileError`,
        `OtherCountry`.
        """
        text = profile_text(country)
        profile = parse_profile(text, name=country)
        if cls.is_in(folder):
            found = cls.find(folder)
            found.check_same(profile, settings)
            return found
        if folder.is_dir() and any(one.name not in _REMAINS for one in folder.iterdir()):
            raise OtherCountry(
                "the folder holds other things, and no country",
                place=str(folder),
                remedy="name a new or empty --folder",
            )
        folder.mkdir(parents=True, exist_ok=True)
        made = cls(folder, profile, settings)
        made.keep(settings)
        # Last: a folder with a profile has everything else.
        (folder / _PROFILE).write_bytes(text)
        return made

    @staticmethod
    def is_in(folder: Path) -> bool:
        """Whether a country was made there."""
        return (folder / _PROFILE).exists()

    @classmethod
    def find(cls, folder: Path) -> "Country":
        """The country in `folder`. Raises `OtherCountry`, `ProfileError`."""
        try:
            text = (folder / _PROFILE).read_bytes()
            with (folder / _SETTINGS).open("rb") as file:
                settings = msgspec.json.decode(file.read(_MAX_SETTINGS_BYTES), type=Settings)
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as fault:
            raise OtherCountry(
                "there is no country in this folder",
                place=str(folder),
                remedy="make one with `kerege up`, or name another --folder",
            ) from fault
        return cls(folder, parse_profile(text, name=str(folder / _PROFILE)), settings)

    def check_same(self, profile: Profile, settings: Settings) -> None:
        """Raise `OtherCountry` unless what cannot change is as it was."""
        before, after = self.settings, settings
        pairs = {
            "--country": (self.profile.code, profile.code),
            "--people": (before.people, after.people),
            "--seed": (before.seed, after.seed),
            "--database": (before.database, after.database),
        }
        for option, (was, wanted) in pairs.items():
            if was != wanted:
                told = was or "its own files"
                raise OtherCountry(
                    f"the country here was made with {option} {told}",
                    place=str(self.folder),
                    remedy="leave the option out, name another --folder, or begin anew: --reset",
                )

    def keep(self, settings: Settings) -> None:
        """Remember `settings` for the next run."""
        draft = self.folder / f".{_SETTINGS}.new"
        draft.write_bytes(msgspec.json.format(msgspec.json.encode(settings), indent=1) + b"\n")
        draft.chmod(0o600)  # a database's URL may hold a password
        draft.replace(self.folder / _SETTINGS)
        self.settings = settings

    @staticmethod
    def check_removable(folder: Path) -> None:
        """Raise `OtherCountry` if something that is no country would be removed."""
        entries = {one.name for one in folder.iterdir()} if folder.is_dir() else set()
        if entries - _REMAINS and not (folder / _PROFILE).exists():
            raise OtherCountry(
                "this folder holds no country, so nothing in it is removed", place=str(folder)
            )

    @staticmethod
    def remove(folder: Path) -> None:
        """Remove a country with everything in it. Raises `AlreadyRunning`, `OtherCountry`."""
        Country.check_removable(folder)
        if not folder.exists():
            return
        with hold_folder(folder):
            # What tells that this is a country goes last: a removal may be begun again.
            for one in sorted(folder.iterdir(), key=lambda path: path.name == _PROFILE):
                if one.is_dir() and not one.is_symlink():
                    shutil.rmtree(one)
                elif one.name != LOCK:
                    one.unlink()

    def inhabitants(self) -> Population:
        """Everybody who lives in it."""
        return populate(self.profile, people=self.settings.people, seed=self.settings.seed)

    @property
    def profile_file(self) -> Path:
        """The profile it was made with."""
        return self.folder / _PROFILE

    @property
    def policy(self) -> Path:
        """Public keys with which receipts and checkpoints are verified."""
        return self.folder / "policy.txt"

    @property
    def central_bank(self) -> Path:
        """Files of the central bank."""
        return self.folder / "central-bank"

    def institution(self, name: str) -> Path:
        """Files of one intermediary."""
        return self.folder / "institutions" / name

    def witness(self, name: str) -> Path:
        """Files of one witness."""
        return self.folder / "witnesses" / name

    @property
    def people(self) -> Path:
        """Files of made-up people."""
        return self.folder / "people"

    @property
    def logs(self) -> Path:
        """What processes print."""
        return self.folder / "logs"
