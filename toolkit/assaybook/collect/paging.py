"""How each operation pages, and how its pages become one answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import jmespath
from botocore.exceptions import UnknownServiceError
from botocore.loaders import Loader
from botocore.model import OperationModel
from jmespath.functions import Functions, signature

# Members that carry a page token where botocore's own list of paginators does not have the operation.
TOKENS = ("NextToken", "nextToken", "NextMarker", "Marker", "nextPageToken", "position")


@dataclass(frozen=True, slots=True)
class Paging:
    """Token members (sent and received, in pairs), the member that says whether there is more, and the lists to join."""

    sent: tuple[str, ...] = ()
    received: tuple[str, ...] = ()
    more: str = ""
    lists: tuple[str, ...] = ()

    def token(self, page: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """The token of the next page; None at the last one. A page that says "there is more" without a token gives ()."""
        more = search(self.more, page) if self.more else None
        if more is False or not self.sent:
            return None
        found = tuple(search(each, page) for each in self.received)
        if not any(found):
            return () if more else None
        return found


def paging_of(loader: Loader, model: OperationModel) -> Paging:
    """How an operation pages: botocore's list first, else the token members that go in and come out."""
    service = model.service_model.service_name
    try:
        listed = loader.load_service_model(service, "paginators-1")["pagination"].get(model.name)
    except (UnknownServiceError, KeyError):
        listed = None
    if listed:
        return Paging(
            sent=_texts(listed["input_token"]),
            received=_texts(listed["output_token"]),
            more=listed.get("more_results", ""),
            lists=_texts(listed["result_key"]),
        )
    return _by_members(model)


def _by_members(model: OperationModel) -> Paging:
    into = model.input_shape.members if model.input_shape else {}
    out = model.output_shape.members if model.output_shape else {}
    pair = next(((name, name) for name in TOKENS if name in into and name in out), None)
    if pair is None:
        return Paging()
    lists = tuple(name for name, shape in out.items() if shape.type_name == "list")
    return Paging((pair[0],), (pair[1],), lists=lists)


def merged(paging: Paging, pages: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """All pages as one answer: lists joined, everything else from the first page, tokens left out."""
    answer = _copied(pages[0], paging) if pages else {}
    for page in pages[1:]:
        for path in paging.lists:
            more = search(path, page)
            if isinstance(more, list):
                _extend(answer, path.split("."), more)
    for path in (*paging.received, *((paging.more,) if paging.more else ())):
        _drop(answer, path.split("."))
    return answer


def _copied(page: Mapping[str, Any], paging: Paging) -> dict[str, Any]:
    """The first page, copied as far as joining and dropping reach into it."""
    answer = dict(page)
    for path in (*paging.lists, *paging.received, paging.more):
        inside: dict[str, Any] = answer
        *above, last = path.split(".")
        for name in above:
            if not isinstance(inside.get(name), dict):
                break
            inside[name] = inside = dict(inside[name])
        else:
            if isinstance(inside.get(last), list):
                inside[last] = list(inside[last])
    return answer


def _extend(answer: dict[str, Any], path: Sequence[str], more: list[Any]) -> None:
    inside = answer
    for name in path[:-1]:
        inside = inside.setdefault(name, {})
    inside.setdefault(path[-1], []).extend(more)


def _drop(answer: dict[str, Any], path: Sequence[str]) -> None:
    inside: Any = answer
    for name in path[:-1]:
        inside = inside.get(name) if isinstance(inside, dict) else None
    if isinstance(inside, dict):
        inside.pop(path[-1], None)


class _Words(Functions):
    """What the plan needs beyond JMESPath's own functions: `split(text, ':')[6]` is the name in the ARN of a function; `lower(text)`."""

    @signature({"types": ["string", "null"]}, {"types": ["string"]})
    def _func_split(self, text: str | None, at: str) -> list[str]:
        return (text or "").split(at)

    @signature({"types": ["string", "null"]})
    def _func_lower(self, text: str | None) -> str:
        return (text or "").lower()


_OPTIONS = jmespath.Options(custom_functions=_Words())


def search(expression: str, value: Any) -> Any:
    """The result of a JMESPath expression. Raises JMESPathError where the value does not suit it."""
    return compiled(expression).search(value, _OPTIONS)


@cache
def compiled(expression: str) -> Any:
    """A compiled expression; the plan has few, so all are kept."""
    return jmespath.compile(expression)


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, list) else (value,)
