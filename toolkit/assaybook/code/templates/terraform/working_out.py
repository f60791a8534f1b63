"""Works out expressions as far as the text tells: what is not known stays a symbol, and what a reference does not find is told apart from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from ..located import Block, Series
from ..resources import Unresolved
from ..values import Partly, bare, joined, text_of
from .operators import combined, negated, opened, same_values
from .syntax import (
    Call,
    Choice,
    Each,
    Expression,
    For,
    Item,
    Literal,
    Member,
    Name,
    Object,
    Operation,
    Repeated,
    Text,
    Tuple,
)
from .unknown import Missing, is_holder, missing, symbol, truth

MOST_STEPS = 1_000_000
_MOST_ITEMS = 5_000


class Exhausted(Exception):
    """What a module says takes more steps to work out than any real one."""


class Scope(Protocol):
    """What expressions ask of the module that they stand in."""

    file: str

    def root(self, name: str, where: str) -> Any:
        """What a reference begins with."""

    def call(self, name: str, given: list[Any], where: str) -> Any:
        """What a function gives."""

    def spend(self) -> None:
        """Counts a step; raises `Exhausted` after too many."""


def members_of(value: Any) -> list[tuple[Any, Any]] | None:
    """Keys and values of a mapping, or numbers and members of a list; None of what is neither."""
    if isinstance(value, dict):
        return sorted(value.items())
    if isinstance(value, list):
        return list(enumerate(value))
    return None


class Worker:
    """Works out the expressions of one file, with the names that surround them (`each`, those of `for`)."""

    def __init__(self, scope: Scope, names: Mapping[str, Any] | None = None, file: str = "") -> None:
        self.scope = scope
        self.names: Mapping[str, Any] = names or {}
        self.file = file or scope.file

    def within(self, **names: Any) -> Worker:
        """The same with more names."""
        return Worker(self.scope, {**self.names, **names}, self.file)

    def where(self, line: int) -> str:
        """A line of the file."""
        return f"{self.file}:{line}" if line else self.file

    def value(self, said: Expression) -> Any:
        """What an expression gives."""
        self.scope.spend()
        return _WAYS[type(said)](self, said)

    def _literal(self, said: Literal) -> Any:
        return said.value

    def _text(self, said: Text) -> Any:
        return joined(_as_value(self.value(each)) for each in said.parts)

    def _name(self, said: Name) -> Any:
        if said.name in self.names:
            return self.names[said.name]
        return self.scope.root(said.name, self.where(said.line))

    def _member(self, said: Member) -> Any:
        return self.step(self.value(said.of), said.name, said.line)

    def _item(self, said: Item) -> Any:
        key = self.value(said.key)
        of = self.value(said.of)
        if isinstance(key, Unresolved):
            return symbol(f"{_called(of)}.{bare(key.symbol)}", key.why, self.where(said.line))
        return self.step(of, key, said.line)

    def step(self, of: Any, key: Any, line: int) -> Any:
        """What a value holds under a name or number."""
        where = self.where(line)
        if isinstance(of, Unresolved):
            made = f"{bare(of.symbol)}.{text_of(key)}"
            return (
                missing(made, of.why, where)
                if isinstance(of, Missing)
                else symbol(made, of.why, where, secret=of.no_echo)
            )
        if isinstance(of, list):
            index = key if isinstance(key, int) else int(key) if isinstance(key, str) and key.isdigit() else None
            if index is not None and -len(of) <= index < len(of):
                return of[index]
            # The old way to write a member of each.
            if isinstance(key, str) and not key.isdigit() and len(of) == 1:
                return self.step(of[0], key, line)
            return missing(f"list.{text_of(key)}", f"there is no member {text_of(key)}", where)
        if isinstance(of, dict):
            name = text_of(key)
            return of[name] if name in of else missing(name, f"there is no member {name}", where)
        if is_holder(of):
            # A single thing of which it is not known how many there are may be asked for by number.
            return of.member(key, where) if isinstance(key, str) else of
        if isinstance(of, Partly):
            return symbol(f"{of[:60]}.{text_of(key)}", "only a part of it is known", where)
        return missing(text_of(key), f"a value has no member {text_of(key)}", where)

    def _each(self, said: Each) -> Any:
        of = self.value(said.of)
        if isinstance(of, Unresolved):
            return symbol(f"{bare(of.symbol)}.*", of.why, self.where(said.line))
        if of is None:
            return Series(self.file, said.line)
        items = (
            list(of)
            if isinstance(of, list)
            else [item for _, item in sorted(of.items())]
            if isinstance(of, dict) and not isinstance(of, Block)
            else [of]
        )
        series = Series(self.file, said.line)
        for each in items[:_MOST_ITEMS]:
            series.add(self.within(**{"": each}).value(said.steps))
        return series

    def _call(self, said: Call) -> Any:
        where = self.where(said.line)
        if said.name in ("try", "can"):
            return self._tried(said, where)
        given = [self.value(each) for each in said.given]
        if said.spread and given:
            last = given.pop()
            if isinstance(last, Unresolved):
                return symbol(f"{said.name}({bare(last.symbol)})", last.why, where)
            given += last if isinstance(last, list) else []
        return self.scope.call(said.name, given, where)

    def _tried(self, said: Call, where: str) -> Any:
        found: Any = missing(said.name, "nothing of what is tried is there", where)
        for each in said.given:
            found = self.value(each)
            if not isinstance(found, Missing):
                break
        return found if said.name == "try" else not isinstance(found, Missing)

    def _choice(self, said: Choice) -> Any:
        condition = self.value(said.condition)
        holds = truth(condition)
        if holds is not None:
            return self.value(said.then if holds else said.otherwise)
        then, otherwise = self.value(said.then), self.value(said.otherwise)
        if same_values(then, otherwise):
            return then
        name = bare(condition.symbol) if isinstance(condition, Unresolved) else text_of(condition)
        why = condition.why if isinstance(condition, Unresolved) else "the condition is no condition"
        return symbol(f"by {name}", f"it hangs on {name}: {why}", self.where(said.line))

    def _operation(self, said: Operation) -> Any:
        first = self.value(said.values[0])
        if len(said.values) == 1:
            return negated(said.operator, first, self.where(said.line))
        if said.operator in ("&&", "||"):
            decides = said.operator == "||"
            if truth(first) is decides:
                return decides
            second = self.value(said.values[1])
            if truth(second) is decides:
                return decides
            if truth(first) is None:
                return opened(first, self.where(said.line))
            return truth(second) if truth(second) is not None else opened(second, self.where(said.line))
        return combined(said.operator, first, self.value(said.values[1]), self.where(said.line))

    def _tuple(self, said: Tuple) -> Series:
        series = Series(self.file, said.line)
        for each in said.items:
            series.add(_as_value(self.value(each)), each.line)
        return series

    def _object(self, said: Object) -> Block:
        made = Block(self.file, said.line)
        for key, item, line in said.items:
            made.put(str(text_of(self.value(key))), _as_value(self.value(item)), line)
        return made

    def _for(self, said: For) -> Any:
        over = self.value(said.over)
        pairs = members_of(over)
        if pairs is None:
            name = bare(over.symbol) if isinstance(over, Unresolved) else "for"
            return symbol(
                f"for {name}",
                over.why if isinstance(over, Unresolved) else "there is nothing to go through",
                self.where(said.line),
            )
        made = Block(self.file, said.line) if said.key is not None else Series(self.file, said.line)
        for worker in self._rounds(said.names, pairs):
            if said.condition is not None and truth(worker.value(said.condition)) is False:
                continue
            value = _as_value(worker.value(said.value))
            if isinstance(made, Series):
                made.add(value)
            elif said.key is not None:
                _put(made, str(text_of(worker.value(said.key))), value, grouped=said.grouped)
        return made

    def _rounds(self, names: tuple[str, ...], pairs: list[tuple[Any, Any]]) -> Iterator[Worker]:
        for key, item in pairs[:_MOST_ITEMS]:
            yield self.within(**({names[0]: item} if len(names) == 1 else {names[0]: key, names[1]: item}))

    def _repeated(self, said: Repeated) -> Any:
        over = self.value(said.over)
        pairs = members_of(over)
        if pairs is None:
            return symbol(f"for {text_of(over)}", "there is nothing to go through", self.where(said.line))
        return joined(_as_value(each.value(said.body)) for each in self._rounds(said.names, pairs))


_WAYS: Mapping[type, Callable[[Worker, Any], Any]] = {
    Literal: Worker._literal,
    Text: Worker._text,
    Name: Worker._name,
    Member: Worker._member,
    Item: Worker._item,
    Each: Worker._each,
    Call: Worker._call,
    Choice: Worker._choice,
    Operation: Worker._operation,
    Tuple: Worker._tuple,
    Object: Worker._object,
    For: Worker._for,
    Repeated: Worker._repeated,
}


def _as_value(value: Any) -> Any:
    return value


def _put(made: Block, key: str, value: Any, *, grouped: bool) -> None:
    if not grouped:
        made.put(key, value)
        return
    if not isinstance(made.get(key), Series):
        made.put(key, Series(made.file, made.line))
    made[key].add(value)


def _called(value: Any) -> str:
    return bare(value.symbol) if isinstance(value, Unresolved) else "item"
