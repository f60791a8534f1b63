"""Load balancers that lead to functions, and their listeners."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ...capture import Capture, Captures, Target
from ...evidence import Setting
from ...model import Subject
from ..records import MALFORMED, Listing, Record, listing, loose_items, text

CALL_FOR_ACL = "wafv2:GetWebACLForResource/balancer"


@dataclass(frozen=True)
class Balancer:
    """A load balancer with a target group of a function. `public` says whether the internet reaches it."""

    target: Target
    arn: str
    name: str
    host: str
    public: bool
    sources: tuple[str, ...]

    @property
    def subject(self) -> Subject:
        """The subject of findings about it."""
        return Subject("aws", self.target.account, self.target.region, "load-balancer", self.arn, self.name)

    @property
    def setting(self) -> Setting:
        """Where it stands, for the severity; its tags are not read."""
        return Setting(internet=self.public)


def balancers(captures: Captures) -> Iterator[tuple[Listing, tuple[Balancer, ...]]]:
    """The load balancers before functions, for each target; the gap is that of the listing which could not be read."""
    for groups in map(listing, captures.expect("elbv2:DescribeTargetGroups", "aws")):
        leads = {
            str(arn)
            for group in groups.records
            if group.get("TargetType") == "lambda"
            for arn in loose_items(group, "LoadBalancerArns")
        }
        for listed in map(listing, _about(captures, groups.capture.target)):
            known = {str(each.get("LoadBalancerArn")): each for each in listed.records}
            gap = groups.gap
            if leads and gap is None:
                gap = listed.gap
            made: list[Balancer] = []
            for arn in sorted(leads):
                try:
                    made.append(_balancer(groups, listed, known, arn))
                except MALFORMED as problem:
                    gap = gap or listed.capture.unexpected(f"{type(problem).__name__} {problem}")
            yield Listing(listed.capture, listed.records, gap), tuple(made)


def _about(captures: Captures, target: Target) -> Iterator[Capture]:
    yield from (each for each in captures.expect("elbv2:DescribeLoadBalancers", "aws") if each.target == target)


def _balancer(groups: Listing, listed: Listing, known: Mapping[str, Record], arn: str) -> Balancer:
    record = known[arn]
    refs = (groups.capture.ref, listed.capture.ref)
    return Balancer(
        target=groups.capture.target,
        arn=arn,
        name=text(record, "LoadBalancerName"),
        host=text(record, "DNSName"),
        public={"internet-facing": True, "internal": False}[text(record, "Scheme")],
        sources=tuple(each for each in refs if each),
    )
