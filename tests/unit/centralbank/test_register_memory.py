# SPDX-License-Identifier: Apache-2.0
"""What a node remembers is bounded, and what changed is forgotten for good."""

import threading

from kerege.centralbank.register_memory import Remembered


def test_the_least_recently_asked_for_go() -> None:
    memory: Remembered[str, int] = Remembered(8)
    for number in range(1_000):
        memory.put({str(number): number}, read_in=memory.epoch)
        assert memory.get("0") == 0
        assert len(memory) <= 8
    assert memory.get("999") == 999
    assert memory.get("500") is None


def test_what_was_read_before_a_change_is_not_kept() -> None:
    memory: Remembered[str, str] = Remembered(8)
    epoch = memory.epoch
    memory.forget(["a"])
    memory.put({"a": "stale"}, read_in=epoch)
    assert memory.get("a") is None
    memory.put({"a": "fresh", "b": "fresh"}, read_in=memory.epoch)
    assert memory.get("a") == "fresh"
    memory.forget_all()
    assert memory.get("a") is None
    assert len(memory) == 0


def test_what_is_old_is_forgotten_too() -> None:
    memory: Remembered[str, int] = Remembered(4)
    memory.put({"a": 1, "b": 2}, read_in=memory.epoch)
    memory.forget(["a"])
    assert memory.get("a") is None
    assert memory.get("b") == 2


def test_threads_never_see_what_was_forgotten() -> None:
    memory: Remembered[str, int] = Remembered(4)
    current, wrong = [0], []

    def read() -> None:
        for _ in range(2_000):
            seen = memory.get("a")
            if seen is None:
                epoch, value = memory.epoch, current[0]
                memory.put({"a": value, "b": 0, "c": 0}, read_in=epoch)

    def change() -> None:
        for number in range(1, 2_000):
            current[0] = number
            memory.forget(["a"])
            if memory.get("a") not in (None, number):
                wrong.append(number)

    threads = [threading.Thread(target=work) for work in (read, read, change)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
