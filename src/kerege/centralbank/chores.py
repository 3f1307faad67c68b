# SPDX-License-Identifier: Apache-2.0
"""What a node does besides answering: a thread for each chore, which goes on after passing trouble.

What people or the surroundings caused (`KeregeError`, `OSError`) is logged and tried again, after a
pause that grows. Anything else is a fault of ours: the chore stops, `failed` says so, and the node
is no longer ready. A process that dies leaves its chores to another.
"""

import threading
from collections.abc import Callable
from typing import Final

from kerege.errors import KeregeError
from kerege.service import get_log, log_fault

__all__ = ["Chore"]

_LONGEST_PAUSE_S: Final = 10.0
_FIRST_PAUSE_S: Final = 0.1
_END_S: Final = 30.0


class Chore:
    """Does `step` every `pause_s` seconds until closed. `step` may look at `stopping`."""

    def __init__(self, name: str, step: Callable[[], None], *, pause_s: float) -> None:
        self.name = name
        self.stopping = threading.Event()
        self.failed = False
        self.troubled = False
        self._step = step
        self._pause_s = pause_s
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """Finish the step under way, and end."""
        self.stopping.set()
        if self._thread.is_alive():
            self._thread.join(_END_S)

    def check(self) -> None:
        """Raise `KeregeError` if it does not work at present."""
        if self.failed or self.troubled or not self._thread.is_alive():
            raise KeregeError(f"{self.name} does not work", remedy="see the node's log")

    def _run(self) -> None:
        trouble_s = 0.0
        while not self.stopping.wait(trouble_s or self._pause_s):
            try:
                self._step()
            except (KeregeError, OSError) as error:
                log_fault(error)
                trouble_s = min(max(trouble_s * 2, _FIRST_PAUSE_S), _LONGEST_PAUSE_S)
            except Exception as error:
                # The last frame of the thread: nobody else would ever hear of it.
                log_fault(error)
                self.failed = True
                get_log().error("chore_ended", role=self.name)
                return
            else:
                trouble_s = 0.0
            self.troubled = trouble_s > 0
