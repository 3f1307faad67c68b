# SPDX-License-Identifier: Apache-2.0
"""Serving books of our own: what `kerege conformance accounting serve` does."""

import logging
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from kerege.ledger import open_ledger
from kerege.runtime import Clock, IdMaker, SystemRandomness
from kerege.sandbox.accounting.books import Books
from kerege.sandbox.accounting.routes import accounting_app
from kerege.sandbox.accounting.shelf import Shelf
from kerege.service import Server, configure_logs, listen_on

__all__ = ["new_shelf", "serve_books"]


@contextmanager
def new_shelf(clock: Clock, *, books: type[Books] = Books) -> Iterator[Shelf]:
    """An empty shelf over a ledger in a folder of its own, which goes with it."""
    ids = IdMaker(clock, SystemRandomness())
    with tempfile.TemporaryDirectory(prefix="kerege-books-") as folder:
        ledger = open_ledger(f"sqlite:///{folder}/ledger.db", now_us=clock.now_us)
        with Shelf(ledger, make_id=ids.make, books=books) as shelf:
            yield shelf


def serve_books(address: str, clock: Clock, *, on_ready: Callable[[str], None]) -> None:
    """Serve on `host:port` until a signal; raises `Listening`."""
    configure_logs(now_us=clock.now_us, level=logging.WARNING)
    with listen_on(address) as listener, new_shelf(clock) as shelf:
        Server(accounting_app(shelf, clock), listener, on_ready=on_ready).run()
