"""Rules of AWS IoT and for incoming mail of a stack, which start functions for senders outside of AWS."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..resources import Resource
from .answers import Answers, Stack, entries, members, switch, untold, word

TOPIC_RULE, MAIL_RULE = "AWS::IoT::TopicRule", "AWS::SES::ReceiptRule"
ANSWERED = ("iot:ListTopicRules", "iot:GetTopicRule", "ses:DescribeActiveReceiptRuleSet")
# The member of each action that says what it feeds, and the one under which the plan keeps it.
ACTIONS = {
    "Lambda": ("FunctionArn", "lambda"),
    "StepFunctions": ("StateMachineName", "stepFunctions"),
    "Sqs": ("QueueUrl", "sqs"),
    "Sns": ("TargetArn", "sns"),
    "Kinesis": ("StreamName", "kinesis"),
    "S3": ("BucketName", "s3"),
}
NOT_KEPT = ("AddHeaderAction", "BounceAction")


def make(stack: Stack, answers: Answers) -> None:
    """Answers of AWS IoT and Amazon SES."""
    for rule in stack.of(TOPIC_RULE):
        payload = members(rule.properties.get("TopicRulePayload"))
        disabled = switch(payload.get("RuleDisabled"), False)
        answers.listed(
            "iot:ListTopicRules",
            {"ruleName": rule.name, "ruleArn": rule.arn, "ruleDisabled": disabled},
            where=rule.where,
        )
        kept = {
            "ruleName": rule.name,
            "sql": word(payload.get("Sql")),
            "ruleDisabled": disabled,
            "actions": [_action(each) for each in entries(payload.get("Actions"))],
        }
        answers.told("iot:GetTopicRule", {"ruleArn": rule.arn, "rule": kept}, rule.where, ruleName=rule.name)
    for rule in stack.of(MAIL_RULE):
        answers.listed("ses:DescribeActiveReceiptRuleSet", _mail(rule), where=rule.where)
        name = word(members(rule.properties.get("Rule")).get("Name"), rule.name) or rule.name
        answers.place(stack.arn("ses", f"receipt-rule/{name}"), rule.where, rule.conditional)


def _action(action: Any) -> Any:
    if untold(action):
        return action
    return {
        member: word(members(members(action).get(name)).get(inside))
        for name, (inside, member) in ACTIONS.items()
        if members(action).get(name) is not None
    }


def _mail(rule: Resource) -> dict[str, Any]:
    given = members(rule.properties.get("Rule"))
    actions = [
        {
            name: {key: word(held) if isinstance(held, str) or untold(held) else held for key, held in each.items()}
            if isinstance(each, Mapping) and not untold(each)
            else each
            for name, each in members(action).items()
            if name not in NOT_KEPT
        }
        for action in entries(given.get("Actions"))
    ]
    return {
        "Name": word(given.get("Name"), rule.name) or rule.name,
        "Enabled": switch(given.get("Enabled"), False),
        "ScanEnabled": switch(given.get("ScanEnabled"), False),
        "TlsPolicy": given.get("TlsPolicy", "Optional"),
        "Actions": actions,
    }
