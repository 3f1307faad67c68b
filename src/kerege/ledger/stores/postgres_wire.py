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
from psycopg.adapt import Dumper
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
    "array_literal",
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

    def decode(self, stream: bytes) -> Ints:
        """Inverse of `encode` for integers: a matrix of one row each."""
        count = (len(stream) - len(_HEADER) - len(_TRAILER)) // self._dtype.itemsize
        table = np.frombuffer(stream, self._dtype, count, len(_HEADER))
        columns = range(len(self._sizes))
        return np.stack([table[f"value{place}"].astype(np.int64) for place in columns], axis=1)


def uuid_column(ids: Iterable[bytes]) -> Column:
    """16-byte ids as a column."""
    return np.frombuffer(b"".join(ids), UUID)


def array_literal(values: Ints) -> str:
    """The text form of an array, for statements that take no binary parameters."""
    return f"{{{','.join(map(str, values.tolist()))}}}"


def _array_bytes(oid: int, size: int, values: Column) -> bytes:
    """A one-dimensional array as a binary parameter: header, then length and value each."""
    header = np.array([1, 0, oid, len(values), 1], ">i4")
    items = np.empty(len(values), [("size", ">i4"), ("value", UUID if size > 8 else BIGINT)])
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


def register_arrays(connection: psycopg.Connection[Any]) -> None:
    """Let numpy arrays of integers be parameters of type bigint[], `UuidArray` of uuid[]."""
    connection.adapters.register_dumper(np.ndarray, _IntsDumper)
    connection.adapters.register_dumper(UuidArray, _UuidsDumper)
