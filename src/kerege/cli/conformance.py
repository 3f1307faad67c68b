# SPDX-License-Identifier: Apache-2.0
"""`kerege conformance`: try a system against published cases; serve one to develop against."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from kerege.sandbox.accounting.driving import CaseReport

__all__ = ["conformance"]


@click.group()
def conformance() -> None:
    """Try a system against published cases."""


@conformance.group(invoke_without_command=True)
@click.option("--url", default="", help="Where the system answers, such as http://127.0.0.1:8800.")
@click.option("--case", "names", multiple=True, help="Only this case; may be given several times.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--list", "only_list", is_flag=True, help="List the cases and do nothing.")
@click.pass_context
def accounting(
    context: click.Context, url: str, names: Sequence[str], as_json: bool, only_list: bool
) -> None:
    """Accounting software: invoices, payments with VAT, credit notes, claims.

    Drives the system at --url through the published cases and prints what failed, and why. Ends
    with 1 if a case failed. The interface is in docs/accounting.md.
    """
    if context.invoked_subcommand is not None:
        return
    from kerege.sandbox.accounting.cases import case_names, read_case

    if only_list:
        for name in case_names():
            click.echo(f"{name:18} {read_case(name).title}")
        return
    if not url:
        raise click.UsageError("give --url, or the sub-command serve")
    reports = _drive(url, names or case_names(), tell=not as_json)
    if as_json:
        click.echo(json.dumps([_shown(one) for one in reports], ensure_ascii=False, indent=2))
    else:
        _tell_end(reports)
    if not all(one.passed for one in reports):
        context.exit(1)


@accounting.command()
@click.option("--listen", default="127.0.0.1:8800", show_default=True, help="host:port")
def serve(listen: str) -> None:
    """Serve a VAT system to develop against, in memory, until Ctrl-C.

    It is this project's own planning and ledger, without keys and without real money.
    """
    from kerege.runtime import SystemClock
    from kerege.sandbox.accounting.serving import serve_books

    def tell(url: str) -> None:
        click.echo(f"books at {url}")

    serve_books(listen, SystemClock(), on_ready=tell)


def _drive(url: str, names: Sequence[str], *, tell: bool) -> list["CaseReport"]:
    from kerege.ledger import OrderId, format_order_id
    from kerege.runtime import IdMaker, SystemClock, SystemRandomness
    from kerege.sandbox.accounting.cases import read_case
    from kerege.sandbox.accounting.driving import run_case
    from kerege.sandbox.accounting.http_line import HttpLine

    cases = [read_case(name) for name in names]
    ids = IdMaker(SystemClock(), SystemRandomness())
    reports = []
    with HttpLine(url) as line:
        for case in cases:
            report = run_case(case, line, order=format_order_id(OrderId(ids.make())))
            reports.append(report)
            if tell:
                _tell(report)
    return reports


def _tell(report: "CaseReport") -> None:
    if report.passed:
        click.echo(f"pass  {report.case}: {report.title}")
        return
    click.echo(f"FAIL  {report.case}: {report.title}")
    click.echo(f"      step {report.step} of {report.steps} ({report.deed}): {report.fault}")
    click.echo(f"      because {report.why}")


def _tell_end(reports: Sequence["CaseReport"]) -> None:
    passed = sum(one.passed for one in reports)
    click.echo(f"{passed} of {len(reports)} cases passed")


def _shown(report: "CaseReport") -> dict[str, object]:
    return {name: getattr(report, name) for name in report.__struct_fields__}
