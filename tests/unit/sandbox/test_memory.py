# SPDX-License-Identifier: Apache-2.0
import os
import subprocess
import sys

from kerege.sandbox.memory import family_of, memory_bytes


def test_a_running_process_has_some_and_one_that_is_gone_none() -> None:
    assert 1 << 20 < memory_bytes(os.getpid()) < 1 << 34
    assert memory_bytes(2**22 + 1) == 0


def test_a_family_is_a_process_with_its_children_and_theirs() -> None:
    program = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()'])"
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE) as parent:
        while len(family_of(parent.pid)) < 2:
            assert parent.poll() is None
        assert set(family_of(parent.pid)) < set(family_of(os.getpid()))
        parent.communicate(b"\n")
    assert family_of(parent.pid) == [parent.pid]
