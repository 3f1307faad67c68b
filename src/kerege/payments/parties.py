# SPDX-License-Identifier: Apache-2.0
"""Who signs, who is paid, under which programme: checks that kinds of documents share. Pure."""

from kerege.payments.refusal import Refusal
from kerege.payments.scene import Scene, WalletFacts
from kerege.programmes import ActiveProgramme

__all__ = ["find_payee", "find_signer", "newest_programme"]


def find_signer(wallet: str, scene: Scene, *, asset: str | None = None) -> WalletFacts | Refusal:
    """The wallet that signs, able to act and holding `asset` (None: no matter which)."""
    facts = scene.wallet(wallet)
    if facts is None:
        return Refusal.WALLET_UNKNOWN
    if facts.suspended:
        return Refusal.WALLET_SUSPENDED
    if asset is not None and asset not in facts.accounts:
        return Refusal.ASSET_NOT_HELD
    return facts


def find_payee(wallet: str, scene: Scene, *, payer: str, asset: str) -> WalletFacts | Refusal:
    """The wallet that is paid by `payer`, another one that holds `asset`."""
    facts = scene.wallet(wallet)
    if facts is None:
        return Refusal.PAYEE_UNKNOWN
    if asset not in facts.accounts:
        return Refusal.PAYEE_DOES_NOT_HOLD_ASSET
    if facts.id == payer:
        return Refusal.PAYEE_IS_PAYER
    return facts


def newest_programme(name: str, scene: Scene) -> ActiveProgramme | None:
    """The version of a programme that new money gets, None if there is no such programme."""
    versions = [one for one in scene.programmes.values() if one.terms.id == name]
    return max(versions, key=lambda one: one.mark, default=None)
