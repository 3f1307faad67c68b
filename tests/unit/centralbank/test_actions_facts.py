# SPDX-License-Identifier: Apache-2.0
"""The scene of actions, from a real register and ledger."""

from kerege.centralbank.actions import Freeze, PublishFees, SetKeys, Warrant
from kerege.centralbank.actions_facts import LiveScene
from kerege.ledger import Status, format_order_id
from kerege.payments.derived import derived_order_id
from kerege.payments.fees import FeeSchedule
from tests.registers import Country, jwk_of, key_of, kid_of


def test_it_tells_what_stands(country: Country) -> None:
    bank = country.bank("altyn")
    aru = country.person(bank)
    court = Warrant(authority="a court", kind="court-order")
    frozen = country.act(Freeze(wallet=aru.id, warrant=court))
    country.act(SetKeys(participant="altyn", keys=(jwk_of(key_of("next")),)))
    register = country.register
    with register._tables.begin() as connection:
        scene = LiveScene(register._facts, country.ledger, connection, order="", now_us=7)
        assert scene.fee_version == 0
        (freeze,) = scene.freezes(aru.id)
        assert (freeze.proposal, freeze.status) == (frozen.id, Status.DEBITS_FROZEN)
        assert scene.freeze(frozen.id) == freeze
        assert scene.freeze("prp_x") is None
        wallet = scene.wallet(aru.id)
        assert wallet is not None
        assert scene.owner(wallet.accounts["KZT"]) == aru.id
        assert scene.account(wallet.accounts["KZT"]).status == Status.DEBITS_FROZEN
        payment = scene.payment(format_order_id(derived_order_id("found-country")))
        assert payment is not None
        assert scene.payment("ord_" + "7" * 32) is None
        # Its own key in force it may keep; a revoked one nobody gets again.
        assert not scene.key_is_known(kid_of(key_of("next")), but_of="altyn")
        assert scene.key_is_known(kid_of(key_of("next")))
        assert scene.key_is_known(kid_of(bank.key), but_of="altyn")
        assert scene.wallet_key_is_known(kid_of(aru.key))
        assert not scene.wallet_key_is_known(kid_of(key_of("new")))
        assert len(scene.participants) == 4
    country.act(PublishFees(schedule=FeeSchedule(version=7)))
    with register._tables.begin() as connection:
        scene = LiveScene(register._facts, country.ledger, connection, order="", now_us=7)
        assert (scene.fee_version, scene.now_us) == (7, 7)
