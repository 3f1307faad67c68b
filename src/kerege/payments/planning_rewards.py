# SPDX-License-Identifier: Apache-2.0
"""Plans of rewards: money of a programme's funder waits for a person, on a source's word. Pure.

The funder's signature is under the terms, which name the source and bound what it releases. So the
money goes as if the funder had reserved it: the programme's routes are asked, and all of it is the
programme's. What was attested has an allowance of one.
"""

from typing import Final

from kerege.ledger.order import Transfer
from kerege.ledger.refusal import Refusal as LedgerRefusal
from kerege.payments.allowances import claim_allowance, source_allowance
from kerege.payments.documents import Hold, Reward
from kerege.payments.parties import find_payee, find_signer, newest_programme
from kerege.payments.purse import Leaving, Purse
from kerege.payments.refusal import Refusal
from kerege.payments.reward_documents import TAKE_AT_LEAST_S, TAKE_S
from kerege.payments.scene import Plan, Refused, Scene
from kerege.payments.steps import WHOLE, Steps
from kerege.programmes import ActiveProgramme, OutcomeTerms, Programme, Source
from kerege.programmes.outcome import REWARD_CHANNEL

__all__ = ["plan_reward"]

_DECIDED_WITHIN_S: Final = 60
"""What a reward near the end leaves the ledger to decide in, before it would outlast its
programme."""


def plan_reward(reward: Reward, scene: Scene) -> Plan | Refused:
    """Reserve what is attested for the person, once."""
    signer = find_signer(reward.wallet, scene)
    if isinstance(signer, Refusal):
        return Refused(signer)
    programme = newest_programme(reward.programme, scene)
    if programme is None:
        return Refused(Refusal.PROGRAMME_UNKNOWN)
    outcome = programme.terms.outcome
    source = None if outcome is None else outcome.source(signer.id)
    if outcome is None or source is None:
        return Refused(Refusal.REWARD_SOURCE_UNKNOWN)
    if reward.units > outcome.max_units:
        found, limit = reward.units * outcome.unit_amount, outcome.max_units * outcome.unit_amount
        return Refused(Refusal.REWARD_TOO_LARGE, found=found, limit=limit)
    steps = Steps()
    _use_up(reward, programme, source, outcome, scene, steps)
    return _reserve(reward, programme, outcome, scene, steps) or steps.plan()


def _use_up(
    reward: Reward,
    programme: ActiveProgramme,
    source: Source,
    outcome: OutcomeTerms,
    scene: Scene,
    steps: Steps,
) -> None:
    """The one time of the claim, and what the source may release. The claim's `code` says how long
    the reward waits: later terms do not change it."""
    sink = scene.allowance_sink
    claim = scene.allowance(claim_allowance(reward.programme, reward.claim))
    steps.rename(LedgerRefusal.EXCEEDS_BALANCE, Refusal.REWARD_CLAIM_USED)
    steps.add(Transfer(claim, sink, 1, code=outcome.hold_s), WHOLE)
    steps.use_up(
        scene.allowance(source_allowance(programme.terms, source)),
        sink,
        reward.units * outcome.unit_amount,
        Refusal.REWARD_SOURCE_USED_UP,
        window_s=programme.rules.window_s(source, at_us=scene.now_us, counted=source.wallet),
        leg=WHOLE,
    )


def _reserve(
    reward: Reward,
    programme: ActiveProgramme,
    outcome: OutcomeTerms,
    scene: Scene,
    steps: Steps,
) -> Refused | None:
    """The money, as the funder's own hold of this programme's money would be planned."""
    terms = programme.terms
    funder = find_signer(terms.funder, scene, asset=terms.asset)
    if isinstance(funder, Refusal):
        return Refused(funder)
    person = find_payee(reward.to, scene, payer=reward.wallet, asset=terms.asset)
    if isinstance(person, Refusal):
        return Refused(person)
    if person.id in (funder.id, outcome.inspector):
        return Refused(Refusal.PAYEE_IS_PAYER)
    hold = Hold(
        id=reward.id,
        wallet=funder.id,
        until_us=reward.until_us,
        asset=terms.asset,
        to=person.id,
        amount=reward.units * outcome.unit_amount,
        seconds=_seconds(terms, outcome, scene),
        spend=terms.id,
        channel=REWARD_CHANNEL,
    )
    purse = Purse.find(hold, funder, terms.asset, scene)
    if isinstance(purse, Refused):
        return purse
    leaving = Leaving(payee=person, amount=hold.amount, code=0, hold_s=hold.seconds)
    rest = purse.draw(leaving, steps)
    return rest if isinstance(rest, Refused) else None


def _seconds(terms: Programme, outcome: OutcomeTerms, scene: Scene) -> int:
    """How long a reward is there for its person: shorter near the programme's end."""
    left_s = (terms.ends_us - scene.now_us) // 1_000_000 - _DECIDED_WITHIN_S
    return outcome.hold_s + max(min(TAKE_S, left_s - outcome.hold_s), TAKE_AT_LEAST_S)
