# SPDX-License-Identifier: Apache-2.0
"""Reads the text of a trust policy (C2SP tlog-policy) and names every faulty line."""

import re

from kerege.errors import KeregeError
from kerege.keys import KeyEncodingError, NamedPublicKey
from kerege.translog.cosignature import CosignatureVerifier
from kerege.translog.note import parse_verifier_key
from kerege.translog.policy import NO_QUORUM, Policy, PolicyGroup, PolicyLog, PolicyWitness

__all__ = ["MAX_POLICY_BYTES", "MAX_POLICY_ENTRIES", "PolicyTextError", "parse_policy"]

# "It is strongly recommended that an implementation supports at least up to 32 logs, 32
# witnesses, and 32 groups": eight times that, each with an ML-DSA-44 key of 1.8 kB.
MAX_POLICY_ENTRIES = 256
MAX_POLICY_BYTES = 2_000_000

_WHITESPACE = re.compile("[ \t]+")
_CONTROL = re.compile(b"[\x00-\x08\x0b-\x1f\x7f]")
_THRESHOLD = re.compile("[1-9][0-9]{0,3}", re.ASCII)


class PolicyTextError(KeregeError):
    """A policy file with faults: `faults` are (line number from 1, message), in order."""

    def __init__(self, faults: list[tuple[int, str]]) -> None:
        """Tell the first fault and how many more there are."""
        line, message = faults[0]
        more = f" (and {len(faults) - 1} more faults)" if len(faults) > 1 else ""
        super().__init__(f"{message}{more}", place=f"line {line}")
        self.faults = tuple(faults)


class _LineFault(Exception):
    pass


def parse_policy(data: bytes) -> Policy:
    """Parse a policy file. Raises `PolicyTextError` with all its faults."""
    if len(data) > MAX_POLICY_BYTES:
        raise PolicyTextError([(1, f"a policy has at most {MAX_POLICY_BYTES} bytes")])
    return _PolicyReader().read(data)


class _PolicyReader:
    """Collects what the lines define; one use each."""

    def __init__(self) -> None:
        self._logs: list[PolicyLog] = []
        self._witnesses: list[PolicyWitness] = []
        self._groups: list[PolicyGroup] = []
        self._quorum: str | None = None
        self._names: set[str] = set()
        self._members: set[str] = set()
        # Duplicates are keys, "even if they differ by key name and key id".
        self._log_keys: set[bytes] = set()
        self._witness_keys: set[bytes] = set()

    def read(self, data: bytes) -> Policy:
        faults: list[tuple[int, str]] = []
        lines = data.split(b"\n")
        # Without its newline the last line may be cut short and still mean something.
        if lines.pop():
            faults.append((len(lines) + 1, "the last line ends with newline too"))
        for number, line in enumerate(lines, start=1):
            try:
                self._read_line(line)
            except _LineFault as fault:
                faults.append((number, str(fault)))
        if self._quorum is None and not faults:
            faults.append((len(lines) + 1, "a policy has one quorum line"))
        if faults or self._quorum is None:
            raise PolicyTextError(sorted(faults))
        return Policy(
            logs=tuple(self._logs),
            witnesses=tuple(self._witnesses),
            groups=tuple(self._groups),
            quorum=self._quorum,
        )

    def _read_line(self, line: bytes) -> None:
        if _CONTROL.search(line):
            raise _LineFault("the only control characters are tab and newline")
        # Octets above 0x7F are opaque: this keeps each as it is, in UTF-8 or not.
        text = line.decode("utf-8", "surrogateescape").strip(" \t")
        if not text or text.startswith("#"):
            return
        keyword, *items = _WHITESPACE.split(text)
        match keyword:
            case "log":
                self._read_log(items)
            case "witness":
                self._read_witness(items)
            case "group":
                self._read_group(items)
            case "quorum":
                self._read_quorum(items)
            case _:
                raise _LineFault("a line starts with log, witness, group, quorum or #")

    def _read_log(self, items: list[str]) -> None:
        if len(items) not in {1, 2}:
            raise _LineFault("log <vkey> [<url>]")
        _check_room(self._logs)
        self._claim_key(items[0], self._log_keys, kind="log")
        self._logs.append(PolicyLog(parse_verifier_key(items[0]), *items[1:]))

    def _read_witness(self, items: list[str]) -> None:
        if len(items) not in {2, 3}:
            raise _LineFault("witness <name> <vkey> [<url>]")
        _check_room(self._witnesses)
        name, vkey, *url = items
        self._claim_key(vkey, self._witness_keys, kind="witness")
        verifier = parse_verifier_key(vkey)
        if not isinstance(verifier, CosignatureVerifier):
            raise _LineFault("a witness's key is of a cosignature type (0x04 or 0x06)")
        self._define(name)
        self._witnesses.append(PolicyWitness(name, verifier, *url))

    def _read_group(self, items: list[str]) -> None:
        if len(items) < 3:
            raise _LineFault("group <name> all|any|<k> <name>...")
        _check_room(self._groups)
        name, rule, *members = items
        for member in members:
            self._claim_member(member)
        threshold = _read_threshold(rule, len(members))
        self._define(name)
        self._groups.append(PolicyGroup(name, threshold, tuple(members)))

    def _read_quorum(self, items: list[str]) -> None:
        if len(items) != 1:
            raise _LineFault("quorum <name>|none")
        if self._quorum is not None:
            raise _LineFault("a policy has one quorum line")
        if items[0] != NO_QUORUM:
            self._check_defined(items[0])
        self._quorum = items[0]

    def _define(self, name: str) -> None:
        if name == NO_QUORUM:
            raise _LineFault("none is not free to be a name")
        if name in self._names:
            raise _LineFault(f"the name {_show(name)} is defined twice")
        self._names.add(name)

    def _check_defined(self, name: str) -> None:
        if name not in self._names:
            raise _LineFault(f"{_show(name)} is not defined on a line before")

    def _claim_member(self, name: str) -> None:
        self._check_defined(name)
        if name in self._members:
            raise _LineFault(f"{_show(name)} is a group's member already")
        self._members.add(name)

    def _claim_key(self, vkey: str, claimed: set[bytes], *, kind: str) -> None:
        try:
            encoded = NamedPublicKey.from_vkey(vkey).public_key.encoded
        except KeyEncodingError as error:
            raise _LineFault(str(error)) from error
        if encoded in claimed:
            raise _LineFault(f"another {kind} has the same public key")
        claimed.add(encoded)


def _check_room(entries: list[PolicyLog] | list[PolicyWitness] | list[PolicyGroup]) -> None:
    if len(entries) == MAX_POLICY_ENTRIES:
        raise _LineFault(f"a policy has at most {MAX_POLICY_ENTRIES} of these lines")


def _read_threshold(rule: str, member_count: int) -> int:
    if rule in {"any", "all"}:
        return 1 if rule == "any" else member_count
    if not _THRESHOLD.fullmatch(rule) or int(rule) > member_count:
        raise _LineFault("a group's rule is all, any or a number from 1 to its number of members")
    return int(rule)


def _show(name: str) -> str:
    """Return a name that can be printed: opaque octets that are not UTF-8 as `\\xNN`."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
