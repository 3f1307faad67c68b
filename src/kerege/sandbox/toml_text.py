# SPDX-License-Identifier: Apache-2.0
"""Writes TOML for configuration files: what `tomllib` reads back as the same. Pure."""

import json
from collections.abc import Iterator, Mapping

__all__ = ["to_toml"]


def to_toml(table: Mapping[str, object], *, heading: str = "") -> str:
    """The TOML of `table`: texts, whole numbers, booleans, lists of these, tables, lists of tables.

    `heading` goes before it as a comment. Raises `TypeError` for anything else.
    """
    lines = [f"# {line}".rstrip() for line in heading.splitlines()]
    return "\n".join([*lines, *([""] if lines else []), *_lines(table, "")]) + "\n"


def _lines(table: Mapping[str, object], path: str) -> Iterator[str]:
    for name, value in table.items():
        if not isinstance(value, Mapping) and not _is_tables(value):
            yield f"{_key(name)} = {_value(value)}"
    for name, value in table.items():
        where = f"{path}.{_key(name)}" if path else _key(name)
        if isinstance(value, Mapping):
            yield from ("", f"[{where}]", *_lines(value, where))
        elif _is_tables(value):
            for one in value:  # type: ignore[attr-defined]  # a list, as was just seen
                yield from ("", f"[[{where}]]", *_lines(one, where))


def _is_tables(value: object) -> bool:
    return isinstance(value, list | tuple) and any(isinstance(one, Mapping) for one in value)


def _key(name: str) -> str:
    bare = name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    return name if bare else _text(name)


def _text(text: str) -> str:
    # A JSON string is a basic string of TOML, but for DEL, which TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(one) for one in value)}]"
    raise TypeError(f"TOML is not written for {type(value).__name__}")
