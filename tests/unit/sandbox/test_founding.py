# SPDX-License-Identifier: Apache-2.0
from typing import Any

import pytest

from kerege.payments import Verdict
from kerege.runtime import SystemClock
from kerege.sandbox import founding
from kerege.sandbox.addresses import CORE, Addresses
from kerege.sandbox.asking import ask_public
from kerege.sandbox.country import Country
from kerege.sandbox.founding import found_institutions
from kerege.sandbox.looking import money_of
from kerege.sandbox.run_file import read_run
from kerege.service import Refused
from kerege.service.problems import ProblemDetails


def test_a_founding_done_again_changes_nothing(running_country: Country) -> None:
    state = read_run(running_country.folder)
    before = money_of(running_country, state)
    found_institutions(running_country, Addresses(running_country.settings.ports), SystemClock())
    assert money_of(running_country, state) == before


def test_everybody_is_licensed_under_their_names(running_country: Country) -> None:
    url = read_run(running_country.folder).url(CORE)
    told = ask_public(url, "/v1/participants", dict[str, list[dict[str, object]]])
    names = {one["id"]: one["name"] for one in told["participants"]}
    for institution in running_country.profile.institutions:
        assert names[institution.id] == institution.name


class Slow:
    """A core whose process hears of an admission only after some questions."""

    def __init__(self, *codes: str) -> None:
        self.codes = list(codes)

    def post(self, path: str, body: object, answer: Any) -> Any:
        code = self.codes.pop(0)
        if code == "signature_missing":
            details = ProblemDetails(type="", title="no", status=401, code=code)
            raise Refused(details, place=path)
        return answer([Verdict("", code)])


@pytest.mark.parametrize(
    ("codes", "code"),
    [
        (["accepted"], "accepted"),
        (["signature_missing", "participant_suspended", "accepted"], "accepted"),
        (["signature_missing", "tier_unknown"], "tier_unknown"),
        (["participant_suspended"] * 20, "participant_suspended"),
    ],
)
def test_a_core_that_has_not_heard_yet_is_asked_again(
    codes: list[str], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(founding, "_PAUSE_S", 0)
    core = Slow(*codes)
    assert founding._submit(core, "order") == code  # type: ignore[arg-type]
    assert core.codes == []
