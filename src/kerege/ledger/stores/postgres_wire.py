# SPDX-License-Identifier: Apache-2.0
"""Arrays to PostgreSQL's binary formats and back, thousands of rows in a few calls.

Every column sent this way is fixed in width and never NULL, so a whole table of rows is one
numpy structure, and its bytes are what COPY ... (FORMAT BINARY) reads and writes
(PostgreSQL manual, COPY, "Binary Format").
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
import psycopg
from numpy.typing import NDArray
from psycopg.abc import Buffer
from psycopg.adapt import Dumper, Loader
from psycopg.pq import Format

from kerege.ledger.ids import ORDER_ID_BYTES
from kerege.ledger.state import Ints

__all__ = [
    "BIGINT",
    "INTEGER",
    "SMALLINT",
    "UUID",
    "Layout",
    "UuidArray",
    "register_arrays",
    "uuid_column",
]

BIGINT: Final = ">i8"
INTEGER: Final = ">i4"
SMALLINT: Final = ">i2"
UUID: Final = f"V{ORDER_ID_BYTES}"

_HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER: Final = b"\xff\xff"

_INT8_OID: Final = 20
_INT8_ARRAY_OID: Final = 1016
_UUID_OID: Final = 2950
_UUID_ARRAY_OID: Final = 2951

_ARRAY_HEADER: Final = np.dtype(INTEGER)
_INT_ITEM: Final = np.dtype([("size", INTEGER), ("value", BIGINT)])
_UUID_ITEM: Final = np.dtype([("size", INTEGER), ("value", UUID)])

Column = NDArray[Any]


class Layout:
    """Rows of some column types as binary COPY carries them."""

    def __init__(self, *types: str) -> None:
        fields: list[tuple[str, str]] = [("fields", ">i2")]
        for place, kind in enumerate(types):
            fields += [(f"size{place}", ">i4"), (f"value{place}", kind)]
        self._dtype = np.dtype(fields)
        self._sizes = [np.dtype(kind).itemsize for kind in types]

    def encode(self, columns: Sequence[Column]) -> bytes:
        """A whole COPY stream; `columns` are arrays of equal length."""
        table = np.empty(len(columns[0]), self._dtype)
        table["fields"] = len(self._sizes)
        for place, (size, column) in enumerate(zip(self._sizes, columns, strict=True)):
            table[f"size{place}"] = size
            table[f"value{place}"] = column
        return _HEADER + table.tobytes() + _TRAILER


def uuid_column(ids: Iterable[bytes]) -> Column:
    """16-byte ids as a column."""
    return np.frombuffer(b"".join(ids), UUID)


def _array_bytes(oid: int, size: int, values: Column) -> bytes:
    """A one-dimensional array as a binary parameter: header, then length and value each."""
    header = np.array([1, 0, oid, len(values), 1], _ARRAY_HEADER)
    items = np.empty(len(values), _INT_ITEM if oid == _INT8_OID else _UUID_ITEM)
    items["size"], items["value"] = size, values
    return header.tobytes() + items.tobytes()


class UuidArray:
    """Ids to be sent as one parameter of type uuid[]."""

    def __init__(self, ids: Iterable[bytes]) -> None:
        self.column = uuid_column(ids)


class _IntsDumper(Dumper):
    format = Format.BINARY
    oid = _INT8_ARRAY_OID

    def dump(self, obj: Ints) -> Buffer:
        return _array_bytes(_INT8_OID, 8, obj)


class _UuidsDumper(Dumper):
    format = Format.BINARY
    oid = _UUID_ARRAY_OID

    def dump(self, obj: UuidArray) -> Buffer:
        return _array_bytes(_UUID_OID, ORDER_ID_BYTES, obj.column)


class _IntsLoader(Loader):
    """One dimension and no NULL, as `array_agg` over a NOT NULL column gives."""

    format = Format.BINARY

    def load(self, data: Buffer) -> Ints:
        items = np.frombuffer(data, _INT_ITEM, offset=_ARRAY_HEADER.itemsize * 5)
        return items["value"].astype(np.int64)


def register_arrays(connection: psycopg.Connection[Any]) -> None:
    """Let numpy arrays of integers be values of type bigint[], `UuidArray` of uuid[]."""
    connection.adapters.register_loader(_INT8_ARRAY_OID, _IntsLoader)
    connection.adapters.register_dumper(np.ndarray, _IntsDumper)
    connection.adapters.register_dumper(UuidArray, _UuidsDumper)
