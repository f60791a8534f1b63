"""Statements: how the state of a function goes on after each of them, and where ways part and meet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .. import ir
from .data import element_of
from .expressions import combined
from .machine import Machine
from .objects import Frame
from .taint import Facts
from .targets import bind
from .values import Value, changed, constant, join, named

State = tuple[dict[str, Value], Facts]


def keep(frame: Frame) -> State | None:
    """The state as it is; None if nothing goes on from here."""
    return (dict(frame.env), frame.facts) if frame.alive else None


def resume(frame: Frame, states: Sequence[State | None]) -> None:
    """Goes on from where several ways meet."""
    alive = [each for each in states if each is not None]
    frame.alive = bool(alive)
    if not alive:
        return
    env, facts = alive[0]
    for other, more in alive[1:]:
        facts = facts & more
        env = _met(env, other)
    frame.env, frame.facts = env, facts


def _met(one: dict[str, Value], other: dict[str, Value]) -> dict[str, Value]:
    if one is other:
        return one
    result = dict(one)
    for name, value in other.items():
        known = result.get(name)
        if known is None:
            result[name] = value
        elif known is not value:
            result[name] = join(known, value)
    return result


def _assign(machine: Machine, node: ir.Assign, frame: Frame) -> None:
    if node.value is None:
        return
    value = machine.evaluate(node.value, frame)
    if node.operator:
        before = machine.evaluate(node.targets[0], frame)
        if node.operator in ("||", "??", "&&"):
            value = join(before, value)
        else:
            value = combined(machine, node.operator, before, value, frame)
    for target in node.targets:
        if isinstance(target, ir.Name) and value.taints:
            line, said = node.place.line, f"keeps it as `{target.id}`"
            value = changed(
                value, lambda each, line=line, said=said: each.step(frame.scope.path, line, frame.function, said)
            )
        machine.assign(target, value, frame)


def _evaluate(machine: Machine, node: ir.Evaluate, frame: Frame) -> None:
    machine.evaluate(node.value, frame)


def _return(machine: Machine, node: ir.Return, frame: Frame) -> None:
    value = constant(None) if node.value is None else machine.evaluate(node.value, frame)
    if not frame.alive:
        return
    known = value.constant
    if isinstance(known, bool) or known is None:
        # `return True` under a test tells the caller what the test told.
        value = value.but(truthy=frame.facts if known else None, falsy=None if known else frame.facts)
    frame.returned.append((value, frame.facts, node.place))
    frame.alive = False


def _raise(machine: Machine, node: ir.Raise, frame: Frame) -> None:
    if node.value is not None:
        machine.evaluate(node.value, frame)
    frame.alive = False


def _if(machine: Machine, node: ir.If, frame: Frame) -> None:
    # A long chain of `elif` is gone through without going deeper.
    ends: list[State | None] = []
    while True:
        test = machine.evaluate(node.test, frame)
        if not frame.alive:
            break
        before = keep(frame)
        assert before is not None
        if test.truthy is None:
            ends.append(None)
        else:
            frame.facts = frame.facts | test.truthy
            machine.run(node.then, frame)
            ends.append(keep(frame))
        frame.env, frame.facts = before
        frame.alive = test.falsy is not None
        if not frame.alive:
            break
        frame.facts = frame.facts | (test.falsy or frozenset())
        if len(node.otherwise) == 1 and isinstance(node.otherwise[0], ir.If):
            node = node.otherwise[0]
            continue
        machine.run(node.otherwise, frame)
        break
    resume(frame, [*ends, keep(frame)])


def _loop(machine: Machine, node: ir.Loop, frame: Frame) -> None:
    iterable = machine.evaluate(node.iterable, frame) if node.iterable is not None else None
    ends: list[State | None] = []
    entry = keep(frame)
    for _ in range(2):
        before = keep(frame)
        if before is None:
            break
        if iterable is not None and node.target is not None:
            machine.assign(node.target, element_of(iterable, machine.lookup, frame.scope.language), frame)
        if node.test is not None:
            test = machine.evaluate(node.test, frame)
            ends.append(
                (dict(frame.env), frame.facts | (test.falsy or frozenset())) if test.falsy is not None else None
            )
            frame.facts = frame.facts | (test.truthy or frozenset())
        frame.jumped.append([])
        machine.run(node.body, frame)
        jumps = frame.jumped.pop()
        ends.extend((env, facts) for kind, env, facts in jumps if kind == "break")
        resume(frame, [before, keep(frame), *((env, facts) for kind, env, facts in jumps if kind == "continue")])
        if _same(before[0], frame.env):
            break
    going = keep(frame) if node.test is None else None
    if node.otherwise:
        frame.alive = True
        machine.run(node.otherwise, frame)
        going = keep(frame)
    resume(frame, [going, *ends, *([entry] if node.test is not None and not ends else [])])


def _same(one: dict[str, Value], other: dict[str, Value]) -> bool:
    return len(one) == len(other) and all(
        name in other and (other[name] is value or other[name].key == value.key) for name, value in one.items()
    )


def _try(machine: Machine, node: ir.Try, frame: Frame) -> None:
    before = keep(frame)
    assert before is not None
    machine.run(node.body, frame)
    middle = dict(frame.env)
    after = keep(frame)
    if node.otherwise and after is not None:
        machine.run(node.otherwise, frame)
        after = keep(frame)
    ends = [after]
    for handler in node.handlers:
        frame.alive = True
        frame.env, frame.facts = _met(before[0], middle), before[1]
        if handler.name:
            machine.assign(ir.Name(handler.name), named("?.error"), frame)
        machine.run(handler.body, frame)
        ends.append(keep(frame))
    resume(frame, ends)
    if node.final:
        alive = frame.alive
        if not alive:
            frame.env, frame.facts = _met(before[0], middle), before[1]
        frame.alive = True
        machine.run(node.final, frame)
        frame.alive = frame.alive and alive


def _jump(machine: Machine, node: ir.Jump, frame: Frame) -> None:
    if frame.jumped:
        frame.jumped[-1].append((node.kind, dict(frame.env), frame.facts))
    frame.alive = False


def _block(machine: Machine, node: ir.Block, frame: Frame) -> None:
    machine.run(node.opened, frame)
    machine.run(node.body, frame)


def _global(machine: Machine, node: ir.Global, frame: Frame) -> None:
    frame.outer = frame.outer | frozenset(node.names)


def _import(machine: Machine, node: ir.Import, frame: Frame) -> None:
    if node.name == "*" and frame.scope.language == ir.PYTHON:
        value = machine.import_name(node, frame)
        for each in value.refs:
            scope = getattr(each, "scope", None)
            if scope is not None:
                for name in sorted(scope.env):
                    if not name.startswith("_"):
                        bind(machine, name, scope.env[name], frame)
        return
    bind(machine, node.alias, machine.import_name(node, frame), frame)


def _export(machine: Machine, node: ir.Export, frame: Frame) -> None:
    if node.source:
        taken = node.value.id if isinstance(node.value, ir.Name) else node.name
        value = machine.import_name(ir.Import(node.source, taken, node.name, place=node.place), frame)
        if node.name == "*":
            for each in value.refs:
                scope = getattr(each, "scope", None)
                if scope is not None:
                    frame.scope.exports.update(
                        {name: part for name, part in scope.exports.items() if name != "default"}
                    )
            return
        frame.scope.exports[node.name] = value
        return
    frame.scope.exports[node.name] = machine.evaluate(node.value, frame)


def _define(machine: Machine, node: ir.Define, frame: Frame) -> None:
    bind(machine, node.function.name, machine.function(node.function, frame, frame.owner), frame)


def _define_class(machine: Machine, node: ir.DefineClass, frame: Frame) -> None:
    bind(machine, node.definition.name, machine.make_class(node.definition, frame), frame)


FORMS: Mapping[type[ir.Statement], Callable[[Any, Any, Frame], None]] = {
    ir.Assign: _assign,
    ir.Evaluate: _evaluate,
    ir.Return: _return,
    ir.Raise: _raise,
    ir.If: _if,
    ir.Loop: _loop,
    ir.Try: _try,
    ir.Jump: _jump,
    ir.Block: _block,
    ir.Global: _global,
    ir.Import: _import,
    ir.Export: _export,
    ir.Define: _define,
    ir.DefineClass: _define_class,
}
