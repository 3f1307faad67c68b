# SPDX-License-Identifier: Apache-2.0
"""How programmes, what is odd about them and dry runs look in a terminal."""

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from kerege.programmes import words_english, words_kazakh, words_russian
from kerege.programmes.explaining import DescribedProgramme, DescribedRoute
from kerege.programmes.figures import fill_in
from kerege.programmes.findings import Finding
from kerege.programmes.reading import ProgrammeFault
from kerege.programmes.trial import Trial

__all__ = ["findings_told", "programme_told", "trial_told"]

_WIDTH: Final = 100
"""Columns at most: longer lines are hard to read."""

_LABELS: Final = {
    "kk": words_kazakh.LABELS,
    "ru": words_russian.LABELS,
    "en": words_english.LABELS,
}


def findings_told(
    faults: Sequence[ProgrammeFault], findings: Sequence[Finding], language: str, *, title: str
) -> str:
    """A line for each fault and finding, or that there is none."""
    labels = _LABELS[language]
    told = [f"{labels['fault']}: {fault.place}: {fault.what}" for fault in faults]
    told += [
        f"{labels[finding.severity]}: {finding.place}: {finding.texts[language]}"
        f" ({finding.code.value})"
        for finding in findings
    ]
    return "\n".join(told) or fill_in(labels["sound"], {"title": title})


def programme_told(described: DescribedProgramme, language: str, *, funder: str) -> str:
    """A programme as a tree: its routes, and on each what keeps money from going it."""
    labels = _LABELS[language]
    version = fill_in(labels["version"], {"version": str(described.version)})
    figures = {
        "funder": funder,
        "budget": described.budget,
        "starts": described.starts,
        "ends": described.ends,
    }
    head = [fill_in(labels[name], figures) for name in ("funder", "budget", "from-to")]
    # Text, not markup: what others wrote must not be read as instructions to the terminal.
    tree = Tree(Text(f"{described.title} ({described.id}, {version})"))
    for route in described.routes:
        _add_route(tree, route, labels)
    return "\n".join(
        [
            _drawn(Text(described.summary)),
            "\n".join(head),
            "",
            _drawn(tree),
        ]
    )


def _add_route(tree: Tree, route: DescribedRoute, labels: Mapping[str, str]) -> None:
    branch = tree.add(Text(f"{route.name} → {route.arrival}"))
    branch.add(Text(route.text))
    branch.add(Text(f"{labels['when']} {route.when}"))
    if route.about:
        branch.add(Text(labels[route.about]))
    if route.groups:
        branch.add(Text(fill_in(labels["groups"], {"groups": ", ".join(route.groups)})))
    for rule in route.rules:
        branch.add(Text(f"{rule.name}: {rule.text}\n{rule.told}"))


def _drawn(what: RenderableType) -> str:
    """What rich draws, without colours and without spaces at the ends of lines."""
    page = io.StringIO()
    wide = min(Console().width, _WIDTH)
    Console(file=page, width=wide, force_terminal=False, color_system=None).print(what)
    return "\n".join(line.rstrip() for line in page.getvalue().splitlines())


def trial_told(trial: Trial, language: str, *, format_amount: Callable[[int], str]) -> str:
    """What a dry run found: a table by route and rule, the most money first."""
    labels = _LABELS[language]
    table = Table(box=None, pad_edge=False, show_header=False)
    rows = [(tally, labels["allowed"], route) for route, tally in trial.allowed.items()] + [
        (tally, labels["blocked"], _rule_told(route, rule, labels))
        for (route, rule), tally in trial.blocked.items()
    ]
    for tally, verdict, which in sorted(rows, key=lambda row: (row[1], -row[0].amount, row[2])):
        table.add_row(
            Text(verdict),
            Text(which),
            Text(str(tally.payments), justify="right"),
            Text(format_amount(tally.amount), justify="right"),
        )
    tried = fill_in(
        labels["tried"], _figures(trial.tried.payments, trial.tried.amount, format_amount)
    )
    told = [tried, _drawn(table)] if rows else [tried]
    if trial.rest.payments:
        rest = _figures(trial.rest.payments, trial.rest.amount, format_amount)
        told.append(fill_in(labels["rest"], rest))
    return "\n".join(told)


def _figures(payments: int, amount: int, format_amount: Callable[[int], str]) -> dict[str, str]:
    return {"payments": str(payments), "amount": format_amount(amount)}


def _rule_told(route: str, rule: str, labels: Mapping[str, str]) -> str:
    if not route:
        return {"starts": labels["before"], "ends": labels["after"]}.get(rule, labels["no-route"])
    return f"{route}/{rule}"
