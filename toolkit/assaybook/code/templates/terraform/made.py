"""One resource or data source of a module: its arguments, worked out when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..located import Block, Series
from ..naming import Named
from ..resources import Unresolved
from ..values import bare, text_of, unresolved
from .encodings import comes_to_much, settled
from .kinds import Kind, kind_of
from .members import member_of
from .syntax import Written
from .unknown import missing, symbol
from .working_out import Worker

if TYPE_CHECKING:
    from .module import Module

# Arguments that say how a resource is made, not what it is.
_ABOUT = frozenset({"count", "for_each", "provider", "depends_on"})
_BLOCKS_ABOUT = frozenset({"lifecycle", "provisioner", "connection", "timeouts"})
_MOST_BLOCKS = 500


@dataclass(frozen=True)
class Numbered:
    """Which copy of a block: its number or key, the names that it brings, and on what it hangs that there is one."""

    key: int | str | None
    names: Mapping[str, Any]
    conditional: str = ""

    @property
    def suffix(self) -> str:
        """How addresses tell the copies apart."""
        if self.key is None:
            return ""
        return f"[{self.key}]" if isinstance(self.key, int) else f'["{self.key}"]'


class Inner(Block):
    """A block within a resource, as against a mapping that is the value of an argument."""

    __slots__ = ()


class Made:
    """A resource."""

    def __init__(self, module: Module, written: Written, numbered: Numbered) -> None:
        self.module = module
        self.written = written
        self.number = numbered.key
        self.type, self.name = written.labels[0], written.labels[1]
        self.conditional = numbered.conditional or module.conditional
        self.address: str = f"{module.prefix}{self.type}.{self.name}{numbered.suffix}"
        self.where: str = f"{written.file}:{written.line}"
        self.worker = module.worker(written.file, **numbered.names)
        self.kind: Kind | None = kind_of(self.type)
        self._body: Inner | None = None

    def argument(self, name: str) -> Any:
        """The value of an argument; None where it is not set."""
        said = self.written.attributes.get(name)
        if said is None:
            return None
        return self.module.once(
            ("argument", self.address, name), lambda: self.worker.value(said[0]), f"{self.written.file}:{said[1]}"
        )

    def line(self, name: str) -> str:
        """Where an argument stands."""
        said = self.written.attributes.get(name)
        return f"{self.written.file}:{said[1]}" if said else self.where

    def named(self) -> Named:
        """How it is called."""
        logical = "".join(
            each if each.isalnum() or each in "-_" else "-" for each in self.address.replace("aws_", "", 1)
        )
        return Named(self.kind.type if self.kind else "", logical.strip("-"), self.module.place, self._property)

    def _property(self, name: str) -> Any:
        kind = self.kind
        for argument in self.written.attributes:
            if kind is not None and kind.name(argument) == name:
                found = self.argument(argument)
                return "" if found is None else settled(found)
        if kind is not None and name == kind.named:
            for argument in ("name_prefix", f"{kind.argument}_prefix"):
                found = self.argument(argument)
                if isinstance(found, str):
                    return type(found)(f"{found}{self.named()['alnum8']}")
                if isinstance(found, Unresolved):
                    return found
        return ""

    def member(self, name: str, where: str) -> Any:
        """What others ask of it: an argument, or what it has once it is made."""
        if name in self.written.attributes and name not in _ABOUT:
            found = self.argument(name)
            if found is not None:
                return found
        key = ("member", self.address, name)
        return self.module.once(key, lambda: self._member(name, where), where)

    def _member(self, name: str, where: str) -> Any:
        found = member_of(self, name, where)
        if found is not None:
            return found
        if any(each.kind in (name, "dynamic") for each in self.written.blocks):
            inner = self.body().get(name)
            if inner is not None:
                return inner
        if name in self.written.attributes:
            return None
        return symbol(f"{self.address}.{name}", f"{name} of {self.address} is known once it is deployed", where)

    def whole(self) -> Any:
        """What stands for it where it is a value itself."""
        return (
            self.named().ref() if self.kind else unresolved(self.address, "it is known once it is deployed", self.where)
        )

    def body(self) -> Inner:
        """All its arguments and inner blocks, worked out."""
        if self._body is None:
            self._body = Inner(self.written.file, self.written.line)
            self._body = body_of(self.written, self.worker, self)
        return self._body


def body_of(written: Written, worker: Worker, made: Made | None = None) -> Inner:
    """The arguments and blocks of a block, worked out; what is null is left out."""
    body = Inner(written.file, written.line)
    for name, (said, line) in written.attributes.items():
        if name in _ABOUT:
            continue
        found = made.argument(name) if made is not None else worker.value(said)
        if comes_to_much(found):
            found = symbol(name, "it comes to more than any real one", f"{written.file}:{line}")
        if found is not None:
            body.put(name, settled(found), line)
    for each in written.blocks[:_MOST_BLOCKS]:
        if each.kind in _BLOCKS_ABOUT:
            continue
        if each.kind == "dynamic":
            name = each.labels[0] if each.labels else ""
            for item in _dynamic(each, worker, name):
                _add(body, name, item, each.line)
        else:
            _add(body, each.kind, body_of(each, worker), each.line)
    return body


def _add(body: Inner, name: str, item: Any, line: int) -> None:
    held = body.get(name)
    if not isinstance(held, Series):
        body.put(name, Series(body.file, line), line)
    body[name].add(item, line)


def _dynamic(written: Written, worker: Worker, name: str) -> Iterator[Any]:
    said = written.attributes.get("for_each")
    content = next(iter(written.of("content")), None)
    if said is None or content is None:
        return
    over = worker.value(said[0])
    iterator = name
    if "iterator" in written.attributes:
        iterator = getattr(written.attributes["iterator"][0], "name", name)
    if not isinstance(over, list | dict):
        why = over.why if isinstance(over, Unresolved) else "what it is made for is not known"
        label = bare(over.symbol) if isinstance(over, Unresolved) else name
        yield symbol(f"{name} for {label}", why, f"{written.file}:{written.line}")
        return
    pairs = [(item, item) for item in over] if isinstance(over, list) else sorted(over.items())
    for key, item in pairs[:_MOST_BLOCKS]:
        yield body_of(content, worker.within(**{iterator: _Round(key, item)}))


class _Round:
    """The key and value of one round of a dynamic block."""

    def __init__(self, key: Any, value: Any) -> None:
        self._held = {"key": key, "value": value}

    def member(self, name: str, where: str) -> Any:
        """The key or the value."""
        return self._held.get(name, missing(name, f"there is no {name}", where))

    def whole(self) -> Any:
        """Stands for it where neither is asked for."""
        return text_of(self._held["key"]) if isinstance(self._held["key"], str) else None
