# SPDX-License-Identifier: Apache-2.0
"""The ledger in plain Python: one order at a time, no columns, no database. Obvious, not fast."""

from msgspec.structs import replace

from kerege.ledger import order as o
from kerege.ledger.account import MAX_BALANCE, Account, Role, Status
from kerege.ledger.refusal import Refusal as R

LATE = {o.Kind.VOID: R.PENDING_ALREADY_VOIDED, o.Kind.EXPIRE: R.PENDING_EXPIRED}
HOLD_ENDS = (o.Kind.VOID, o.Kind.EXPIRE)


def no_if(condition: object, refusal: R) -> None:
    if condition:
        raise LookupError(refusal)


class ModelLedger:
    def __init__(self) -> None:
        self.assets: dict[str, int] = {}
        self.accounts: dict[int, Account] = {}
        self.cells: dict[tuple[int, int], tuple[int, ...]] = {}  # balance, out, in, version
        self.pendings: dict[object, tuple[tuple[int, int, int], int, int, R | None]] = {}
        self.decided: dict[bytes, tuple[o.Order, R | None, tuple[int, ...]]] = {}

    def post(self, order: o.Order, now: int) -> tuple[R | None, tuple[int, ...]]:
        if order.id in self.decided:
            first, refusal, results = self.decided[order.id]
            return (refusal, results) if order == first else (R.ID_HAS_OTHER_CONTENT, ())
        before = {name: dict(part) for name, part in vars(self).items() if name != "decided"}
        refusal, results = None, ()
        try:
            self.check_terms(order.terms, now)
            results = tuple([self.step(s, (order.id, i), now) for i, s in enumerate(order.steps)])
        except LookupError as refused:
            refusal = refused.args[0]
            vars(self).update(before)
        if refusal is None or refusal >= R.EXPIRED:
            self.decided[order.id] = order, refusal, results
        return refusal, results

    def check_terms(self, terms: o.Terms, now: int) -> None:
        no_if(now < terms.valid_from_us, R.NOT_YET_VALID)
        no_if(0 < terms.valid_until_us < now, R.EXPIRED)
        for e in terms.expects:
            balance, _, _, version = self.cells.get((e.account, e.mark), (0, 0, 0, 0))
            no_if(e.balance not in (None, balance), R.BALANCE_NOT_AS_EXPECTED)
            no_if(e.version not in (None, version), R.VERSION_NOT_AS_EXPECTED)

    def step(self, s: o.Step, ref: tuple[bytes, int], now: int) -> int:
        if isinstance(s, o.Transfer):
            return self.transfer(s, ref, now)
        if isinstance(s, o.DeclareAsset):
            no_if(s.asset in self.assets, R.ASSET_EXISTS)
            return self.assets.setdefault(s.asset, s.scale)
        if isinstance(s, o.OpenAccount):
            a = Account(len(self.accounts) + 1, s.asset, s.role, s.floor, s.ceiling)  # type: ignore[arg-type]
            no_if(a.asset not in self.assets, R.ASSET_UNKNOWN)
        else:
            no_if(s.account not in self.accounts, R.ACCOUNT_UNKNOWN)
            a = self.changed(self.accounts[s.account], s)
        self.accounts[a.id] = a
        return a.id

    def changed(self, a: Account, s: o.Step) -> Account:
        no_if(a.status & Status.CLOSED, R.ACCOUNT_CLOSED)
        if isinstance(s, o.SetStatus):
            return replace(a, status=s.status)
        if isinstance(s, o.CloseAccount):
            no_if(any(any(cell[:3]) for cell in self.cells_of(a.id)), R.ACCOUNT_NOT_EMPTY)
            return replace(a, status=Status.CLOSED)
        a = replace(a, floor=s.floor, ceiling=s.ceiling)  # type: ignore[union-attr]
        good = (None, None) if a.role is Role.ISSUER else (0, None)
        good = (a.floor or 0, a.ceiling) if a.role is Role.HOLDER else good
        no_if((a.floor, a.ceiling) != good, R.LIMITS_UNSUITABLE)
        no_if(a.role is Role.HOLDER and self.spendable(a, 0) < 0, R.FLOOR_ABOVE_BALANCE)
        no_if(a.ceiling is not None and self.room(a, 0) < 0, R.CEILING_BELOW_HOLDING)
        return a

    def transfer(self, t: o.Transfer, ref: tuple[bytes, int], now: int) -> int:
        for account, name in ((t.debit, "DEBIT"), (t.credit, "CREDIT")):
            no_if(account not in self.accounts, R[f"{name}_ACCOUNT_UNKNOWN"])
        debit, credit = self.accounts[t.debit], self.accounts[t.credit]
        no_if(debit.status & Status.CLOSED, R.DEBIT_ACCOUNT_CLOSED)
        no_if(credit.status & Status.CLOSED, R.CREDIT_ACCOUNT_CLOSED)
        if t.kind not in HOLD_ENDS:
            no_if(debit.status & Status.DEBITS_FROZEN, R.DEBITS_FROZEN)
            no_if(credit.status & Status.CREDITS_FROZEN, R.CREDITS_FROZEN)
        no_if(debit.asset != credit.asset, R.ASSETS_MUST_MATCH)
        if t.pending is not None:
            return self.resolve(t, (t.pending.order_id, t.pending.step), now)
        there, room = self.spendable(debit, t.mark), self.room(credit, t.mark)
        if t.kind is o.Kind.POST_UP_TO:
            return self.move(t, max(0, min(t.amount, there, room)), 0)
        no_if(debit.role is not Role.ISSUER and t.amount > there, R.EXCEEDS_BALANCE)
        no_if(t.amount > room and room < self.height(credit, t.mark), R.EXCEEDS_CEILING)
        no_if(t.amount > min(there, room), R.BALANCE_OVERFLOW)
        if t.kind is o.Kind.POST:
            return self.move(t, t.amount, 0)
        sides, until = (t.debit, t.credit, t.mark), now + t.timeout_s * 1_000_000
        self.pendings[ref] = sides, t.amount, until, None
        return self.move(t, 0, t.amount)

    def resolve(self, t: o.Transfer, ref: object, now: int) -> int:
        no_if(ref not in self.pendings, R.PENDING_NOT_FOUND)
        sides, rest, until, end = self.pendings[ref]
        no_if(sides != (t.debit, t.credit, t.mark), R.PENDING_IS_OF_OTHER_ACCOUNTS)
        if end is not None:
            raise LookupError(end)
        no_if(now >= until and t.kind is not o.Kind.EXPIRE, R.PENDING_EXPIRED)
        no_if(t.amount > rest, R.EXCEEDS_PENDING)
        freed = t.amount if t.kind is o.Kind.CAPTURE_PART else rest
        end = None if freed < rest else LATE.get(t.kind, R.PENDING_ALREADY_CAPTURED)
        self.pendings[ref] = sides, rest - freed, until, end
        return self.move(t, t.amount, -freed)

    def cells_of(self, account: int) -> list[tuple[int, ...]]:
        return [cell for (owner, _), cell in self.cells.items() if owner == account]

    def spendable(self, a: Account, mark: int) -> int:
        balance, out, _, _ = self.cells.get((a.id, mark), (0, 0, 0, 0))
        if a.role is Role.HOLDER or a.role is Role.COLLECTOR:
            return balance - out - (0 if mark else a.floor or 0)
        depth, total = balance - out + MAX_BALANCE, sum(c[0] - c[1] for c in self.cells_of(a.id))
        return min(depth, total) if a.role is Role.CONVERTER else depth

    def height(self, a: Account, mark: int) -> int:
        balance, _, coming, _ = self.cells.get((a.id, mark), (0, 0, 0, 0))
        return MAX_BALANCE - balance - coming

    def room(self, a: Account, mark: int) -> int:
        total, height = sum(c[0] + c[2] for c in self.cells_of(a.id)), self.height(a, mark)
        return height if a.ceiling is None else min(height, a.ceiling - total)

    def move(self, t: o.Transfer, posted: int, held: int) -> int:
        for account, side in ((t.debit, -1), (t.credit, 1)):
            balance, out, coming, version = self.cells.get((account, t.mark), (0, 0, 0, 0))
            out, coming = (out + held, coming) if side < 0 else (out, coming + held)
            self.cells[account, t.mark] = balance + side * posted, out, coming, version + 1
        return posted or abs(held)
