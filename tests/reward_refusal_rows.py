# SPDX-License-Identifier: Apache-2.0
"""Refusals of rewards: see `tests.document_refusal_rows`."""

from collections.abc import Callable

from kerege.payments.documents import Document
from kerege.payments.refusal import Refusal
from tests.towns import Town
from tests.walks import Walks

__all__ = ["REWARD_ROWS"]


def _source_unknown(town: Town) -> Document:
    walks = Walks(town)
    return walks.reward(walks.person, 1, "a walk", wallet=walks.inspector)


def _too_large(town: Town) -> Document:
    walks = Walks(town)
    return walks.reward(walks.person, 51, "a walk")


def _claim_used(town: Town) -> Document:
    walks = Walks(town)
    town.must(walks.reward(walks.person, 1, "a walk"))
    return walks.reward(walks.other, 1, "a walk", wallet=walks.watch)


def _source_used_up(town: Town) -> Document:
    walks = Walks(town)
    for person in (walks.person, walks.other, town.wallet()):
        town.must(walks.reward(person, 50, f"a walk of {person}"))
    return walks.reward(town.wallet(), 1, "a walk")


def _on_hold(town: Town) -> Document:
    walks = Walks(town)
    reward = walks.reward(walks.person, 10, "a walk")
    town.must(reward)
    return town.capture(walks.person, 20, reward)


REWARD_ROWS: dict[Refusal, Callable[[Town], Document]] = {
    Refusal.REWARD_SOURCE_UNKNOWN: _source_unknown,
    Refusal.REWARD_TOO_LARGE: _too_large,
    Refusal.REWARD_CLAIM_USED: _claim_used,
    Refusal.REWARD_SOURCE_USED_UP: _source_used_up,
    Refusal.REWARD_ON_HOLD: _on_hold,
}
