# SPDX-License-Identifier: Apache-2.0
"""Nobody who waits misses a ring."""

import asyncio
import threading

from kerege.service.bell import Bell


def test_a_ring_wakes_everyone() -> None:
    bell = Bell()

    async def scene() -> list[bool]:
        waiting = [asyncio.create_task(bell.wait(bell.rung, timeout_s=5)) for _ in range(3)]
        await asyncio.sleep(0.01)
        threading.Thread(target=bell.ring).start()
        return await asyncio.gather(*waiting)

    assert asyncio.run(scene()) == [True] * 3


def test_a_ring_before_waiting_is_not_lost() -> None:
    bell = Bell()
    rung = bell.rung
    bell.ring()
    assert asyncio.run(bell.wait(rung, timeout_s=5)) is True


def test_silence_ends() -> None:
    bell = Bell()
    assert asyncio.run(bell.wait(bell.rung, timeout_s=0.01)) is False
    bell.ring()


def test_a_closed_loop_harms_nobody() -> None:
    bell = Bell()
    loop = asyncio.new_event_loop()

    async def wait() -> None:
        await bell.wait(bell.rung, timeout_s=60)

    task = loop.create_task(wait())
    loop.run_until_complete(asyncio.sleep(0.01))
    bell_entries = set(bell._waiting)
    task.cancel()
    loop.run_until_complete(asyncio.gather(task, return_exceptions=True))
    loop.close()
    bell._waiting |= bell_entries
    bell.ring()


def test_nobody_waits_for_a_closed_bell() -> None:
    async def run() -> tuple[bool, bool]:
        bell = Bell()
        waiting = asyncio.create_task(bell.wait(bell.rung, timeout_s=60))
        await asyncio.sleep(0)
        bell.close()
        return await waiting, await bell.wait(bell.rung, timeout_s=60)

    assert asyncio.run(run()) == (True, True)


def test_threads_wait_as_loops_do() -> None:
    bell = Bell()
    heard: list[bool] = []
    rung = bell.rung
    thread = threading.Thread(target=lambda: heard.append(bell.wait_in_thread(rung, timeout_s=5)))
    thread.start()
    bell.ring()
    thread.join()
    assert heard == [True]
    assert bell.wait_in_thread(rung, timeout_s=5) is True
    assert bell.wait_in_thread(bell.rung, timeout_s=0.01) is False
    assert not bell._waiting
    bell.close()
    assert bell.wait_in_thread(bell.rung, timeout_s=5) is True
