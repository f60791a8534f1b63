"""The settings of buckets that have a resource of their own in Terraform, and the old forms within the bucket, as properties of AWS::S3::Bucket."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..located import Block, located
from .conversion import Draft, document

Part = tuple[str, Any]
BLOCKS = {
    "block_public_acls": "BlockPublicAcls",
    "block_public_policy": "BlockPublicPolicy",
    "ignore_public_acls": "IgnorePublicAcls",
    "restrict_public_buckets": "RestrictPublicBuckets",
}
_STEP = {"days": "TransitionInDays", "storage_class": "StorageClass", "date": "TransitionDate"}


def _first(body: Any, name: str) -> Any:
    said = body.get(name) if isinstance(body, dict) else None
    return said[0] if isinstance(said, list) and said else said


def _at(value: Any, body: Block) -> Any:
    return located(value, body.file, body.line)


def _public(body: Block) -> Iterator[Part]:
    made = Block(body.file, body.line)
    for argument, name in BLOCKS.items():
        # Each is off where nothing is said of it.
        made.put(name, body.get(argument, False), body.lines.get(argument, body.line))
    yield "PublicAccessBlockConfiguration", made


def _acl(body: Block) -> Iterator[Part]:
    if body.get("acl") is not None:
        yield "AccessControl", canned(body["acl"])
        return
    groups = [
        (
            str(
                _first(each.get("grantee"), "uri")
                if not isinstance(_first(each, "grantee"), Block)
                else _first(each, "grantee").get("uri")
            ),
            each.get("permission"),
        )
        for each in (_first(body, "access_control_policy") or {}).get("grant", ())
        if isinstance(each, Block)
    ]
    for uri, permission in groups:
        if uri.endswith("/AllUsers"):
            yield "AccessControl", "PublicRead" if permission == "READ" else "PublicReadWrite"
        elif uri.endswith("/AuthenticatedUsers"):
            yield "AccessControl", "AuthenticatedRead"


def canned(value: Any) -> Any:
    """The name of a list of grants as CloudFormation writes it."""
    if not isinstance(value, str) or "${" in value:
        return value
    return "".join(part[:1].upper() + part[1:] for part in value.split("-"))


def _versioning(body: Block) -> Iterator[Part]:
    inner = _first(body, "versioning_configuration")
    if isinstance(inner, Block):
        yield "VersioningConfiguration", _at({"Status": inner.get("status")}, inner)
    elif inner is not None:
        yield "VersioningConfiguration", inner


def _encryption(body: Any) -> Iterator[Part]:
    rules = []
    for each in body.get("rule", ()):
        chosen = _first(each, "apply_server_side_encryption_by_default")
        if isinstance(chosen, Block):
            made = {"SSEAlgorithm": chosen.get("sse_algorithm"), "KMSMasterKeyID": chosen.get("kms_master_key_id")}
            made = {name: value for name, value in made.items() if value is not None}
            rules.append(
                {"ServerSideEncryptionByDefault": made, "BucketKeyEnabled": each.get("bucket_key_enabled", False)}
            )
        elif chosen is not None:
            rules.append(chosen)
    yield "BucketEncryption", _at({"ServerSideEncryptionConfiguration": rules}, body)


def _logging(body: Block) -> Iterator[Part]:
    made = {"DestinationBucketName": body.get("target_bucket"), "LogFilePrefix": body.get("target_prefix", "")}
    yield "LoggingConfiguration", _at(made, body)


def _website(body: Any) -> Iterator[Part]:
    index = _first(body, "index_document")
    made = {"IndexDocument": index.get("suffix") if isinstance(index, Block) else index}
    to = _first(body, "redirect_all_requests_to")
    if isinstance(to, Block):
        made = {"RedirectAllRequestsTo": {"HostName": to.get("host_name")}}
    yield "WebsiteConfiguration", _at({name: value for name, value in made.items() if value is not None}, body)


_CORS = {
    "allowed_headers": "AllowedHeaders",
    "allowed_methods": "AllowedMethods",
    "allowed_origins": "AllowedOrigins",
    "expose_headers": "ExposedHeaders",
    "max_age_seconds": "MaxAge",
}


def _cors(body: Block) -> Iterator[Part]:
    rules = [
        {_CORS[key]: value for key, value in each.items() if key in _CORS} if isinstance(each, Block) else each
        for each in body.get("cors_rule", ())
    ]
    yield "CorsConfiguration", _at({"CorsRules": rules}, body)


def _lifecycle(body: Block) -> Iterator[Part]:
    rules = [
        _rule(each) if isinstance(each, Block) else each
        for each in [*body.get("rule", ()), *body.get("lifecycle_rule", ())]
    ]
    yield "LifecycleConfiguration", _at({"Rules": rules}, body)


def _rule(said: Block) -> Any:
    status = said.get("status")
    if status is None and "enabled" in said:
        status = (
            {True: "Enabled", False: "Disabled"}.get(said["enabled"], said["enabled"])
            if isinstance(said["enabled"], bool)
            else said["enabled"]
        )
    made: dict[str, Any] = {"Id": said.get("id", ""), "Status": status if status is not None else "Enabled"}
    expiration = _first(said, "expiration")
    if isinstance(expiration, Block):
        for key, name in (("days", "ExpirationInDays"), ("date", "ExpirationDate")):
            if expiration.get(key) is not None:
                made[name] = expiration[key]
    elif expiration is not None:
        made["ExpirationInDays"] = expiration
    chosen = _first(said, "filter")
    prefix = said.get("prefix") or (chosen.get("prefix") if isinstance(chosen, Block) else None)
    if prefix:
        made["Prefix"] = prefix
    if isinstance(chosen, Block) and (chosen.get("tag") or chosen.get("and")):
        made["TagFilters"] = []
    made["Transitions"] = [
        {_STEP[key]: value for key, value in each.items() if key in _STEP} if isinstance(each, Block) else each
        for each in said.get("transition", ())
    ]
    return _at(made, said)


def _ownership(body: Block) -> Iterator[Part]:
    rule = _first(body, "rule")
    chosen = rule.get("object_ownership") if isinstance(rule, Block) else rule
    yield "OwnershipControls", _at({"Rules": [{"ObjectOwnership": chosen}]}, body)


def _notification(body: Block) -> Iterator[Part]:
    made: dict[str, Any] = {}
    for argument, name, to, key in (
        ("lambda_function", "LambdaConfigurations", "Function", "lambda_function_arn"),
        ("queue", "QueueConfigurations", "Queue", "queue_arn"),
        ("topic", "TopicConfigurations", "Topic", "topic_arn"),
    ):
        made[name] = [_told(each, to, key) if isinstance(each, Block) else each for each in body.get(argument, ())]
    if body.get("eventbridge") is True:
        made["EventBridgeConfiguration"] = {"EventBridgeEnabled": True}
    yield "NotificationConfiguration", _at({name: value for name, value in made.items() if value}, body)


def _told(each: Block, to: str, key: str) -> Any:
    rules = [
        {"Name": name, "Value": each[argument]}
        for argument, name in (("filter_prefix", "prefix"), ("filter_suffix", "suffix"))
        if each.get(argument)
    ]
    made: dict[str, Any] = {"Events": each.get("events"), to: each.get(key)}
    if rules:
        made["Filter"] = {"S3Key": {"Rules": rules}}
    return _at(made, each)


def _lock(body: Block) -> Iterator[Part]:
    yield "ObjectLockConfiguration", _at({"ObjectLockEnabled": "Enabled"}, body)


def _copies(body: Block) -> Iterator[Part]:
    rules = [
        {"Status": each.get("status"), "Destination": {"Bucket": (_first(each, "destination") or {}).get("bucket")}}
        for each in [*body.get("rule", ()), *body.get("rules", ())]
        if isinstance(each, Block) and isinstance(_first(each, "destination"), Block)
    ]
    yield "ReplicationConfiguration", _at({"Role": body.get("role"), "Rules": rules}, body)


BUCKET_PARTS: Mapping[str, Callable[[Block], Iterator[Part]]] = {
    "aws_s3_bucket_public_access_block": _public,
    "aws_s3_bucket_acl": _acl,
    "aws_s3_bucket_versioning": _versioning,
    "aws_s3_bucket_server_side_encryption_configuration": _encryption,
    "aws_s3_bucket_logging": _logging,
    "aws_s3_bucket_website_configuration": _website,
    "aws_s3_bucket_cors_configuration": _cors,
    "aws_s3_bucket_lifecycle_configuration": _lifecycle,
    "aws_s3_bucket_ownership_controls": _ownership,
    "aws_s3_bucket_notification": _notification,
    "aws_s3_bucket_object_lock_configuration": _lock,
    "aws_s3_bucket_replication_configuration": _copies,
}
_KEPT = ("BucketName", "Tags")


def bucket(draft: Draft) -> None:
    """A bucket with the settings that older modules write within it."""
    body, properties = draft.made.body(), draft.properties
    for name in [each for each in properties if each not in _KEPT]:
        properties.pop(name)
    found: list[Part] = [("AccessControl", canned(body["acl"]))] if body.get("acl") is not None else []
    versioning, encryption = _first(body, "versioning"), _first(body, "server_side_encryption_configuration")
    if isinstance(versioning, Block):
        on = versioning.get("enabled")
        found.append(
            (
                "VersioningConfiguration",
                _at({"Status": {True: "Enabled", False: "Suspended"}[on] if isinstance(on, bool) else on}, versioning),
            )
        )
    elif versioning is not None:
        found.append(("VersioningConfiguration", versioning))
    if isinstance(encryption, Block):
        found += _encryption(encryption)
    elif encryption is not None:
        found.append(("BucketEncryption", encryption))
    for argument, part in (
        ("logging", _logging),
        ("object_lock_configuration", _lock),
        ("replication_configuration", _copies),
    ):
        inner = _first(body, argument)
        if isinstance(inner, Block):
            found += part(inner)
    site = _first(body, "website")
    if isinstance(site, Block):
        found.append(("WebsiteConfiguration", _at({"IndexDocument": site.get("index_document", "")}, site)))
    if body.get("lifecycle_rule"):
        found += _lifecycle(body)
    if body.get("cors_rule"):
        found += _cors(body)
    for property, value in found:
        properties.put(property, value, getattr(value, "line", 0) or body.lines.get("acl", body.line))
    _policy(draft, body)


def _policy(draft: Draft, body: Block) -> None:
    if not body.get("policy"):
        return
    made = Block(body.file, body.lines.get("policy", body.line))
    made.put("Bucket", draft.made.named().name())
    made.take(body, "policy", document(body["policy"], body.where("policy")), "PolicyDocument")
    draft.extra.append(Draft(draft.made, "AWS::S3::BucketPolicy", made, f"{draft.id}.policy", draft.conditional))
