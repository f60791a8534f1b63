"""Binding what is assigned to: names, members, items, and patterns of them."""

from __future__ import annotations

from .. import ir
from .answers import judge_answer
from .data import key_of, part_of, with_part
from .machine import Machine
from .objects import ClassRef, Frame, Instance
from .values import Value, changed, join


def assign(machine: Machine, target: ir.Expression, value: Value, frame: Frame) -> None:
    """Binds a target: a name, a member, an item, or a pattern of them."""
    if isinstance(target, ir.Name):
        bind(machine, target.id, value, frame)
    elif isinstance(target, ir.Member):
        _assign_member(machine, target, value, frame)
    elif isinstance(target, ir.Item):
        key = None if target.key is None else key_of(machine.evaluate(target.key, frame))
        _assign_part(machine, target.of, key, value, frame)
    elif isinstance(target, ir.Sequence):
        _assign_sequence(machine, target, value, frame)
    elif isinstance(target, ir.Record):
        _assign_record(machine, target, value, frame)
    elif isinstance(target, ir.Assigned):  # a target with a default
        default = machine.evaluate(target.value, frame)
        assign(machine, target.target, join(value, default) if not value.plain else default, frame)
    elif isinstance(target, ir.Choice):
        assign(machine, target.yes, value, frame)
    elif isinstance(target, ir.Unary):
        assign(machine, target.operand, value, frame)


def bind(machine: Machine, name: str, value: Value, frame: Frame) -> None:
    """Binds a name, here or where it belongs."""
    if name in frame.outer or (frame.scope.language != ir.PYTHON and name not in frame.env):
        around = frame.parent
        while around is not None:
            if name in around.shared:
                known = around.shared[name]
                machine.set_shared(around.shared, name, join(known, value))
                if name in around.env:
                    around.env[name] = join(around.env[name], value)
                break
            around = around.parent
        else:
            if name in frame.outer or name in frame.scope.env:
                known = frame.scope.env.get(name, value)
                machine.set_shared(frame.scope.env, name, join(known, value))
    frame.env[name] = value
    if frame.shared is not frame.env:
        if frame.shared is frame.scope.env:
            machine.set_shared(frame.shared, name, value)
        else:
            frame.shared[name] = value


def _assign_member(machine: Machine, target: ir.Member, value: Value, frame: Frame) -> None:
    holder = machine.evaluate(target.of, frame)
    if holder.name and f"{holder.name}.{target.name}" in machine.lookup.knowledge.answer_members:
        # Koa takes a text that begins with a tag for HTML. Source: Koa, "Response", response.body.
        first = value.pieces[0] if value.pieces else ""
        tag = isinstance(first, str) and first.lstrip().startswith("<")
        judge_answer(machine, value, frame.facts, target.place, frame, tag)
    objects = [each for each in holder.refs if isinstance(each, Instance | ClassRef)]
    if objects:
        for each in objects:
            machine.set_attribute(each, target.name, value)
        return
    _assign_part(machine, target.of, target.name, value, frame, holder)


def _assign_part(
    machine: Machine, holder: ir.Expression, key: str | None, value: Value, frame: Frame, known: Value | None = None
) -> None:
    before = machine.evaluate(holder, frame) if known is None else known
    after = with_part(before, key, value)
    if isinstance(holder, ir.Name | ir.Member | ir.Item):
        assign(machine, holder, after, frame)


def _assign_sequence(machine: Machine, target: ir.Sequence, value: Value, frame: Frame) -> None:
    for index, each in enumerate(target.items):
        if isinstance(each, ir.Unary) and each.operator == "*":
            rest = value.items[index:] if value.items is not None else None
            assign(machine, each.operand, value.but(items=rest), frame)
        elif not isinstance(each, ir.Opaque | ir.Constant):
            assign(machine, each, machine.item(value, _number(index), each.place, frame), frame)


def _number(index: int) -> Value:
    return Value(constant=index)


def _assign_record(machine: Machine, target: ir.Record, value: Value, frame: Frame) -> None:
    taken: set[str] = set()
    for entry in target.entries:
        if entry.key is None:
            rest = {name: each for name, each in (value.fields or {}).items() if name not in taken}
            holder = entry.value.operand if isinstance(entry.value, ir.Unary) else entry.value
            assign(machine, holder, value.but(fields=rest or None), frame)
            continue
        key = machine.evaluate(entry.key, frame)
        name = key_of(key)
        if name is not None:
            taken.add(name)
            part = machine.member(value, name, entry.value.place, frame)
        else:
            part = part_of(value, None, machine.lookup)
        goal = entry.value.target if isinstance(entry.value, ir.Assigned) else entry.value
        if isinstance(goal, ir.Name) and part.taints:
            line, said = goal.place.line or entry.key.place.line, f"keeps it as `{goal.id}`"
            part = changed(
                part, lambda each, line=line, said=said: each.step(frame.scope.path, line, frame.function, said)
            )
        assign(machine, entry.value, part, frame)
