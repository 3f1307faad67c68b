# SPDX-License-Identifier: Apache-2.0
"""The ledger in plain Python: one order at a time, no columns, no database. Obvious, not fast.

At most 100 lines of code, so that it can be read in one go (test_state_machine.py counts).
"""

from kerege.ledger import order as o
from kerege.ledger.account import MAX_BALANCE, Account, Role, Status
from kerege.ledger.refusal import Refusal as R  # noqa: N817 -- it stands in every line
from tests.properties.model_accounts import Numbers, changed, no_if

LATE = {o.Kind.VOID: R.PENDING_ALREADY_VOIDED, o.Kind.EXPIRE: R.PENDING_EXPIRED}


NOTHING = (0, 0, 0, 0)


class ModelLedger:
    def __init__(self) -> None:
        self.assets: dict[str, int] = {}
        self.accounts: dict[int, Account] = {}
        self.cells: dict[tuple[int, int], Numbers] = {}
        self.pendings: dict[tuple[bytes, int], tuple[tuple[int, int, int], int, int, R | None]] = {}
        self.decided: dict[bytes, tuple[o.Order, R | None, tuple[int, ...]]] = {}

    def post(self, order: o.Order, now: int) -> tuple[R | None, tuple[int, ...]]:
        if order.id in self.decided:
            first, refusal, results = self.decided[order.id]
            return (refusal, results) if order == first else (R.ID_HAS_OTHER_CONTENT, ())
        before = {name: dict(part) for name, part in vars(self).items() if name != "decided"}
        refusal, results = None, ()
        try:
            no_if(now < order.terms.valid_from_us, R.NOT_YET_VALID)
            no_if(0 < order.terms.valid_until_us < now, R.EXPIRED)
            for e in order.terms.expects:
                balance, _, _, version = self.cells.get((e.account, e.mark), NOTHING)
                no_if(e.balance not in (None, balance), R.BALANCE_NOT_AS_EXPECTED)
                no_if(e.version not in (None, version), R.VERSION_NOT_AS_EXPECTED)
            results = tuple([self.step(s, (order.id, i), now) for i, s in enumerate(order.steps)])
        except LookupError as refused:
            refusal = refused.args[0]
            vars(self).update(before)
        if refusal is None or refusal >= R.EXPIRED:
            self.decided[order.id] = order, refusal, results
        return refusal, results

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
            a = changed(self.accounts[s.account], s, self.cells_of(s.account))
        self.accounts[a.id] = a
        return a.id

    def transfer(self, t: o.Transfer, ref: tuple[bytes, int], now: int) -> int:
        for account, name in ((t.debit, "DEBIT"), (t.credit, "CREDIT")):
            no_if(account not in self.accounts, R[f"{name}_ACCOUNT_UNKNOWN"])
        debit, credit, moves = self.accounts[t.debit], self.accounts[t.credit], t.kind not in LATE
        no_if(debit.status & Status.CLOSED, R.DEBIT_ACCOUNT_CLOSED)
        no_if(credit.status & Status.CLOSED, R.CREDIT_ACCOUNT_CLOSED)
        no_if(moves and debit.status & Status.DEBITS_FROZEN, R.DEBITS_FROZEN)
        no_if(moves and credit.status & Status.CREDITS_FROZEN, R.CREDITS_FROZEN)
        no_if(debit.asset != credit.asset, R.ASSETS_MUST_MATCH)
        if t.pending is not None:
            return self.resolve(t, (t.pending.order_id, t.pending.step), now)
        there, height, left = self.spendable(debit, t.mark), *self.room(credit, t.mark)
        if t.kind is o.Kind.POST_UP_TO:
            return self.move(t, max(0, min(t.amount, there, height, left)), 0)
        no_if(debit.role is not Role.ISSUER and t.amount > there, R.EXCEEDS_BALANCE)
        no_if(t.amount > left < height, R.EXCEEDS_CEILING)
        no_if(t.amount > min(there, height), R.BALANCE_OVERFLOW)
        if t.kind is o.Kind.POST:
            return self.move(t, t.amount, 0)
        until = now + t.timeout_s * 1_000_000
        self.pendings[ref] = (t.debit, t.credit, t.mark), t.amount, until, None
        return self.move(t, 0, t.amount)

    def resolve(self, t: o.Transfer, ref: tuple[bytes, int], now: int) -> int:
        no_if(ref not in self.pendings, R.PENDING_NOT_FOUND)
        sides, rest, until, end = self.pendings[ref]
        no_if(sides != (t.debit, t.credit, t.mark), R.PENDING_IS_OF_OTHER_ACCOUNTS)
        no_if(end, end or R.PENDING_EXPIRED)
        no_if(now >= until and t.kind is not o.Kind.EXPIRE, R.PENDING_EXPIRED)
        no_if(t.amount > rest, R.EXCEEDS_PENDING)
        freed = t.amount if t.kind is o.Kind.CAPTURE_PART else rest
        end = None if freed < rest else LATE.get(t.kind, R.PENDING_ALREADY_CAPTURED)
        self.pendings[ref] = sides, rest - freed, until, end
        return self.move(t, t.amount, -freed)

    def cells_of(self, account: int) -> dict[int, Numbers]:
        return {mark: cell for (owner, mark), cell in self.cells.items() if owner == account}

    def spendable(self, a: Account, mark: int) -> int:
        balance, out, _, _ = self.cells.get((a.id, mark), NOTHING)
        total = sum(cell[0] - cell[1] for cell in self.cells_of(a.id).values())
        if a.role in (Role.HOLDER, Role.COLLECTOR):
            return balance - out - (0 if mark else a.floor or 0)
        depth = balance - out + MAX_BALANCE
        return min(depth, total) if a.role is Role.CONVERTER else depth

    def room(self, a: Account, mark: int) -> tuple[int, int]:  # in the cell, and to the ceiling
        balance, _, coming, _ = self.cells.get((a.id, mark), NOTHING)
        total, height = (
            sum(c[0] + c[2] for c in self.cells_of(a.id).values()),
            MAX_BALANCE - balance - coming,
        )
        return height, height if a.ceiling is None else a.ceiling - total

    def move(self, t: o.Transfer, posted: int, held: int) -> int:
        balance, out, coming, version = self.cells.get((t.debit, t.mark), NOTHING)
        self.cells[t.debit, t.mark] = balance - posted, out + held, coming, version + 1
        balance, out, coming, version = self.cells.get((t.credit, t.mark), NOTHING)
        self.cells[t.credit, t.mark] = balance + posted, out, coming + held, version + 1
        return posted or abs(held)
