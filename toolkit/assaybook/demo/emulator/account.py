"""The emulated account: moto answers, and where it lacks a call or loses members, a fill answers in its place."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.model import OperationModel

from ..wire import raw_response
from .exchange import Exchange, Http, Refusal

Answer = Mapping[str, Any] | Refusal | Http
Fill = Callable[[Exchange], Answer | None]
Listener = Callable[[Exchange, Http], None]
SEED = 20261116
# What moto raises inside this process where it lacks a call, or trips over its own state.
UNANSWERED = (NotImplementedError, KeyError, TypeError, AttributeError, ValueError)
_asked: ContextVar[tuple[OperationModel, str, Mapping[str, Any]]] = ContextVar("asked")


@contextmanager
def emulated_account(account: str) -> Iterator[None]:
    """Have moto answer for this account, without Docker, with AWS's own managed policies, and with the same ids every time."""
    os.environ.update(MOTO_ACCOUNT_ID=account, MOTO_IAM_LOAD_MANAGED_POLICIES="true")
    from moto import mock_aws
    from moto.core.models import botocore_stubber
    from moto.moto_api._internal import mock_random
    from moto.utilities.paginator import Paginator

    config: Any = {
        "lambda": {"use_docker": False},
        "iam": {"load_aws_managed_policies": True},
        "core": {"reset_boto3_session": False},
    }
    # A checksum by Python's own hash would make page tokens differ from one process to the next.
    Paginator._calculate_parameter_checksum = lambda self: None
    with mock_aws(config=config):
        mock_random.seed(SEED)
        random.seed(SEED)
        # Moto's own handler would answer each request a second time, after the session's.
        botocore_stubber.enabled = False
        yield


def emulated_session(
    fills: Mapping[tuple[str, str], Fill], unanswered: list[str], listener: Listener | None = None
) -> boto3.Session:
    """A session whose calls the emulated account answers; `listener` is told each request with its answer.

    A call that moto cannot answer and no fill does is noted in `unanswered`, so that no gap can pass for an answer of AWS.
    """
    from moto.core.botocore_stubber import BotocoreStubber

    moto = BotocoreStubber()
    session = boto3.Session("demo", "demo", region_name="us-east-1")

    def noted(params: Mapping[str, Any], model: OperationModel, context: Mapping[str, Any], **_: Any) -> None:
        _asked.set((model, context["client_region"], dict(params)))

    def sent(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        model, region, params = _asked.get()

        def ask_moto() -> Http:
            answered = moto.process_request(request)
            if answered is None:
                raise KeyError(f"moto does not know {request.url}")
            status, headers, body = answered
            return Http(status, headers, body.encode() if isinstance(body, str) else body)

        exchange = Exchange(model.service_model.service_name, model.name, region, params, model, ask_moto)
        try:
            http = _answered(exchange, fills.get((exchange.service, exchange.operation)))
            if http.status >= 500 or b"ot yet implemented" in http.body:
                raise NotImplementedError(f"{http.status} {http.body[:200]!r}")
        except UNANSWERED as problem:
            unanswered.append(f"{exchange.service}:{exchange.operation} in {exchange.region}: {problem!r}")
            raise
        if listener:
            listener(exchange, http)
        return raw_response(request.url, http.status, http.headers, http.body)

    events: Any = session.events
    events.register_first("before-parameter-build.*.*", noted)
    events.register_first("before-send.*.*", sent)
    return session


def _answered(exchange: Exchange, fill: Fill | None) -> Http:
    answer = fill(exchange) if fill else None
    if answer is None:
        return exchange.moto()
    if isinstance(answer, Http):
        return answer
    return exchange.refused(answer) if isinstance(answer, Refusal) else exchange.http(answer)
