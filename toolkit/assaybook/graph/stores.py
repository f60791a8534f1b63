"""What can be reached: stores and secrets by kind, found by the resource patterns of policies without trying each pattern on each store."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ..evidence import Gap
from ..policy.match import has_wildcard, overlaps
from ..tables.data import Share, Store

NOBODYS = "a-name-that-nobody-gave"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of store: the actions that read and write what is in it, and an ARN of it that no store has."""

    name: str
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    sample: str
    inside: str = ""  # what follows the store's own ARN in the ARN of what is in it


# Source: Service Authorization Reference, "Actions, resources, and condition keys" of each service.
KINDS: Mapping[str, Kind] = {
    each.name: each
    for each in (
        Kind("bucket", ("s3:GetObject",), ("s3:PutObject", "s3:DeleteObject"), f"arn:aws:s3:::{NOBODYS}", "/*"),
        Kind(
            "table",
            ("dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:BatchGetItem"),
            ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"),
            f"arn:aws:dynamodb:us-east-1:000000000000:table/{NOBODYS}",
        ),
        Kind("queue", ("sqs:ReceiveMessage",), ("sqs:SendMessage",), f"arn:aws:sqs:us-east-1:000000000000:{NOBODYS}"),
        Kind("topic", (), ("sns:Publish",), f"arn:aws:sns:us-east-1:000000000000:{NOBODYS}"),
        Kind(
            "stream",
            ("kinesis:GetRecords",),
            ("kinesis:PutRecord", "kinesis:PutRecords"),
            f"arn:aws:kinesis:us-east-1:000000000000:stream/{NOBODYS}",
        ),
        Kind(
            "secret",
            ("secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue"),
            ("secretsmanager:PutSecretValue", "secretsmanager:UpdateSecret"),
            f"arn:aws:secretsmanager:us-east-1:000000000000:secret:{NOBODYS}-AbCdEf",
        ),
    )
}


# Which kind of store is hidden where a call to this service could not be answered.
HIDES: Mapping[str, str] = {
    "s3": "bucket",
    "dynamodb": "table",
    "sqs": "queue",
    "sns": "topic",
    "kinesis": "stream",
    "secretsmanager": "secret",
}


@dataclass(frozen=True, slots=True)
class Place:
    """One store: its ARN, its name, and whether what it keeps is sensitive (a secret, tagged so, or with tags that are not known)."""

    arn: str
    name: str
    sensitive: bool


class Shelf:
    """The stores of one kind, in the order of their ARNs."""

    def __init__(self, kind: Kind, places: Iterable[Place]) -> None:
        self.kind = kind
        self.places: Sequence[Place] = tuple(sorted(places, key=lambda each: each.arn))

    @cached_property
    def _arns(self) -> list[str]:
        return [each.arn for each in self.places]

    def matching(self, pattern: str) -> Sequence[Place]:
        """The stores that the resource pattern names, in whole or in part."""
        fixed = _fixed(pattern)
        if self.kind.inside and not has_wildcard(pattern):
            return [each for each in self._starting(pattern.partition("/")[0]) if pattern.startswith(f"{each.arn}/")]
        if not has_wildcard(pattern):
            return [each for each in self._starting(pattern) if each.arn == pattern]
        start = fixed.partition("/")[0] if self.kind.inside else fixed
        return [each for each in self._starting(start) if self.fits(pattern, each.arn)]

    def fits(self, pattern: str, arn: str) -> bool:
        """Whether the pattern names the store of this ARN, in whole or in part."""
        return pattern == "*" or overlaps(pattern, f"{arn}{self.kind.inside}")

    def every(self, pattern: str) -> bool:
        """Whether the pattern fits every name of this kind, as far as can be told from a name that nobody gave."""
        sample = self.kind.sample
        if pattern == "*" or overlaps(pattern, f"{sample}{self.kind.inside}"):
            return True
        # A pattern may name its own account and region and still fit every name in them.
        parts = pattern.split(":", 5)
        if len(parts) < 6:
            return False
        name = sample.split(":", 5)[5]
        return has_wildcard(parts[5]) and overlaps(parts[5], f"{name}{self.kind.inside}")

    def _starting(self, start: str) -> Sequence[Place]:
        low = bisect_left(self._arns, start)
        high = bisect_left(self._arns, f"{start}\U0010ffff")
        return self.places[low:high]


def _fixed(pattern: str) -> str:
    """The pattern up to its first wildcard or variable."""
    ends = [place for sign in ("*", "?", "${") if (place := pattern.find(sign)) >= 0]
    return pattern[: min(ends, default=len(pattern))]


def shelves(stores: Iterable[Store], shares: Iterable[Share]) -> Mapping[str, Shelf]:
    """The stores by kind; secrets come from their shares."""
    found: dict[str, list[Place]] = {name: [] for name in KINDS}
    for row in stores:
        if row.kind in found:
            # Tags that could not be read count as the worse case, as they do for the severity.
            sensitive = isinstance(row.sensitive, Gap) or bool(row.sensitive)
            found[row.kind].append(Place(row.key, row.name, sensitive))
    found["secret"] = [Place(row.key, row.name, True) for row in shares if row.kind == "secret"]
    return {name: Shelf(KINDS[name], places) for name, places in found.items()}
