# SPDX-License-Identifier: Apache-2.0
"""`kerege reward`: attested once, stopped in time, taken when it is free."""

from tests.paper_town import PaperTown
from tests.terminals import Terminal


def test_attested_stopped_and_taken(paper_town: PaperTown) -> None:
    town, person = paper_town, paper_town.person("walker")
    deed = ("walks", town.wallets["walker"], "7", "--deed", "walk on monday")
    made = town.source.must("reward", "attest", *deed)
    assert made.startswith("7 units attested for wal_")
    assert "(reward_claim_used" in town.source.run("reward", "attest", *deed).output
    town.read()
    (suspicious,) = town.inspector.asked("papers", "--kind", "reward")["papers"]
    assert suspicious["role"] == "inspector"
    assert "went back" in town.inspector.must("reward", "stop", suspicious["order"])
    town.source.must("reward", "attest", *deed[:-1], "walk on tuesday")
    town.read()
    told = person.asked("papers", "--kind", "reward")["papers"]
    assert [one["role"] for one in told] == ["payee", "payee"]
    assert "(reward_on_hold" in person.run("reward", "take", told[-1]["order"], "7").output
    town.house.country.clock.advance_us(61_000_000)
    assert "KZT 7.00 is yours" in person.must("reward", "take", told[-1]["order"], "7")
    assert person.balance() == 7_00
    assert "(reward_on_hold" not in person.run("reward", "take", told[0]["order"], "7").output


def test_what_is_no_reward(paper_town: PaperTown, aru: Terminal) -> None:
    town, mine = paper_town, aru.create()
    deed = ("walks", mine, "7", "--deed", "walk")
    assert "(reward_source_unknown" in aru.run("reward", "attest", *deed).output
    assert "(programme_rule" in town.source.run("reward", "attest", *deed).output
    assert "--deed: a deed says what" in town.source.run("reward", "attest", *deed[:-1], " ").output
    nothing = "ord_" + "0" * 32
    for terminal, arguments in (
        (aru, ("take", nothing, "7")),
        (town.inspector, ("stop", nothing)),
        (town.inspector, ("stop", "nonsense")),
    ):
        told = terminal.run("reward", *arguments)
        assert (told.exit_code, told.output[:8]) == (1, "kerege: "), told.output
