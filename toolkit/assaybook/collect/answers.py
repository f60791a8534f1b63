"""From what botocore parsed to plain JSON values, refusing what does not have the documented shape.

Botocore is lenient: a body that is no JSON becomes an empty answer, a text where a list is due becomes a list of letters.
Evidence may not rest on either.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from botocore.model import OperationModel
from botocore.session import Session

DEEPEST = 100
LARGEST_NUMBER = 2**53
JSON_PROTOCOLS = ("json", "rest-json")
ROOT = re.compile(rb"\s*(?:<\?[^>]*\?>\s*)?(?:<!--.*?-->\s*)?<(?:\w+:)?([A-Za-z_][\w.-]*)", re.DOTALL)


class UnexpectedShape(Exception):
    """An answer does not have the shape that the service documents: where and how."""


def plain(shape: Any, parsed: Mapping[str, Any]) -> dict[str, Any]:
    """The answer as JSON values: times in ISO 8601, bytes as text. Raises UnexpectedShape."""
    if shape is None:
        return {}
    members = shape.members
    return {
        name: _value(members[name], value, name, 0)
        for name, value in parsed.items()
        if name in members and value is not None
    }


def _value(shape: Any, value: Any, path: str, depth: int) -> Any:
    kind = shape.type_name
    if depth > DEEPEST:
        raise UnexpectedShape(f"{path} is nested deeper than {DEEPEST}")
    if value is None:
        return None
    if kind == "structure":
        if getattr(shape, "is_document_type", False):
            return _scalar(value, path, anything=True)
        members = _mapping(value, path)
        return {
            name: _value(shape.members[name], each, f"{path}.{name}", depth + 1)
            for name, each in members.items()
            if name in shape.members
        }
    if kind == "list":
        if not isinstance(value, list):
            raise UnexpectedShape(f"{path} is {_named(value)} where a list is due")
        return [_value(shape.member, each, f"{path}[{at}]", depth + 1) for at, each in enumerate(value)]
    if kind == "map":
        return {
            _legible(str(key)): _value(shape.value, each, f"{path}.{key}", depth + 1)
            for key, each in _mapping(value, path).items()
        }
    # Botocore decodes the policy documents of IAM, which are texts in the model.
    return _scalar(value, path, anything=shape.name == "policyDocumentType")


def _mapping(value: Any, path: str) -> Mapping[Any, Any]:
    if not isinstance(value, Mapping):
        raise UnexpectedShape(f"{path} is {_named(value)} where members are due")
    return value


def _scalar(value: Any, path: str, *, anything: bool) -> Any:
    if isinstance(value, str):
        return _legible(value)
    if isinstance(value, bool) or (value is None and anything):
        return value
    if isinstance(value, (int, float)):
        return value if _exact(value) else str(value)
    if isinstance(value, datetime):
        # botocore gives some times in the machine's own zone.
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray)):
        return _text(bytes(value))
    if anything and isinstance(value, dict):
        return {_legible(str(key)): _scalar(each, path, anything=True) for key, each in value.items()}
    if anything and isinstance(value, list):
        return [_scalar(each, path, anything=True) for each in value]
    raise UnexpectedShape(f"{path} is {_named(value)} where a single value is due")


def _exact(value: float) -> bool:
    """Whether canonical JSON can hold a number as it is."""
    return abs(value) < LARGEST_NUMBER if isinstance(value, int) else math.isfinite(value)


def _legible(text: str) -> str:
    """The text without halves of characters, which UTF-8 cannot hold."""
    return text if text.isascii() else text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def _text(value: bytes) -> str:
    """Bytes as the text that they are; others are only measured, as no secret could be found in them."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return f"[binary, {len(value)} bytes]"


def _named(value: Any) -> str:
    names = {"dict": "a group of members", "list": "a list", "str": "a text"}
    kind = type(value).__name__
    return names.get(kind, f"of type {kind}")


@contextmanager
def well_formed(session: Session) -> Iterator[None]:
    """Check the body of every success before botocore parses it. Clients take this over when they are made."""

    def before_parse(operation_model: OperationModel, response_dict: Mapping[str, Any], **_: Any) -> None:
        body = response_dict.get("body")
        if response_dict["status_code"] == 200 and isinstance(body, bytes):
            check_body(operation_model, body)

    events = session.get_component("event_emitter")
    events.register("before-parse.*.*", before_parse)
    try:
        yield
    finally:
        events.unregister("before-parse.*.*", before_parse)


def check_body(model: OperationModel, body: bytes) -> None:
    """Refuse the body of a success that is not of the operation's protocol at all. Raises UnexpectedShape."""
    output = model.output_shape
    if output is None or output.serialization.get("payload"):
        return
    if model.service_model.resolved_protocol in JSON_PROTOCOLS:
        _check_json(body, output)
    else:
        _check_xml(body, model)


def _check_json(body: bytes, output: Any) -> None:
    if not body.strip():
        if output.members:
            raise UnexpectedShape("the body is empty")
        return
    try:
        value = json.loads(body)
        _suits(output, value, "the body")
    except (ValueError, RecursionError) as problem:
        raise UnexpectedShape(f"the body of {len(body)} bytes is no JSON ({problem})") from problem


def _suits(shape: Any, value: Any, path: str) -> None:
    """Refuse groups and lists that are not where the model has them; botocore would read a text as a list of its letters."""
    kind = shape.type_name
    if value is None and path != "the body":
        return
    if kind == "structure" and not getattr(shape, "is_document_type", False):
        members = _mapping(value, path)
        for name, member in shape.members.items():
            found = members.get(member.serialization.get("name", name))
            if found is not None and member.type_name in ("structure", "list", "map"):
                _suits(member, found, name)
    elif kind == "list":
        if not isinstance(value, list):
            raise UnexpectedShape(f"{path} is {_named(value)} where a list is due")
        if shape.member.type_name in ("structure", "list", "map"):
            for each in value:
                _suits(shape.member, each, path)
    elif kind == "map":
        for each in _mapping(value, path).values():
            _suits(shape.value, each, path)


def _check_xml(body: bytes, model: OperationModel) -> None:
    found = ROOT.match(body)
    root = found[1].decode("ascii", "replace") if found else ""
    rest = model.service_model.resolved_protocol == "rest-xml"
    if not root or root.lower() in ("html", "error") or not (rest or root == f"{model.name}Response"):
        raise UnexpectedShape(f"the body of {len(body)} bytes is no answer to {model.name} (it begins with <{root}>)")
