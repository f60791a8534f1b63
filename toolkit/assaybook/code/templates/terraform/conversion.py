"""Resources of Terraform written in CloudFormation's terms, each by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..loading import Unreadable, load
from ..located import Block, Series, located
from ..resources import Unresolved
from ..values import NOTHING, Partly
from .encodings import Encoded, PartlyEncoded
from .kinds import UNREAD, Kind
from .made import Inner, Made

# Arguments that hold a document as text: policies, patterns, definitions of interfaces.
_DOCUMENTS = frozenset(
    {
        "policy", "assume_role_policy", "event_pattern", "redrive_policy", "redrive_allow_policy", "filter_policy", "body", "access_policies",
        "access_policy", "resource_policy", "schema", "policy_document", "repository_policy",
    }
)  # fmt: skip


@dataclass
class Draft:
    """A resource on its way: its type and properties, to which others may add."""

    made: Made
    type: str
    properties: Block
    id: str
    conditional: str = ""
    extra: list[Draft] = field(default_factory=list)


def converted(made: Made) -> Draft:
    """A resource in CloudFormation's terms; of a type that is not read, one under its own name."""
    if made.kind is None:
        return Draft(made, f"{UNREAD}{made.type}", Block(made.written.file, made.written.line), made.address)
    properties = _block(made.body(), made.kind, "")
    return Draft(made, made.kind.type, properties, made.address, made.conditional)


def _block(body: Block, kind: Kind, path: str) -> Block:
    made = body.like() if type(body) is Block else Block(body.file, body.line)
    for key, value in body.items():
        whole = f"{path}.{key}" if path else key
        name = kind.name(key, path)
        if name == "-" or value is None or value is NOTHING:
            continue
        item = _value(value, kind, whole, body.where(key))
        outer, _, inner = name.partition(".")
        if inner:
            held = made.get(outer)
            if not isinstance(held, Block):
                held = Block(body.file, body.lines.get(key, body.line))
                made.put(outer, held, body.lines.get(key, body.line))
            held.put(inner, item, body.lines.get(key, body.line))
        else:
            made.take(body, key, item, name)
    return made


def _value(value: Any, kind: Kind, path: str, where: str) -> Any:
    blocks = isinstance(value, Series) and any(isinstance(each, Inner) for each in value)
    # Some blocks may be written as lists of objects.
    loose = kind.is_list(path) and isinstance(value, Series) and any(isinstance(each, Block) for each in value)
    if blocks or loose:
        items = Series(value.file, value.line)
        for index, each in enumerate(value):
            inner = _block(each, kind, path) if isinstance(each, Block) else each
            items.add(inner, value.lines[index] if index < len(value.lines) else 0)
        if kind.is_list(path):
            return items
        return next((each for each in items if isinstance(each, Block)), items[0])
    if isinstance(value, Series) and len(value) == 1 and isinstance(value[0], Unresolved) and not kind.is_list(path):
        # A block of which it is not known whether it is there.
        return value[0] if " for " in value[0].symbol else value
    if path.rpartition(".")[2] in _DOCUMENTS:
        return document(value, where)
    return value


def document(value: Any, where: str) -> Any:
    """The mapping that a text holds; what is no text stays as it is."""
    if isinstance(value, Encoded | PartlyEncoded):
        held = value.value
        return held if isinstance(held, Block) else value
    if not isinstance(value, str):
        return value
    file, _, line = where.rpartition(":")
    try:
        found = load(str(value).encode("utf-8", "surrogatepass"), f"{file or 'document'}.json").value
    except Unreadable:
        try:
            found = load(str(value).encode("utf-8", "surrogatepass"), f"{file or 'document'}.yaml").value
        except Unreadable:
            found = None
    if not isinstance(found, Block):
        if isinstance(value, Partly):
            return Unresolved(_symbol(value), "a part of the document is not known", where)
        return str(value)
    return moved(found, file, int(line) if line.isdigit() else 0)


def _symbol(text: str) -> str:
    begin = text.find("${")
    end = text.find("}", begin)
    return text[begin : end + 1] if 0 <= begin < end else "${document}"


def moved(value: Any, file: str, line: int) -> Any:
    """What was read from a text within a file, at the line where that text stands."""
    if isinstance(value, Block):
        made = Block(file, line)
        for key, item in value.items():
            made.put(key, moved(item, file, line), line)
        return made
    if isinstance(value, Series):
        series = Series(file, line)
        for item in value:
            series.add(moved(item, file, line), line)
        return series
    return value


def placed(value: Any, source: Block, key: str) -> Any:
    """Plain values that stand where an argument does."""
    return located(value, source.file, source.lines.get(key, source.line))
