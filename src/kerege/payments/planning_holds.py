# SPDX-License-Identifier: Apache-2.0
"""Plans of holds: reserve, raise, capture over several parts, release. Pure.

When a hold ends unused is the ledger's doing. What is left of a part is the ledger's knowledge
too: two captures at once are told apart there, never here.
"""

import hashlib
from bisect import bisect_left
from collections.abc import Sequence

from kerege.keys import decode_base64url, encode_base64url
from kerege.ledger.ids import UNMARKED, AccountId
from kerege.ledger.order import Kind, Transfer
from kerege.ledger.refusal import Refusal as LedgerRefusal
from kerege.payments.billed_holds import (
    is_over,
    mark_vat,
    resolving,
    taken_of,
    takings_of,
    use_owed,
)
from kerege.payments.contracts import find_contract, unmet_rule
from kerege.payments.documents import Capture, Hold, Release
from kerege.payments.earlier import Reserved, ReservedPart, find_reserved
from kerege.payments.parties import find_payee, find_signer
from kerege.payments.planning_fees import Charged, Fees
from kerege.payments.purse import Leaving, Purse
from kerege.payments.refusal import Refusal
from kerege.payments.scene import Plan, Refused, Scene, WalletFacts
from kerege.payments.steps import WHOLE, Steps, landing_of
from kerege.payments.vat_drawing import draw_leg

__all__ = ["plan_capture", "plan_hold", "plan_release", "reserve_rest"]

_CAPTURES = (Kind.CAPTURE, Kind.CAPTURE_PART)


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
    purse = Purse.find(hold, payer, hold.asset, scene)
    if isinstance(purse, Refused):
        return purse
    steps = Steps()
    leaving = Leaving(payee=payee, amount=hold.amount, code=hold.purpose, hold_s=hold.seconds)
    rest = draw_leg(purse, leaving, hold.asset, steps, scene)
    if isinstance(rest, Refused):
        return rest
    reserve_rest(leaving, hold.asset, payer.accounts[hold.asset], rest, steps)
    return steps.plan()


def reserve_rest(leaving: Leaving, asset: str, debit: AccountId, rest: int, steps: Steps) -> None:
    """Reserve the unmarked part of a hold, if there is one."""
    if not rest:
        return
    if steps.kept is not None:
        steps.rename(LedgerRefusal.EXCEEDS_BALANCE, Refusal.PROGRAMME_RULE)
    steps.add(
        Transfer(
            debit,
            landing_of(leaving.payee, asset, debit=debit),
            rest,
            kind=Kind.PENDING,
            code=leaving.code,
            timeout_s=leaving.hold_s,
        )
    )


def _fault_of_raise(hold: Hold, scene: Scene) -> Refusal | None:
    first = find_reserved(hold.raises, scene)
    if first is None:
        return Refusal.ORDER_NOT_FOUND
    if first.payer != hold.wallet:
        return Refusal.NOT_YOURS
    rules = (hold.asset, hold.to, hold.decider, hold.lock, hold.raises, hold.purpose)
    same = (first.asset, first.payee, first.decider, first.lock, first.first, first.purpose)
    papers = (hold.about, hold.milestone, hold.invoice)
    is_same = rules == same and papers == (first.about, first.milestone, first.invoice)
    return None if is_same else Refusal.HOLD_PARTS_MISMATCH


def plan_capture(capture: Capture, scene: Scene) -> Plan | Refused:
    """Take part or all of a hold. Parts give in turn; what a part does not give is released,
    or stays reserved with `keep`."""
    signer = find_signer(capture.wallet, scene)
    if isinstance(signer, Refusal):
        return Refused(signer)
    holds = _find_holds(capture.holds, scene)
    if isinstance(holds, Refusal):
        return Refused(holds)
    first = holds[0]
    if signer.id != (first.decider or first.payee) and not _brings(signer, first, scene):
        return Refused(Refusal.NOT_YOURS)
    if scene.now_us < first.free_us:
        return Refused(Refusal.REWARD_ON_HOLD, found=scene.now_us, limit=first.free_us)
    if scene.wallet(first.payer) is None:
        return Refused(Refusal.WALLET_UNKNOWN)
    reserved = sum(hold.amount for hold in holds)
    if capture.amount > reserved:
        return Refused(Refusal.EXCEEDS_HOLD, found=capture.amount, limit=reserved)
    if first.lock and not _opens(capture.preimage, first.lock):
        return Refused(Refusal.PREIMAGE_WRONG)
    steps = Steps()
    parts = [part for hold in holds for part in hold.parts]
    refused = _check_programmes(parts, scene, steps)
    if refused is not None:
        return refused
    unmet = _unmet(first, scene)
    if unmet is not None:
        return unmet
    payee = find_payee(first.payee, scene, payer=first.payer, asset=first.asset)
    if isinstance(payee, Refusal):
        return Refused(payee)
    takings = takings_of(capture.amount, holds, scene)
    if sum(taken for _, taken in takings) < capture.amount:
        limit = _most_of(capture.amount, holds, scene)
        return Refused(Refusal.PROGRAMME_OVER, found=capture.amount, limit=limit)
    _use_limits(capture, holds, scene, steps)
    refused = use_owed(capture.amount, holds, steps, keep=capture.keep, scene=scene) or mark_vat(
        first, takings, payee, steps, scene
    )
    if refused is not None:
        return refused
    landed = _take(capture, takings, payee, first, scene, steps)
    refused = _settle(capture, first, payee, landed, scene, steps)
    if refused is not None:
        return refused
    _give_budgets_back(payee, scene, steps)
    return steps.plan()


def _give_budgets_back(payee: WalletFacts, scene: Scene, steps: Steps) -> None:
    """What came back to a programme's funder without its mark, the programme may mark again."""
    for step in tuple(steps.steps):
        if not isinstance(step, Transfer) or step.kind not in _CAPTURES:
            continue
        programme = scene.programmes.get(step.mark)
        is_off = programme is not None and step.credit == scene.converter(programme.terms.asset)
        if programme is not None and is_off and programme.terms.funder == payee.id:
            steps.add(Transfer(scene.allowance_sink, programme.budget, step.amount))


def _unmet(hold: Reserved, scene: Scene) -> Refused | None:
    """An obligation that was met when the money was reserved must be met when it is taken."""
    contract = find_contract(hold.about, scene) if hold.about else None
    return None if contract is None else unmet_rule(contract, scene, leg=WHOLE)


def _brings(signer: WalletFacts, hold: Reserved, scene: Scene) -> bool:
    """Whether a bank takes a reward for its customer, who may not know of it."""
    person = scene.wallet(hold.payee)
    if not hold.free_us or person is None:
        return False
    return signer.owner_kind == "bank" and signer.bank == person.bank


def _check_programmes(parts: Sequence[ReservedPart], scene: Scene, steps: Steps) -> Refused | None:
    """The money of a programme that rests waits; what is taken of one is taken before its end."""
    programmes = [scene.programmes.get(part.transfer.mark) for part in parts]
    if any(one.suspended for one in programmes if one is not None):
        return Refused(Refusal.PROGRAMME_SUSPENDED)
    for part, programme in zip(parts, programmes, strict=True):
        if programme is not None and not is_over(part, scene):
            steps.end_by(programme.terms.ends_us - 1)
    return None


def _most_of(amount: int, holds: Sequence[Reserved], scene: Scene) -> int:
    """The most that can be taken of holds, where it is less than `amount`."""

    def lacks(some: int) -> bool:
        return sum(taken for _, taken in takings_of(some, holds, scene)) < some

    return bisect_left(range(1, amount + 1), True, key=lacks)


def _take(
    capture: Capture,
    takings: Sequence[tuple[ReservedPart, int]],
    payee: WalletFacts,
    hold: Reserved,
    scene: Scene,
    steps: Steps,
) -> dict[AccountId, int]:
    """Capture what is taken of each part, void what gives nothing; returns where unmarked money
    lands. A mark that ends here is taken off on the way."""
    landed: dict[AccountId, int] = {}
    converter = scene.converter(hold.asset)
    for part, taken in takings:
        if not taken:
            if not capture.keep:
                steps.add(resolving(part, Kind.VOID, 0))
            continue
        if part.transfer.mark == UNMARKED and part.transfer.credit == converter:
            continue  # VAT, which was marked already.
        kind = Kind.CAPTURE_PART if capture.keep else Kind.CAPTURE
        steps.rename(LedgerRefusal.EXCEEDS_PENDING, Refusal.EXCEEDS_HOLD)
        steps.add(resolving(part, kind, taken))
        landing = part.transfer.credit
        if landing == converter:
            landing = landing_of(payee, hold.asset, debit=converter)
            steps.add(Transfer(converter, landing, taken, code=hold.purpose))
        elif part.transfer.mark != UNMARKED:
            continue
        landed[landing] = landed.get(landing, 0) + taken
    return landed


def _use_limits(capture: Capture, holds: Sequence[Reserved], scene: Scene, steps: Steps) -> None:
    """Use up for good, of what the holds keep of a contract, as much as is taken of each."""
    for hold, taken in zip(holds, taken_of(capture.amount, holds, scene), strict=True):
        for limit in hold.limits:
            if taken:
                kind = Kind.CAPTURE_PART if capture.keep else Kind.CAPTURE
                steps.rename(LedgerRefusal.EXCEEDS_PENDING, Refusal.EXCEEDS_HOLD)
                steps.add(resolving(limit, kind, taken), WHOLE)
            elif not capture.keep:
                steps.add(resolving(limit, Kind.VOID, 0), WHOLE)


def _settle(
    capture: Capture,
    hold: Reserved,
    payee: WalletFacts,
    landed: dict[AccountId, int],
    scene: Scene,
    steps: Steps,
) -> Refused | None:
    payer = scene.wallet(hold.payer)
    if payer is None:
        return Refused(Refusal.WALLET_UNKNOWN)
    fees = Fees(scene)
    costs = fees.charge(
        Charged(
            kind="capture",
            asset=hold.asset,
            payer=payer,
            payee=payee,
            purpose=hold.purpose,
            amount=capture.amount,
        )
    )
    steps.settle(payee, hold.asset, landed, code=hold.purpose, fees=costs)
    return fees.draw(payer.accounts[hold.asset], granted=0, steps=steps)


def plan_release(release: Release, scene: Scene) -> Plan | Refused:
    """Give all named parts back to the payer: the payee renounces, the decider decides, or the
    inspector found a reward wrong in time."""
    signer = find_signer(release.wallet, scene)
    if isinstance(signer, Refusal):
        return Refused(signer)
    holds = _find_holds(release.holds, scene)
    if isinstance(holds, Refusal):
        return Refused(holds)
    first = holds[0]
    inspects = signer.id == first.inspector and scene.now_us < first.free_us
    if signer.id not in (first.payee, first.decider) and not inspects:
        return Refused(Refusal.NOT_YOURS)
    steps = Steps()
    for hold in holds:
        for part in hold.parts:
            steps.add(resolving(part, Kind.VOID, 0))
        for limit in (*hold.limits, *hold.owed):
            steps.add(resolving(limit, Kind.VOID, 0), WHOLE)
    return steps.plan()


def _find_holds(orders: tuple[str, ...], scene: Scene) -> tuple[Reserved, ...] | Refusal:
    """A hold and its raises, each named once."""
    holds = []
    for order in orders:
        hold = find_reserved(order, scene)
        if hold is None:
            return Refusal.ORDER_NOT_FOUND
        holds.append(hold)
    # A raise was held to its hold's rules, so that they agree in everything.
    if len({hold.first for hold in holds}) > 1 or len(set(orders)) < len(orders):
        return Refusal.HOLD_PARTS_MISMATCH
    return tuple(holds)


def _opens(preimage: str, lock: str) -> bool:
    """Whether the preimage's SHA-256 is the lock. Both are 32 bytes in base64url as documents
    have them, or absent: an absent preimage opens nothing."""
    if not preimage:
        return False
    digest = hashlib.sha256(decode_base64url(preimage.encode())).digest()
    return encode_base64url(digest) == lock
