"""Running the engine on synthetic answers: `collect_from(answers)` plays them at botocore's `before-send`, so that all else is real.

`answers(name, params, region)` is asked for each request, `name` being `lambda:GetPolicy`. It gives
- a mapping: the answer, written in the operation's protocol;
- a `Refusal` (an error answer) or `Raw` (bytes as they are);
- an exception, which the transport then raises (a time-out, a cut connection);
- None: an empty answer (each listing has no records, "who am I" names account 111122223333).

    collected = collect_from(answering({"lambda:ListFunctions": {"Functions": [...]}}))   # a mapping by call
"""

from __future__ import annotations

import io
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import botocore.session
from botocore.awsrequest import AWSResponse

import wire
from assaybook.collect import AssumedAccount, Collected, Limits, collect_aws
from assaybook.plan import Call
from assaybook.plan.aws import CALLS
from wire import Raw, Refusal

ACCOUNT = "111122223333"
FURTHER = "444455556666"
KEY = bytes(range(32))
NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)
QUICK = Limits(pause=0.001, seconds=60)
Answers = Callable[[str, Mapping[str, Any], str], Any]
_asked = threading.local()


class _Body(io.BytesIO):
    def stream(self, **_):
        while chunk := self.read():
            yield chunk


def row(key: str) -> Call:
    """The plan's row with this id."""
    return next(call for call in CALLS if call.key == key)


def rows(*keys: str) -> tuple[Call, ...]:
    """The plan's rows with these ids."""
    return tuple(row(key) for key in keys)


def answering(by_call: Mapping[str, Any]) -> Answers:
    """Answers by the name of the call; a value that is a function is asked with (params, region)."""

    def answers(name, params, region):
        found = by_call.get(name)
        return found(params, region) if callable(found) else found

    return answers


def empty(name: str, account: str = ACCOUNT) -> Mapping[str, Any]:
    """The answer when there is nothing."""
    if name == "sts:GetCallerIdentity":
        return {"Account": account, "Arn": f"arn:aws:iam::{account}:user/auditor", "UserId": "AIDAEXAMPLE"}
    if name == "sts:AssumeRole":
        credentials = {
            "AccessKeyId": "ASIA" + "X" * 16,
            "SecretAccessKey": "s",
            "SessionToken": "further",
            "Expiration": "2099-01-01T00:00:00Z",
        }
        return {"Credentials": credentials}
    if name == "ec2:DescribeRegions":
        return {
            "Regions": [
                {"RegionName": each, "OptInStatus": "opt-in-not-required"} for each in ("eu-west-1", "us-east-1")
            ]
        }
    if name == "iam:GenerateCredentialReport":
        return {"State": "COMPLETE"}
    wanted = [call for call in CALLS if call.name == name and call.items]
    answer: dict[str, Any] = {}
    for call in wanted:
        inside = answer
        *above, last = call.items.split(".")
        for part in above:
            inside = inside.setdefault(part, {})
        inside[last] = []
    return answer


def played_session(answers: Answers) -> boto3.Session:
    """A session whose requests are answered here; nothing is sent."""
    inner = botocore.session.get_session()
    inner.register_component("data_loader", wire.session().get_component("data_loader"))
    inner.set_credentials("AKIA" + "X" * 16, "s")
    made = boto3.Session(botocore_session=inner, region_name="us-east-1")
    play(made, answers)
    return made


def play(session: boto3.Session, answers: Answers) -> None:
    """Answer the session's requests."""

    def before_build(params, model, **_):
        # By operation, as fetching credentials makes a call within a call.
        setattr(_asked, model.name, (f"{model.service_model.service_name}:{model.name}", dict(params)))

    def before_send(request, event_name, **_):
        name, params = getattr(_asked, event_name.rpartition(".")[2])
        region = _region(request)
        given = answers(name, params, region)
        if given is None:
            # Requests that carry the assumed role's token are the further account's.
            token = request.headers.get("X-Amz-Security-Token", b"")
            given = empty(name, FURTHER if b"further" in _bytes(token) else ACCOUNT)
        if isinstance(given, BaseException):
            raise given
        if isinstance(given, Refusal):
            given = wire.refusal(name, given)
        if not isinstance(given, Raw):
            given = wire.success(name, given)
        headers = {"x-amzn-requestid": "r-1", **given.headers}
        return AWSResponse(request.url, given.status, headers, _Body(given.body))

    session.events.register("before-parameter-build.*.*", before_build)
    session.events.register("before-send.*.*", before_send)


def _bytes(value):
    return value if isinstance(value, bytes) else str(value).encode()


def _region(request) -> str:
    signed = _bytes(request.headers.get("Authorization", b"")).decode()
    parts = signed.partition("Credential=")[2].split("/")
    return parts[2] if len(parts) > 2 else ""


def collect_from(
    answers: Answers,
    *,
    calls: Sequence[Call] | None = None,
    plan: str = "full",
    regions: Sequence[str] = ("us-east-1",),
    accounts: Sequence[AssumedAccount] = (),
    limits: Limits = QUICK,
    journal: Path | None = None,
    resume: bool = False,
    session: boto3.Session | None = None,
    key: bytes = KEY,
    clock: Callable[[], datetime] = lambda: NOON,
    own: bool = True,
    expected: str = "",
) -> Collected:
    """Collect from synthetic answers: the plan, or only `calls`."""
    with tempfile.TemporaryDirectory() as folder:
        return collect_aws(
            session or played_session(answers),
            regions=regions,
            plan=plan,
            key=key,
            clock=clock,
            journal=journal or Path(folder) / "journal",
            resume=resume,
            accounts=accounts,
            own=own,
            expected=expected,
            limits=limits,
            calls=calls,
        )


def capture_of(collected: Collected, call: str, **params: Any):
    """The one capture of a call, or the one with these parameters."""
    found = [each for each in collected.captures if each.call == call and (not params or each.params == params)]
    assert len(found) == 1, [(each.call, each.params) for each in found]
    return found[0]
