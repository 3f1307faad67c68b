# SPDX-License-Identifier: Apache-2.0
"""Whom a command trusts: a policy, or keys of a log and its witnesses, as files or as text."""

import re
from pathlib import Path

import click

from kerege.errors import KeregeError
from kerege.runtime.clock import SystemClock
from kerege.translog.policy_text import MAX_POLICY_BYTES, parse_policy
from kerege.translog.trust import PolicyAt, policy_of_keys

__all__ = ["FILE", "read_limited", "read_trust"]

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
"""An argument that names an existing file."""

_VKEY = re.compile(r".+\+[0-9a-f]{8}\+.+", re.DOTALL)
_MAX_KEY_FILE_BYTES = 8192


def read_trust(
    policy: Path | None, key: str | None, witnesses: tuple[str, ...], quorum: int | None
) -> PolicyAt:
    """The policy of the command line; raises `click.UsageError` or what parsing raises."""
    if (policy is None) == (key is None) or (policy and (witnesses or quorum is not None)):
        raise click.UsageError("give --key (with --witness and --quorum), or --policy alone")
    if policy is not None:
        chosen = parse_policy(read_limited(policy, MAX_POLICY_BYTES))
    else:
        keys = tuple(_read_key(text) for text in witnesses)
        chosen = policy_of_keys(_read_key(key or ""), witness_keys=keys, quorum=quorum)
    return PolicyAt(chosen, now_s=SystemClock().now_us() // 1_000_000)


def _read_key(text: str) -> str:
    if _VKEY.fullmatch(text):
        return text
    data = read_limited(Path(text), _MAX_KEY_FILE_BYTES)
    try:
        return data.decode().strip()
    except UnicodeDecodeError as error:
        raise KeregeError("not the text of a verifier key", place=text) from error


def read_limited(path: Path, limit: int) -> bytes:
    """A file of at most `limit` bytes; raises `KeregeError`."""
    try:
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except OSError as error:
        raise KeregeError(f"cannot be read: {error.strerror}", place=str(path)) from error
    if len(data) > limit:
        raise KeregeError(f"larger than {limit} bytes", place=str(path))
    return data
