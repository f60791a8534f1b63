"""Answers as AWS writes them: JSON, REST-JSON, REST-XML, query and EC2, from plain values and botocore's own models."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import botocore.session

JSON_PROTOCOLS = ("json", "rest-json")


@dataclass(frozen=True)
class Refusal:
    """An error answer of the service."""

    code: str
    message: str = "refused"
    status: int = 400


@dataclass(frozen=True)
class Raw:
    """Bytes as they are."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@cache
def session():
    return botocore.session.get_session()


@cache
def operation(name):
    service, _, operation_name = name.partition(":")
    return session().get_service_model(service).operation_model(operation_name)


@cache
def protocol(name):
    return operation(name).service_model.resolved_protocol


def success(name: str, answer: Mapping[str, Any]) -> Raw:
    """The answer to an operation, in its protocol. Members that are unknown to the model are refused, so that tests speak true."""
    model = operation(name)
    shape = model.output_shape
    unknown = set(answer) - set(shape.members if shape else ())
    assert not unknown, f"{name} has no {unknown}"
    if shape is None:
        return Raw(b"")
    payload = shape.serialization.get("payload")
    if payload and shape.members[payload].type_name in ("string", "blob"):
        value = answer.get(payload, "")
        return Raw(value if isinstance(value, bytes) else value.encode())
    if protocol(name) in JSON_PROTOCOLS:
        members = _json(shape.members[payload], answer.get(payload, {})) if payload else _json(shape, answer)
        return Raw(json.dumps(members).encode(), headers={"content-type": "application/json"})
    return Raw(_xml_answer(name, model, answer).encode(), headers={"content-type": "text/xml"})


def refusal(name: str, refused: Refusal) -> Raw:
    """The error answer, in the operation's protocol."""
    kind = protocol(name)
    if kind in JSON_PROTOCOLS:
        body = json.dumps({"__type": refused.code, "message": refused.message})
        return Raw(body.encode(), refused.status, {"x-amzn-errortype": refused.code})
    error = f"<Code>{escape(refused.code)}</Code><Message>{escape(refused.message)}</Message>"
    if kind == "ec2":
        return Raw(
            f"<Response><Errors><Error>{error}</Error></Errors><RequestID>r</RequestID></Response>".encode(),
            refused.status,
        )
    if name.startswith("s3:"):
        return Raw(f"<Error>{error}<RequestId>r</RequestId></Error>".encode(), refused.status)
    return Raw(
        f"<ErrorResponse><Error>{error}</Error><RequestId>r</RequestId></ErrorResponse>".encode(), refused.status
    )


def _json(shape, value):
    if value is None:
        return None
    if shape.type_name == "structure" and isinstance(value, Mapping):
        return {
            shape.members[name].serialization.get("name", name) if name in shape.members else name: _json(
                shape.members[name], each
            )
            for name, each in value.items()
        }
    if shape.type_name == "list" and isinstance(value, (list, tuple)):
        return [_json(shape.member, each) for each in value]
    if shape.type_name == "map" and isinstance(value, Mapping):
        return {key: _json(shape.value, each) for key, each in value.items()}
    return _encoded(value)


def _encoded(value):
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _xml_answer(name, model, answer):
    shape = model.output_shape
    inner = _members(shape, answer)
    if protocol(name) == "rest-xml":
        payload = shape.serialization.get("payload")
        if payload:
            member = shape.members[payload]
            root = member.serialization.get("name", member.name)
            return f"<{root}>{_members(member, answer.get(payload, {}))}</{root}>"
        return f"<{model.name}Result>{inner}</{model.name}Result>"
    wrapper = shape.serialization.get("resultWrapper")
    wrapped = f"<{wrapper}>{inner}</{wrapper}>" if wrapper else inner
    return f"<{model.name}Response>{wrapped}<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></{model.name}Response>"


def _members(shape, value):
    attributes = shape.members
    return "".join(
        _xml(attributes[name], attributes[name].serialization.get("name", name), each) for name, each in value.items()
    )


def _xml(shape, tag, value):
    if value is None:
        return ""
    if shape.type_name == "structure":
        return f"<{tag}>{_members(shape, value)}</{tag}>"
    if shape.type_name == "list":
        if shape.serialization.get("flattened"):
            inner = shape.member.serialization.get("name", tag)
            return "".join(_xml(shape.member, inner, each) for each in value)
        inner = shape.member.serialization.get("name", "member")
        return f"<{tag}>{''.join(_xml(shape.member, inner, each) for each in value)}</{tag}>"
    if shape.type_name == "map":
        key, held = shape.key.serialization.get("name", "key"), shape.value.serialization.get("name", "value")
        entries = [f"{_xml(shape.key, key, each)}{_xml(shape.value, held, value[each])}" for each in value]
        if shape.serialization.get("flattened"):
            return "".join(f"<{tag}>{entry}</{tag}>" for entry in entries)
        return f"<{tag}>{''.join(f'<entry>{entry}</entry>' for entry in entries)}</{tag}>"
    value = _encoded(value)
    text = {True: "true", False: "false"}.get(value, value) if isinstance(value, bool) else value
    return f"<{tag}>{quoteattr(str(text))[1:-1]}</{tag}>"
