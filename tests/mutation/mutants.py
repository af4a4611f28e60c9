"""The mutants of a module: one small change of its syntax tree each."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
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
_COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_CALLED = {"min": "max", "max": "min", "any": "all", "all": "any", "sorted": "list"}


@dataclass(frozen=True)
class Place:
    """Where a node hangs in the tree: the field of its parent, and the position if that is a list."""

    parent: ast.AST
    field: str
    index: int | None = None

    @property
    def node(self) -> Any:
        value = getattr(self.parent, self.field)
        return value if self.index is None else value[self.index]

    def put(self, node: Any) -> None:
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


@dataclass(frozen=True)
class Mutant:
    """One change. `function` is the qualified name of the outermost function it is in; None: of none.
    `around` is that, or the class.

    `kind` is the sort of change. `code()` compiles the mutated module, once.
    """

    path: Path
    tree: ast.Module
    function: str | None
    around: str
    kind: str
    before: str
    after: str
    place: Place
    instead: Any

    @property
    def name(self) -> str:
        """The same for as long as the code itself is: no line number is in it."""
        return f"{self.path}:{self.around or '-'}: {self.before} -> {self.after}"

    def code(self) -> Any:
        self.place.put(self.instead)
        return compile(ast.fix_missing_locations(self.tree), str(self.path.resolve()), "exec")


def mutants(path: Path) -> Iterator[Mutant]:
    """Every mutant of a module, in the order of its lines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for place, function, around, in_annotation in _places(tree):
        for kind, instead in _changes(place, in_annotation):
            before, after = _told(place, place.node), _told(place, instead)
            yield Mutant(path, tree, function, around, kind, before, after, place, instead)


def _told(place: Place, node: Any) -> str:
    """The code, with the keyword that it is given for."""
    keyword = f"{place.parent.arg}=" if isinstance(place.parent, ast.keyword) else ""
    return keyword + ast.unparse(ast.fix_missing_locations(node))


def _places(tree: ast.Module) -> Iterator[tuple[Place, str | None, str, bool]]:
    """Every node that may change, the function, what is around it, and whether an annotation holds it."""
    waiting: list[tuple[ast.AST, tuple[str, ...], str | None, bool]] = [(tree, (), None, False)]
    while waiting:
        parent, names, function, annotation = waiting.pop(0)
        if isinstance(parent, (ast.FunctionDef, ast.ClassDef)):
            names = (*names, parent.name)
            if isinstance(parent, ast.FunctionDef) and function is None:
                function = ".".join(names)
        for place in _below(parent):
            within = annotation or place.field == "annotation"
            inside = None if place.field in ("defaults", "kw_defaults") else function  # told at the import
            yield place, inside, function or ".".join(names), within
            waiting.append((place.node, names, inside, within))


def _below(parent: ast.AST) -> Iterator[Place]:
    for field, value in ast.iter_fields(parent):
        if _is_left_alone(parent, field):
            continue
        if isinstance(value, ast.AST):
            yield Place(parent, field)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, ast.AST) and not _is_docstring(parent, field, index, item):
                    yield Place(parent, field, index)


def _is_left_alone(parent: ast.AST, field: str) -> bool:
    """What decides nothing at run time: decorators, signatures' annotations, text in sentences."""
    if isinstance(parent, (ast.Import, ast.ImportFrom, ast.JoinedStr)):
        return True
    if isinstance(parent, ast.arg):
        return True
    return field in ("decorator_list", "returns", "type_comment")


def _is_docstring(parent: ast.AST, field: str, index: int, item: ast.AST) -> bool:
    return (
        field == "body" and isinstance(item, ast.Expr) and isinstance(item.value, ast.Constant)
    ) and isinstance(item.value.value, str)


def _changes(place: Place, in_annotation: bool) -> Iterator[tuple[str, Any]]:
    node = place.node
    if in_annotation and not isinstance(node, ast.Constant):
        return
    if in_annotation and not isinstance(place.parent, ast.keyword):
        return
    yield from _of_expression(node)
    yield from _of_condition(place)
    yield from _of_statement(place)


def _of_expression(node: ast.AST) -> Iterator[tuple[str, Any]]:
    match node:
        case ast.Compare(left, ops, comparators):
            for at, operator in enumerate(ops):
                for other in _COMPARED[type(operator)]:
                    yield "comparison", ast.Compare(left, [*ops[:at], other(), *ops[at + 1 :]], comparators)
        case ast.BoolOp(ast.And(), values):
            yield "and/or", ast.BoolOp(ast.Or(), values)
        case ast.BoolOp(ast.Or(), values):
            yield "and/or", ast.BoolOp(ast.And(), values)
        case ast.UnaryOp(ast.Not() | ast.USub(), operand):
            yield "negation", operand
        case ast.BinOp(left, operator, right) if type(operator) in _COMPUTED:
            yield "arithmetic", ast.BinOp(left, _COMPUTED[type(operator)](), right)
        case ast.Call(ast.Name(name), arguments, keywords) if name in _CALLED:
            kept = [word for word in keywords if word.arg != "key" or _CALLED[name] != "list"]
            yield "function", ast.Call(ast.Name(_CALLED[name], ast.Load()), arguments, kept)
        case ast.Constant(value):
            yield from (("constant", ast.Constant(other)) for other in _other_constants(value))
        case ast.Set(elements) | ast.List(elements, ast.Load()) if len(elements) > 1:
            for at in range(len(elements)):
                less = [*elements[:at], *elements[at + 1 :]]
                yield "element", ast.Set(less) if isinstance(node, ast.Set) else ast.List(less, ast.Load())
        case ast.Dict(keys, values):
            for at in range(len(keys)):
                yield "element", ast.Dict([*keys[:at], *keys[at + 1 :]], [*values[:at], *values[at + 1 :]])


def _other_constants(value: object) -> Iterator[object]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1
        if value > 0:
            yield value - 1
    elif isinstance(value, str) and " " not in value.strip():  # with a space in it, it is a sentence
        yield f"{value}X"


def _of_condition(place: Place) -> Iterator[tuple[str, Any]]:
    node = place.node
    told = (ast.Compare, ast.BoolOp, ast.UnaryOp)  # these have mutants of their own
    if place.field == "test" and not isinstance(node, told):
        yield "condition", ast.UnaryOp(ast.Not(), node)
    if isinstance(place.parent, ast.comprehension) and place.field == "ifs":
        yield "condition", ast.Constant(True)
    if isinstance(place.parent, ast.BoolOp) and place.field == "values":
        neutral = ast.Constant(isinstance(place.parent.op, ast.And))
        yield "condition", neutral


def _of_statement(place: Place) -> Iterator[tuple[str, Any]]:
    match place.node:
        case ast.Return(value) if value is not None and not _is_none(value):
            yield "return", ast.Return(ast.Constant(None))
        case ast.Expr() | ast.Raise() | ast.Continue() | ast.Break() | ast.AugAssign():
            yield "removal", ast.Pass()


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None
