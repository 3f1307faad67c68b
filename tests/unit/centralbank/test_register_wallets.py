# SPDX-License-Identifier: Apache-2.0
"""Opening and changing wallets: once, whole, in order, through crashes and among nodes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from kerege.centralbank import register_wallets
from kerege.centralbank.register import UnknownParticipant
from kerege.centralbank.register_preparing import Unfit
from kerege.keys import Algorithm, decode_base64url, encode_base64url
from kerege.ledger import Ledger
from kerege.payments import Amend, ParticipantId, Rehome, Rekey, Verdict
from tests.registers import (
    HOUR_US,
    Bank,
    Country,
    Wallet,
    jwk_of,
    key_of,
    kid_of,
    must,
    order_name,
)


def _frame(country: Country, wallet: str) -> dict[str, Any]:
    until_us = country.clock.now_us() + HOUR_US
    return {"id": order_name(country.next_number()), "wallet": wallet, "until_us": until_us}


def _amend(country: Country, bank: Bank, wallet: Wallet, **more: Any) -> Verdict:
    document = Amend(**_frame(country, bank.own.id), subject=wallet.id, **({"tier": "full"} | more))
    return country.register.amend(document, country.sign(document, bank.own.key), bank.name)


def test_a_repeat_gets_the_first_verdict(country: Country) -> None:
    bank = country.bank("altyn")
    key = key_of("aru")
    document = country.opening(bank.name, key)
    evidence = country.sign(document, key)
    first = must(country.register.open_wallet(document, evidence, bank.name))
    again = must(country.register.open_wallet(document, evidence, bank.name))
    assert (again.number, again.amounts, again.replayed) == (first.number, first.amounts, True)
    other = replace(document, region="almaty")
    refused = country.register.open_wallet(other, country.sign(other, key), bank.name)
    assert refused.code == "id_has_other_content"


def test_a_second_signature_over_the_same_text_is_the_same_document(country: Country) -> None:
    bank = country.bank("altyn")
    key = key_of("es256", Algorithm.ES256)
    document = country.opening(bank.name, key)
    text = country.sign(document, key)
    must(country.register.open_wallet(document, text, bank.name))
    assert must(country.register.open_wallet(document, _turned(text), bank.name)).replayed


_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def _turned(text: bytes) -> bytes:
    """The other valid signature anyone can make of an ES256 signature: s becomes n - s."""
    signed, _, signature = text.rpartition(b".")
    raw = decode_base64url(signature)
    s = _P256_ORDER - int.from_bytes(raw[32:])
    return signed + b"." + encode_base64url(raw[:32] + s.to_bytes(32)).encode()


def test_a_wallet_and_a_key_are_registered_once(country: Country) -> None:
    bank = country.bank("altyn")
    aru = country.person(bank)
    mine, other = key_of("mine"), key_of("other")
    same_wallet = country.opening(bank.name, mine, wallet=aru.id)
    same_key = country.opening(bank.name, aru.key)
    same_recovery = country.opening(bank.name, mine, recovery=jwk_of(aru.key))
    register = country.register
    answers = [
        register.open_wallet(document, country.sign(document, key), bank.name).code
        for document, key in ((same_wallet, mine), (same_key, aru.key), (same_recovery, mine))
    ]
    assert answers == ["wallet_exists", "key_in_use", "key_in_use"]
    # What was refused holds nothing: the key is still free.
    free = country.opening(bank.name, mine, recovery=jwk_of(other))
    must(register.open_wallet(free, country.sign(free, mine), bank.name))
    recovery = register.recovery_key(kid_of(other))
    assert recovery is not None
    assert recovery.wallet == free.wallet
    assert register.key(kid_of(other)) is None


def test_a_batch_is_answered_in_order(country: Country) -> None:
    bank = country.bank("altyn")
    keys = [key_of(f"batch {number}") for number in range(700)]
    documents = [country.opening(bank.name, key) for key in keys]
    documents[1] = replace(documents[1], tier="gold")
    documents[2] = replace(documents[2], wallet=documents[3].wallet)
    documents[4] = replace(documents[4], key=documents[5].key)
    documents[6] = replace(documents[6], id=documents[7].id)
    pairs = [(d, country.sign(d, k)) for d, k in zip(documents, keys, strict=True)]
    verdicts = country.register.change_wallets([*pairs, pairs[0]], bank.name)
    odd = {place: v.code for place, v in enumerate(verdicts) if not v.accepted}
    assert odd == {
        1: "tier_unknown",
        3: "wallet_exists",
        5: "key_in_use",
        7: "id_has_other_content",
    }
    assert verdicts[-1].replayed
    assert [v.order for v in verdicts[:-1]] == [d.id for d in documents]


def test_the_ledgers_refusals_come_through_and_hold_nothing(country: Country) -> None:
    bank = country.bank("altyn")
    key = key_of("late")
    late = country.opening(bank.name, key, until_us=1)
    assert country.register.open_wallet(late, country.sign(late, key), bank.name).code == "expired"
    assert country.register.wallet(late.wallet) is None
    new = country.opening(bank.name, key, wallet=late.wallet)
    must(country.register.open_wallet(new, country.sign(new, key), bank.name))


def test_a_bank_opens_its_own_wallet_and_overflow_goes_there(country: Country) -> None:
    bank = country.bank("altyn")
    known = country.register.participant("altyn")
    assert known is not None
    assert known.wallet == bank.own.id
    aru = country.register.wallet(country.person(bank, overflow=True).id)
    own = country.register.wallet(bank.own.id)
    assert aru is not None
    assert own is not None
    assert aru.overflow == {"KZT": own.accounts["KZT"]}
    assert own.overflow == {}


def test_amending(country: Country) -> None:
    bank, stranger = country.bank("altyn"), country.bank("tulpar")
    aru = country.person(bank)
    must(_amend(country, bank, aru, region="almaty", category="5411", vat=True, overflow=True))
    facts = country.register.wallet(aru.id)
    assert facts is not None
    assert (facts.tier, facts.region, facts.category, facts.vat) == ("full", "almaty", "5411", True)
    assert set(facts.overflow) == {"KZT"}
    account = country.ledger.account(facts.accounts["KZT"]).account
    assert account.ceiling == 5_000_000_00
    assert _amend(country, stranger, aru).code == "wallet_kept_elsewhere"


def test_a_repeated_change_does_not_undo_a_later_one(country: Country) -> None:
    bank = country.bank("altyn")
    aru = country.person(bank)
    document = Amend(**_frame(country, bank.own.id), subject=aru.id, tier="full")
    evidence = country.sign(document, bank.own.key)
    must(country.register.amend(document, evidence, bank.name))
    must(_amend(country, bank, aru, tier="phone"))
    assert must(country.register.amend(document, evidence, bank.name)).replayed
    facts = country.register.wallet(aru.id)
    assert facts is not None
    assert facts.tier == "phone"
    other = replace(document, tier="phone")
    refused = country.register.amend(other, country.sign(other, bank.own.key), bank.name)
    assert refused.code == "id_has_other_content"


def test_moving_to_another_bank_with_a_new_key(country: Country) -> None:
    old, new = country.bank("altyn"), country.bank("tulpar")
    aru, key = country.person(old, overflow=True), key_of("new phone")
    document = Rehome(**_frame(country, aru.id), bank=new.name, key=jwk_of(key), overflow=True)
    evidence = country.sign(document, aru.key)
    assert country.register.rehome(document, evidence, old.name).code == "wallet_kept_elsewhere"
    must(country.register.rehome(document, evidence, new.name))
    facts = country.register.wallet(aru.id)
    own = country.register.wallet(new.own.id)
    assert facts is not None
    assert own is not None
    assert facts.bank == new.name
    assert facts.overflow == {"KZT": own.accounts["KZT"]}
    assert [_revoked(country, k) for k in (aru.key, key)] == [True, False]


def _revoked(country: Country, key: Any) -> bool:
    record = country.register.key(kid_of(key))
    assert record is not None
    return record.revoked


def test_a_replaced_key_is_revoked_for_good(country: Country) -> None:
    bank = country.bank("altyn")
    aru, new = country.person(bank), key_of("new")
    document = Rekey(**_frame(country, aru.id), key=jwk_of(new), recovery=jwk_of(key_of("safe")))
    must(country.register.rekey(document, country.sign(document, aru.key), bank.name))
    assert [_revoked(country, k) for k in (aru.key, new)] == [True, False]
    back = Rekey(**_frame(country, aru.id), key=jwk_of(aru.key))
    refused = country.register.rekey(back, country.sign(back, new), bank.name)
    assert refused.code == "key_in_use"
    # The recovery key stays until another replaces it.
    third = Rekey(**_frame(country, aru.id), key=jwk_of(key_of("third")))
    must(country.register.rekey(third, country.sign(third, key_of("safe")), bank.name))
    assert country.register.recovery_key(kid_of(key_of("safe"))) is not None
    fourth = Rekey(
        **_frame(country, aru.id), key=jwk_of(key_of("4")), recovery=jwk_of(key_of("safer"))
    )
    must(country.register.rekey(fourth, country.sign(fourth, key_of("third")), bank.name))
    assert country.register.recovery_key(kid_of(key_of("safe"))) is None


def test_a_stranger_sends_nothing(country: Country) -> None:
    key = key_of("a")
    document = country.opening(ParticipantId("nobody"), key)
    with pytest.raises(UnknownParticipant):
        country.register.open_wallet(document, country.sign(document, key), ParticipantId("nobody"))


def _crash(*_: object) -> Any:
    raise RuntimeError("the power went")


CRASHES: list[tuple[str, Callable[[pytest.MonkeyPatch], None]]] = [
    ("before the ledger", lambda patch: patch.setattr(Ledger, "post", _crash)),
    (
        "after the ledger",
        lambda patch: patch.setattr(register_wallets, "apply_effects", _crash),
    ),
]


@pytest.mark.parametrize(("place", "crash"), CRASHES, ids=[name for name, _ in CRASHES])
@pytest.mark.parametrize("way", ["repeated", "finished at the next start", "by who comes next"])
def test_a_crash_is_completed(
    country: Country, monkeypatch: pytest.MonkeyPatch, place: str, crash: Any, way: str
) -> None:
    bank = country.bank("altyn")
    aru, key = country.person(bank), key_of("aru 2")
    opening = country.opening(bank.name, key)
    amend = Amend(**_frame(country, bank.own.id), subject=aru.id, tier="full")
    register = country.register
    with monkeypatch.context() as patch:
        crash(patch)
        with pytest.raises(RuntimeError):
            register.open_wallet(opening, country.sign(opening, key), bank.name)
        with pytest.raises(RuntimeError):
            register.amend(amend, country.sign(amend, bank.own.key), bank.name)
    assert register.wallet(opening.wallet) is None
    if way == "repeated":
        must(register.open_wallet(opening, country.sign(opening, key), bank.name))
        must(register.amend(amend, country.sign(amend, bank.own.key), bank.name))
    elif way == "by who comes next":
        other = country.opening(bank.name, key_of("thief"), wallet=opening.wallet)
        refused = register.open_wallet(other, country.sign(other, key_of("thief")), bank.name)
        assert refused.code == "wallet_exists"
        must(_amend(country, bank, aru, tier="full", region="astana"))
    else:
        assert country.node().finish_begun() == 2
        register.refresh()
    facts, changed = register.wallet(opening.wallet), register.wallet(aru.id)
    assert facts is not None
    assert changed is not None
    assert changed.tier == "full"
    assert changed.region == ("astana" if way == "by who comes next" else "")
    assert register.key(kid_of(key)) is not None
    assert register.finish_begun() == 0


def test_an_intent_that_became_impossible_is_dropped(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank, key = country.bank("altyn"), key_of("aru")
    document = country.opening(bank.name, key)
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "post", _crash)
        with pytest.raises(RuntimeError):
            country.register.open_wallet(document, country.sign(document, key), bank.name)
    with monkeypatch.context() as patch:
        patch.setattr(register_wallets, "prepare", lambda *_, **__: Unfit("tier_unknown"))
        verdict = country.register.open_wallet(document, country.sign(document, key), bank.name)
    assert verdict.code == "tier_unknown"
    must(country.register.open_wallet(document, country.sign(document, key), bank.name))


def test_what_another_node_finished_is_not_done_again(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank = country.bank("altyn")
    aru = country.person(bank)
    post, node = country.ledger.post, country.node()

    def overtaken(orders: Any) -> Any:
        outcomes = post(orders)
        monkeypatch.undo()
        # Before this node says so, another finishes the change, and a newer one comes.
        assert node.finish_begun() == 1
        must(_amend(country, bank, aru, tier="phone", region="astana"))
        return outcomes

    monkeypatch.setattr(country.ledger, "post", overtaken)
    must(_amend(country, bank, aru, tier="full", region="almaty"))
    facts = country.register.wallet(aru.id)
    assert facts is not None
    assert (facts.tier, facts.region) == ("phone", "astana")
    node.close()


def test_many_threads_open_the_same(country: Country) -> None:
    _open_at_once(country)


def test_two_nodes_on_postgresql(pg_url: str, tmp_path: Path) -> None:
    country = Country(tmp_path, url=pg_url, ledger_url=pg_url)
    _open_at_once(country)
    country.close()


def _open_at_once(country: Country) -> None:
    """Two nodes, one wallet: each document twice, rival documents, rival keys."""
    bank = country.bank("altyn")
    nodes = [country.register, country.node()]
    key, rival = key_of("aru"), key_of("rival")
    first = country.opening(bank.name, key)
    second = country.opening(bank.name, rival, wallet=first.wallet)
    third = country.opening(bank.name, key)
    asked = [(first, key), (second, rival), (third, key)] * 4
    signed = [(document, country.sign(document, k)) for document, k in asked]
    with ThreadPoolExecutor(6) as pool:
        verdicts = list(
            pool.map(
                lambda turn: nodes[turn[0] % 2].open_wallet(*turn[1], bank.name),
                enumerate(signed),
            )
        )
    by_order: dict[str, set[str]] = {}
    for verdict in verdicts:
        by_order.setdefault(verdict.order, set()).add(verdict.code)
    accepted = {order for order, codes in by_order.items() if "accepted" in codes}
    assert all(codes == {"accepted"} for order, codes in by_order.items() if order in accepted)
    assert accepted in ({first.id}, {second.id, third.id}, {third.id})
    assert all(node.finish_begun() == 0 for node in nodes)
    nodes[1].close()
