# SPDX-License-Identifier: Apache-2.0
"""Planning of issuance: reserves in and out, issue, redeem, new money. Pure.

Issuing moves reserves from the bank to `backing` and money from the issuer to the bank in one
order, redeeming runs it backwards: so money in circulation equals the reserves behind it at every
instant, and the ledger refuses money without reserves.
"""

from typing import Final

from kerege.centralbank.actions import DeclareMoney, Issue, Redeem, ReservesIn, ReservesOut
from kerege.centralbank.actions_participants import UNKNOWN
from kerege.centralbank.actions_scene import ActionScene, Payment, Planned, Unable
from kerege.centralbank.register_accounts import accounts_of_bank, accounts_of_money
from kerege.centralbank.register_parameters import MAX_ASSETS
from kerege.centralbank.register_participants import Participant, Role
from kerege.ledger import UNMARKED, AccountId, Kind, Step, Transfer
from kerege.ledger import Refusal as LedgerRefusal

__all__ = ["plan_money", "redeemed_amount"]

_SUSPENDED: Final = Unable("participant_suspended", "the participant is suspended")
_NO_RESERVES: Final = Unable("asset_unknown", "the participant has no reserves for this money")
_NO_WALLET: Final = Unable("wallet_unknown", "the participant has no wallet of its own for this")
_SHORT: Final = Unable("reserves_insufficient", "the participant's reserves are less than that")
_QUOTA: Final = Unable("issuance_quota_exceeded", "more than may be issued to the participant")
_NO_PAYMENT: Final = Unable("payment_unknown", "no accepted order has this id")
_NOT_REDEEMABLE: Final = Unable(
    "payment_not_redeemable",
    "not a payment of one money by an intermediary's own wallet to the redemption wallet",
)
_DECLARED: Final = Unable("asset_exists", "one of the assets is known already")
_MANY: Final = Unable("too_many_assets", f"a country has at most {MAX_ASSETS} moneys")

_SHORT_AT_FIRST: Final = {(0, LedgerRefusal.EXCEEDS_BALANCE): _SHORT}


def plan_money(
    action: DeclareMoney | ReservesIn | ReservesOut | Issue | Redeem, scene: ActionScene
) -> Planned | Unable:
    """The ledger's steps."""
    match action:
        case DeclareMoney():
            return _declare(action, scene)
        case Redeem():
            return _redeem(action, scene)
    participant = scene.participant(action.participant)
    if participant is None:
        return UNKNOWN
    reserves = scene.accounts.reserves.get((participant.id, action.asset))
    if reserves is None:
        return _NO_RESERVES
    outside = scene.accounts.reserve_issuers[action.asset]
    match action:
        case ReservesIn():
            return Planned((Transfer(outside, reserves, action.amount),), participant.id)
        case ReservesOut():
            step = Transfer(reserves, outside, action.amount)
            return Planned((step,), participant.id, _SHORT_AT_FIRST)
        case Issue():
            return _issue(action, participant, reserves, scene)


def _issue(
    action: Issue, participant: Participant, reserves: AccountId, scene: ActionScene
) -> Planned | Unable:
    if participant.suspended:
        return _SUSPENDED
    wallet = None if participant.wallet is None else scene.wallet(participant.wallet)
    own = None if wallet is None else wallet.accounts.get(action.asset)
    if own is None:
        return _NO_WALLET
    accounts, amount = scene.accounts, action.amount
    quota = accounts.quotas[participant.id, action.asset]
    steps = (
        Transfer(reserves, accounts.backing[action.asset], amount),
        Transfer(quota, accounts.quota_sink, amount),
        Transfer(accounts.issuers[action.asset], own, amount),
    )
    renamed = _SHORT_AT_FIRST | {(1, LedgerRefusal.EXCEEDS_BALANCE): _QUOTA}
    return Planned(steps, participant.id, renamed)


def _redeem(action: Redeem, scene: ActionScene) -> Planned | Unable:
    payment = scene.payment(action.payment)
    if payment is None:
        return _NO_PAYMENT
    found = redeemed_amount(payment, scene)
    if found is None:
        return _NOT_REDEEMABLE
    participant, asset, amount = found
    accounts = scene.accounts
    redemption = scene.wallet(accounts.redemption_wallet)
    reserves = accounts.reserves.get((participant.id, asset))
    if redemption is None or reserves is None:
        return _NO_RESERVES
    steps = (
        Transfer(redemption.accounts[asset], accounts.retired[asset], amount),
        Transfer(accounts.backing[asset], reserves, amount),
        Transfer(accounts.quota_sink, accounts.quotas[participant.id, asset], amount),
    )
    return Planned(steps, participant.id)


def redeemed_amount(payment: Payment, scene: ActionScene) -> tuple[Participant, str, int] | None:
    """Which participant's own wallet paid how much of which money for redemption."""
    redemption = scene.wallet(scene.accounts.redemption_wallet)
    if redemption is None:
        return None
    asset_of = {account: asset for asset, account in redemption.accounts.items()}
    amounts: dict[tuple[str, str], int] = {}
    for step, result in zip(payment.order.steps, payment.results, strict=True):
        if not isinstance(step, Transfer) or step.credit not in asset_of:
            continue
        if step.kind not in (Kind.POST, Kind.POST_UP_TO) or step.mark != UNMARKED:
            return None
        payer = scene.owner(step.debit), asset_of[step.credit]
        amounts[payer] = amounts.get(payer, 0) + result
    if len(amounts) != 1:
        return None
    ((wallet, asset), amount) = next(iter(amounts.items()))
    for participant in scene.participants:
        if participant.wallet == wallet and Role.INTERMEDIARY in participant.roles and amount:
            return participant, asset, amount
    return None


def _declare(action: DeclareMoney, scene: ActionScene) -> Planned | Unable:
    known = {c for money in scene.parameters.assets for c in (money.code, money.reserve)}
    money = action.money
    if known & {money.code, money.reserve} or money.code == money.reserve:
        return _DECLARED
    if len(scene.parameters.assets) >= MAX_ASSETS:
        return _MANY
    steps: list[Step] = list(accounts_of_money(money))
    for participant in scene.participants:
        if Role.INTERMEDIARY in participant.roles:
            steps += accounts_of_bank(participant.id, money, participant.quota)
    return Planned(tuple(steps))
