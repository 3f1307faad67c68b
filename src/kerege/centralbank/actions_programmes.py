# SPDX-License-Identifier: Apache-2.0
"""Planning of a programme's life: activate a version, suspend, resume, close. Pure.

A version's terms are signed by the funder; that two people of the central bank put them in force
is what later lets the core bring the money back without a wallet's signature.
"""

from typing import Final

from kerege.centralbank.actions import (
    ActivateProgramme,
    CloseProgramme,
    ResumeProgramme,
    SuspendProgramme,
)
from kerege.centralbank.actions_scene import ActionScene, Planned, Unable
from kerege.centralbank.programme_terms import (
    SignedTerms,
    check_terms,
    parse_terms,
    verify_terms,
)
from kerege.centralbank.register_accounts import converter_of
from kerege.centralbank.register_ids import programme_owner
from kerege.centralbank.register_programmes import (
    MAX_MARKS,
    MAX_PROGRAMMES,
    ProgrammeRecord,
    ProgrammeState,
)
from kerege.keys import InvalidSignatureError
from kerege.ledger import OpenAccount, Role, SetLimits, Step
from kerege.ledger import Refusal as LedgerRefusal
from kerege.payments.ids import WalletId
from kerege.payments.scene import ALLOWANCE_ASSET, WalletFacts
from kerege.programmes.document import MalformedProgramme, Programme

__all__ = ["plan_programmes"]

_UNKNOWN: Final = Unable("programme_unknown", "no programme has this id")
_NOT_SO: Final = Unable("nothing_to_change", "the programme is so already")
_OVER: Final = Unable("programme_closed", "the programme was closed; another one needs a new id")
_FULL: Final = Unable(
    "too_many_programmes", f"a core has at most {MAX_PROGRAMMES} programmes and {MAX_MARKS} marks"
)
_NOT_NEXT: Final = Unable(
    "programme_version_not_next", "a programme's first version is 1, and each next one more"
)
_ENDED: Final = Unable("programme_ended", "the terms end before they would be in force")
_CHANGED: Final = Unable(
    "programme_changed", "a later version has the funder and the asset of the first"
)
_NO_FUNDER: Final = Unable(
    "programme_funder_unknown", "the funder is no wallet that holds the programme's asset"
)
_SIGNER: Final = Unable(
    "programme_signer_not_allowed",
    "the terms are signed by no key in force of the funder, or of a changer of the version before",
)
_SIGNATURE: Final = Unable("programme_signature_invalid", "the signature of the terms is not valid")
_BUDGET: Final = Unable("programme_budget_below_marked", "more is marked already than the budget")

_BEFORE: Final = {
    SuspendProgramme: (ProgrammeState.ACTIVE,),
    ResumeProgramme: (ProgrammeState.SUSPENDED,),
    CloseProgramme: (ProgrammeState.ACTIVE, ProgrammeState.SUSPENDED),
}
"""In which states each makes sense."""


def plan_programmes(
    action: ActivateProgramme | SuspendProgramme | ResumeProgramme | CloseProgramme,
    scene: ActionScene,
) -> Planned | Unable:
    """The ledger's steps; the institution is the one that keeps the funder's wallet."""
    if isinstance(action, ActivateProgramme):
        return _activate(action, scene)
    known = scene.programme(action.programme)
    if known is None:
        return _UNKNOWN
    if known.state.is_over:
        return _OVER
    if known.state not in _BEFORE[type(action)]:
        return _NOT_SO
    funder = scene.wallet(known.funder)
    return Planned((), "" if funder is None else funder.bank)


def _activate(action: ActivateProgramme, scene: ActionScene) -> Planned | Unable:
    try:
        signed = parse_terms(action.terms.encode())
        check_terms(signed)
    except MalformedProgramme as fault:
        return Unable("programme_invalid", f"{fault.place}: {fault.message}"[:400])
    terms = signed.programme
    known = scene.programme(terms.id)
    funder = scene.wallet(terms.funder)
    unable = _unfit(terms, known, scene)
    if unable is not None:
        return unable
    if funder is None or terms.asset not in funder.accounts:
        return _NO_FUNDER
    unable = _check_signer(signed, known, scene)
    return unable or _plan_terms(terms, known, funder, scene)


def _unfit(terms: Programme, known: ProgrammeRecord | None, scene: ActionScene) -> Unable | None:
    """Why these terms do not follow what there is."""
    if known is not None and known.state.is_over:
        return _OVER
    if terms.version != (1 if known is None else known.newest.terms.version + 1):
        return _NOT_NEXT
    if known is not None and (known.asset, known.funder) != (terms.asset, terms.funder):
        return _CHANGED
    if terms.ends_us <= scene.now_us:
        return _ENDED
    programmes = scene.programmes
    if known is None and len(programmes) >= MAX_PROGRAMMES:
        return _FULL
    is_full = sum(len(each.marks) for each in programmes.values()) >= MAX_MARKS
    return _FULL if is_full and not (known and terms.takes_over) else None


def _check_signer(
    signed: SignedTerms, known: ProgrammeRecord | None, scene: ActionScene
) -> Unable | None:
    """The signer is named by the version in force: nobody makes themselves a changer."""
    terms = signed.programme
    allowed = {WalletId(terms.funder)}
    if known is not None:
        allowed |= {WalletId(changer) for changer in known.newest.terms.changers}
    key = scene.wallet_key(signed.kid)
    if key is None or key.revoked or key.wallet not in allowed:
        return _SIGNER
    try:
        verify_terms(signed, key.key)
    except InvalidSignatureError:
        return _SIGNATURE
    return None


def _plan_terms(
    terms: Programme, known: ProgrammeRecord | None, funder: WalletFacts, scene: ActionScene
) -> Planned:
    floor = -terms.budget
    steps: list[Step] = []
    if known is None:
        owner = programme_owner(terms.id)
        steps.append(OpenAccount(ALLOWANCE_ASSET, Role.HOLDER, owner, floor=floor))
    else:
        steps.append(SetLimits(known.budget, floor, None))
    if terms.asset not in scene.accounts.converters:
        # A country founded before there were programmes.
        steps.append(converter_of(terms.asset))
    renamed = {(0, LedgerRefusal.FLOOR_ABOVE_BALANCE): _BUDGET}
    return Planned(tuple(steps), funder.bank, renamed)
