# SPDX-License-Identifier: Apache-2.0
"""Whatever is submitted, in whatever order and by whatever clock, one history is cosigned."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from kerege.translog.witness.request import format_request, parse_request
from kerege.translog.witness.rules import LogState, Refused, decide
from tests.model_log import ModelLog

BRANCHES = [ModelLog(), ModelLog(branch="a", fork_at=2), ModelLog(branch="b", fork_at=4)]
SIZES = st.integers(0, 12)
START_S = 1_700_000_000


class CosignedHistory(RuleBasedStateMachine):
    """The rules against all three branches; every decision to cosign is remembered."""

    def __init__(self) -> None:
        super().__init__()
        self.latest: LogState | None = None
        self.cosigned: list[LogState] = []
        self.now_s = START_S

    @rule(seconds=st.integers(-200, 200))
    def move_clock(self, seconds: int) -> None:
        self.now_s += seconds

    @rule(
        log=st.sampled_from(BRANCHES),
        size=SIZES,
        old_size=SIZES,
        proof_from=SIZES,
        knows_the_state=st.booleans(),
        proves_right=st.booleans(),
    )
    def submit(
        self,
        log: ModelLog,
        size: int,
        old_size: int,
        proof_from: int,
        knows_the_state: bool,
        proves_right: bool,
    ) -> None:
        if knows_the_state and self.latest:
            old_size = self.latest.size
        start = old_size if proves_right else proof_from
        proof = log.prove(start, size) if start <= size else ()
        request = parse_request(
            format_request(old_size=old_size, proof=proof, note=log.checkpoint(size))
        )
        decision = decide(request, latest=self.latest, now_s=self.now_s)
        if not isinstance(decision, Refused):
            self.latest = decision
            self.cosigned.append(decision)

    @invariant()
    def sizes_and_times_never_go_back(self) -> None:
        for before, after in zip(self.cosigned, self.cosigned[1:], strict=False):
            assert before.size <= after.size
            assert before.timestamp_s <= after.timestamp_s

    @invariant()
    def all_are_of_one_branch(self) -> None:
        assert not self.cosigned or any(
            all(state.root == log.root(state.size) for state in self.cosigned) for log in BRANCHES
        )


CosignedHistory.TestCase.settings = settings(
    max_examples=150, stateful_step_count=30, deadline=None
)
TestCosignedHistory = CosignedHistory.TestCase
