# SPDX-License-Identifier: Apache-2.0
"""Effects are written only for what was accepted, and never for a wallet that is not there."""

import pytest

from kerege.centralbank.register_effects import apply_effects
from kerege.centralbank.register_preparing import Asked
from kerege.errors import InvariantViolation
from kerege.ledger import Outcome, Refusal
from kerege.payments import Rekey
from tests.ledgers import order_id
from tests.registers import Country, jwk_of, key_of


def test_refused_orders_have_none_and_a_missing_wallet_is_our_fault(country: Country) -> None:
    bank = country.register.participant("central-bank")
    assert bank is not None
    rekey = Rekey(id=f"ord_{7:032x}", wallet=f"wal_{7:032x}", until_us=1, key=jwk_of(key_of("a")))
    asked = Asked(rekey, b"", bank)
    refused = Outcome(order_id(7), Refusal.EXPIRED)
    with country.register._tables.begin() as connection:
        assert not apply_effects(connection, [(asked, None, refused)])
        with pytest.raises(InvariantViolation):
            apply_effects(connection, [(asked, None, Outcome(order_id(7)))])
