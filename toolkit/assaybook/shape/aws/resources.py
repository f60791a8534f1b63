"""What several shapers need to know of resources: their ARNs, lists that hold only names, policies, tags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from ...capture import ABSENT, UNSUPPORTED, Capture, Captures, Target
from ...evidence import Gap, Setting
from ...model import Subject
from ...policy.document import parse_policy
from ..records import Listing, Record, text
from ..tags import TagWords, tag_map

NAME = "name"
# The reason in a capture of a service that a region does not have.
NOT_IN_REGION = "not_in_region"


def partition_of(region: str) -> str:
    """The partition of a region."""
    return "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"


def arn_of(target: Target, service: str, resource: str) -> str:
    """The ARN of a resource of a target's account and region."""
    return f"arn:{partition_of(target.region)}:{service}:{target.region}:{target.account}:{resource}"


def offered(captures: Iterable[Capture]) -> Iterator[Capture]:
    """The captures without those of regions in which the provider does not offer the service at all: nothing is kept there."""
    return (each for each in captures if not absent_from_region(each))


def absent_from_region(capture: Capture) -> bool:
    """Whether the provider does not offer the service of a call in that region."""
    return capture.state == UNSUPPORTED and capture.reason == NOT_IN_REGION


def names(capture: Capture, member: str) -> Listing:
    """A listing whose records are only names: each becomes a record with the member `name`."""
    gap = capture.gap()
    if gap is not None or capture.state == ABSENT:
        return Listing(capture, (), gap)
    value = capture.answer.get(member, [])
    if not isinstance(value, list) or (member not in capture.answer and member != "QueueUrls"):
        return Listing(capture, (), capture.unexpected(f"{member} is no list"))
    found = tuple({NAME: each} for each in value if isinstance(each, str))
    odd = len(value) - len(found)
    problem = capture.unexpected(f"{odd} records of {member} are no names") if odd else None
    return Listing(capture, found, problem or capture.rest())


def policy_of(capture: Capture, member: str = "Policy") -> Any:
    """The resource policy in an answer as JSON text, empty if there is none; the gap if it was not answered or is no policy."""
    return "" if capture.state == ABSENT else capture.read(lambda answer: policy_text(answer, member))


def policy_text(record: Record, member: str) -> str:
    """A policy document in a record, empty if there is none. Raises PolicyError (a ValueError) if it cannot be read as one."""
    document = text(record, member, "")
    # Some services answer with an empty object where a resource has no policy.
    if not document or document.strip() == "{}":
        return ""
    parse_policy(document)
    return document


def sources(*captures: Capture) -> tuple[str, ...]:
    """References of the captures behind a row."""
    return tuple(dict.fromkeys(each.ref for each in captures if each.ref))


def known(*values: Any) -> Any:
    """True if one of the values is true, else the first gap among them, else False: what any one of several switches brings about."""
    if any(value is True for value in values):
        return True
    return next((value for value in values if isinstance(value, Gap)), False)


class Tagging:
    """Tags of resources by ARN, as the tagging service lists them for each region. What it does not list has no tags."""

    def __init__(self, captures: Captures, words: TagWords) -> None:
        self._captures = captures
        self.words = words
        self._regions: dict[Target, Mapping[str, Any] | Gap] = {}

    def of(self, target: Target, arn: str) -> Any:
        """The tags of a resource of this region, or the gap."""
        if target not in self._regions:
            self._regions[target] = self._region(target)
        found = self._regions[target]
        return found if isinstance(found, Gap) else found.get(arn, {})

    def _region(self, target: Target) -> Mapping[str, Any] | Gap:
        capture = self._captures.about("resourcegroupstaggingapi:GetResources", target)
        return capture.read(partial(_by_arn, capture))


def _by_arn(capture: Capture, answer: Record) -> Mapping[str, Any]:
    """Tags by ARN; of a thing whose tags a template does not tell, the gap."""
    return {
        str(each["ResourceARN"]): capture.not_told(each, "Tags") or tag_map(each.get("Tags"))
        for each in answer["ResourceTagMappingList"]
    }


@dataclass(frozen=True)
class Thing:
    """One resource as its shaper found it: what all rows about it have in common."""

    kind: str
    arn: str
    name: str
    target: Target
    sources: tuple[str, ...]
    tags: Any
    words: TagWords

    @property
    def subject(self) -> Subject:
        """The subject of findings about it."""
        return Subject("aws", self.target.account, self.target.region, self.kind.replace(" ", "-"), self.arn, self.name)

    @property
    def setting(self) -> Setting:
        """Where it stands, for the severity."""
        return self.words.setting(self.tags)

    @property
    def row(self) -> dict[str, Any]:
        """The members that every row has."""
        return {"key": self.arn, "subject": self.subject, "sources": self.sources, "setting": self.setting}

    @property
    def standing(self) -> dict[str, Any]:
        """What its tags say, as members of a row."""
        if isinstance(self.tags, Gap):
            return dict.fromkeys(("tags", "production", "sensitive"), self.tags)
        words = self.words
        return {"tags": self.tags, "production": words.production(self.tags), "sensitive": words.sensitive(self.tags)}
