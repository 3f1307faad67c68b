# SPDX-License-Identifier: Apache-2.0
"""There are words for every kind and role that a bank tells of."""

from kerege.cli.paper_words import PAPER_TEXTS
from kerege.payments.concerned import CONCERNING


def test_every_kind_has_its_words() -> None:
    named = {key.removeprefix("kind.") for key in PAPER_TEXTS if key.startswith("kind.")}
    assert named == CONCERNING
