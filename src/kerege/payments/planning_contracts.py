# SPDX-License-Identifier: Apache-2.0
"""Plans of contracts: register one, say whether its obligations are met. Pure.

A contract's order opens its allowances, and takes its cap from what the contract above may still
give to others: so a chain of contracts never promises more than its root, however many are
registered at once.
"""

from collections.abc import Iterator

from kerege.ledger.order import SetLimits, Step
from kerege.payments.allowances import contract_allowances
from kerege.payments.contract_documents import Attest, Contract
from kerege.payments.contracts import MAX_CONTRACT_DEPTH, Registered, chain_of, find_contract
from kerege.payments.parties import find_payee, find_signer, newest_programme
from kerege.payments.refusal import Refusal
from kerege.payments.scene import Plan, Refused, Scene
from kerege.payments.steps import Steps
from kerege.programmes import ActiveProgramme

__all__ = ["plan_attest", "plan_contract"]


def plan_contract(contract: Contract, scene: Scene) -> Plan | Refused:
    """Register a contract of the funder's, or one under a contract the signer supplies."""
    refusal = _refused_party(contract, scene)
    if refusal is not None:
        return Refused(refusal)
    programme = newest_programme(contract.programme, scene)
    if programme is None:
        return Refused(Refusal.PROGRAMME_UNKNOWN)
    refused = _refused_programme(contract, programme, scene)
    if refused is not None:
        return refused
    steps = Steps()
    for opening in contract_allowances(contract):
        steps.add(opening)
    if not contract.parent:
        is_funder = programme.terms.funder == contract.wallet
        return steps.plan() if is_funder else Refused(Refusal.NOT_YOURS)
    return _hang_under(contract, scene, steps) or steps.plan()


def plan_attest(attest: Attest, scene: Scene) -> Plan | Refused:
    """Let an obligation's allowance be there, or not."""
    signer = find_signer(attest.wallet, scene)
    if isinstance(signer, Refusal):
        return Refused(signer)
    contract = find_contract(attest.contract, scene)
    if contract is None:
        return Refused(Refusal.ORDER_NOT_FOUND)
    attesters = {one.name: one.attester for one in contract.terms.obligations}
    if attest.obligation not in attesters:
        return Refused(Refusal.CONTRACT_PART_UNKNOWN)
    if attesters[attest.obligation] != signer.id:
        return Refused(Refusal.NOT_YOURS)
    account = contract.obligations[attest.obligation]
    step: Step = SetLimits(account, -1 if attest.met else 0, None)
    return Plan((step,), (0,))


def _refused_party(contract: Contract, scene: Scene) -> Refusal | None:
    """Buyer, supplier, and all who are to decide exist."""
    buyer = find_signer(contract.wallet, scene, asset=contract.asset)
    if isinstance(buyer, Refusal):
        return buyer
    supplier = find_payee(contract.supplier, scene, payer=contract.wallet, asset=contract.asset)
    if isinstance(supplier, Refusal):
        return supplier
    deciders = {one.attester for one in contract.obligations} | {contract.acceptor} - {""}
    unknown = any(scene.wallet(decider) is None for decider in deciders)
    return Refusal.DECIDER_UNKNOWN if unknown else None


def _refused_programme(
    contract: Contract, programme: ActiveProgramme, scene: Scene
) -> Refused | None:
    ends_us = programme.terms.ends_us
    if programme.suspended:
        return Refused(Refusal.PROGRAMME_SUSPENDED)
    if programme.closed or scene.now_us >= ends_us:
        return Refused(Refusal.PROGRAMME_OVER, found=scene.now_us, limit=ends_us)
    if scene.now_us >= contract.ends_us:
        return Refused(Refusal.CONTRACT_OVER, found=scene.now_us, limit=contract.ends_us)
    if contract.asset != programme.terms.asset:
        return _mismatch(contract, "asset")
    return None


def _hang_under(contract: Contract, scene: Scene, steps: Steps) -> Refused | None:
    """Check a contract against the one above it, and take its cap from there."""
    above = find_contract(contract.parent, scene)
    if above is None:
        return Refused(Refusal.ORDER_NOT_FOUND)
    if above.terms.supplier != contract.wallet:
        return Refused(Refusal.NOT_YOURS)
    fault = next(_faults(contract, above, scene), None)
    if fault is not None:
        return _mismatch(contract, fault)
    sink = scene.allowance_sink
    steps.use_up(above.passable, sink, contract.cap, Refusal.CONTRACT_USED_UP)
    return None


def _faults(contract: Contract, above: Registered, scene: Scene) -> Iterator[str]:
    """What does not fit the contract above, one name each."""
    terms = above.terms
    if (terms.programme, terms.asset) != (contract.programme, contract.asset):
        yield "programme"
    if terms.last:
        yield "last"
    if contract.ends_us > terms.ends_us:
        yield "ends"
    chain = chain_of(above, scene)
    if len(chain) >= MAX_CONTRACT_DEPTH:
        yield "depth"
    # Money that comes round to where it was would look like work done for it.
    if contract.supplier in {one.wallet for one in chain}:
        yield "circle"


def _mismatch(contract: Contract, what: str) -> Refused:
    return Refused(Refusal.CONTRACT_MISMATCH, rule=f"{contract.programme}/contract/{what}")
