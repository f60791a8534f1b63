"""Web ACLs of AWS WAF: whether their rules act, and whether one limits rates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ...capture import GLOBAL, NOT_ASKED, Captures, Target
from ...evidence import Gap
from ..records import Record, listing, loose_items, loose_part

# The calls that tell the web ACL of a resource.
GUARDED_BY = tuple(f"wafv2:GetWebACLForResource{kind}" for kind in ("", "/balancer", "/pool"))
STOPS = frozenset({"Block", "Captcha", "Challenge"})


@dataclass(frozen=True, slots=True)
class Firewall:
    """A web ACL. `acts` says whether a rule does more than count, `limits` whether one of those limits rates.

    `acts` is a gap if it hangs on a rule group that could not be read.
    """

    name: str
    acts: Any
    limits: bool

    @property
    def effect(self) -> Any:
        """Acts or counts_only, as a WebEntry says it; or the gap."""
        if isinstance(self.acts, Gap):
            return self.acts
        return "acts" if self.acts else "counts_only"


NO_FIREWALL = Firewall("", False, False)


@dataclass(frozen=True, slots=True)
class Groups:
    """The rule groups that web ACLs of a target use, as far as they were read."""

    captures: Captures
    target: Target

    def managed(self, statement: Record) -> tuple[str, ...] | Gap:
        """The names of the rules of a managed group."""
        params = {
            "VendorName": statement.get("VendorName"),
            "Name": statement.get("Name"),
            "Scope": "CLOUDFRONT" if self._suffix else "REGIONAL",
        }
        found = self.captures.about(f"wafv2:DescribeManagedRuleGroup{self._suffix}", self.target, **params)
        return found.read(lambda answer: tuple(str(each["Name"]) for each in answer["Rules"]))

    def own(self, statement: Record) -> tuple[Record, ...] | Gap:
        """The rules of a rule group of our own."""
        found = self.captures.about(f"wafv2:GetRuleGroup{self._suffix}", self.target, ARN=statement.get("ARN"))
        return found.read(lambda answer: tuple(each for each in answer["RuleGroup"]["Rules"] if isinstance(each, dict)))

    @property
    def _suffix(self) -> str:
        return "/cloudfront" if self.target.region == GLOBAL else ""


def firewall(record: Record, groups: Groups) -> Firewall:
    """A web ACL as WAF describes it.

    A web ACL whose default is to block acts. A rule of its own acts unless its action is Count; a rule group acts unless its actions are overridden to Count
    as a whole, or each of its rules is. A group of our own acts if a rule in it does.
    Source: AWS WAF developer guide, "Overriding rule group actions".
    """
    rules = [each for each in loose_items(record, "Rules") if isinstance(each, dict)]
    acting = [(each, _acts(each, groups)) for each in rules]
    active = [each for each, acts in acting if acts is True]
    acts: Any = bool(active) or "Block" in loose_part(record, "DefaultAction")
    if not acts:
        acts = next((each for _, each in acting if isinstance(each, Gap)), False)
    return Firewall(
        name=str(record.get("Name", "")),
        acts=acts,
        limits=any("RateBasedStatement" in loose_part(each, "Statement") for each in active),
    )


def _acts(rule: Record, groups: Groups) -> Any:
    statement = loose_part(rule, "Statement")
    silenced = "Count" in loose_part(rule, "OverrideAction")
    if "ManagedRuleGroupStatement" in statement:
        return not silenced and _managed_acts(loose_part(statement, "ManagedRuleGroupStatement"), groups)
    if "RuleGroupReferenceStatement" in statement:
        return not silenced and _own_acts(loose_part(statement, "RuleGroupReferenceStatement"), groups)
    return _stops(loose_part(rule, "Action"))


def _stops(action: Record) -> bool:
    return bool(action.keys() & STOPS)


def _managed_acts(statement: Record, groups: Groups) -> Any:
    counted = set(_counted(statement))
    if not counted:
        return True
    names = groups.managed(statement)
    return names if isinstance(names, Gap) else not set(names) <= counted


def _own_acts(statement: Record, groups: Groups) -> Any:
    rules = groups.own(statement)
    if isinstance(rules, Gap):
        return rules
    counted = set(_counted(statement))
    return any(str(each.get("Name")) not in counted and _stops(loose_part(each, "Action")) for each in rules)


def _counted(statement: Record) -> Iterator[str]:
    """Names of the rules of a group that are told to count only."""
    for each in loose_items(statement, "RuleActionOverrides"):
        if isinstance(each, dict) and "Count" in loose_part(each, "ActionToUse"):
            yield str(each.get("Name"))
    for each in loose_items(statement, "ExcludedRules"):
        if isinstance(each, dict):
            yield str(each.get("Name"))


def by_arn(captures: Captures, target: Target, arn: str) -> Firewall | Gap:
    """The web ACL with that ARN, regional or of CloudFront; none if the ARN is empty."""
    if not arn:
        return NO_FIREWALL
    suffix = "/cloudfront" if target.region == GLOBAL else ""
    lists = captures.of(f"wafv2:ListWebACLs{suffix}", target)
    for capture in lists:
        found = listing(capture)
        if found.gap is not None:
            return found.gap
        for record in found.records:
            if record.get("ARN") == arn:
                params = {
                    "Name": record.get("Name"),
                    "Id": record.get("Id"),
                    "Scope": "CLOUDFRONT" if suffix else "REGIONAL",
                }
                detail = captures.about(f"wafv2:GetWebACL{suffix}", target, **params)
                return detail.read(lambda answer: firewall(answer["WebACL"], Groups(captures, target)))
    where = target
    unmade = captures.unmade(f"wafv2:ListWebACLs{suffix}", target).gap()
    if not lists and unmade is not None and unmade.state == NOT_ASKED:
        return unmade
    return Gap(
        f"wafv2:ListWebACLs{suffix}",
        "out_of_scope",
        f"no web ACL {arn} was collected",
        "wafv2:ListWebACLs",
        where.account,
        where.region,
    )


def attached(captures: Captures, target: Target, arn: str, call: str = "wafv2:GetWebACLForResource") -> Any:
    """The web ACL of a resource, as WAF tells it for the resource's ARN; or the gap."""
    guard = captures.about(call, target, ResourceArn=arn)
    if guard.gap() is None and not guard.answer.get("WebACL"):
        return NO_FIREWALL
    return guard.read(lambda answer: firewall(answer["WebACL"], Groups(captures, target)))
