# SPDX-License-Identifier: Apache-2.0
"""What a session is given."""

from kerege.bank.customer import CustomerId
from kerege.bank.identity.issuing import Issuing
from kerege.bank.identity.session import Session
from kerege.bank.identity.tokens import ACCESS_LIFE_S, TokenSigner
from kerege.runtime import IdMaker, ManualClock, SeededRandomness
from tests.signing_in import ISSUER, SIGNER

SESSION = Session(
    id="ses_1",
    customer=CustomerId("cus_1"),
    client="app",
    scope="openid",
    started_us=1_795_000_000_000_000,
    used_us=0,
    ends_us=2_000_000_000_000_000,
    thumbprint="k" * 43,
)


def test_a_bound_sessions_token_names_the_key() -> None:
    clock = ManualClock(1_795_000_100_000_000)
    issuing = Issuing(
        ISSUER, TokenSigner(SIGNER), clock=clock, ids=IdMaker(clock, SeededRandomness(1))
    )
    given = issuing.token_response(SESSION, "refresh")
    claims = issuing.read(str(given["access_token"]))
    assert given["token_type"] == "DPoP"
    assert claims.cnf is not None
    assert claims.cnf.jkt == "k" * 43
    assert (claims.aud, claims.sub, claims.sid) == (ISSUER, "cus_1", "ses_1")
    assert (claims.auth_time, claims.iat) == (1_795_000_000, 1_795_000_100)
    assert claims.exp - claims.iat == ACCESS_LIFE_S
