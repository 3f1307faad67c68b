# SPDX-License-Identifier: Apache-2.0
"""Plans of holds: reserve, raise, capture over several parts, release. Pure.

When a hold ends unused is the ledger's doing. What is left of a part is the ledger's knowledge
too: two captures at once are told apart there, never here.
"""

import hashlib

from kerege.keys import decode_base64url, encode_base64url
from kerege.ledger.ids import AccountId
from kerege.ledger.order import Kind, Transfer
from kerege.ledger.refusal import Refusal as LedgerRefusal
from kerege.payments.documents import Capture, Hold, Release
from kerege.payments.earlier import Reserved, find_reserved
from kerege.payments.parties import find_payee, find_signer
from kerege.payments.planning_fees import Charged, Fees
from kerege.payments.refusal import Refusal
from kerege.payments.scene import Plan, Refused, Scene, WalletFacts
from kerege.payments.steps import Steps, landing_of

__all__ = ["plan_capture", "plan_hold", "plan_release"]


def plan_hold(hold: Hold, scene: Scene) -> Plan | Refused:
    """Reserve money for a payee; a raise reserves more under the same rules."""
    payer = find_signer(hold.wallet, scene, asset=hold.asset)
    if isinstance(payer, Refusal):
        return Refused(payer)
    payee = find_payee(hold.to, scene, payer=hold.wallet, asset=hold.asset)
    if isinstance(payee, Refusal):
        return Refused(payee)
    if hold.decider and scene.wallet(hold.decider) is None:
        return Refused(Refusal.DECIDER_UNKNOWN)
    refusal = _fault_of_raise(hold, scene) if hold.raises else None
    if refusal is not None:
        return Refused(refusal)
    debit = payer.accounts[hold.asset]
    transfer = Transfer(
        debit,
        landing_of(payee, hold.asset, debit=debit),
        hold.amount,
        kind=Kind.PENDING,
        code=hold.purpose,
        timeout_s=hold.seconds,
    )
    return Plan((transfer,), (0,))


def _fault_of_raise(hold: Hold, scene: Scene) -> Refusal | None:
    first = find_reserved(hold.raises, scene)
    if first is None:
        return Refusal.ORDER_NOT_FOUND
    if first.payer != hold.wallet:
        return Refusal.NOT_YOURS
    rules = (hold.asset, hold.to, hold.decider, hold.lock, hold.raises, hold.purpose)
    same = (first.asset, first.payee, first.decider, first.lock, first.first, first.transfer.code)
    return None if rules == same else Refusal.HOLD_PARTS_MISMATCH


def plan_capture(capture: Capture, scene: Scene) -> Plan | Refused:
    """Take part or all of a hold. Parts give in turn; what a part does not give is released,
    or stays reserved with `keep`."""
    signer = find_signer(capture.wallet, scene)
    if isinstance(signer, Refusal):
        return Refused(signer)
    parts = _find_parts(capture.holds, scene)
    if isinstance(parts, Refusal):
        return Refused(parts)
    first = parts[0]
    if signer.id != (first.decider or first.payee):
        return Refused(Refusal.NOT_YOURS)
    reserved = sum(part.transfer.amount for part in parts)
    if capture.amount > reserved:
        return Refused(Refusal.EXCEEDS_HOLD, found=capture.amount, limit=reserved)
    if first.lock and not _opens(capture.preimage, first.lock):
        return Refused(Refusal.PREIMAGE_WRONG)
    payee = find_payee(first.payee, scene, payer=first.payer, asset=first.asset)
    if isinstance(payee, Refusal):
        return Refused(payee)
    steps = Steps()
    landed = _take(capture, parts, steps)
    return _settle(capture, first, payee, landed, scene, steps) or steps.plan()


def _take(capture: Capture, parts: tuple[Reserved, ...], steps: Steps) -> dict[AccountId, int]:
    """Capture what is taken of each part, void what gives nothing; returns where it lands."""
    missing = capture.amount
    landed: dict[AccountId, int] = {}
    for part in parts:
        taken = min(missing, part.transfer.amount)
        missing -= taken
        if taken:
            kind = Kind.CAPTURE_PART if capture.keep else Kind.CAPTURE
            steps.rename(LedgerRefusal.EXCEEDS_PENDING, Refusal.EXCEEDS_HOLD)
            steps.add(_resolving(part, kind, taken))
            landed[part.transfer.credit] = landed.get(part.transfer.credit, 0) + taken
        elif not capture.keep:
            steps.add(_resolving(part, Kind.VOID, 0))
    return landed


def _settle(
    capture: Capture,
    part: Reserved,
    payee: WalletFacts,
    landed: dict[AccountId, int],
    scene: Scene,
    steps: Steps,
) -> Refused | None:
    payer = scene.wallet(part.payer)
    if payer is None:
        return Refused(Refusal.WALLET_UNKNOWN)
    fees = Fees(scene)
    code = part.transfer.code
    costs = fees.charge(
        Charged(
            kind="capture",
            asset=part.asset,
            payer=payer,
            payee=payee,
            purpose=code,
            amount=capture.amount,
        )
    )
    steps.settle(payee, part.asset, landed, code=code, fees=costs)
    return fees.draw(part.transfer.debit, granted=0, steps=steps)


def plan_release(release: Release, scene: Scene) -> Plan | Refused:
    """Give all named parts back to the payer: the payee renounces, or the decider decides."""
    signer = find_signer(release.wallet, scene)
    if isinstance(signer, Refusal):
        return Refused(signer)
    parts = _find_parts(release.holds, scene)
    if isinstance(parts, Refusal):
        return Refused(parts)
    if signer.id not in (parts[0].payee, parts[0].decider):
        return Refused(Refusal.NOT_YOURS)
    steps = Steps()
    for part in parts:
        steps.add(_resolving(part, Kind.VOID, 0))
    return steps.plan()


def _find_parts(orders: tuple[str, ...], scene: Scene) -> tuple[Reserved, ...] | Refusal:
    """The parts of one hold, each named once."""
    parts = []
    for order in orders:
        part = find_reserved(order, scene)
        if part is None:
            return Refusal.ORDER_NOT_FOUND
        parts.append(part)
    # A raise was held to its hold's rules, so that parts of one hold agree in everything.
    if len({part.first for part in parts}) > 1 or len(set(orders)) < len(orders):
        return Refusal.HOLD_PARTS_MISMATCH
    return tuple(parts)


def _resolving(part: Reserved, kind: Kind, amount: int) -> Transfer:
    made = part.transfer
    return Transfer(
        made.debit, made.credit, amount, made.mark, kind=kind, code=made.code, pending=part.ref
    )


def _opens(preimage: str, lock: str) -> bool:
    """Whether the preimage's SHA-256 is the lock. Both are 32 bytes in base64url as documents
    have them, or absent: an absent preimage opens nothing."""
    if not preimage:
        return False
    digest = hashlib.sha256(decode_base64url(preimage.encode())).digest()
    return encode_base64url(digest) == lock
