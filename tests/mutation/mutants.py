# SPDX-License-Identifier: Apache-2.0
"""Small wrong changes to a module's source, one at a time."""

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

__all__ = ["Mutant", "mutants_of", "names_of"]

COMPARES: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.Mod: ast.Mult,
    ast.FloorDiv: ast.Mult,
}


@dataclass(frozen=True)
class Mutant:
    """`name` says in which function what became what; `source` is the whole module."""

    name: str
    line: int
    source: str


def mutants_of(source: str) -> Iterator[Mutant]:
    """Every mutant of a module: in functions and constants, not in imports, texts or types."""
    tree = ast.parse(source)
    for function, node in _functions(tree):
        for place, inner in enumerate(_nodes(node)):
            for what, change in _changes(inner):
                yield _mutant(tree, node, place, function, what, change)


def names_of(source: str) -> set[str]:
    """Names of all mutants, without making them."""
    return {
        _name(function, inner, what)
        for function, node in _functions(ast.parse(source))
        for inner in _nodes(node)
        for what, _ in _changes(inner)
    }


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef):
                    yield f"{node.name}.{inner.name}", inner


def _nodes(function: ast.AST) -> list[ast.AST]:
    """Nodes that say what is done, in order."""
    found: list[ast.AST] = []
    pending: list[ast.AST] = list(function.body)  # type: ignore[attr-defined]
    while pending:
        node = pending.pop(0)
        found.append(node)
        if isinstance(node, ast.AnnAssign):
            pending = [part for part in (node.value,) if part] + pending
        elif not _is_text(node):
            pending = list(ast.iter_child_nodes(node)) + pending
    return found


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.JoinedStr | ast.Raise) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    )


Change = Callable[[ast.AST], None]


def _changes(node: ast.AST) -> list[tuple[str, Change]]:
    """What can be changed about a node, with the node as it reads before."""
    found: list[tuple[str, Change]] = []
    if isinstance(node, ast.Compare):
        for number, op in enumerate(node.ops):
            found += [_set_compare(number, new) for new in COMPARES.get(type(op), ())]
    elif isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in OPERATORS:
        found.append(_set("op", OPERATORS[type(node.op)]()))
    elif isinstance(node, ast.BoolOp):
        found.append(_set("op", ast.And() if isinstance(node.op, ast.Or) else ast.Or()))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub | ast.Invert):
        found.append(_set("op", ast.UAdd() if isinstance(node.op, ast.USub) else _no_op(node.op)))
    elif isinstance(node, ast.Constant):
        found += _other_constants(node)
    elif isinstance(node, ast.If | ast.IfExp | ast.While):
        found += [("condition true", _test(True)), ("condition false", _test(False))]
    elif isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        found.append(_set("value", ast.Constant(None)))
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        other = {"min": "max", "max": "min", "all": "any", "any": "all"}.get(node.func.id)
        found += [_set("func", ast.Name(other, ast.Load()))] if other else []
    elif isinstance(node, ast.Attribute) and node.attr in SWAPS:
        found.append(_set("attr", SWAPS[node.attr]))
    elif isinstance(node, ast.Expr) and not _is_text(node):
        found.append(("left out", _leave_out))
    return found


SWAPS = {
    "debit": "credit",
    "credit": "debit",
    "debit_cell": "credit_cell",
    "credit_cell": "debit_cell",
    "debits_pending": "credits_pending",
    "credits_pending": "debits_pending",
    "DEBITS_FROZEN": "CREDITS_FROZEN",
    "CREDITS_FROZEN": "DEBITS_FROZEN",
    "available": "holding",
    "holding": "available",
    "floor": "ceiling",
    "ceiling": "floor",
    "posted": "held",
    "held": "posted",
    "starts": "lengths",
}


def _other_constants(node: ast.Constant) -> list[tuple[str, Change]]:
    if isinstance(node.value, bool):
        return [_set("value", not node.value)]
    if isinstance(node.value, int):
        return [_set("value", node.value + 1)]
    return []


def _set(field: str, value: object) -> tuple[str, Change]:
    what = ast.unparse(value) if isinstance(value, ast.expr) else getattr(value, "attr", value)
    told = (
        type(value).__name__
        if isinstance(value, ast.AST) and not isinstance(value, ast.expr)
        else what
    )
    return f"to {told}", lambda node: setattr(node, field, value)


def _set_compare(number: int, new: type[ast.cmpop]) -> tuple[str, Change]:
    def change(node: ast.AST) -> None:
        node.ops[number] = new()  # type: ignore[attr-defined]

    return f"to {new.__name__}", change


def _no_op(op: ast.unaryop) -> ast.unaryop:
    return ast.UAdd() if isinstance(op, ast.Invert) else _DoubleNot()


class _DoubleNot(ast.Not):
    """Stands for leaving `not` out."""


def _test(value: bool) -> Change:
    return lambda node: setattr(node, "test", ast.Constant(value))


def _leave_out(node: ast.AST) -> None:
    node.__class__ = ast.Pass
    node._fields = ()  # type: ignore[misc]


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _mutant(
    tree: ast.Module, function: ast.AST, place: int, name: str, what: str, change: Change
) -> Mutant:
    original = _nodes(function)[place]
    changed = copy.deepcopy(tree)
    (twin,) = [node for found, node in _functions(changed) if found == name][:1]
    node = _nodes(twin)[place]
    change(node)
    if isinstance(getattr(node, "op", None), _DoubleNot):
        _replace_by_operand(twin, node)
    line = getattr(original, "lineno", 0)
    made = ast.unparse(ast.fix_missing_locations(changed))
    return Mutant(_name(name, original, what), line, made)


def _name(function: str, node: ast.AST, what: str) -> str:
    before = ast.unparse(node).split("\n")[0][:60]
    return f"{function}: `{before}` {what}"


def _replace_by_operand(tree: ast.AST, unwanted: ast.AST) -> None:
    class Replacer(ast.NodeTransformer):
        def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
            self.generic_visit(node)
            return node.operand if node is unwanted else node

    Replacer().visit(tree)
