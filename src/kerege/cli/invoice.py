# SPDX-License-Identifier: Apache-2.0
"""`kerege invoice`: register one, pay it, credit it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from kerege.cli.language import speaking
from kerege.cli.purse import amount_of, asset_of, for_wallet, money, opened_purse, tell_answer
from kerege.cli.telling import Output, telling
from kerege.cli.trusting import FILE, read_limited
from kerege.cli.usual import USUAL_ASSET
from kerege.cli.words import say
from kerege.errors import KeregeError
from kerege.payments.documents import Invoice
from kerege.programmes.invoices.document import MAX_INVOICE_BYTES
from kerege.wallet import HttpBank
from kerege.wallet.invoices import Invoices, read_e_invoice
from kerege.wallet.papers import Papers

__all__ = ["invoice", "of_programme", "offset_of"]


def of_programme(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--programme`, the country's VAT."""
    return click.option(
        "--programme", default="digital-vat", show_default=True, help="The country's VAT."
    )(command)


def offset_of(bank: HttpBank, programme: str) -> int:
    """Minutes its local days are ahead of UTC."""
    return bank.programme(programme).document.calendar.utc_offset_min


@click.group()
def invoice() -> None:
    """Invoices with VAT: registered by their supplier, paid by their buyer."""


@invoice.command()
@click.argument("file", type=FILE)
@click.option("--buyer", default="", help="Who alone may pay it; as the file says if not given.")
@click.option("--contract", default="", help="The contract it is of: then it is paid under that.")
@of_programme
@for_wallet
@speaking
@telling
def register(
    file: Path,
    buyer: str,
    contract: str,
    programme: str,
    purse: Path,
    wallet: str,
    language: str,
    output: Output,
) -> None:
    """Register the invoice in FILE: JSON (docs/formats/e-invoice.md), or EN 16931 as UBL.

    Its buyer is told. The file itself stays with you and the buyer.
    """
    text = read_limited(file, MAX_INVOICE_BYTES)
    read = read_e_invoice(text)
    with opened_purse(purse, language) as opened:
        mine = opened.wallet(wallet)
        offset_min = offset_of(opened.line_of(wallet), programme)
        answer = Invoices(mine, utc_offset_min=offset_min).register(
            text, buyer=buyer, contract=contract
        )
    total = money(read.totals.total, read.currency)
    told = {"number": read.number, "amount": total, "order": answer.verdict.order}
    tell_answer(output, answer, done=say(language, "invoice.registered", **told))


@invoice.command()
@click.argument("invoice")
@click.argument("amount", required=False)
@click.option("--to", default="", help="Its supplier, where the bank has not told you of it.")
@click.option("--asset", default=USUAL_ASSET, show_default=True)
@for_wallet
@speaking
@telling
def pay(
    invoice: str,
    amount: str | None,
    to: str,
    asset: str,
    purse: Path,
    wallet: str,
    language: str,
    output: Output,
) -> None:
    """Pay AMOUNT of INVOICE (its order), or all of it: the VAT in it is split off and marked.

    An invoice of a contract is paid with `kerege contract pay --invoice`.
    """
    with opened_purse(purse, language) as opened:
        mine = opened.wallet(wallet)
        if to and amount is not None:
            whom, minor = to, amount_of(amount, asset_of(asset))
        else:
            found = Papers(opened.line_of(wallet), opened.purse.store).find(invoice)
            if not isinstance(found, Invoice):
                raise KeregeError("that order is no invoice", place=invoice[:40])
            whom, asset = to or found.wallet, found.asset
            minor = found.total if amount is None else amount_of(amount, asset_of(asset))
        answer = Invoices(mine).pay(invoice, whom, minor, asset=asset)
    tell_answer(output, answer, done=say(language, "invoice.paid", amount=money(minor, asset)))


@invoice.command()
@click.argument("file", type=FILE)
@click.argument("invoice")
@of_programme
@for_wallet
@speaking
@telling
def credit(
    file: Path,
    invoice: str,
    programme: str,
    purse: Path,
    wallet: str,
    language: str,
    output: Output,
) -> None:
    """Register the credit note in FILE about INVOICE (its order).

    What is still owed is owed no more; what was paid already goes back with `kerege refund ORDER
    AMOUNT --about NOTE`.
    """
    text = read_limited(file, MAX_INVOICE_BYTES)
    read = read_e_invoice(text)
    with opened_purse(purse, language) as opened:
        mine = opened.wallet(wallet)
        offset_min = offset_of(opened.line_of(wallet), programme)
        answer = Invoices(mine, utc_offset_min=offset_min).credit(text, invoice)
    total = money(read.totals.total, read.currency)
    told = {"number": read.number, "amount": total, "order": answer.verdict.order}
    tell_answer(output, answer, done=say(language, "invoice.credited", **told))
