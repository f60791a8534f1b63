"""The small machinery that makes captures of a template: what makers say of its resources becomes one answer for each call and its parameters."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ....capture import (
    ABSENT,
    GLOBAL,
    OK,
    PARTLY,
    PLACES,
    UNRESOLVED,
    UNSUPPORTED,
    UNTOLD,
    Capture,
    Target,
    has_symbol,
)
from ....plan import Call
from ....plan.aws import CALLS
from ..resources import Resource, Template, Unresolved

Params = Mapping[str, Any]
Record = Mapping[str, Any]
_PLAN = {call.key: call for call in CALLS}


def plain(value: Any) -> Any:
    """A value as JSON: what is not resolved in it becomes its marked document."""
    if isinstance(value, Unresolved):
        return dict(value.document())
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return value


def symbolic(value: Any) -> Any:
    """A value as JSON in which a symbol stands for what is not resolved, for policies and patterns, whose language knows `${Name}`."""
    if isinstance(value, Unresolved):
        return _symbol(value.symbol)
    if isinstance(value, Mapping):
        if isinstance(value.get(UNRESOLVED), str):
            return _symbol(value[UNRESOLVED])
        return {str(name): symbolic(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [symbolic(each) for each in value]
    return value


def _symbol(symbol: str) -> str:
    return symbol if "${" in symbol else f"${{{symbol}}}"


def word(value: Any, default: str = "") -> str:
    """A text for a place of a name or an ARN: the symbol of what is not resolved, numbers as they are written; else the default."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    found = symbolic(value)
    return found if isinstance(found, str) else default


def policy(document: Any) -> str:
    """A policy document as the text that AWS answers with."""
    if isinstance(document, str):
        return document
    return json.dumps(symbolic(document), sort_keys=True, ensure_ascii=False)


# Elements of a policy that decide whom it speaks of and what they may do: a policy in which one of these is open says nothing sure.
_DECIDING = ("Effect", "Principal", "NotPrincipal", "Action", "NotAction")


def policy_answer(document: Any) -> Any:
    """A policy document as its text, in which symbols stand for open resources and values of conditions; marked as open itself where more than these is."""
    opened = _open_policy(document)
    if opened is not None:
        return plain(opened)
    return policy(document)


def _open_policy(document: Any) -> Any:
    """The value in a policy because of which nothing sure can be said of it; None if there is none."""
    if untold(document):
        return document
    statements = members(document).get("Statement")
    for each in (statements, *entries(statements)):
        if untold(each):
            return each
        for name in _DECIDING:
            found = _first_open(members(each).get(name))
            if found is not None:
                return found
    return None


def _first_open(value: Any) -> Any:
    if untold(value):
        return value
    if isinstance(value, str):
        return Unresolved(value, f"{value} is not known", "") if has_symbol(value) else None
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, (list, tuple)) else ()
    return next((found for each in inner if (found := _first_open(each)) is not None), None)


def members(value: Any) -> Mapping[str, Any]:
    """An object, or an empty one."""
    return value if isinstance(value, Mapping) else {}


def entries(value: Any) -> list[Any]:
    """The members of a list; a single value is a list of itself, as several properties allow; nothing is an empty one."""
    if value is None:
        return []
    return list(value) if isinstance(value, (list, tuple)) else [value]


def untold(value: Any) -> bool:
    """Whether a value is one that the template does not tell."""
    return isinstance(value, Unresolved) or (isinstance(value, Mapping) and UNRESOLVED in value)


def switch(value: Any, default: Any = None) -> Any:
    """A switch that may be written as text, as CloudFormation allows; what is no switch stays as it is."""
    if value is None:
        return default
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    return plain(value)


def number(value: Any, default: Any = None) -> Any:
    """A number that may be written as text, as CloudFormation allows; what is no number stays as it is."""
    if value is None:
        return default
    if isinstance(value, str):
        try:
            return int(value)
        except ValueError:
            return value
    return plain(value)


def lower_first(value: Any) -> Any:
    """An object with its members in the letters of older services, which begin small (`ThrottlingRateLimit` is `throttlingRateLimit`), at every depth."""
    if untold(value):
        return value
    if isinstance(value, Mapping):
        return {f"{name[:1].lower()}{name[1:]}": lower_first(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [lower_first(each) for each in value]
    return value


def tags_of(value: Any) -> dict[str, Any]:
    """Tags as a map, from CloudFormation's list of Key and Value or from a map."""
    if isinstance(value, Mapping) and not untold(value):
        return {str(name): word(each) for name, each in value.items()}
    made: dict[str, Any] = {}
    for each in entries(value):
        pair = members(each)
        if isinstance(pair.get("Key"), str):
            made[pair["Key"]] = word(pair.get("Value"))
    return made


def tag_list(value: Any) -> list[dict[str, Any]]:
    """Tags as the list of Key and Value that most services answer with."""
    return [{"Key": key, "Value": held} for key, held in tags_of(value).items()]


@dataclass(frozen=True, slots=True)
class Stack:
    """A template as if it had been deployed: its resources by type, and by what they are called."""

    template: Template
    at: str
    by_type: Mapping[str, tuple[Resource, ...]] = field(repr=False)
    by_arn: Mapping[str, Resource] = field(repr=False)
    _names: dict[tuple[str, tuple[str, ...]], Resource] = field(default_factory=dict, repr=False)

    @property
    def account(self) -> str:
        """Its made-up account."""
        return self.template.account

    @property
    def region(self) -> str:
        """Its region."""
        return self.template.region

    @property
    def partition(self) -> str:
        """The partition of its region."""
        region = self.region
        return "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"

    def of(self, *types: str) -> tuple[Resource, ...]:
        """The resources of some types, in the order of the template within each type."""
        return tuple(each for kind in types for each in self.by_type.get(kind, ()))

    def arn(self, service: str, rest: str, *, region: bool = True, account: bool = True) -> str:
        """An ARN in the account and region of the stack."""
        return (
            f"arn:{self.partition}:{service}:{self.region if region else ''}:{self.account if account else ''}:{rest}"
        )

    def named(self, value: Any, *types: str) -> Resource | None:
        """The resource of one of these types that a value names, by its ARN, its name, or its logical id."""
        said = word(value)
        return self._names.get((said, types)) or self._find(said, types) if said else None

    def _find(self, said: str, types: tuple[str, ...]) -> Resource | None:
        found = self.of(*types)
        for names in (_exact, _last):
            for each in found:
                if said in names(each):
                    self._names[said, types] = each
                    return each
        return None

    def id_of(self, value: Any, *types: str) -> str:
        """The id of the resource that a value names, as `id_of` gives it; what it says if it names none of the stack."""
        found = self.named(value, *types)
        return id_of(found) if found else word(value)


def _exact(resource: Resource) -> tuple[str, ...]:
    return tuple(each for each in (resource.arn, resource.ref, resource.name, resource.id) if each)


def _last(resource: Resource) -> tuple[str, ...]:
    return (re.split(r"[/:]", resource.arn)[-1],) if resource.arn else ()


def id_of(resource: Resource) -> str:
    """The id that a service gives to a resource: what others call it by, or the last part of its ARN."""
    return (
        resource.ref
        if resource.ref and not resource.ref.startswith("arn:")
        else _last(resource)[0]
        if resource.arn
        else resource.id
    )


def stack(template: Template, at: str) -> Stack:
    """The template, indexed."""
    by_type: dict[str, list[Resource]] = {}
    by_arn: dict[str, Resource] = {}
    for each in template.resources:
        by_type.setdefault(each.type, []).append(each)
        if each.arn:
            by_arn.setdefault(each.arn, each)
    return Stack(template, at, {kind: tuple(found) for kind, found in by_type.items()}, by_arn)


def place_of(resource: Resource, *paths: str) -> str:
    """The line of the first of these properties that has one, else that of the resource."""
    return next((resource.places[path] for path in paths if path in resource.places), resource.where)


class Answers:
    """What a stack answers, collected call by call. Records of a listing come together in one answer, in the order in which they were told."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self._listed: dict[tuple[str, str], _Listed] = {}
        self._told: dict[tuple[str, str], Capture] = {}
        self._places: dict[str, str] = {}
        self._conditional: dict[str, str] = {}
        self._partly: Mapping[str, str] = {}

    def listed(self, call: str, *records: Any, where: str = "", also: Record | None = None, **params: Any) -> None:
        """Adds records to the answer of a listing call; without any, the listing is there and empty.

        `params` are those that the plan takes from a parent; what it gives to each such call is filled in. `also` are members beside the list.
        """
        sent = self._params(call, params)
        found = self._listed.setdefault((call, _key(sent)), _Listed(sent))
        found.records += [plain(each) for each in records]
        found.wheres += [where] * len(records)
        found.also.update(plain(also or {}))

    def told(self, call: str, answer: Record, where: str = "", **params: Any) -> None:
        """The answer to a call about one thing. The first counts where two are told."""
        self._tell(call, params, OK, where, answer=plain(answer))

    def absent(self, call: str, where: str = "", **params: Any) -> None:
        """The stack has none of what the call asks for."""
        self._tell(call, params, ABSENT, where)

    def untold(self, call: str, why: str, where: str = "", **params: Any) -> None:
        """What the call asks for hangs on something that the template does not tell."""
        self._tell(call, params, UNSUPPORTED, where, reason=UNTOLD, code=f"{why} ({where})" if where else why)

    def told_by(self, resource: Resource, call: str, answer: Record, where: str = "", **params: Any) -> None:
        """What one resource says of another: not known where a condition that cannot be decided makes that resource."""
        if resource.conditional:
            self.untold(call, f"{resource.id} exists only if {resource.conditional}", resource.where, **params)
        else:
            self.told(call, answer, where or resource.where, **params)

    def place(self, name: str, where: str, conditional: str = "") -> None:
        """Says where a thing with this ARN or key is written; rows about it, and about what it holds, stand there too."""
        if name and where:
            self._places.setdefault(name, where)
        if name and conditional:
            self._conditional.setdefault(name, conditional)

    def captures(self, calls: Iterable[str], partly: Mapping[str, str] | None = None) -> tuple[Capture, ...]:
        """All captures, in a defined order; of those of `calls` that have no parent, an empty answer where nothing was told.

        `partly` names the listings that may hold more than the template declares, each with the reason.
        """
        self._partly = partly or {}
        for call in calls:
            row = _PLAN[call]
            if row.items and not row.parents and not row.instead_of and not any(key[0] == call for key in self._told):
                self.listed(call)
        made = [
            *self._told.values(),
            *(each for key, found in self._listed.items() for each in self._lists(key[0], found)),
        ]
        made.sort(key=lambda each: (each.target, each.call, _key(each.params)))
        return (*made, self._map())

    def _lists(self, call: str, found: _Listed) -> Iterator[Capture]:
        answer: dict[str, Any] = dict(found.also)
        *above, last = _PLAN[call].items.split(".")
        inside = answer
        for step in above:
            inside = inside.setdefault(step, {})
        inside[last] = found.records
        places = {each for each in found.wheres if each}
        why = self._partly.get(call, "")
        said = {"reason": PARTLY, "code": why} if why else {}
        yield self._capture(call, found.params, OK, places.pop() if len(places) == 1 else "", answer=answer, **said)

    def _tell(self, call: str, params: Params, state: str, where: str, **more: Any) -> None:
        sent = self._params(call, params)
        self._told.setdefault((call, _key(sent)), self._capture(call, sent, state, where, **more))

    def _capture(self, call: str, params: Params, state: str, where: str, **more: Any) -> Capture:
        row, stack = _PLAN[call], self.stack
        target = Target("aws", stack.account, GLOBAL if row.scope == GLOBAL else stack.region)
        answer = more.get("answer", {})
        records = answer.get(row.items) if row.items else None
        more["records"] = len(records) if isinstance(records, list) else 0
        return Capture(call, target, params, state, at=stack.at, where=where, pages=1, **more)

    def _params(self, call: str, taken: Params) -> dict[str, Any]:
        row = _PLAN[call]
        known = {"$account": self.stack.account, "$region": self.stack.region, "$partition": self.stack.partition}
        fixed = {name: path for name, path in row.take.items() if path.startswith("$") and name not in taken}
        given = {**row.give, **fixed, **taken}
        return {name: plain(known.get(each, each) if isinstance(each, str) else each) for name, each in given.items()}

    def _map(self) -> Capture:
        template = self.stack.template
        answer = {
            "path": template.path,
            "format": template.format,
            "resources": len(template.resources),
            # Pairs, as no text beside the name of a secret is taken for one then.
            "places": [list(each) for each in sorted(self._places.items())],
            "conditional": [list(each) for each in sorted(self._conditional.items())],
            "problems": [{"where": each.where, "why": each.why} for each in template.problems],
        }
        target = Target("aws", self.stack.account, self.stack.region)
        return Capture(PLACES, target, {"path": template.path}, OK, answer, at=self.stack.at, where=template.path)


@dataclass
class _Listed:
    params: dict[str, Any]
    records: list[Any] = field(default_factory=list)
    wheres: list[str] = field(default_factory=list)
    also: dict[str, Any] = field(default_factory=dict)


def _key(params: Params) -> str:
    return json.dumps(params, sort_keys=True, ensure_ascii=False, default=str)


Maker = Callable[[Stack, Answers], None]


def planned(call: str) -> Call:
    """The row of the plan with this id."""
    return _PLAN[call]
