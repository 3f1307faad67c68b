# SPDX-License-Identifier: Apache-2.0
"""The `kerege` command.

Sub-commands are named in `COMMANDS` and imported when first asked for, so that
`kerege --version` does not pay for a database driver.
"""

import click

from kerege import __version__
from kerege.cli.lazy import LazyGroup

__all__ = ["COMMANDS", "main"]

COMMANDS: dict[str, str] = {
    "alias": "kerege.cli.alias:alias",
    "bank": "kerege.cli.bank:bank",
    "capture": "kerege.cli.hold:capture",
    "card": "kerege.cli.card:card",
    "completion": "kerege.cli.completion:completion",
    "conformance": "kerege.cli.conformance:conformance",
    "contract": "kerege.cli.contract:contract",
    "core": "kerege.cli.core:core",
    "demo": "kerege.cli.demo:demo",
    "dispute": "kerege.cli.dispute:dispute",
    "down": "kerege.cli.down:down",
    "hold": "kerege.cli.hold:hold",
    "invoice": "kerege.cli.invoice:invoice",
    "issue": "kerege.cli.issue:issue",
    "ledger": "kerege.cli.ledger:ledger",
    "load": "kerege.cli.load:load",
    "log": "kerege.cli.log:log",
    "mandate": "kerege.cli.mandate:mandate",
    "papers": "kerege.cli.papers:papers",
    "pay": "kerege.cli.pay:pay",
    "payout": "kerege.cli.payout:payout",
    "people": "kerege.cli.people:people",
    "programme": "kerege.cli.programme:programme",
    "pupils": "kerege.cli.pupils:pupils",
    "receipt": "kerege.cli.receipt:receipt",
    "refund": "kerege.cli.refund:refund",
    "release": "kerege.cli.hold:release",
    "request": "kerege.cli.request:request",
    "reset": "kerege.cli.down:reset",
    "reward": "kerege.cli.reward:reward",
    "shops": "kerege.cli.shops:shops",
    "statement": "kerege.cli.statement:statement",
    "status": "kerege.cli.status:status",
    "supply": "kerege.cli.supply:supply",
    "up": "kerege.cli.up:up",
    "vat": "kerege.cli.vat:vat",
    "wallet": "kerege.cli.wallet:wallet",
}
"""Sub-command name to "module:attribute" of its click command."""


@click.group(
    cls=LazyGroup,
    commands_by_name=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="kerege", message="%(prog)s %(version)s")
def main() -> None:
    """A national digital currency that starts with one command: ledger, public log, proofs."""
