# SPDX-License-Identifier: Apache-2.0
"""`kerege core propose`: propose an action of the central bank; another person approves it."""

from collections.abc import Callable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import click
import msgspec

from kerege.centralbank.actions import (
    Action,
    Admit,
    Issue,
    Redeem,
    ReservesIn,
    ReservesOut,
    Resume,
    SetKeys,
    Suspend,
)
from kerege.centralbank.register_participants import Role
from kerege.cli.amounts import Instant
from kerege.cli.core_staff import as_staff, carrying, tell_proposal
from kerege.cli.lazy import LazyGroup
from kerege.cli.telling import Output
from kerege.cli.usual import USUAL_ASSET
from kerege.errors import KeregeError
from kerege.keys import MAX_JWK_BYTES, parse_jwk
from kerege.money import PLAIN, Asset, parse_amount

if TYPE_CHECKING:
    # Late: what only names the type must not pay for an HTTP client.
    from kerege.centralbank.staff_line import StaffLine

__all__ = ["money", "propose", "proposing"]

_MAX_ACTION_BYTES: Final = 48 * 1024

_bank = click.argument("participant")
_jwks = click.option(
    "--key-of",
    "jwks",
    type=click.File("rb"),
    multiple=True,
    required=True,
    help="File of the participant's public key (JWK); may be given several times.",
)


@click.group(
    cls=LazyGroup,
    commands_by_name={
        name: f"kerege.cli.core_propose_court:{name.replace('-', '_')}"
        for name in ("disclose", "freeze", "seize", "unfreeze")
    }
    | {
        name: f"kerege.cli.core_propose_programmes:{name.replace('-', '_')}"
        for name in (
            "activate-programme",
            "close-programme",
            "resume-programme",
            "suspend-programme",
        )
    },
)
def propose() -> None:
    """Propose an action; it happens when another person of the staff approves it."""


def proposing(make: Callable[..., Action]) -> Callable[..., Any]:
    """Turn what makes an action into a command's body: it is proposed and told."""

    def run(
        line: "StaffLine", output: Output, reason: str, not_before: int | None, **given: Any
    ) -> None:
        try:
            action = make(**given)
            # Structs check what they decode, not what they are made of.
            action = msgspec.json.decode(msgspec.json.encode(action), type=type(action))
        except msgspec.ValidationError as fault:
            what, _, place = str(fault).partition(" - at ")
            raise KeregeError(what, place=place.strip("`")) from None
        tell_proposal(output, line.propose(action, reason=reason, not_before_us=not_before or 0))

    run = as_staff(carrying(run, make))
    run = click.option("--reason", required=True, help="Why, for the record; no names.")(run)
    return click.option(
        "--not-before", type=Instant(), default=None, help="Carry it out then, not at once."
    )(run)


def money(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add AMOUNT, `--asset` and `--scale`; the command gets `asset` and minor units as `amount`."""

    def run(asset: str, scale: int, amount: str, **rest: Any) -> Any:
        minor = parse_amount(amount, Asset(asset, scale), PLAIN).minor
        return command(asset=asset, amount=minor, **rest)

    run = click.argument("amount")(carrying(run, command))
    run = click.option("--asset", default=USUAL_ASSET, show_default=True, help="Which money.")(run)
    return click.option(
        "--scale", type=click.IntRange(0, 18), default=2, show_default=True, help="Its decimals."
    )(run)


@propose.command()
@_bank
@proposing
@money
def issue(participant: str, asset: str, amount: int) -> Action:
    """Issue AMOUNT (such as 1500000.00) to PARTICIPANT against its reserves."""
    return Issue(participant=participant, asset=asset, amount=amount)


@propose.command()
@click.argument("payment")
@proposing
def redeem(payment: str) -> Action:
    """Retire what the order PAYMENT paid to the redemption wallet, and free its reserves."""
    return Redeem(payment=payment)


@propose.command()
@_bank
@click.option("--reference", default="", help="Of the payment that brought them.")
@proposing
@money
def reserves_in(participant: str, asset: str, amount: int, reference: str) -> Action:
    """Reserves of PARTICIPANT arrived."""
    return ReservesIn(participant=participant, asset=asset, amount=amount, reference=reference)


@propose.command()
@_bank
@click.option("--reference", default="", help="Of the payment that takes them.")
@proposing
@money
def reserves_out(participant: str, asset: str, amount: int, reference: str) -> Action:
    """Give PARTICIPANT back reserves that back nothing."""
    return ReservesOut(participant=participant, asset=asset, amount=amount, reference=reference)


@propose.command()
@_bank
@proposing
def suspend(participant: str) -> Action:
    """Take nothing from PARTICIPANT any more."""
    return Suspend(participant=participant)


@propose.command()
@_bank
@proposing
def resume(participant: str) -> Action:
    """End the suspension of PARTICIPANT."""
    return Resume(participant=participant)


@propose.command()
@_bank
@click.option(
    "--role",
    "roles",
    type=click.Choice([role.value for role in Role]),
    multiple=True,
    default=(Role.INTERMEDIARY.value,),
    show_default=True,
    help="What it is licensed for; may be given several times.",
)
@_jwks
@proposing
def admit(participant: str, roles: tuple[str, ...], jwks: tuple[IO[bytes], ...]) -> Action:
    """Admit PARTICIPANT with its first keys."""
    return Admit(
        participant=participant, roles=tuple(Role(role) for role in roles), keys=_keys(jwks)
    )


@propose.command()
@_bank
@_jwks
@proposing
def set_keys(participant: str, jwks: tuple[IO[bytes], ...]) -> Action:
    """Replace the keys of PARTICIPANT: those not named are revoked for good."""
    return SetKeys(participant=participant, keys=_keys(jwks))


@propose.command(name="file")
@click.argument("action", type=click.Path(dir_okay=False, path_type=Path))
@proposing
def from_file(action: Path) -> Action:
    """Propose the action in the JSON file ACTION: any kind there is (docs/core-api.md)."""
    with action.open("rb") as file:
        text = file.read(_MAX_ACTION_BYTES)
    try:
        found: Action = msgspec.json.decode(text, type=Action)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        raise KeregeError(str(fault)[:200], place=str(action)) from None
    return found


def _keys(files: tuple[IO[bytes], ...]) -> tuple[str, ...]:
    texts = [file.read(MAX_JWK_BYTES).strip() for file in files]
    for text in texts:
        parse_jwk(text)
    return tuple(text.decode("ascii") for text in texts)
