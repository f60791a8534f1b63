"""Resources of Terraform that say something of another one, joined with it: the settings of buckets, integrations of methods, policies attached to roles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ..located import Block, Series, located, over
from ..resources import Unresolved
from ..values import text_of
from .bucket_parts import BUCKET_PARTS
from .conversion import Draft, document, placed

_ROLE, _USER, _GROUP = "AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group"


class Owners:
    """The resources of a deployment by what others call them."""

    def __init__(self, drafts: Sequence[Draft]) -> None:
        self._known: dict[tuple[str, str], Draft] = {}
        self._of: dict[str, list[Draft]] = {}
        for each in drafts:
            if each.made.kind is None:
                continue
            named = each.made.named()
            self._of.setdefault(each.type, []).append(each)
            for name in (
                named.ref(),
                named.arn(),
                named.name(),
                text_of(each.made.member("id", "")) if each.made.kind else "",
            ):
                self._known.setdefault((each.type, text_of(name)), each)

    def find(self, kind: str, value: Any) -> Draft | None:
        """The resource of a type that a value names."""
        return self._known.get((kind, text_of(value))) if value is not None else None

    def of(self, kind: str) -> list[Draft]:
        """All of a type."""
        return self._of.get(kind, [])


def joined_drafts(drafts: Sequence[Draft]) -> list[Draft]:
    """The resources, without those that only say something of others, to which it is added."""
    owners = Owners(drafts)
    kept: list[Draft] = []
    for each in drafts:
        join = _JOINS.get(each.made.type)
        if join is None or not join(each, owners):
            kept.append(each)
    return kept


def add(owner: Draft, source: Draft, name: str, value: Any, argument: str = "") -> None:
    """Sets a property of a resource that another one says; it is open where that one may not be there."""
    if source.conditional and source.conditional != owner.conditional:
        value = Unresolved(
            f"${{{source.id}}}".replace(":", "."), f"{source.id} exists only if {source.conditional}", source.made.where
        )
    owner.properties.take(source.made.body(), argument, value, name)


def append(owner: Draft, source: Draft, name: str, value: Any, argument: str = "") -> None:
    """Adds to a list of a resource what another one says."""
    held = owner.properties.get(name)
    if not isinstance(held, Series):
        series = Series(owner.properties.file, owner.properties.line)
        for each in held if isinstance(held, list) else [] if held is None else [held]:
            series.add(each)
        held = series
        owner.properties.put(name, held)
    if source.conditional and source.conditional != owner.conditional:
        value = Unresolved(
            f"${{{source.id}}}".replace(":", "."), f"{source.id} exists only if {source.conditional}", source.made.where
        )
    held.add(value, source.made.body().lines.get(argument, source.made.written.line))


Join = Callable[[Draft, Owners], bool]


def _attachment(kind: str, argument: str) -> Join:
    def join(draft: Draft, owners: Owners) -> bool:
        body = draft.made.body()
        owner = owners.find(kind, body.get(argument))
        if owner is not None and body.get("policy_arn") is not None:
            append(owner, draft, "ManagedPolicyArns", body["policy_arn"], "policy_arn")
        return True

    return join


def _attachments(draft: Draft, owners: Owners) -> bool:
    body = draft.made.body()
    for kind, argument in ((_ROLE, "roles"), (_USER, "users"), (_GROUP, "groups")):
        names = body.get(argument)
        for each in names if isinstance(names, list) else []:
            owner = owners.find(kind, each)
            if owner is not None and body.get("policy_arn") is not None:
                append(owner, draft, "ManagedPolicyArns", body["policy_arn"], "policy_arn")
    return True


def _membership(draft: Draft, owners: Owners) -> bool:
    body = draft.made.body()
    owner, groups = owners.find(_USER, body.get("user")), body.get("groups")
    for each in groups if isinstance(groups, list) and owner is not None else []:
        append(owner, draft, "Groups", each, "groups")  # type: ignore[arg-type]
    return True


def _whole(kind: str, argument: str, value: str, property: str) -> Join:
    """One document of another resource."""

    def join(draft: Draft, owners: Owners) -> bool:
        body = draft.made.body()
        owner = owners.find(kind, body.get(argument))
        if owner is not None and value in body:
            add(owner, draft, property, document(body[value], body.where(value)), value)
        return True

    return join


def _table_policy(draft: Draft, owners: Owners) -> bool:
    body = draft.made.body()
    owner = owners.find("AWS::DynamoDB::Table", body.get("resource_arn"))
    if owner is not None and "policy" in body:
        policy = document(body["policy"], body.where("policy"))
        add(owner, draft, "ResourcePolicy", placed({"PolicyDocument": policy}, body, "policy"), "policy")
    return True


_INTEGRATION = {
    "type": "Type",
    "integration_http_method": "IntegrationHttpMethod",
    "uri": "Uri",
    "credentials": "Credentials",
    "request_templates": "RequestTemplates",
    "request_parameters": "RequestParameters",
    "passthrough_behavior": "PassthroughBehavior",
    "connection_type": "ConnectionType",
    "connection_id": "ConnectionId",
    "timeout_milliseconds": "TimeoutInMillis",
    "cache_key_parameters": "CacheKeyParameters",
    "content_handling": "ContentHandling",
}


def _integration(draft: Draft, owners: Owners) -> bool:
    body = draft.made.body()
    keys = ("rest_api_id", "resource_id", "http_method")
    for method in owners.of("AWS::ApiGateway::Method"):
        if all(text_of(method.made.body().get(key)) == text_of(body.get(key)) for key in keys):
            made = body.like() if type(body) is Block else Block(body.file, body.line)
            for argument, name in _INTEGRATION.items():
                if argument in body:
                    made.take(body, argument, body[argument], name)
            add(method, draft, "Integration", made, "type")
    return True


def _settings(draft: Draft, owners: Owners) -> bool:
    body = draft.made.body()
    settings = next(iter(body.get("settings", ())), None)
    api, name = text_of(body.get("rest_api_id")), text_of(body.get("stage_name"))
    for stage in owners.of("AWS::ApiGateway::Stage"):
        held = stage.made.body()
        if text_of(held.get("rest_api_id")) != api or text_of(held.get("stage_name")) != name:
            continue
        if not isinstance(settings, Block):
            append(stage, draft, "MethodSettings", settings, "settings")
            continue
        path, _, method = text_of(body.get("method_path")).rpartition("/")
        made = Block(settings.file, settings.line)
        made.put("ResourcePath", "/*" if path in ("*", "") else f"/{path.strip('/').replace('~1', '/')}")
        made.put("HttpMethod", method or "*")
        for key in settings:
            made.take(settings, key, settings[key], "".join(part.title() for part in key.split("_")))
        append(stage, draft, "MethodSettings", made, "settings")
    return True


def _target(draft: Draft, owners: Owners) -> bool:
    body = draft.made.body()
    rule = owners.find("AWS::Events::Rule", body.get("rule"))
    if rule is None:
        return True
    made = Block(draft.made.written.file, draft.made.written.line)
    made.put("Id", body.get("target_id") or draft.id)
    made.put("Arn", body.get("arn"), body.lines.get("arn", 0))
    for argument, name in (("role_arn", "RoleArn"), ("input", "Input"), ("input_path", "InputPath")):
        if argument in body:
            made.take(body, argument, body[argument], name)
    for argument, name in (("dead_letter_config", "DeadLetterConfig"), ("retry_policy", "RetryPolicy")):
        inner = next(iter(body.get(argument, ())), None)
        if isinstance(inner, Block):
            names = {
                "arn": "Arn",
                "maximum_event_age_in_seconds": "MaximumEventAgeInSeconds",
                "maximum_retry_attempts": "MaximumRetryAttempts",
            }
            held = {names.get(key, key): value for key, value in inner.items()}
            made.put(name, located(held, inner.file, inner.line), inner.line)
        elif inner is not None:
            made.put(name, inner)
    append(rule, draft, "Targets", made, "arn")
    return True


def _attached_target(draft: Draft, owners: Owners) -> bool:
    body = draft.made.body()
    owner = owners.find("AWS::ElasticLoadBalancingV2::TargetGroup", body.get("target_group_arn"))
    if owner is not None:
        append(owner, draft, "Targets", placed({"Id": body.get("target_id")}, body, "target_id"), "target_id")
    return True


def _tables_of_groups(draft: Draft, owners: Owners) -> bool:
    body = draft.made.body()
    owner = owners.find("AWS::EC2::VPCEndpoint", body.get("vpc_endpoint_id"))
    if owner is not None:
        append(owner, draft, "RouteTableIds", body.get("route_table_id"), "route_table_id")
    return True


def _bucket_part(draft: Draft, owners: Owners) -> bool:
    body = draft.made.body()
    owner = owners.find("AWS::S3::Bucket", body.get("bucket"))
    if owner is not None:
        for property, value in BUCKET_PARTS[draft.made.type](body):
            old = owner.properties.get(property)
            both = over(old, value) if isinstance(old, Block) and isinstance(value, Block) else value
            add(owner, draft, property, both, "bucket")
    return True


def _nothing(draft: Draft, owners: Owners) -> bool:
    """Says nothing that is read."""
    return True


_JOINS: Mapping[str, Join] = {
    "aws_iam_role_policy_attachment": _attachment(_ROLE, "role"),
    "aws_iam_user_policy_attachment": _attachment(_USER, "user"),
    "aws_iam_group_policy_attachment": _attachment(_GROUP, "group"),
    "aws_iam_policy_attachment": _attachments,
    "aws_iam_user_group_membership": _membership,
    "aws_api_gateway_integration": _integration,
    "aws_api_gateway_method_settings": _settings,
    "aws_api_gateway_rest_api_policy": _whole("AWS::ApiGateway::RestApi", "rest_api_id", "policy", "Policy"),
    "aws_cloudwatch_event_target": _target,
    "aws_sqs_queue_redrive_policy": _whole("AWS::SQS::Queue", "queue_url", "redrive_policy", "RedrivePolicy"),
    "aws_kms_key_policy": _whole("AWS::KMS::Key", "key_id", "policy", "KeyPolicy"),
    "aws_ecr_repository_policy": _whole("AWS::ECR::Repository", "repository", "policy", "RepositoryPolicyText"),
    "aws_efs_file_system_policy": _whole("AWS::EFS::FileSystem", "file_system_id", "policy", "FileSystemPolicy"),
    "aws_opensearch_domain_policy": _whole(
        "AWS::OpenSearchService::Domain", "domain_name", "access_policies", "AccessPolicies"
    ),
    "aws_elasticsearch_domain_policy": _whole(
        "AWS::Elasticsearch::Domain", "domain_name", "access_policies", "AccessPolicies"
    ),
    "aws_dynamodb_resource_policy": _table_policy,
    "aws_lb_target_group_attachment": _attached_target,
    "aws_alb_target_group_attachment": _attached_target,
    "aws_vpc_endpoint_route_table_association": _tables_of_groups,
    **dict.fromkeys(BUCKET_PARTS, _bucket_part),
    **dict.fromkeys(
        (
            "aws_api_gateway_integration_response",
            "aws_api_gateway_method_response",
            "aws_api_gateway_usage_plan_key",
            "aws_api_gateway_documentation_part",
            "aws_lambda_provisioned_concurrency_config",
            "aws_s3_object",
            "aws_s3_bucket_object",
            "aws_secretsmanager_secret_version",
            "aws_cognito_user_pool_ui_customization",
            "aws_route53_record",
            "aws_acm_certificate_validation",
            "aws_backup_vault_policy",
        ),
        _nothing,
    ),
}


def in_order(drafts: Iterable[Draft]) -> list[Draft]:
    """Resources with those that were made beside them."""
    return [one for each in drafts for one in (each, *each.extra)]
