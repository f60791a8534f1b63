"""What of single resources has another form in CloudFormation than other names: settings that are split, defaults that differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..located import Block, Series, located
from ..resources import Unresolved
from ..values import joined
from .bucket_parts import bucket
from .conversion import Draft, document, placed


def shaped(draft: Draft) -> Draft:
    """A resource with all of its properties in their form."""
    shape = _SHAPES.get(draft.made.type)
    if shape is not None:
        shape(draft)
    return draft


def _move(draft: Draft, name: str, to: str, value: Any) -> None:
    properties = draft.properties
    properties.put(to, value, properties.lines.get(name, properties.line))
    if name != to:
        properties.pop(name, None)


def _function(draft: Draft) -> None:
    properties, made = draft.properties, draft.made
    code = Block(properties.file, properties.line)
    for argument, name in (
        ("S3Bucket", "S3Bucket"),
        ("S3Key", "S3Key"),
        ("S3ObjectVersion", "S3ObjectVersion"),
        ("ImageUri", "ImageUri"),
    ):
        if argument in properties:
            code.take(properties, argument, properties.pop(argument), name)
    filename = properties.pop("Filename", None)
    properties.put(
        "Code", code if code or filename is None else filename, properties.lines.get("Filename", properties.line)
    )
    if properties.get("ReservedConcurrentExecutions") == -1:
        properties.pop("ReservedConcurrentExecutions")
    if made.type == "aws_lambda_layer_version":
        _move(draft, "Code", "Content", properties["Code"])


def _permission(draft: Draft) -> None:
    properties = draft.properties
    qualifier = properties.pop("Qualifier", None)
    if qualifier:
        _move(draft, "FunctionName", "FunctionName", joined([properties.get("FunctionName"), ":", qualifier]))


def _alias(draft: Draft) -> None:
    routing = draft.properties.get("RoutingConfig")
    weights = routing.get("AdditionalVersionWeights") if isinstance(routing, Block) else None
    if isinstance(routing, Block) and isinstance(weights, dict):
        made = [{"FunctionVersion": version, "FunctionWeight": weight} for version, weight in sorted(weights.items())]
        routing.put("AdditionalVersionWeights", placed(made, routing, "AdditionalVersionWeights"))


def _layer_permission(draft: Draft) -> None:
    properties = draft.properties
    name, number = properties.get("LayerName"), properties.get("VersionNumber")
    properties.put("LayerVersionArn", joined([name, ":", number]))


def _single(name: str) -> Callable[[Draft], None]:
    """A property of one value that CloudFormation has as a list."""

    def shape(draft: Draft) -> None:
        value = draft.properties.get(name)
        if value is not None and not isinstance(value, list):
            series = Series(draft.properties.file, draft.properties.lines.get(name, draft.properties.line))
            series.add(value)
            _move(draft, name, name, series)

    return shape


def _beside(kind: str, owner: str, property: str) -> Callable[[Draft], None]:
    """A policy within a resource that CloudFormation has beside it."""

    def shape(draft: Draft) -> None:
        body = draft.made.body()
        said = body.get("policy")
        if said is None or said == "":
            return
        properties = Block(body.file, body.lines.get("policy", body.line))
        names = Series(body.file, body.line)
        names.add(draft.made.named().ref())
        properties.put(owner, names if owner.endswith("s") else names[0])
        properties.take(body, "policy", document(said, body.where("policy")), property)
        draft.extra.append(Draft(draft.made, kind, properties, f"{draft.id}.policy", draft.conditional))

    return shape


def _authorizer(draft: Draft) -> None:
    if "Type" not in draft.properties:
        draft.properties.put("Type", "TOKEN")


def _routes(draft: Draft) -> None:
    said = draft.properties.get("RouteSettings")
    if isinstance(said, Series):
        made = Block(draft.properties.file, draft.properties.line)
        for each in said:
            if isinstance(each, Block):
                made.put(str(each.pop("RouteKey", "")), each, each.line)
        _move(draft, "RouteSettings", "RouteSettings", made)


def _graphql(draft: Draft) -> None:
    schema = draft.made.body().get("schema")
    if schema is not None:
        properties = Block(draft.properties.file, draft.properties.line)
        properties.put("ApiId", draft.made.named().attribute("ApiId", draft.made.where))
        properties.put("Definition", schema)
        draft.extra.append(
            Draft(draft.made, "AWS::AppSync::GraphQLSchema", properties, f"{draft.id}.schema", draft.conditional)
        )


def _rule(draft: Draft) -> None:
    said = draft.properties.pop("IsEnabled", None)
    if isinstance(said, bool):
        draft.properties.put("State", "ENABLED" if said else "DISABLED")


def _bus_policy(draft: Draft) -> None:
    said = draft.properties.get("Statement")
    policy = document(said, draft.properties.where("Statement"))
    if isinstance(policy, Block):
        _move(draft, "Statement", "Statement", policy.get("Statement"))
    elif isinstance(said, str):
        _move(draft, "Statement", "Statement", Unresolved("${policy}", "the policy is not known", draft.made.where))


def _machine(draft: Draft) -> None:
    logging = draft.properties.get("LoggingConfiguration")
    if isinstance(logging, Block) and "LogDestination" in logging:
        group = logging.pop("LogDestination")
        logging.put(
            "Destinations", placed([{"CloudWatchLogsLogGroup": {"LogGroupArn": group}}], logging, "LogDestination")
        )


def _balancer(draft: Draft) -> None:
    properties = draft.properties
    internal = properties.pop("Internal", None)
    if isinstance(internal, bool):
        properties.put("Scheme", "internal" if internal else "internet-facing")
    elif internal is not None:
        properties.put("Scheme", internal)
    logs = properties.pop("AccessLogs", None)
    said = {
        "access_logs.s3.enabled": logs.get("Enabled") if isinstance(logs, Block) else logs,
        "access_logs.s3.bucket": logs.get("Bucket") if isinstance(logs, Block) else None,
        "routing.http.drop_invalid_header_fields.enabled": properties.pop("DropInvalidHeaderFields", None),
        "deletion_protection.enabled": properties.pop("EnableDeletionProtection", None),
    }
    made = [{"Key": key, "Value": _word(value)} for key, value in said.items() if value is not None]
    properties.put("LoadBalancerAttributes", located(made, properties.file, properties.line))


def _word(value: Any) -> Any:
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else value


def _group(draft: Draft) -> None:
    """Terraform takes away the rule that lets out everything, which CloudFormation leaves."""
    properties = draft.properties
    for name in ("Egress", "Ingress"):
        rules = Series(properties.file, properties.lines.get(name, properties.line))
        for each in properties.pop(name, ()) or ():
            for rule in _rules(each):
                rules.add(rule, getattr(each, "line", 0))
        properties.put(f"SecurityGroup{name}", rules, rules.line)


def _rules(said: Any) -> list[Any]:
    """One rule for each range of addresses, as CloudFormation has them."""
    if not isinstance(said, Block):
        return [said]
    kept = {
        "Protocol": "IpProtocol",
        "IpProtocol": "IpProtocol",
        "FromPort": "FromPort",
        "ToPort": "ToPort",
        "GroupId": "GroupId",
    }
    base = said.like()
    for key, name in kept.items():
        if key in said:
            base.take(said, key, said[key], name)
    made: list[Any] = []
    for key, name in (("CidrBlocks", "CidrIp"), ("Ipv6CidrBlocks", "CidrIpv6")):
        ranges = said.get(key)
        for each in ranges if isinstance(ranges, list) else [] if ranges is None else [ranges]:
            rule = base.like()
            for held in base:
                rule.take(base, held, base[held])
            rule.put(name, each, said.lines.get(key, said.line))
            made.append(rule)
    return made or [base]


def _group_rule(draft: Draft) -> None:
    kind = draft.properties.pop("Type", "egress")
    if draft.made.type == "aws_security_group_rule":
        draft.type = f"AWS::EC2::SecurityGroup{'Ingress' if kind == 'ingress' else 'Egress'}"
    rules = _rules(draft.properties)
    draft.properties = rules[0]
    draft.extra += [
        Draft(draft.made, draft.type, each, f"{draft.id}.{index}", draft.conditional)
        for index, each in enumerate(rules[1:], 1)
    ]


def _trail(draft: Draft) -> None:
    """Terraform logs, and takes in global services, where nothing is said."""
    for name in ("IsLogging", "IncludeGlobalServiceEvents"):
        if name not in draft.properties:
            draft.properties.put(name, True)


def _database(draft: Draft) -> None:
    """Terraform keeps no backups and gives no public address where nothing is said."""
    copied = "SourceDBInstanceIdentifier" in draft.properties
    if draft.made.type == "aws_db_instance" and not copied:
        draft.properties.setdefault("BackupRetentionPeriod", 0)
    if "PubliclyAccessible" not in draft.properties:
        draft.properties.put("PubliclyAccessible", False)


def _parameters(draft: Draft) -> None:
    said = draft.made.body().get("parameter")
    if said is None:
        return
    made = Block(draft.properties.file, draft.properties.line)
    for each in said:
        if not isinstance(each, Block):
            draft.properties.put("Parameters", each)
            return
        made.put(str(each.get("name")), each.get("value"), each.line)
    draft.properties.put("Parameters", made)


def _distribution(draft: Draft) -> None:
    held = draft.properties
    made = Block(held.file, held.line)
    made.put("DistributionConfig", held)
    draft.properties = made


def _alarm(draft: Draft) -> None:
    said = draft.properties.get("Dimensions")
    if isinstance(said, dict):
        made = [{"Name": name, "Value": value} for name, value in said.items()]
        _move(draft, "Dimensions", "Dimensions", placed(made, draft.properties, "Dimensions"))
    for each in draft.properties.get("Metrics", ()) if isinstance(draft.properties.get("Metrics"), list) else ():
        stat = each.get("MetricStat") if isinstance(each, Block) else None
        if isinstance(stat, Block):
            inner = stat.pop("Dimensions", None)
            dimensions = (
                [{"Name": name, "Value": value} for name, value in inner.items()] if isinstance(inner, dict) else []
            )
            metric = {
                "MetricName": stat.get("MetricName"),
                "Namespace": stat.get("Namespace"),
                "Dimensions": dimensions,
            }
            stat.put("Metric", located(metric, stat.file, stat.line))


def _log_group(draft: Draft) -> None:
    if draft.properties.get("RetentionInDays") == 0:
        draft.properties.pop("RetentionInDays")


def _table(draft: Draft) -> None:
    body = draft.made.body()
    if body.get("stream_enabled") is False:
        draft.properties.pop("StreamSpecification", None)
    keys = [("hash_key", "HASH"), ("range_key", "RANGE")]
    made = [{"AttributeName": body[name], "KeyType": kind} for name, kind in keys if name in body]
    draft.properties.put("KeySchema", located(made, body.file, body.line))
    for each in draft.properties.get("AttributeDefinitions", ()):
        if isinstance(each, Block):
            each.put("AttributeName", each.pop("Name", None))
            each.put("AttributeType", each.pop("Type", None))


def _stream(draft: Draft) -> None:
    body = draft.made.body()
    if body.get("encryption_type") not in (None, "NONE"):
        made = {"EncryptionType": body["encryption_type"], "KeyId": body.get("kms_key_id")}
        draft.properties.put("StreamEncryption", placed(made, body, "encryption_type"))


def _firehose(draft: Draft) -> None:
    said = draft.properties.get("DeliveryStreamEncryptionConfigurationInput")
    if isinstance(said, Block):
        if said.get("Enabled") is not True and not isinstance(said.get("Enabled"), Unresolved):
            draft.properties.pop("DeliveryStreamEncryptionConfigurationInput")
        said.setdefault("KeyType", "AWS_OWNED_CMK")


_SHAPES: Mapping[str, Callable[[Draft], None]] = {
    "aws_lambda_function": _function,
    "aws_lambda_layer_version": _function,
    "aws_lambda_permission": _permission,
    "aws_lambda_alias": _alias,
    "aws_lambda_layer_version_permission": _layer_permission,
    "aws_iam_instance_profile": _single("Roles"),
    "aws_api_gateway_authorizer": _authorizer,
    "aws_apigatewayv2_stage": _routes,
    "aws_appsync_graphql_api": _graphql,
    "aws_cloudwatch_event_rule": _rule,
    "aws_cloudwatch_event_bus_policy": _bus_policy,
    "aws_sfn_state_machine": _machine,
    "aws_lb": _balancer,
    "aws_alb": _balancer,
    "aws_security_group": _group,
    "aws_security_group_rule": _group_rule,
    "aws_cloudtrail": _trail,
    "aws_db_instance": _database,
    "aws_rds_cluster_instance": _database,
    "aws_db_parameter_group": _parameters,
    "aws_rds_cluster_parameter_group": _parameters,
    "aws_docdb_cluster_parameter_group": _parameters,
    "aws_cloudfront_distribution": _distribution,
    "aws_cloudwatch_metric_alarm": _alarm,
    "aws_cloudwatch_log_group": _log_group,
    "aws_dynamodb_table": _table,
    "aws_kinesis_stream": _stream,
    "aws_kinesis_firehose_delivery_stream": _firehose,
    "aws_s3_bucket": bucket,
    "aws_sqs_queue": _beside("AWS::SQS::QueuePolicy", "Queues", "PolicyDocument"),
    "aws_sqs_queue_policy": _single("Queues"),
    "aws_sns_topic": _beside("AWS::SNS::TopicPolicy", "Topics", "PolicyDocument"),
    "aws_sns_topic_policy": _single("Topics"),
    "aws_secretsmanager_secret": _beside("AWS::SecretsManager::ResourcePolicy", "SecretId", "ResourcePolicy"),
}
