"""Calls of JavaScript in the intermediate form, with those that stand for something else: requiring a module, and what compilers write for `async`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .ir import Argument, Assigned, Call, Closure, Constant, Evaluate, Expression, Member, Name, Opaque, Sequence
from .javascript_functions import closure
from .javascript_literals import template_parts
from .javascript_lowering import Expressions, Lowering, inner, named, place, text
from .javascript_modules import EXPORTS, exported_name, exports, hoisted, required

if TYPE_CHECKING:
    from tree_sitter import Node

# An async function as TypeScript, esbuild and Babel write it for older engines: a generator that is run for the caller.
_RUN = frozenset({"__awaiter", "__async", "tslib_1.__awaiter"})
_WRAPPED = frozenset({"_asyncToGenerator", "_async_to_generator", "__async2"})


def _call(lower: Lowering, node: Node) -> Expression:
    called = node.child_by_field_name("function")
    given = node.child_by_field_name("arguments")
    said = text(called) if called is not None and called.end_byte - called.start_byte < 40 else ""
    if said in ("require", "import") and (found := required(node)):
        return hoisted(lower, found[0])
    parts = named(given) if given is not None and given.type == "arguments" else []
    if (said in _RUN or said in _WRAPPED) and parts and "generator" in parts[-1].type:
        run = _as_async(lower, parts[-1])
        return Call(run, (), place=place(node)) if said in _RUN else run
    if called is not None and called.type == "super":
        function: Expression = Member(lower.expression(called), "constructor", place=place(called))
    else:
        function = lower.expression(called)
    if given is not None and given.type == "template_string":
        return Call(function, tuple(_tagged(lower, given)), place=place(node))
    return Call(function, tuple(_argument(lower, each) for each in parts), place=place(node))


def _as_async(lower: Lowering, node: Node) -> Closure:
    """A generator whose `yield` means `await`."""
    outer, lower.awaited = lower.awaited, True
    made = closure(lower, node)
    lower.awaited = outer
    return made


def _argument(lower: Lowering, node: Node) -> Argument:
    if node.type == "spread_element":
        parts = named(node)
        return Argument(lower.expression(parts[0] if parts else None), spread="*")
    return Argument(lower.expression(node))


def _tagged(lower: Lowering, template: Node) -> list[Argument]:
    parts = template_parts(lower, template)
    constant = tuple(each for each in parts if isinstance(each, Constant))
    first = Argument(Sequence(constant, "tuple", place=place(template)))
    return [first, *(Argument(each) for each in parts if not isinstance(each, Constant))]


def _new(lower: Lowering, node: Node) -> Expression:
    given = node.child_by_field_name("arguments")
    parts = named(given) if given is not None else []
    function = lower.expression(node.child_by_field_name("constructor"))
    return Call(function, tuple(_argument(lower, each) for each in parts), new=True, place=place(node))


def _sequence(lower: Lowering, node: Node) -> Expression:
    """The last value of several; the others are done before the statement."""
    parts = named(node)
    if not parts:
        return Opaque(said="sequence", place=place(node))
    for each in parts[:-1]:
        value = lower.expression(each)
        if not isinstance(value, Constant | Name):
            lower.before.append(Evaluate(value, place=place(each)))
    return lower.expression(parts[-1])


def _assignment(lower: Lowering, node: Node) -> Expression:
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    name = exported_name(left)
    if name is None:
        bare = inner(left)
        said = text(bare.child_by_field_name("property") or bare) if bare is not None else ""
        return Assigned(lower.expression(left), lower.value(right, said), place=place(node))
    value = lower.value(right, "" if name == "default" else name)
    lower.before.extend(exports(lower, name, value, place(node)))
    return value


def _member(lower: Lowering, node: Node) -> Expression:
    of, name = node.child_by_field_name("object"), text(node.child_by_field_name("property"))
    if name in lower.read_exports and text(of) in ("exports", "module.exports"):
        return Name(EXPORTS + name, place=place(node))
    return Member(lower.expression(of), name, place=place(node))


def _markup(lower: Lowering, node: Node) -> Expression:
    """Markup within code: what it is made of, as it makes text of it."""
    parts: list[Expression] = []
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if each.type == "jsx_expression":
            parts.extend(lower.expression(one) for one in named(each))
        else:
            waiting.extend(reversed([one for one in each.named_children if one.type.startswith("jsx")]))
    return Opaque(tuple(parts), "jsx", place=place(node))


CALLS: Expressions = {
    "call_expression": _call,
    "new_expression": _new,
    "sequence_expression": _sequence,
    "assignment_expression": _assignment,
    "member_expression": _member,
    "jsx_element": _markup,
    "jsx_self_closing_element": _markup,
    "jsx_fragment": _markup,
}
