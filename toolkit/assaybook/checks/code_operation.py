"""How code is run: with what it logs, where it gets its secrets, which services it calls of those that it may."""

from __future__ import annotations

from fnmatch import fnmatchcase

from ..check import check
from ..model import Verdict, fail, na, ok, review
from ..policy.document import ALLOW, parse_policy
from ..tables.code import CodedUse, LoggerUse, SecretRead
from ..tables.identity import Role
from ..watched import Watched
from .code_facts import nothing, package_of, told

MOST_NAMED = 6
# What the platform does under the role without a call in code: logs, traces, network interfaces, reading the event source, sending failed events on, decrypting.
# Source: AWS Lambda Developer Guide, "Defining Lambda function permissions with an execution role", and the pages of each event source.
_PLATFORM = (
    "logs:*", "xray:*", "ec2:*networkinterface*", "ec2:describe*", "ec2:*privateipaddresses", "kms:*",
    "cloudwatch:putmetricdata", "lambda:invokefunction", "sqs:receivemessage", "sqs:deletemessage*", "sqs:getqueue*",
    "sqs:changemessagevisibility*", "sqs:sendmessage*", "sns:publish", "events:putevents", "kinesis:get*",
    "kinesis:describe*", "kinesis:list*", "kinesis:subscribetoshard", "dynamodb:*stream*", "dynamodb:getrecords",
    "dynamodb:getsharditerator", "kafka:*", "kafka-cluster:*", "mq:*", "elasticfilesystem:client*", "rds-db:connect",
    "ssm:getparameter*", "secretsmanager:getsecretvalue", "codedeploy:puthook*", "sts:*", "appconfig:*",
)  # fmt: skip


@check("log-lines-not-correlated", over=LoggerUse)
def log_lines_not_correlated(fact: LoggerUse, evidence: Watched) -> Verdict:
    """A handler logs in a structured form, with an id that ties the lines of a request together."""
    if not fact.kind:
        return na(nothing(fact, "no handler that logs"))
    if fact.structured and fact.tied:
        return ok(told(fact, ""))
    return review(f"{told(fact, '')}; whether its lines can be searched and tied together, a person has to conclude")


@check("secret-taken-from-environment", over=SecretRead)
def secret_taken_from_environment(fact: SecretRead, evidence: Watched) -> Verdict:
    """Code that needs a secret reads it from a manager while it runs."""
    if not fact.kind:
        return na(nothing(fact, "no driver or kit that is given a secret out of the environment"))
    if fact.kind == "manager-read":
        return ok(told(fact, ""))
    if fact.certain:
        return fail(
            told(
                fact,
                f", and nothing in {package_of(fact)} reads one from a manager: who may read the configuration reads the secret",
            )
        )
    elsewhere = (
        f"{package_of(fact)} reads from a manager elsewhere, and what for"
        if fact.reads
        else "whether it holds a secret"
    )
    return review(told(fact, f"; {elsewhere}, a person has to see"))


@check("granted-service-never-called", over=CodedUse)
def granted_service_never_called(coded: CodedUse, evidence: Watched) -> Verdict:
    """A role may use the services that the code of its functions calls, and no others."""
    if not coded.role:
        return na(f"{coded.subject} runs without a role")
    if coded.open:
        return na(
            f"what the code of {coded.subject} calls cannot be listed whole ({coded.open[0]}), so that nothing is compared"
        )
    role = evidence.one(Role, coded.role)
    called = {service for each in evidence.all(CodedUse, role=coded.role) for service in each.services}
    granted = _granted(role)
    idle = sorted(granted - called)
    if not idle:
        return ok(f"the code under role {role.name} calls each service that the role may use")
    more = f" and {len(idle) - MOST_NAMED} more" if len(idle) > MOST_NAMED else ""
    return review(
        f"role {role.name} may use {', '.join(idle[:MOST_NAMED])}{more}, which no call in the code of {coded.subject} names; whether they are needed all the same, a person has to conclude"
    )


def _granted(role: Role) -> set[str]:
    """The services that a role may use beyond what the platform does for it; policies of everything are a question of their own."""
    found: set[str] = set()
    for each in role.policies:
        for statement in parse_policy(each.text).statements:
            for action in (statement.actions or ()) if statement.effect == ALLOW else ():
                service, _, name = action.lower().partition(":")
                if name and "*" not in service and not any(fnmatchcase(f"{service}:{name}", one) for one in _PLATFORM):
                    found.add(service)
    return found
