# SPDX-License-Identifier: Apache-2.0
"""What a banned construct looks like in a syntax tree: one small function for each."""

import ast
import re
from collections.abc import Callable

__all__ = [
    "builds_sql",
    "called",
    "catches_everything",
    "docstrings",
    "draws_by_chance",
    "formats_a_string",
    "imports",
    "is_float",
    "is_sql",
    "old_typing",
    "reads_the_clock",
    "skips_without_reason",
    "unittest_class",
    "uses_shell",
]


def docstrings(tree: ast.Module) -> set[ast.AST]:
    """Constants that stand as statements: prose, not values."""
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def _dotted(node: ast.AST) -> str:
    """`a.b.c` for a name or a chain of attributes, else an empty string."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def called(node: ast.AST) -> str:
    return _dotted(node.func) if isinstance(node, ast.Call) else ""


def _imported(node: ast.AST) -> list[str]:
    """Full names a statement imports: `typing.List` for `from typing import List`."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        module = node.module or ""
        return [module, *(f"{module}.{alias.name}" for alias in node.names)]
    return []


def imports(*modules: str) -> Callable[[ast.AST], bool]:
    def sees(node: ast.AST) -> bool:
        names = _imported(node)
        return any(
            name == module or name.startswith(f"{module}.") for name in names for module in modules
        )

    return sees


def is_float(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, float)
    if isinstance(node, ast.BinOp | ast.AugAssign):
        return isinstance(node.op, ast.Div)
    if isinstance(node, ast.Name):
        return node.id == "float"
    return (
        isinstance(node, ast.Attribute) and re.fullmatch(r"float(16|32|64)", node.attr) is not None
    )


def catches_everything(node: ast.AST) -> bool:
    """See `except Exception`, unless the block cleans up and raises on."""
    if not isinstance(node, ast.ExceptHandler):
        return False
    last = node.body[-1]
    if isinstance(last, ast.Raise) and last.exc is None:
        return False
    caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    return any(kind is None or _dotted(kind) in {"Exception", "BaseException"} for kind in caught)


_NOW = {"now", "utcnow", "today"}
_WALL_CLOCK = {f"time.{name}" for name in ("time", "time_ns", "localtime", "gmtime")}


def reads_the_clock(node: ast.AST) -> bool:
    """See the wall clock read. `time.monotonic` is not: it can only measure a shell's own waits."""
    name = called(node)
    owner, _, method = name.rpartition(".")
    if owner.rpartition(".")[2] in {"datetime", "date"} and method in _NOW:
        return True
    return name in _WALL_CLOCK or not _WALL_CLOCK.isdisjoint(_imported(node))


def draws_by_chance(node: ast.AST) -> bool:
    """See a hidden draw. A seeded `Random` handed in as an argument is in plain view."""
    names = _imported(node)
    if isinstance(node, ast.ImportFrom) and names == ["random", "random.Random"]:
        return False
    if imports("random", "secrets", "uuid", "numpy.random")(node):
        return True
    if isinstance(node, ast.Call) and called(node) == "Random":
        return not node.args
    return called(node) in {"os.urandom", "urandom"} or _dotted(node) in {
        "np.random",
        "numpy.random",
    }


_OLD_TYPING = {
    "Dict", "FrozenSet", "List", "Optional", "Set", "Tuple", "Type", "Union",
}  # fmt: skip


def old_typing(node: ast.AST) -> bool:
    return any(name in {f"typing.{old}" for old in _OLD_TYPING} for name in _imported(node)) or (
        _dotted(node) in {f"typing.{old}" for old in _OLD_TYPING}
    )


def formats_a_string(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"format", "format_map"}
        and isinstance(node.func.value, ast.Constant | ast.JoinedStr)
    )


def unittest_class(node: ast.AST) -> bool:
    bases = node.bases if isinstance(node, ast.ClassDef) else []
    return imports("unittest.TestCase")(node) or any(
        _dotted(base).rpartition(".")[2] in {"TestCase", "IsolatedAsyncioTestCase"}
        for base in bases
    )


def uses_shell(node: ast.AST) -> bool:
    keywords = node.keywords if isinstance(node, ast.Call) else []
    through_keyword = any(
        keyword.arg == "shell"
        and not (isinstance(keyword.value, ast.Constant) and keyword.value.value is False)
        for keyword in keywords
    )
    return through_keyword or called(node) in {"os.system", "os.popen"}


_SQL = re.compile(
    r"\s*(?:(?:SELECT|select)\s.+\s(?:FROM|from)\s|INSERT\s+(?:OR\s+\w+\s+)?INTO\s|UPDATE\s+\S+\s+SET\s"
    r"|DELETE\s+FROM\s|WITH\s+\w+\s+AS\s*\(|(?:CREATE|DROP|ALTER)\s+(?:TABLE|INDEX|UNIQUE|VIEW|TRIGGER)\s"
    r"|PRAGMA\s|TRUNCATE\s|COPY\s+\w+|BEGIN\s+IMMEDIATE|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s"
    r"|create\s+table\s)",
    re.DOTALL,
)


def _text_of(node: ast.AST) -> str:
    """The text of a string; of an f-string, with a word in place of each value."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_text_of(part) or "value" for part in node.values)
    return ""


def is_sql(node: ast.AST) -> bool:
    return _SQL.match(_text_of(node)) is not None


def builds_sql(node: ast.AST) -> bool:
    """See SQL put together from parts: an f-string, `%` or `+`. PRAGMA takes no parameters."""
    if _text_of(node).lstrip().startswith("PRAGMA"):
        return False
    if isinstance(node, ast.JoinedStr):
        has_values = any(isinstance(part, ast.FormattedValue) for part in node.values)
        return has_values and is_sql(node)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
        return is_sql(node.left)
    return False


_MARKS = {f"pytest.mark.{mark}" for mark in ("skip", "skipif", "xfail")}


def skips_without_reason(node: ast.AST) -> bool:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return any(_dotted(decorator) in _MARKS for decorator in node.decorator_list)
    if not isinstance(node, ast.Call):
        return False
    if called(node) in _MARKS:
        return not any(keyword.arg == "reason" for keyword in node.keywords)
    return called(node) in {"pytest.skip", "pytest.xfail"} and not (node.args or node.keywords)
