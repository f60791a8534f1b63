"""The read-only guard: nothing leaves this process but what the engine issued.

The engine says what it is about to ask in a context variable. Calls by which botocore fetches credentials happen inside
such a call and fire the same events; they are let through, and as captures are made from the engine's own requests only,
they are never recorded.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from botocore.session import Session

from ..plan import Call

CREDENTIAL_CALLS = frozenset(
    {
        "sts:AssumeRole",
        "sts:AssumeRoleWithWebIdentity",
        "sts:AssumeRoleWithSAML",
        "sts:GetSessionToken",
        "sso:GetRoleCredentials",
        "sso-oidc:CreateToken",
        "signin:CreateOAuth2Token",
    }
)
_issued: ContextVar[str] = ContextVar("issued", default="")


class RefusedCall(Exception):
    """A call was about to be sent that no plan row asks for. This is a defect of the program, not of the account."""


@contextmanager
def issuing(name: str) -> Iterator[None]:
    """Say that the engine is about to make this call (`lambda:GetPolicy`)."""
    token = _issued.set(name)
    try:
        yield
    finally:
        _issued.reset(token)


@contextmanager
def read_only(session: Session, calls: Collection[Call]) -> Iterator[None]:
    """Refuse every call of the session's clients but those of the plan, while the engine issues them.

    Clients, and sessions in further roles, take the guard over when they are made, so they are to be made within.
    """
    allowed = frozenset(name for call in calls for name in names_of(call))

    def before_call(model: Any, **_: Any) -> None:
        _refuse_unless_issued(f"{model.service_model.service_name}:{model.name}", allowed)

    def before_send(request: Any, event_name: str, **_: Any) -> None:
        # The last moment before bytes leave: a call that was made without passing `before-call` stops here.
        operation = event_name.rpartition(".")[2]
        if not _fetches_credentials(operation) and _issued.get().partition(":")[2] != operation:
            raise RefusedCall(f"{event_name} to {request.url.partition('?')[0]} was not issued by the engine")

    events = session.get_component("event_emitter")
    events.register_first("before-call.*.*", before_call)
    events.register_first("before-send.*.*", before_send)
    try:
        yield
    finally:
        events.unregister("before-call.*.*", before_call)
        events.unregister("before-send.*.*", before_send)


def names_of(call: Call) -> tuple[str, ...]:
    """The operations that a row makes: its own, and that which starts the report it polls for."""
    return (call.name, call.poll.start) if call.poll else (call.name,)


def _refuse_unless_issued(name: str, allowed: Collection[str]) -> None:
    if name in CREDENTIAL_CALLS:
        return
    if name not in allowed:
        raise RefusedCall(f"{name} is in no plan, so it was not sent")
    if _issued.get() != name:
        raise RefusedCall(f"{name} was not issued by the engine, so it was not sent")


def _fetches_credentials(operation: str) -> bool:
    return any(name.partition(":")[2] == operation for name in CREDENTIAL_CALLS)
