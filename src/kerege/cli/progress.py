# SPDX-License-Identifier: Apache-2.0
"""A bar on standard error while a person watches; nothing otherwise."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress

__all__ = ["watched"]

_STEP = 4096
"""Items between two looks at the bar: moving it costs more than reading a line."""


@contextmanager
def watched(
    label: str, total: int, *, weight: Callable[[bytes], int] = len
) -> Iterator[Callable[[Iterable[bytes]], Iterator[bytes]]]:
    """A function that passes lines on and moves the bar; each weighs `weight` of `total`."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(label, total=total)
        done = 0

        def passed_on(lines: Iterable[bytes]) -> Iterator[bytes]:
            nonlocal done
            for number, line in enumerate(lines):
                done += weight(line)
                if number % _STEP == 0:
                    bar.update(task, completed=done)
                yield line

        yield passed_on
