# SPDX-License-Identifier: Apache-2.0
import os

from kerege.sandbox.memory import memory_bytes


def test_a_running_process_has_some_and_one_that_is_gone_none() -> None:
    assert 1 << 20 < memory_bytes(os.getpid()) < 1 << 34
    assert memory_bytes(2**22 + 1) == 0
