"""One request to the emulated account and its answer, in the terms of the API and as HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.model import OperationModel
from botocore.parsers import create_parser
from moto.core.serialize import SerializationContext, get_serializer_class
from moto.core.utils import get_service_model

REQUEST_ID = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True, slots=True)
class Http:
    """An answer as it comes over the wire."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error that AWS would answer with."""

    code: str
    message: str
    status: int = 400


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request: client, operation, region and parameters, and how to have moto answer it."""

    service: str
    operation: str
    region: str
    params: Mapping[str, Any]
    model: OperationModel
    moto: Callable[[], Http]

    def answer_of_moto(self) -> dict[str, Any]:
        """What moto answers, parsed. Raises KeyError naming the operation if moto refuses or has no answer."""
        http = self.moto()
        if http.status >= 300:
            raise KeyError(f"{self.service}:{self.operation}: {http.status} {http.body[:300]!r}")
        return self.parsed(http)

    def parsed(self, http: Http) -> dict[str, Any]:
        """An answer in the terms of the API, without botocore's own metadata."""
        parser: Any = create_parser(self.model.service_model.resolved_protocol)
        raw = {"status_code": http.status, "headers": http.headers, "body": http.body, "context": {}}
        answer: dict[str, Any] = parser.parse(raw, self.model.output_shape)
        answer.pop("ResponseMetadata", None)
        return answer

    def http(self, answer: Mapping[str, Any]) -> Http:
        """An answer in the terms of the API as HTTP. Raises ValueError if it has members that the API does not have."""
        shape = self.model.output_shape
        unknown = set(answer) - set(shape.members if shape else ())
        if unknown:
            raise ValueError(f"{self.service}:{self.operation} answers no {', '.join(sorted(unknown))}")
        return self._serialized(dict(answer))

    def refused(self, refusal: Refusal) -> Http:
        """An error as HTTP."""
        protocol = self.model.service_model.resolved_protocol
        if protocol in ("json", "rest-json"):
            headers = {"Content-Type": "application/json", "x-amzn-ErrorType": refusal.code}
            said = {"__type": refusal.code, "message": refusal.message, "Message": refusal.message}
            return Http(refusal.status, headers, json.dumps(said).encode())
        error = f"<Code>{refusal.code}</Code><Message>{refusal.message}</Message>"
        if protocol == "rest-xml":
            body = f"<Error>{error}<RequestId>{REQUEST_ID}</RequestId></Error>"
        else:
            body = f"<ErrorResponse><Error><Type>Sender</Type>{error}</Error><RequestId>{REQUEST_ID}</RequestId></ErrorResponse>"
        return Http(refusal.status, {"Content-Type": "application/xml"}, body.encode())

    def _serialized(self, result: Mapping[str, Any]) -> Http:
        # Moto's serializers want moto's own classes of the service model.
        operation = get_service_model(self.service).operation_model(self.operation)
        protocol = self.model.service_model.resolved_protocol
        made = get_serializer_class(self.service, protocol)(operation, SerializationContext(REQUEST_ID)).serialize(
            result
        )
        text = made["body"]
        return Http(made["status_code"], made["headers"], text.encode() if isinstance(text, str) else text)
