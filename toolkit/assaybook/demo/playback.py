"""Plays the recorded demo account: botocore's whole path runs, but for the network.

A call that was not recorded raises; while the demo is played, the process cannot open a connection at all.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources import files
from typing import Any

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.model import OperationModel

from .recording import Question, Recording, question, unpacked
from .wire import raw_response

FILE = "recording.json.gz"
CONNECTING = (
    "socket.connect",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.gethostbyaddr",
    "socket.sendto",
    "socket.sendmsg",
)
_asked: ContextVar[Question] = ContextVar("asked")
_fenced = False
_watching = False


class NotRecorded(Exception):
    """The demo account was asked something that it has no answer for. `make demo-account` records it anew."""


class Fenced(Exception):
    """Something tried to reach the network while the demo was played."""


@cache
def recording() -> Recording:
    """The recording that comes with the package."""
    return unpacked(files(__package__).joinpath(FILE).read_bytes())


def demo_session(played: Recording | None = None) -> boto3.Session:
    """A session whose every call is answered from the recording."""
    answers = (played or recording()).answers
    session = boto3.Session("demo", "demo", region_name="us-east-1")

    def noted(params: Mapping[str, Any], model: OperationModel, context: Mapping[str, Any], **_: Any) -> None:
        _asked.set(question(model.service_model.service_name, model.name, context["client_region"], params))

    def sent(request: AWSPreparedRequest, event_name: str, **_: Any) -> AWSResponse:
        asked = _asked.get(None)
        if asked is None or asked.operation != event_name.rpartition(".")[2]:
            raise NotRecorded(f"{event_name} was sent without having been asked")
        answer = answers.get(asked)
        if answer is None:
            raise NotRecorded(f"{asked} is not in the recording of the demo account")
        return raw_response(request.url, answer.status, answer.headers, answer.body.encode())

    events: Any = session.events
    events.register_first("before-parameter-build.*.*", noted)
    # Not first: the engine's read-only guard is registered first and must have its say before.
    events.register("before-send.*.*", sent)
    return session


@contextmanager
def undisturbed() -> Iterator[None]:
    """Leave AWS's variables and files of this machine aside: they speak of real accounts, endpoints and settings."""
    before = dict(os.environ)
    for name in [each for each in os.environ if each.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(
        AWS_CONFIG_FILE=os.devnull, AWS_SHARED_CREDENTIALS_FILE=os.devnull, AWS_EC2_METADATA_DISABLED="true"
    )
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def fence() -> Iterator[None]:
    """Refuse every connection and name lookup of this process."""
    global _fenced, _watching
    if not _watching:
        # An audit hook cannot be removed, so it looks whether the fence is up.
        sys.addaudithook(_watch)
        _watching = True
    _fenced = True
    try:
        yield
    finally:
        _fenced = False


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if _fenced and event in CONNECTING:
        raise Fenced(f"{event} while the demo account is played: nothing may leave this machine")
