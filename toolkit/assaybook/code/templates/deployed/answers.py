"""The small machinery that makes captures of a template: what makers say of its resources becomes one answer for each call and its parameters."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ....capture import (
    ABSENT,
    BROKEN,
    GLOBAL,
    OK,
    PARTLY,
    PLACES,
    UNSUPPORTED,
    UNTOLD,
    Capture,
    Target,
)
from ....plan import Call
from ....plan.aws import CALLS
from ..resources import Resource
from .stacks import BORROWED, Stack, id_of, place_of, stack
from .written import (
    entries,
    lower_first,
    members,
    number,
    plain,
    policy,
    policy_answer,
    switch,
    symbolic,
    tag_list,
    tags_of,
    untold,
    word,
)

Params = Mapping[str, Any]
Record = Mapping[str, Any]
_PLAN = {call.key: call for call in CALLS}


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
        broken = self.stack.broken
        said = {"reason": BROKEN, "code": broken} if broken else {"reason": PARTLY, "code": why} if why else {}
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


# What a maker needs, in one place.
__all__ = [
    "BORROWED",
    "Answers",
    "Maker",
    "Params",
    "Record",
    "Stack",
    "entries",
    "id_of",
    "lower_first",
    "members",
    "number",
    "place_of",
    "plain",
    "planned",
    "policy",
    "policy_answer",
    "stack",
    "switch",
    "symbolic",
    "tag_list",
    "tags_of",
    "untold",
    "word",
]
