"""Which functions a bucket, a topic or a queue starts, and what the platform does with a loop through one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from typing import Any

from ...capture import ABSENT, Capture, Captures, Target
from ...evidence import Gap, Hole, Row
from ...policy.document import ALLOW, parse_policy
from ...policy.sources import service_name
from ...tables.functions import RecursionSetting
from ..records import Listing, Record, listing, shaped, text
from .functions import Function, plain_arn
from .permissions import plain_policy
from .settings import about, listed_holes

_LOOPS = {"Terminate": "Terminate", "Allow": "Allow"}
_WORDS = {"s3.amazonaws.com": "a bucket", "sns.amazonaws.com": "a topic"}


def shape_loops(found: Listing, whole: tuple[Function, ...], captures: Captures) -> Iterator[Row | Hole]:
    """RecursionSetting rows of a target."""
    yield from listed_holes(found, whole, RecursionSetting)
    queues, gap = _queues(captures, found.capture.target)
    for function in whole:
        make = partial(_setting, function, queues[function.arn], gap)
        yield from shaped(function.capture, RecursionSetting, make, function.subject)


def _queues(captures: Captures, target: Target) -> tuple[defaultdict[str, set[str]], Gap | None]:
    """The queues that each function reads, by its ARN."""
    made: defaultdict[str, set[str]] = defaultdict(set)
    gap = None
    for capture in captures.expect("lambda:ListEventSourceMappings", "aws"):
        if capture.target == target:
            found = listing(capture)
            gap = gap or found.gap
            for record in found.records:
                source = str(record.get("EventSourceArn", ""))
                if ":sqs:" in source:
                    made[plain_arn(str(record.get("FunctionArn", "")))].add(f"the queue {source.rpartition(':')[2]}")
    return made, gap


def _setting(function: Function, queues: set[str], gap: Gap | None) -> RecursionSetting:
    asked = function.about("lambda:GetFunctionRecursionConfig")
    through = set(queues)
    gap = gap or function.aliases.gap
    for policy in _policies(function):
        named: Any = frozenset() if policy.state == ABSENT else policy.read(_starters)
        if isinstance(named, Gap):
            gap = gap or named
        else:
            through |= named
    known: Any = tuple(sorted(through)) or gap or ()
    # What was never chosen is terminated, and a function that nothing of the kind starts has no loop that could be.
    loop = asked.read(lambda answer: _LOOPS[text(answer, "RecursiveLoop", "Terminate")])
    return RecursionSetting(**about(function, asked), loop=loop, through=known)


def _policies(function: Function) -> Iterator[Capture]:
    yield function.about("lambda:GetPolicy")
    names = [("lambda:GetPolicy/alias", str(each.get("Name"))) for each in function.aliases.records]
    for call, name in (*names, *(("lambda:GetPolicy/version", each) for each in function.used)):
        yield function.captures.about(call, function.capture.target, FunctionName=function.name, Qualifier=name)


def _starters(answer: Record) -> frozenset[str]:
    """What a policy lets start the function, of the kinds whose loops are detected."""
    return frozenset(
        _WORDS[name]
        for statement in parse_policy(plain_policy(text(answer, "Policy"))).statements
        if statement.effect == ALLOW
        for principal in statement.principals or ()
        if principal.kind == "Service" and (name := service_name(principal.name)) in _WORDS
    )
