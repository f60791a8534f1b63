"""From a parent's answer to the requests of a row: which records, with which parameters, in which region."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from jmespath.exceptions import JMESPathError

from ..capture import GLOBAL, Target
from ..plan import Call
from .aws import Account
from .order import canonical_params
from .paging import search

TODAY = "$today"


@dataclass(frozen=True, slots=True)
class Request:
    """One call to make. `region` is where it is sent; `target` is what it speaks of (region `global` for a service without regions)."""

    call: Call
    account: Account
    target: Target
    region: str
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[Target, str, str]:
        """What tells it from every other request, and what captures are sorted by."""
        return self.target, self.call.key, canonical_params(self.params)


@dataclass(frozen=True, slots=True)
class Unaskable:
    """A record from which no request could be made: the answer that it came from has an unexpected shape."""

    call: Call
    target: Target
    problem: str


def first_request(call: Call, account: Account, region: str) -> Request:
    """The request of a row that stands by itself."""
    target = Target("aws", account.id, GLOBAL if call.scope == GLOBAL else region)
    sent = account.home if call.scope == GLOBAL else region
    taken = {name: _engagement(path, account, sent) for name, path in call.take.items()}
    return Request(call, account, target, sent, {**_filled(call.give, account, sent), **taken})


def child_requests(call: Call, parent: Request, answer: Mapping[str, Any], items: str) -> Iterator[Request | Unaskable]:
    """The requests of a row that fans out over a parent's answer. Records that give the same parameters are asked once."""
    about = {
        **parent.params,
        "account": parent.account.id,
        "region": parent.region,
        "partition": parent.account.partition,
    }
    try:
        records = _records(call.over or items, answer, about)
        made = [each for record in records for each in _made(call, parent, record, about)]
    except (JMESPathError, TypeError) as problem:
        yield Unaskable(call, parent.target, f"{call.key} could not be derived from {parent.call.key}: {problem}")
        return
    seen: set[str] = set()
    for region, params in _batched(call, made) if call.batch else made:
        request = Request(call, parent.account, parent.target, region, params)
        text = request.key[2]
        if text not in seen:
            seen.add(text)
            yield request


def _records(over: str, answer: Mapping[str, Any], about: Mapping[str, Any]) -> list[Any]:
    document = dict(answer)
    if "parent" in over:
        # JMESPath cannot look up to the root from within a projection, so each record is given its own view of the parent.
        document = {name: _with_parent(value, about) for name, value in answer.items()} | {"parent": about}
    found = search(over, document)
    if found is None:
        return []
    if not isinstance(found, list):
        raise TypeError(f"{over} is {type(found).__name__} and not a list")
    return found


def _with_parent(value: Any, about: Mapping[str, Any]) -> Any:
    if not isinstance(value, list):
        return value
    return [{**each, "parent": about} if isinstance(each, dict) else each for each in value]


def _made(call: Call, parent: Request, record: Any, about: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    if record is None:
        return
    seen = {**record, "parent": about} if isinstance(record, dict) else record
    if call.when and not search(call.when, seen):
        return
    region = parent.region
    if call.region_from:
        region = search(call.region_from, seen) or parent.account.home
        if not isinstance(region, str):
            raise TypeError(f"{call.region_from} is {type(region).__name__} and not the name of a region")
    params = {name: _taken(path, seen, parent, region) for name, path in call.take.items()}
    if any(value is None for value in params.values()):
        return
    yield region, {**_filled(call.give, parent.account, region), **params}


def _taken(path: str, record: Any, parent: Request, region: str) -> Any:
    if path.startswith("^"):
        return parent.params.get(path[1:])
    if path.startswith("$"):
        return _engagement(path, parent.account, region)
    return search(path, record)


def _engagement(path: Any, account: Account, region: str) -> Any:
    if path.startswith(TODAY):
        day = datetime.combine(account.day, time(tzinfo=UTC)) - timedelta(days=int(path[len(TODAY) + 1 :] or 0))
        return day.isoformat()
    return {"$account": account.id, "$region": region, "$partition": account.partition}.get(path, path)


def _filled(value: Any, account: Account, region: str) -> Any:
    """Constant parameters with `$account` and `$region` filled in, also within lists and maps."""
    if isinstance(value, str):
        return _engagement(value, account, region) if value.startswith("$") else value
    if isinstance(value, Mapping):
        return {name: _filled(each, account, region) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_filled(each, account, region) for each in value]
    return value


def _batched(call: Call, made: Sequence[tuple[str, dict[str, Any]]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Requests that each hold up to `batch` records in the list parameter `batch_into` (dotted if it lies within a map)."""
    name, *within = call.batch_into.split(".")
    groups: dict[tuple[str, str], tuple[dict[str, Any], list[Any]]] = {}
    for region, params in made:
        rest = {key: value for key, value in params.items() if key != name}
        held = groups.setdefault((region, canonical_params(rest)), (rest, []))[1]
        if params[name] not in held:
            held.append(params[name])
    for (region, _), (rest, held) in groups.items():
        for start in range(0, len(held), call.batch):
            value: Any = held[start : start + call.batch]
            if call.batch_id:
                value = [{call.batch_id: f"q{place}", **each} for place, each in enumerate(value)]
            for inner in reversed(within):
                value = {inner: value}
            yield region, {**rest, name: value}
