"""The roles that the framework makes for the functions of a service.

Source: Serverless Framework documentation, "AWS Lambda - IAM Permissions"; README of serverless-iam-roles-per-function.
"""

from __future__ import annotations

from typing import Any

from .located import Block, block
from .resources import Unresolved
from .serverless_parts import At, Service, at_key, is_on, items, logical
from .values import text_of

PER_FUNCTION = "serverless-iam-roles-per-function"
SHARED = "IamRoleLambdaExecution"
_VPC_POLICY = "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
_TRACE = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
_QUEUE = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
_TABLE = ["dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:DescribeStream", "dynamodb:ListStreams"]
_STREAM = [
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:DescribeStream",
    "kinesis:DescribeStreamSummary",
    "kinesis:ListShards",
    "kinesis:ListStreams",
]


def vpc_of(provider: Block, said: Block) -> Any:
    """The network of a function."""
    vpc = said.get("vpc", provider.get("vpc"))
    if isinstance(vpc, Unresolved):
        return vpc
    settings = block(vpc)
    groups, subnets = settings.get("securityGroupIds"), settings.get("subnetIds")
    if groups is None and subnets is None:
        return None
    return {"SecurityGroupIds": groups, "SubnetIds": subnets}


def reading(kind: str, source: Any) -> dict[str, Any] | None:
    """The statement that lets a function read from the source of an event, by its kind (sqs, dynamodb, kinesis)."""
    actions = {"sqs": _QUEUE, "dynamodb": _TABLE, "kinesis": _STREAM}.get(kind)
    return {"Effect": "Allow", "Action": actions, "Resource": [source]} if actions else None


def add_shared_role(service: Service) -> None:
    """Add the role that all functions share which name none."""
    provider = service.provider
    role = block(block(provider.get("iam")).get("role"))
    statements = [*items(role.get("statements")), *items(provider.get("iamRoleStatements"))]
    managed = [each for each, _ in [*items(role.get("managedPolicies")), *items(provider.get("iamManagedPolicies"))]]
    if (
        any(vpc_of(provider, block(each)) is not None for each in block(service.said.get("functions")).values())
        or "vpc" in provider
    ):
        managed.append({"Fn::Sub": _VPC_POLICY})
    if is_on(block(provider.get("tracing")).get("lambda")):
        service.statements.append(({"Effect": "Allow", "Action": _TRACE, "Resource": ["*"]}, 0))
    at = at_key(block(provider.get("iam")), "role") if role else at_key(provider, "iamRoleStatements")
    if not role and "iamRoleStatements" not in provider:
        at = at_key(service.said, "provider")
    name = role.get("name", _default_name(service))
    _add(service, SHARED, name, [*_logging(service), *service.statements, *statements], managed, role, at)


def _default_name(service: Service) -> Any:
    return f"{service.prefix}-{service.region}-lambdaRole"


def add_own_role(service: Service, name: str, said: Block, at: At) -> str:
    """Add the role of one function if it has statements of its own; its logical id, or an empty text."""
    own = block(block(said.get("iam")).get("role"))
    statements = said.get("iamRoleStatements", own.get("statements"))
    if statements is None and not own.get("managedPolicies"):
        return ""
    if "iamRoleStatements" in said and PER_FUNCTION not in service.plugins:
        # Without the plugin the framework ignores them.
        return ""
    inherited: list[tuple[Any, int]] = []
    custom = block(block(service.said.get("custom")).get(PER_FUNCTION))
    if is_on(said.get("iamRoleStatementsInherit", custom.get("defaultInherit"))):
        shared = block(block(service.provider.get("iam")).get("role")).get("statements")
        inherited = [*items(service.provider.get("iamRoleStatements")), *items(shared)]
    inherited += _of_events(said)
    if is_on(said.get("tracing", block(service.provider.get("tracing")).get("lambda"))):
        inherited.append(({"Effect": "Allow", "Action": _TRACE, "Resource": ["*"]}, 0))
    managed = [each for each, _ in items(own.get("managedPolicies"))]
    if vpc_of(service.provider, said) is not None:
        managed.append({"Fn::Sub": _VPC_POLICY})
    identity = f"{logical(name)}IamRoleLambdaExecution"
    where = at_key(said, "iamRoleStatements") if "iamRoleStatements" in said else at
    called = said.get("iamRoleStatementsName", f"{service.prefix}-{name}-{service.region}-lambdaRole"[:64])
    _add(service, identity, called, [*_logging(service), *inherited, *items(statements)], managed, own, where)
    return identity


def _of_events(said: Block) -> list[tuple[Any, int]]:
    """The statements that a function's own events bring along."""
    found: list[tuple[Any, int]] = []
    for event, line in items(said.get("events")):
        for kind in ("sqs", "stream"):
            source = block(event).get(kind)
            arn = source.get("arn", source) if isinstance(source, Block) else source
            statement = reading("sqs" if kind == "sqs" else stream_kind(source), arn) if arn is not None else None
            if statement is not None:
                found.append((statement, line))
    return found


def stream_kind(source: Any) -> str:
    """Whether an event reads a stream of DynamoDB or of Kinesis."""
    said = block(source)
    if "type" in said:
        return text_of(said["type"])
    text = text_of(said.get("arn", source)) if source is not None else ""
    return "kinesis" if ":kinesis:" in text else "dynamodb"


def _logging(service: Service) -> list[tuple[Any, int]]:
    group = f"arn:${{AWS::Partition}}:logs:${{AWS::Region}}:${{AWS::AccountId}}:log-group:/aws/lambda/{service.prefix}"
    make = ["logs:CreateLogStream", "logs:CreateLogGroup", "logs:TagResource"]
    return [
        ({"Effect": "Allow", "Action": make, "Resource": [{"Fn::Sub": f"{group}*:*"}]}, 0),
        ({"Effect": "Allow", "Action": ["logs:PutLogEvents"], "Resource": [{"Fn::Sub": f"{group}*:*:*"}]}, 0),
    ]


def _add(
    service: Service,
    identity: str,
    name: Any,
    statements: list[tuple[Any, int]],
    managed: list[Any],
    role: Block,
    at: At,
) -> None:
    from .located import Series, located

    listed = Series(at.file, at.line)
    for each, line in statements:
        listed.add(located(each, at.file, line or at.line), line or at.line)
    document = {"Version": "2012-10-17", "Statement": listed}
    trust = {"Effect": "Allow", "Principal": {"Service": ["lambda.amazonaws.com"]}, "Action": ["sts:AssumeRole"]}
    properties = {
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [trust]},
        "Policies": [{"PolicyName": f"{service.prefix}-lambda", "PolicyDocument": document}],
        "Path": role.get("path", "/"),
        "RoleName": name,
        "ManagedPolicyArns": managed or None,
        "PermissionsBoundary": role.get(
            "permissionsBoundary", role.get("permissionBoundary", service.provider.get("rolePermissionsBoundary"))
        ),
    }
    service.add(identity, "AWS::IAM::Role", properties, at)
