# SPDX-License-Identifier: Apache-2.0
import asyncio
import stat

from kerege.runtime import SystemClock
from kerege.sandbox.country import Country
from kerege.sandbox.settlement import Settlement


def test_everybody_can_be_reached_and_stays_signed_in(running_country: Country) -> None:
    async def visit() -> tuple[bool, str]:
        settlement = Settlement(running_country, SystemClock(), sessions="test-sessions.json")
        try:
            one = settlement.people[0]
            await settlement.prepare(one)
            settled = await one.is_settled()
            assert one.line.tokens is not None
            return settled, one.line.tokens.refresh
        finally:
            settlement.close()

    settled, first = asyncio.run(visit())
    path = running_country.people / "test-sessions.json"
    assert settled, "the first payer had joined before the country was open"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert first in path.read_text()
    settled, second = asyncio.run(visit())
    assert settled
    assert second != first, "refresh tokens are good once"


def test_an_employer_gets_what_it_pays_out(running_country: Country) -> None:
    async def endow() -> int:
        settlement = Settlement(running_country, SystemClock(), sessions="test-employer.json")
        try:
            # Whom nobody else pays meanwhile.
            employer = settlement.agencies[2]
            await settlement.prepare(employer)
            await employer.settle_in()
            await employer.is_settled()
            before = employer.money
            await settlement.endow(employer, 12_345)
            await employer.is_settled()
            return employer.money - before
        finally:
            settlement.close()

    assert asyncio.run(endow()) == 12_345
