# SPDX-License-Identifier: Apache-2.0
"""What a change of a wallet asks of the ledger, and every reason to refuse it before."""

from typing import Any

import pytest
from msgspec.structs import replace

from kerege.centralbank.register_participants import Licence, Participant
from kerege.centralbank.register_preparing import Asked, Prepared, Unfit, WalletDocument, prepare
from kerege.centralbank.stores.wallets import WalletRow
from kerege.ledger import Account, AccountId, OpenAccount, Role, SetLimits
from kerege.payments import Amend, Open, ParticipantId, Rehome, Rekey, WalletId
from tests.registers import PARAMETERS, jwk_of, key_of

WALLET = "wal_" + "1" * 32
OWN = "wal_" + "2" * 32
ORDER: dict[str, Any] = {"id": "ord_" + "1" * 32, "wallet": WALLET, "until_us": 1}
KEY, OTHER = jwk_of(key_of("a")), jwk_of(key_of("b"))
BANK = Participant(
    id=ParticipantId("altyn"),
    roles=frozenset({"intermediary"}),
    keys={},
    licence=Licence(),
    wallet=WalletId(OWN),
)
ROW = WalletRow(
    id=WalletId(WALLET),
    opened_by="ord_" + "0" * 32,
    bank=ParticipantId("altyn"),
    owner_kind="person",
    tier="phone",
    category="",
    vat=False,
    region="",
    overflow=False,
    accounts={"KZT": AccountId(7)},
)
OPEN = Open(**ORDER, bank="altyn", key=KEY, assets=("KZT",), owner_kind="person", tier="phone")
AMEND = Amend(**(ORDER | {"wallet": OWN}), subject=WALLET, tier="full")
REHOME = Rehome(**ORDER, bank="altyn")
REKEY = Rekey(**ORDER, key=OTHER)


def _account(account_id: AccountId) -> Account:
    return Account(id=account_id, asset="KZT", role=Role.HOLDER, floor=0, ceiling=9)


def _prepare(
    document: WalletDocument, row: WalletRow | None = ROW, bank: Participant = BANK
) -> Prepared | Unfit:
    return prepare(Asked(document, b"", bank), row, parameters=PARAMETERS, account=_account)


@pytest.mark.parametrize(
    ("kind", "tier", "step"),
    [
        ("person", "phone", OpenAccount("KZT", Role.HOLDER, WALLET, ceiling=50_000_00)),
        ("firm", "shop", OpenAccount("KZT", Role.COLLECTOR, WALLET)),
        ("firm", "stall", OpenAccount("KZT", Role.HOLDER, WALLET, ceiling=0)),
        ("bank", "", OpenAccount("KZT", Role.COLLECTOR, WALLET)),
    ],
)
def test_opening(kind: str, tier: str, step: OpenAccount) -> None:
    ready = _prepare(replace(OPEN, owner_kind=kind, tier=tier), None)
    assert isinstance(ready, Prepared)
    assert ready.steps == (step,)
    assert [claim.becomes for claim in ready.claims] == ["signing"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"assets": ("KZT", "KZT")}, "order_text_invalid"),
        ({"key": "{}"}, "order_text_invalid"),
        ({"recovery": "nonsense"}, "order_text_invalid"),
        ({"recovery": KEY}, "order_text_invalid"),
        ({"bank": "other"}, "wallet_kept_elsewhere"),
        ({"owner_kind": "robot"}, "not_allowed_for_kind"),
        ({"assets": ("KZT-R",)}, "asset_unknown"),
        ({"assets": ("ALLOWANCE",)}, "asset_unknown"),
        ({"tier": "gold"}, "tier_unknown"),
    ],
)
def test_openings_refused(changes: dict[str, Any], code: str) -> None:
    refused = _prepare(replace(OPEN, **changes), None)
    assert isinstance(refused, Unfit)
    assert refused.code == code


def test_only_an_intermediary_keeps_wallets() -> None:
    witness = replace(BANK, roles=frozenset({"witness"}))
    assert _prepare(OPEN, None, witness) == Unfit("not_allowed_for_kind")
    assert _prepare(REHOME, ROW, witness) == Unfit("not_allowed_for_kind")


def test_amending_sets_the_ceiling_of_the_new_tier() -> None:
    assert _prepare(AMEND) == Prepared((SetLimits(AccountId(7), 0, 5_000_000_00),))


def test_moving_and_new_keys_name_the_accounts_and_leave_them() -> None:
    same = (SetLimits(AccountId(7), 0, 9),)
    moved, rekeyed = _prepare(REHOME), _prepare(REKEY)
    assert isinstance(moved, Prepared)
    assert isinstance(rekeyed, Prepared)
    assert (moved.steps, moved.claims) == (same, ())
    assert rekeyed.steps == same
    assert [claim.jwk for claim in rekeyed.claims] == [OTHER]


@pytest.mark.parametrize(
    ("document", "row", "code"),
    [
        (AMEND, None, "wallet_unknown"),
        (AMEND, replace(ROW, bank=ParticipantId("other")), "wallet_kept_elsewhere"),
        (replace(AMEND, wallet=WALLET), ROW, "not_yours"),
        (replace(AMEND, tier="gold"), ROW, "tier_unknown"),
        (REHOME, None, "wallet_unknown"),
        (replace(REHOME, key="{}"), ROW, "order_text_invalid"),
        (replace(REHOME, bank="other"), ROW, "wallet_kept_elsewhere"),
        (REHOME, replace(ROW, owner_kind="bank"), "not_allowed_for_kind"),
        (REKEY, None, "wallet_unknown"),
        (replace(REKEY, key="{}"), ROW, "order_text_invalid"),
        (REKEY, replace(ROW, bank=ParticipantId("other")), "wallet_kept_elsewhere"),
    ],
)
def test_changes_refused(document: WalletDocument, row: WalletRow | None, code: str) -> None:
    refused = _prepare(document, row)
    assert isinstance(refused, Unfit)
    assert refused.code == code
