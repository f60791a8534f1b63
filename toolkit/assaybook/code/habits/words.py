"""What a call is for, as the names around it say: what its result is called, what it is given, which function it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .. import ir
from ..scopes import Scope, key_of, within
from .lists import set_of

_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^A-Za-z0-9]+")
SECURITY = set_of(
    "password passwd passwords pwd pw passphrase passcode token tokens secret secrets signature signatures sign signed signing auth authenticate authentication credential credentials session "
    "sessionid otp totp pin csrf nonce salt apikey reset verification verify invite license voucher temppassword login jwt mfa 2fa cookie"
)
HARMLESS = set_of(
    "etag etags checksum checksums cache cached caching dedup deduplicate deduplication duplicate duplicates fingerprint partition shard sharding bucket bucketing idempotency idempotent md5sum "
    "gravatar avatar filename filenames file files content contents version digest integrity changed diff short slug color colour index crc sample jitter backoff retry delay message messages "
    "name names naming logical resource resources layer layers url urls uri path paths image images row rows title titles"
)

# What follows on a call in a chain turns its result into another form and says nothing about its purpose.
_CHAINED = frozenset(
    {
        "update",
        "digest",
        "hexdigest",
        "toString",
        "slice",
        "substring",
        "substr",
        "encode",
        "decode",
        "join",
        "upper",
        "lower",
        "format",
        "floor",
        "round",
        "push",
        "append",
    }
)


def words(text: str) -> tuple[str, ...]:
    """The words of a name, in small letters."""
    return tuple(each.lower() for each in _HUMPS.split(text) if each)


def said_around(node: ir.Expression, scope: Scope) -> Iterator[str]:
    """The names around a call, the nearest first."""
    if isinstance(node, ir.Call):
        for argument in node.arguments:
            yield from _names(argument.value)
    yield from said_of_result(node, scope)


def said_of_result(node: object, scope: Scope) -> Iterator[str]:
    """What the result of a call is called, and the functions around it."""
    for each in scope.around(node):
        if isinstance(each, ir.Assign):
            for target in each.targets:
                yield from _names(target)
        elif isinstance(each, ir.Entry) and each.key is not None:
            yield key_of(each.key)
        elif isinstance(each, ir.Argument) and each.name:
            yield each.name
        elif isinstance(each, ir.Call) and not (
            isinstance(each.function, ir.Member) and each.function.name in _CHAINED
        ):
            yield ir.dotted(each.function) if not isinstance(each.function, ir.Member) else each.function.name
        elif isinstance(each, ir.Statement):
            break
        if isinstance(each, ir.Call):
            for argument in each.arguments:
                yield from _names(argument.value)
    around: Scope | None = scope
    while around is not None:
        if around.function is not None:
            yield around.function.name
        around = around.outer


def _names(node: object) -> Iterator[str]:
    for each in within(node):
        if isinstance(each, ir.Name):
            yield each.id
        elif isinstance(each, ir.Member):
            yield each.name
        elif isinstance(each, ir.Item) and isinstance(each.key, ir.Constant):
            yield str(each.key.value)


def purpose(names: Iterator[str]) -> tuple[bool, bool]:
    """Whether names speak of security, and whether they speak of something harmless."""
    said = {word for name in names for word in words(name)}
    joined = any(word in name.lower() for name in said for word in ("password", "passwd", "apikey"))
    return bool(said & SECURITY) or joined, bool(said & HARMLESS)
