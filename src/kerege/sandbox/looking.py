# SPDX-License-Identifier: Apache-2.0
"""What a running country looks like from outside: processes, money, log, people.

Everything is asked of the nodes themselves, or of the system; what nobody answers is told as such.
"""

from collections.abc import Callable
from contextlib import closing
from typing import Final, TypeVar

from msgspec import Struct

from kerege.errors import KeregeError
from kerege.ledger.ids import UNMARKED
from kerege.runtime import Clock
from kerege.sandbox.addresses import CORE, PEOPLE
from kerege.sandbox.asking import NodeSilent, ask_public, is_ready
from kerege.sandbox.country import WITNESSES, Country
from kerege.sandbox.living import Living, read_living
from kerege.sandbox.memory import family_of, memory_bytes
from kerege.sandbox.run_file import RunState
from kerege.translog.checkpoint import Checkpoint
from kerege.translog.follow import LogFollower
from kerege.translog.http_files import HttpFiles
from kerege.translog.policy_text import parse_policy
from kerege.translog.trust import PolicyAt

__all__ = ["LogSeen", "Looked", "Money", "Seen", "believed_log", "look", "money_of"]

_US: Final = 1_000_000
_DEAD: Final = "dead"
_READY: Final = "ready"


class Seen(Struct, frozen=True, kw_only=True):
    """A process. `role`: core, bank, post, payments, witness or people; memory in bytes."""

    name: str
    role: str
    pid: int
    url: str
    stage: str
    restarts: int
    memory_bytes: int


class Money(Struct, frozen=True, kw_only=True):
    """What the central bank says there is of the country's money, in minor units."""

    asset: str
    issued: int
    redeemed: int
    circulating: int
    reserves: int


class LogSeen(Struct, frozen=True, kw_only=True):
    """The published checkpoint, believed by the country's policy: `witnesses` signed it too."""

    origin: str
    leaves: int
    root: str
    witnesses: int


class Looked(Struct, frozen=True, kw_only=True):
    """All of it. `money` and `log` are None where nobody answers."""

    processes: list[Seen]
    money: Money | None
    log: LogSeen | None
    people: Living
    up_s: float
    memory_bytes: int
    """Of everything that runs, `kerege up` itself and its nursery included."""


class _Supply(Struct):
    asset: str
    mark: int
    issued: int
    redeemed: int
    circulating: int
    reserves: int


class _Supplies(Struct):
    supply: list[_Supply]


def look(country: Country, state: RunState, clock: Clock) -> Looked:
    """Ask everybody."""
    return Looked(
        memory_bytes=sum(memory_bytes(pid) for pid in family_of(state.pid)),
        processes=_processes(country, state),
        money=_quietly(lambda: money_of(country, state)),
        log=_quietly(lambda: _log_seen(country, state, clock)),
        people=read_living(country.people),
        up_s=round((clock.now_us() - state.started_us) / _US, 1),
    )


def _processes(country: Country, state: RunState) -> list[Seen]:
    roles = {one.id: one.kind for one in country.profile.institutions}
    roles |= dict.fromkeys(WITNESSES, "witness") | {CORE: CORE, PEOPLE: PEOPLE}
    seen = []
    for process in state.processes:
        # `uyq-bank-2` is another process of `uyq-bank`.
        role = roles.get(process.name) or roles[process.name.rpartition("-")[0]]
        silent = process.stage == _READY and not _answers(process.url, role)
        seen.append(
            Seen(
                name=process.name,
                role=role,
                pid=process.pid,
                url=process.url,
                stage=_DEAD if silent else process.stage,
                restarts=process.restarts,
                memory_bytes=memory_bytes(process.pid) if process.pid else 0,
            )
        )
    return seen


def _answers(url: str, role: str) -> bool:
    return not url or is_ready(url, "" if role == "witness" else "/health/ready")


def money_of(country: Country, state: RunState) -> Money:
    """What the core publishes of the country's own money. Raises `NodeSilent`."""
    asset = country.profile.money.asset
    told = ask_public(state.url(CORE), "/v1/supply", _Supplies)
    rows = [one for one in told.supply if one.asset == asset]
    if not any(one.mark == UNMARKED for one in rows):
        raise NodeSilent(f"the core says nothing of {asset}", place=state.url(CORE))
    return Money(
        asset=asset,
        issued=sum(one.issued for one in rows),
        redeemed=sum(one.redeemed for one in rows),
        circulating=sum(one.circulating for one in rows),
        reserves=sum(one.reserves for one in rows),
    )


def believed_log(country: Country, state: RunState, clock: Clock) -> tuple[Checkpoint, int]:
    """The log's checkpoint, if log and witnesses signed it as the country's policy wants, and how
    many witnesses that takes.

    Raises what the policy raises, or what reading raises.
    """
    policy = parse_policy(country.policy.read_bytes())
    trust = PolicyAt(policy, now_s=clock.now_us() // _US)
    with closing(HttpFiles(f"{state.url(CORE)}/log")) as files:
        return LogFollower(files, trust).refresh(), len(policy.witnesses)


def _log_seen(country: Country, state: RunState, clock: Clock) -> LogSeen:
    checkpoint, witnesses = believed_log(country, state, clock)
    return LogSeen(
        origin=checkpoint.origin,
        leaves=checkpoint.size,
        root=checkpoint.root.hex(),
        witnesses=witnesses,
    )


_Told = TypeVar("_Told")


def _quietly(ask: Callable[[], _Told]) -> _Told | None:
    try:
        return ask()
    except (KeregeError, OSError):
        return None
