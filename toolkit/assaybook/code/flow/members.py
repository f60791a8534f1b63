"""Members and items of values: of objects of the program, of what libraries offer, and of data."""

from __future__ import annotations

from .. import ir
from ..knowledge.terms import EVENT, REQUEST
from .classes import bind, member_of_reference
from .data import key_of, part_of
from .expressions import environment
from .machine import Machine
from .objects import Frame, Site
from .origins import source_taint
from .values import FIXED, Value, changed, filtered, join, named

_LONGEST_NAME = 7
# What dictionaries, texts and lists of Python can do is no part of an event.
_METHODS = frozenset(name for kind in (dict, str, bytes, list, set) for name in dir(kind))


def member(machine: Machine, value: Value, name: str, place: ir.Place, frame: Frame) -> Value:
    """`value.name`."""
    site = Site(frame.scope.path, place.line, place.column, frame.function, name)
    found: list[Value] = []
    if name == "length" and frame.scope.language != ir.PYTHON and not (value.fields and name in value.fields):
        return Value(pieces=(FIXED,))
    if value.name == "<super>":
        return _inherited(machine, name, site, frame)
    if value.refs:
        part = member_of_reference(machine, value, name, site, frame)
        if part is not None:
            found.append(part)
    known = value.fields.get(name) if value.fields else None
    if known is not None:
        found.append(known)
    whole = ""
    if value.name:
        whole = machine.lookup.renamed(_shortened(f"{value.name}.{name}"))
        source = _read(machine, whole, place, frame)
        if source is not None:
            found.append(source)
            if not value.taints:
                return filtered(join(*found), frame.facts)
    if value.taints and known is None:
        part = part_of(Value(taints=value.taints), name, machine.lookup)
        if frame.scope.language != ir.PYTHON or name not in _METHODS:
            _note_reads(machine, value, name)
            part = _noted(machine, part, place, frame)
        found.append(part)
    elif known is None and value.element is not None and not value.refs:
        found.append(value.element)
    if whole:
        found.append(named(whole))
    elif not found or not any(each.refs or each.name for each in found):
        found.append(named(f"?.{name}"))
    return filtered(join(*found), frame.facts)


def _inherited(machine: Machine, name: str, site: Site, frame: Frame) -> Value:
    owner = frame.owner
    for base in owner.bases if owner is not None else ():
        found = base.find(name)
        if found is not None and frame.bound is not None:
            return bind(machine, found[0], frame.bound, frame.bound, site, frame)
    outside = owner.all_outside() if owner is not None else ()
    return named(f"{outside[0]}.{name}" if outside else f"?.{name}")


def _read(machine: Machine, name: str, place: ir.Place, frame: Frame) -> Value | None:
    """A source that is read as an attribute."""
    for source, exact in machine.lookup.read.of(name):
        if not exact and name.startswith("?") and not source.name.startswith("*"):
            continue
        taint = source_taint(source, name, frame.scope.path, place.line, frame.function)
        machine.note_read(taint)
        return Value(taints=(taint,), name=name)
    return environment(machine, name, ir.Name(name, place=place), frame)


def item(machine: Machine, value: Value, key: Value, place: ir.Place, frame: Frame) -> Value:
    """`value[key]`."""
    if frame.scope.language != ir.PYTHON and isinstance(key.constant, str):
        return machine.member(value, key.constant, place, frame)
    known = key_of(key)
    if known is not None and not known.isdigit():
        _note_reads(machine, value, known)
    found = _noted(machine, part_of(value, known, machine.lookup), place, frame)
    if value.name and not value.taints and value.fields is None and found.plain:
        found = named(_shortened(value.name))
        if value.name in machine.lookup.environment:
            found = Value(pieces=("",))
    return filtered(found, frame.facts)


def _note_reads(machine: Machine, value: Value, name: str) -> None:
    for each in value.taints:
        # What a call gives that is not read is no part of the event, though it may hold some of it.
        if each.kind in (EVENT, REQUEST) and not each.why.startswith("it passes through"):
            machine.note_path(each.kind, f"{each.path}.{name}")


def _noted(machine: Machine, part: Value, place: ir.Place, frame: Frame) -> Value:
    if not part.taints:
        return part
    for each in part.taints:
        if each.kind in (EVENT, REQUEST) and not each.why.startswith("it passes through"):
            machine.note_path(each.kind, each.path)
    path, line, function = frame.scope.path, place.line, frame.function
    return changed(
        part,
        lambda each: each if each.trail is not None else each.step(path, line, function, f"reads `{each.path}`"),
    )


def _shortened(name: str) -> str:
    if name.count(".") < _LONGEST_NAME:
        return name
    parts = name.split(".")
    return ".".join((parts[0], *parts[-4:])) if name.count("(") == 0 else name[:200]
