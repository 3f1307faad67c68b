# SPDX-License-Identifier: Apache-2.0
"""The door's answers; what gets through is in `test_provider`."""

import pytest

from kerege.bank.identity.guard import Guard, Unauthenticated
from kerege.bank.identity.issuing import Issuing
from kerege.bank.identity.sessions import Sessions
from kerege.bank.identity.tokens import TokenSigner
from kerege.bank.people_store import open_people_tables
from kerege.runtime import IdMaker, ManualClock, SeededRandomness
from tests.signing_in import ISSUER, SIGNER


@pytest.mark.parametrize(
    ("authorization", "challenge"),
    [
        (None, "Bearer"),
        ("Basic x", "Bearer"),
        ("Bearer x", 'Bearer error="invalid_token"'),
        ("bearer x", 'Bearer error="invalid_token"'),
        ("DPoP x", 'DPoP error="invalid_token"'),
    ],
)
def test_challenges_of_rfc_6750(authorization: str | None, challenge: str) -> None:
    clock, randomness = ManualClock(1), SeededRandomness(1)
    ids = IdMaker(clock, randomness)
    sessions = Sessions(
        open_people_tables("sqlite://"), clock=clock, ids=ids, randomness=randomness
    )
    guard = Guard(Issuing(ISSUER, TokenSigner(SIGNER), clock=clock, ids=ids), sessions, clock)
    with pytest.raises(Unauthenticated) as caught:
        guard.authenticate(authorization, scope="wallets", method="GET", path="/v1/me")
    assert (caught.value.status, caught.value.challenge) == (401, challenge)
