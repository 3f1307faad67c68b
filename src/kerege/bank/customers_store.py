# SPDX-License-Identifier: Apache-2.0
"""Statements of the register of customers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, TypeVar

import sqlalchemy as sa

from kerege.bank.customer import Customer, CustomerId, CustomerState
from kerege.bank.people_store import CUSTOMER_TAGS, CUSTOMER_WALLETS, CUSTOMERS
from kerege.payments.ids import WalletId
from kerege.runtime.tables import Tables

__all__ = [
    "attach_wallet",
    "count_by_state",
    "customer_of_wallet",
    "customers_after",
    "delete_tags",
    "detach_wallet",
    "end_custody",
    "find_by_tag",
    "find_customer",
    "holders_of",
    "insert_customers",
    "insert_tags",
    "replace_customer",
    "retried",
    "set_tag",
    "wallets_of",
    "wards_of",
]


_Result = TypeVar("_Result")

_ROWS_AT_ONCE: Final = 500
"""Values bound in one statement: SQLite allows 32 766."""

_TRIES: Final = 3
"""Once more is enough: then the row that was in the way is seen and refused by name."""


def retried(tables: Tables, work: Callable[[sa.Connection], _Result]) -> _Result:
    """Do `work` in one SQL transaction, again if another node just took what was found free."""
    for _ in range(_TRIES - 1):
        try:
            with tables.begin() as connection:
                return work(connection)
        except sa.exc.IntegrityError:
            continue
    with tables.begin() as connection:
        return work(connection)


def insert_customers(connection: sa.Connection, customers: Sequence[Customer]) -> None:
    """Add customers."""
    if customers:
        connection.execute(sa.insert(CUSTOMERS), [_row(customer) for customer in customers])


def replace_customer(connection: sa.Connection, customer: Customer) -> None:
    """Write a changed customer."""
    connection.execute(
        sa.update(CUSTOMERS).where(CUSTOMERS.c.id == customer.id).values(**_row(customer))
    )


def find_customer(
    connection: sa.Connection, customer: CustomerId, *, lock: bool = False
) -> Customer | None:
    """The customer; `lock` keeps others from changing it until the transaction ends."""
    query = sa.select(CUSTOMERS).where(CUSTOMERS.c.id == customer)
    row = connection.execute(query.with_for_update() if lock else query).first()
    return None if row is None else _customer(row)


def customers_after(connection: sa.Connection, after: str, *, limit: int) -> list[Customer]:
    """Customers by rising id, those above `after`; forgotten ones too."""
    query = sa.select(CUSTOMERS).where(CUSTOMERS.c.id > after).order_by(CUSTOMERS.c.id).limit(limit)
    return [_customer(row) for row in connection.execute(query)]


def count_by_state(connection: sa.Connection) -> dict[str, int]:
    """How many customers are in each state that has any."""
    query = sa.select(CUSTOMERS.c.state, sa.func.count().label("customers")).group_by(
        CUSTOMERS.c.state
    )
    return {row.state: row.customers for row in connection.execute(query)}


def wards_of(connection: sa.Connection, guardian: CustomerId) -> list[Customer]:
    """Those a guardian answers for, but for the forgotten."""
    query = (
        sa.select(CUSTOMERS)
        .where(CUSTOMERS.c.guardian == guardian, CUSTOMERS.c.state != CustomerState.FORGOTTEN)
        .order_by(CUSTOMERS.c.id)
    )
    return [_customer(row) for row in connection.execute(query)]


def find_by_tag(connection: sa.Connection, kind: str, tag: bytes) -> Customer | None:
    """Whom a keyed hash leads to. One statement, whether or not there is somebody."""
    query = (
        sa.select(CUSTOMERS)
        .join(CUSTOMER_TAGS, CUSTOMER_TAGS.c.customer == CUSTOMERS.c.id)
        .where(CUSTOMER_TAGS.c.kind == kind, CUSTOMER_TAGS.c.tag == tag)
    )
    row = connection.execute(query).first()
    return None if row is None else _customer(row)


def holders_of(
    connection: sa.Connection, kind: str, tags: Sequence[bytes]
) -> dict[bytes, CustomerId]:
    """Whom each of many keyed hashes of one kind leads to, if to anybody."""
    holders: dict[bytes, CustomerId] = {}
    for start in range(0, len(tags), _ROWS_AT_ONCE):
        query = sa.select(CUSTOMER_TAGS.c.tag, CUSTOMER_TAGS.c.customer).where(
            CUSTOMER_TAGS.c.kind == kind,
            CUSTOMER_TAGS.c.tag.in_(tags[start : start + _ROWS_AT_ONCE]),
        )
        holders |= {row.tag: CustomerId(row.customer) for row in connection.execute(query)}
    return holders


def insert_tags(connection: sa.Connection, tags: Sequence[tuple[CustomerId, str, bytes]]) -> None:
    """Let keyed hashes lead to new customers: customer, kind, hash."""
    if tags:
        rows = [{"customer": owner, "kind": kind, "tag": tag} for owner, kind, tag in tags]
        connection.execute(sa.insert(CUSTOMER_TAGS), rows)


def set_tag(connection: sa.Connection, customer: CustomerId, kind: str, tag: bytes | None) -> None:
    """Let `tag`, and no other of its kind, lead to the customer."""
    delete_tags(connection, customer, [kind])
    if tag is not None:
        insert_tags(connection, [(customer, kind, tag)])


def delete_tags(connection: sa.Connection, customer: CustomerId, kinds: Iterable[str]) -> None:
    """Let nothing of these kinds lead to the customer."""
    connection.execute(
        sa.delete(CUSTOMER_TAGS).where(
            CUSTOMER_TAGS.c.customer == customer, CUSTOMER_TAGS.c.kind.in_(list(kinds))
        )
    )


def attach_wallet(
    connection: sa.Connection,
    customer: CustomerId,
    wallet: WalletId,
    *,
    custody: bool,
    now_us: int,
) -> None:
    """Note whose a wallet is."""
    connection.execute(
        sa.insert(CUSTOMER_WALLETS).values(
            wallet=wallet, customer=customer, custody=custody, attached_us=now_us
        )
    )


def end_custody(connection: sa.Connection, wallet: WalletId) -> None:
    """Note that the bank no longer holds a wallet's key."""
    mine = CUSTOMER_WALLETS.c.wallet == wallet
    connection.execute(sa.update(CUSTOMER_WALLETS).where(mine).values(custody=False))


def detach_wallet(connection: sa.Connection, wallet: WalletId) -> None:
    """Forget whose a wallet was."""
    connection.execute(sa.delete(CUSTOMER_WALLETS).where(CUSTOMER_WALLETS.c.wallet == wallet))


def customer_of_wallet(connection: sa.Connection, wallet: WalletId) -> CustomerId | None:
    """Whose a wallet is."""
    query = sa.select(CUSTOMER_WALLETS.c.customer).where(CUSTOMER_WALLETS.c.wallet == wallet)
    found = connection.scalar(query)
    return None if found is None else CustomerId(found)


def wallets_of(connection: sa.Connection, customer: CustomerId) -> dict[WalletId, bool]:
    """A customer's wallets, oldest first; True for those whose key the bank holds."""
    query = (
        sa.select(CUSTOMER_WALLETS.c.wallet, CUSTOMER_WALLETS.c.custody)
        .where(CUSTOMER_WALLETS.c.customer == customer)
        .order_by(CUSTOMER_WALLETS.c.attached_us, CUSTOMER_WALLETS.c.wallet)
    )
    return {WalletId(row.wallet): row.custody for row in connection.execute(query)}


def _row(customer: Customer) -> Mapping[str, object]:
    return {field: getattr(customer, field) for field in customer.__struct_fields__}


def _customer(row: sa.Row[tuple[object, ...]]) -> Customer:
    return Customer(
        id=CustomerId(row.id),
        kind=row.kind,
        tier=row.tier,
        state=CustomerState(row.state),
        language=row.language,
        opened_us=row.opened_us,
        changed_us=row.changed_us,
        version=row.version,
        guardian=None if row.guardian is None else CustomerId(row.guardian),
    )
