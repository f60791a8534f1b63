"""Calls that give untrusted data, stored data, answers of others, or secrets."""

from __future__ import annotations

from dataclasses import replace

from ..knowledge.terms import EVENT, REQUEST, SECRET, Source
from ..secrets import is_secret_name
from .data import ENVIRONMENT, extended, key_of
from .expressions import environment_taint
from .machine import Machine
from .objects import Arguments, Frame, FunctionRef, Site
from .sinks import option
from .taint import Taint
from .values import CLEAN, FIXED, Value, named


def from_source(
    machine: Machine, name: str, arguments: Arguments, site: Site, frame: Frame, receiver: Value | None
) -> Value | None:
    """What a call gives that is a source; None if it is none."""
    lookup = machine.lookup
    found = lookup.called.of(name)
    if not found:
        if name.endswith(".send") and arguments.positional and arguments.positional[0].name:
            command = arguments.positional[0]
            found = lookup.called.of(command.name)
        if not found:
            return None
    source: Source = found[0][0]
    if source.kind == SECRET and not _is_secret(name, arguments):
        return named(name)
    resource = resource_of(source, arguments)
    if not resource and receiver is not None and isinstance(receiver.constant, str):
        resource = receiver.constant
    taint = source_taint(source, name, site.file, site.line, site.function, resource)
    own = own_object(arguments, receiver)
    if own is not None and source.path.startswith("s3"):
        taint = replace(own, path=f"{own.path} (content)", said="the object in the bucket", text=False, built=False)
        taint = taint.step(site.file, site.line, site.function, "reads the object")
    if source.kind == REQUEST and arguments.positional and isinstance(arguments.positional[0].constant, str):
        part = extended(taint, arguments.positional[0].constant, lookup)
        taint = part or taint
    machine.note_read(taint)
    value = Value(taints=(taint,), name=name)
    for each in arguments.positional:
        if any(isinstance(ref, FunctionRef) for ref in each.refs):
            # What it gives goes to a callback: behind an error, but for requests of Node, which have none.
            given = (value,) if name.startswith(("http.", "https.")) else (CLEAN, value)
            machine.call(each, Arguments(given), site, frame)
    return value


def own_object(arguments: Arguments, receiver: Value | None) -> Taint | None:
    """The key of the event's own object, if that is what is read: its content is of who put it there."""
    if receiver is not None and isinstance(receiver.constant, Taint):
        return receiver.constant
    for each in (*arguments.all(), *(part for value in arguments.positional for part in (value.fields or {}).values())):
        for taint in each.taints:
            if taint.kind == EVENT and ".s3.object" in taint.path:
                return taint
    return None


def _is_secret(name: str, arguments: Arguments) -> bool:
    """Whether what is asked for is a secret by its name: parameters are often ordinary settings."""
    if "get_parameter" in name.lower() or "getparameter" in name.lower():
        decrypted = option(arguments, "WithDecryption") or option(arguments, "decrypt")
        return decrypted is not None and bool(decrypted.constant is True)
    if name.endswith(("getenv", ".get")):
        first = arguments.at(0)
        return first is not None and isinstance(first.constant, str) and is_secret_name(first.constant)
    return True


def source_taint(source: Source, name: str, file: str, line: int, function: str, resource: str = "") -> Taint:
    """Data of a source, with its first step."""
    path = source.path or ".".join(name.split(".")[-2:])
    said = source.said or path
    return Taint(source.kind, path, said, resource, text=not source.structured).step(
        file, line, function, f"reads {said}"
    )


def resource_of(source: Source, arguments: Arguments) -> str:
    """The constant name of the table, bucket or queue that is read."""
    for name in source.resource:
        value = option(arguments, name)
        if value is not None and isinstance(value.constant, str):
            return value.constant
    return ""


def environment_value(name: str, arguments: Arguments, frame: Frame, site: Site) -> Value:
    """`os.environ.get("X")`."""
    first = arguments.at(0)
    key = None if first is None else key_of(first)
    if name.rsplit(".", 1)[-1] in ("copy", "items", "values"):
        return Value(taints=(environment_taint(frame, site.line),))
    if key is None or not is_secret_name(key):
        return Value(pieces=(FIXED,))
    taint = replace(environment_taint(frame, site.line), path=f"{ENVIRONMENT}.{key}", said=f"the environment's {key}")
    return Value(taints=(taint,))
