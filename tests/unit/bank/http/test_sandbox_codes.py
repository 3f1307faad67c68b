# SPDX-License-Identifier: Apache-2.0
"""Against a bank of a small country that runs: `tests/small_country.py`."""

import asyncio

import msgspec

from kerege.sandbox.country import Country
from kerege.sandbox.lane import Lane
from kerege.sandbox.run_file import read_run


def test_the_latest_code_of_a_telephone_is_shown_and_no_others(running_country: Country) -> None:
    phone = "%2B996199800001"

    async def ask() -> tuple[int, str, int]:
        lane = Lane(read_run(running_country.folder).url("komuz-bank"))
        try:
            body = b'{"phone": "+996199800001"}'
            headers = {"content-type": "application/json"}
            before = await lane.ask("GET", f"/v1/sandbox/codes?phone={phone}", headers={})
            await lane.ask("POST", "/v1/customers/codes", headers=headers, body=body)
            shown = await lane.ask("GET", f"/v1/sandbox/codes?phone={phone}", headers={})
            return before.status, msgspec.json.decode(shown.body)["code"], shown.status
        finally:
            lane.close()

    assert asyncio.run(ask())[0] == 404
    before, code, status = asyncio.run(ask())
    assert (before, status) == (200, 200)
    assert code.isdigit()
