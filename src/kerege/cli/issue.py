# SPDX-License-Identifier: Apache-2.0
"""`kerege issue`: issue money to an institution, one person proposing and another approving."""

from pathlib import Path

import click

from kerege.cli.country import in_folder
from kerege.cli.language import speaking
from kerege.cli.telling import Output, telling
from kerege.errors import KeregeError
from kerege.money import ISO4217, PLAIN, Amount, parse_amount
from kerege.runtime import SystemClock
from kerege.sandbox.country import Country
from kerege.sandbox.run_file import read_run
from kerege.sandbox.words import amount_text, say

__all__ = ["issue"]


@click.command()
@click.argument("institution")
@click.argument("amount")
@click.option("--reason", default="demand", show_default=True, help="Why, for the record.")
@in_folder
@speaking
@telling
def issue(
    institution: str, amount: str, reason: str, folder: Path, language: str, output: Output
) -> None:
    """Issue AMOUNT (such as 1500000.00) to INSTITUTION against its reserves.

    Both people of the sandbox's central bank sign: their keys lie in the country's folder.
    """
    # Late: help and usage errors need no HTTP client.
    from kerege.centralbank.actions import Issue
    from kerege.sandbox.addresses import CORE
    from kerege.sandbox.configuring import STAFF
    from kerege.sandbox.dual_control import DualControl
    from kerege.sandbox.looking import money_of

    state, country = read_run(folder), Country.find(folder)
    asset = ISO4217.by_code(country.profile.money.asset)
    wanted = parse_amount(amount, asset, PLAIN)
    known = [one.id for one in country.profile.institutions]
    if institution not in known:
        raise KeregeError(
            f"there is no institution {institution!r}",
            place="INSTITUTION",
            remedy=f"one of {', '.join(known)}",
        )
    if wanted.minor <= 0:
        raise KeregeError("what is issued is more than nothing", place="AMOUNT")

    def told(key: str, **figures: object) -> None:
        if not output.as_json:
            click.echo(say(language, key, **figures))

    action = Issue(participant=institution, asset=asset.code, amount=wanted.minor)
    proposer, approver = STAFF
    shown = amount_text(language, wanted)
    keys = country.central_bank / "keys"
    with DualControl(state.url(CORE), keys, STAFF, SystemClock()) as control:
        done = control.carry_out(
            action,
            reason=reason,
            between=lambda: told(
                "issue.proposed",
                who=proposer.title(),
                amount=shown,
                bank=institution,
                reason=reason,
            ),
        )
    told("issue.approved", who=approver.title())
    left = amount_text(language, Amount(money_of(country, state).circulating, asset))
    output.done(
        say(language, "issue.done", bank=institution, left=left),
        proposal=done.id,
        order=done.order,
        amount_minor=wanted.minor,
        asset=asset.code,
    )
