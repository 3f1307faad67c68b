# SPDX-License-Identifier: Apache-2.0
"""A job works again and again, outlives its failures, and ends when told."""

import threading

from kerege.bank.background import Job
from kerege.bank.core_line import CoreUnreachable


def test_a_job_goes_on_after_failures() -> None:
    done = threading.Event()
    faults: list[Exception] = [CoreUnreachable("gone"), ValueError("ours"), OSError("disk")]

    def work() -> float:
        if faults:
            raise faults.pop()
        done.set()
        return 60.0

    job = Job("test", work, first_pause_s=0.01)
    job.start()
    assert done.wait(5)
    job.stop(wait_s=5)
    assert not job._thread.is_alive()


def test_a_job_that_was_not_started_ends_too() -> None:
    Job("test", lambda: 1.0).stop(wait_s=1)
