"""Web ACLs of AWS WAF: whether their rules act, and whether one limits rates."""

from __future__ import annotations

from dataclasses import dataclass

from ...capture import GLOBAL, NOT_ASKED, Captures, Target
from ...evidence import Gap
from ..records import Record, listing, loose_items, loose_part


@dataclass(frozen=True, slots=True)
class Firewall:
    """A web ACL. `acts` is True if a rule does more than count, `limits` if one of those limits rates."""

    name: str
    acts: bool
    limits: bool

    @property
    def effect(self) -> str:
        """Acts or counts_only, as a WebEntry says it."""
        return "acts" if self.acts else "counts_only"


NO_FIREWALL = Firewall("", False, False)


def firewall(record: Record) -> Firewall:
    """A web ACL as WAF describes it.

    A web ACL whose default is to block acts. A rule of its own acts unless its action is Count; a rule group acts unless its actions are overridden to Count. Each rule of a group may be
    overridden too, which does not silence the group unless it is done for all; the group's rules are not known here, so that case counts as acting.
    Source: AWS WAF developer guide, "Overriding rule group actions".
    """
    rules = [each for each in loose_items(record, "Rules") if isinstance(each, dict)]
    active = [each for each in rules if _acts(each)]
    return Firewall(
        name=str(record.get("Name", "")),
        acts=bool(active) or "Block" in loose_part(record, "DefaultAction"),
        limits=any("RateBasedStatement" in loose_part(each, "Statement") for each in active),
    )


def _acts(rule: Record) -> bool:
    statement = loose_part(rule, "Statement")
    if "ManagedRuleGroupStatement" in statement or "RuleGroupReferenceStatement" in statement:
        return "Count" not in loose_part(rule, "OverrideAction")
    return bool(loose_part(rule, "Action").keys() & {"Block", "Captcha", "Challenge"})


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
                return detail.read(lambda answer: firewall(answer["WebACL"]))
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
