# SPDX-License-Identifier: Apache-2.0
"""Bringing the values of the names that some expressions read, and no others. Pure.

Reading attributes one by one in Python would cost more than evaluating the expression, so each
source's are read in one call.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from operator import attrgetter
from typing import Any, Final

from kerege.programmes.calendar import Moment
from kerege.programmes.context import CONTEXT, NO_CONTRACT, CelType, Source, sums_by_group
from kerege.programmes.situation import Situation

__all__ = ["Values"]

_Get = Callable[[Any], tuple[Any, ...]]


class Values:
    """What `names` (all declared) stand for in a situation."""

    __slots__ = ("_names", "_of_contract", "_of_moment", "_of_situation", "_rest", "_texts")

    def __init__(self, names: Iterable[str]) -> None:
        """Sort the names by where their values come from."""
        wanted = sorted(names)
        by_source: dict[Source, list[str]] = {}
        for name in wanted:
            by_source.setdefault(CONTEXT[name].source, []).append(name)
        situation = by_source.get("situation", [])
        moment = by_source.get("moment", [])
        contract = by_source.get("contract", [])
        self._rest = tuple(by_source.get("present", []) + by_source.get("items", []))
        self._names = (*situation, *moment, *contract, *self._rest)
        self._texts = tuple(
            (name, _WHOLE[CONTEXT[name].type]) for name in wanted if CONTEXT[name].type in _WHOLE
        )
        self._of_situation = _getter(situation)
        self._of_moment = _getter(moment)
        self._of_contract = _getter(contract)

    def key(self, situation: Situation, moment: Moment) -> tuple[Hashable, ...]:
        """The values in a fixed order; hashable unless `items` is among them."""
        values = self._of_situation(situation)
        if self._of_moment is not _NOTHING:
            values += self._of_moment(moment)
        if self._of_contract is not _NOTHING:
            values += self._of_contract(situation.contract or NO_CONTRACT)
        if self._rest:
            values += tuple([_rest(name, situation) for name in self._rest])
        return values

    def by_name(self, situation: Situation, moment: Moment) -> dict[str, Any]:
        """The values by name, as the evaluator wants them."""
        values: dict[str, Any] = dict(zip(self._names, self.key(situation, moment), strict=True))
        for name, whole in self._texts:
            values[name] = whole(values[name])
        return values


def _whole(text: str) -> str:
    """The evaluator ends a text at its first null character, and `8211` with more after one would
    be 8211 to it: another character takes its place."""
    return text.replace("\0", "\ufffd")


_WHOLE: Final[Mapping[CelType, Callable[[Any], Any]]] = {
    "string": _whole,
    "strings": lambda texts: [_whole(text) for text in texts],
    "items": lambda sums: {_whole(group): amount for group, amount in sums.items()},
}
"""How texts are handed to the evaluator, which also takes no tuples."""


def _rest(name: str, situation: Situation) -> Any:
    return sums_by_group(situation) if name == "items" else situation.contract is not None


def _nothing(_: Any) -> tuple[Any, ...]:
    return ()


_NOTHING: Final[_Get] = _nothing


def _getter(names: list[str]) -> _Get:
    paths = [CONTEXT[name].path for name in names]
    if not paths:
        return _NOTHING
    if len(paths) == 1:
        get = attrgetter(paths[0])
        return lambda source: (get(source),)
    return attrgetter(*paths)
