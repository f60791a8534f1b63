"""What AWS KMS, Secrets Manager and the Parameter Store would answer about the keys, secrets and parameters of a stack."""

from __future__ import annotations

from typing import Any

from ....capture import NOT_TOLD, UNRESOLVED
from ..resources import Resource
from .answers import Answers, Stack, members, place_of, plain, policy, switch, tag_list, untold, word
from .attached import attached, tell_policy

KEYS, ALIAS = ("AWS::KMS::Key", "AWS::KMS::ReplicaKey"), "AWS::KMS::Alias"
POLICY, TO_DATABASE = "AWS::SecretsManager::ResourcePolicy", "AWS::SecretsManager::SecretTargetAttachment"
SECRET, ROTATION = "AWS::SecretsManager::Secret", "AWS::SecretsManager::RotationSchedule"
PARAMETER, DOCUMENT = "AWS::SSM::Parameter", "AWS::SSM::Document"
ANSWERED = (
    "kms:ListKeys",
    "kms:ListAliases",
    "kms:DescribeKey",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "secretsmanager:ListSecrets",
    "secretsmanager:GetResourcePolicy",
    "ssm:DescribeParameters",
    "ssm:ListDocuments",
    "ssm:DescribeDocumentPermission",
)
SYMMETRIC = "SYMMETRIC_DEFAULT"


def make(stack: Stack, answers: Answers) -> None:
    """Answers about every key, secret, parameter and document."""
    for key in stack.of(*KEYS):
        _key(stack, answers, key)
    for alias in stack.of(ALIAS):
        target = stack.named(alias.properties.get("TargetKeyId"), *KEYS)
        named = word(alias.properties.get("TargetKeyId"))
        id = key_arn(stack, target).rpartition("/")[2] if target else named.rpartition("/")[2]
        answers.listed(
            "kms:ListAliases",
            {"AliasName": word(alias.properties.get("AliasName")), "TargetKeyId": id},
            where=alias.where,
        )
    for secret in stack.of(SECRET):
        _secret(stack, answers, secret)
    for parameter in stack.of(PARAMETER):
        name, said = parameter.name or parameter.id, parameter.properties
        answers.place(stack.arn("ssm", f"parameter/{name.removeprefix('/')}"), parameter.where, parameter.conditional)
        record = {"Name": name, "Type": plain(said.get("Type", "String"))}
        if said.get("KeyId") is not None:
            record["KeyId"] = plain(said["KeyId"])
        answers.listed("ssm:DescribeParameters", record, where=parameter.where)
    for document in stack.of(DOCUMENT):
        name = document.name or document.id
        answers.place(stack.arn("ssm", f"document/{name}"), document.where, document.conditional)
        answers.listed(
            "ssm:ListDocuments", {"Name": name, "Tags": tag_list(document.properties.get("Tags"))}, where=document.where
        )
        # A new document is its owner's; CloudFormation has no property that shares it.
        answers.told("ssm:DescribeDocumentPermission", {"AccountIds": []}, document.where, Name=name)


def key_arn(stack: Stack, key: Resource) -> str:
    """The ARN of a key of the stack."""
    return key.arn if ":key/" in key.arn else stack.arn("kms", f"key/{key.name or key.id}")


def default_policy(stack: Stack) -> str:
    """The policy of a key for which nobody set one. Source: AWS KMS Developer Guide, "Default key policy"."""
    principal = {"AWS": f"arn:{stack.partition}:iam::{stack.account}:root"}
    statement = {
        "Sid": "Enable IAM User Permissions",
        "Effect": "Allow",
        "Principal": principal,
        "Action": "kms:*",
        "Resource": "*",
    }
    return policy({"Version": "2012-10-17", "Id": "key-default-1", "Statement": [statement]})


def _key(stack: Stack, answers: Answers, key: Resource) -> None:
    """KMS does not rotate a key where nothing is said. Source: AWS CloudFormation Template Reference, "AWS::KMS::Key" (EnableKeyRotation)."""
    said, arn = key.properties, key_arn(stack, key)
    answers.place(arn, key.where, key.conditional)
    answers.listed("kms:ListKeys", {"KeyId": arn.rpartition("/")[2], "KeyArn": arn}, where=key.where)
    enabled, spec = switch(said.get("Enabled"), True), said.get("KeySpec", SYMMETRIC)
    state = {True: "Enabled", False: "Disabled"}.get(enabled, "") if isinstance(enabled, bool) else enabled
    metadata = {
        "KeyId": arn.rpartition("/")[2],
        "Arn": arn,
        "KeyManager": "CUSTOMER",
        "KeyState": state,
        "Enabled": enabled,
        "KeySpec": plain(spec),
        "KeyUsage": plain(said.get("KeyUsage", "ENCRYPT_DECRYPT")),
        "Origin": plain(said.get("Origin", "AWS_KMS")),
    }
    answers.told("kms:DescribeKey", {"KeyMetadata": metadata}, key.where, KeyId=arn)
    declared = said.get("KeyPolicy")
    where = place_of(key, "KeyPolicy")
    if untold(declared):
        answers.untold("kms:GetKeyPolicy", "KeyPolicy is not resolved", where, KeyId=arn)
    else:
        text = default_policy(stack) if declared is None else policy(declared)
        answers.told("kms:GetKeyPolicy", {"Policy": text, "PolicyName": "default"}, where, KeyId=arn)
    rotates = switch(said.get("EnableKeyRotation"), False)
    where = place_of(key, "EnableKeyRotation")
    # What rotates is the primary key; a replica follows it.
    if key.type == "AWS::KMS::ReplicaKey":
        answers.untold("kms:GetKeyRotationStatus", "it follows the key of which it is a replica", where, KeyId=arn)
    else:
        answers.told("kms:GetKeyRotationStatus", {"KeyRotationEnabled": rotates}, where, KeyId=arn)


def secret_arn(stack: Stack, secret: Resource) -> str:
    """The ARN of a secret of the stack."""
    return secret.arn if ":secret:" in secret.arn else stack.arn("secretsmanager", f"secret:{secret.name or secret.id}")


def _secret(stack: Stack, answers: Answers, secret: Resource) -> None:
    name, said, arn = secret.name or secret.id, secret.properties, secret_arn(stack, secret)
    answers.place(arn, secret.where, secret.conditional)
    record: dict[str, Any] = {
        "ARN": arn,
        "Name": name,
        "Tags": plain(said["Tags"]) if untold(said.get("Tags")) else tag_list(said.get("Tags")),
        "LastAccessedDate": {NOT_TOLD: "whether anybody reads the secret"},
    }
    if said.get("KmsKeyId") not in (None, ""):
        record["KmsKeyId"] = plain(said["KmsKeyId"])
    record |= _rotation(stack, secret)
    answers.listed("secretsmanager:ListSecrets", record, where=secret.where)
    found = attached(stack, secret, (POLICY,), ("SecretId",), lambda value: _names(stack, value, secret))
    call = "secretsmanager:GetResourcePolicy"
    tell_policy(answers, call, "ResourcePolicy", found, "ResourcePolicy", secret.where, SecretId=arn)


def _names(stack: Stack, value: Any, secret: Resource) -> bool:
    """Whether a property names a secret: by its name, by its ARN with or without the six letters that the service adds, or through its attachment to a database."""
    said, arn = word(value), secret_arn(stack, secret)
    through = stack.named(value, TO_DATABASE)
    if through is not None:
        return stack.named(through.properties.get("SecretId"), SECRET) is secret
    return bool(said) and (stack.named(value, SECRET) is secret or said == arn or arn.startswith(f"{said}-"))


def _rotation(stack: Stack, secret: Resource) -> dict[str, Any]:
    """A schedule rotates at once unless it says otherwise. Source: AWS CloudFormation Template Reference, "AWS::SecretsManager::RotationSchedule" (RotateImmediatelyOnUpdate)."""
    found = attached(stack, secret, (ROTATION,), ("SecretId",), lambda value: _names(stack, value, secret))
    schedule = found.resource
    if schedule is None:
        return (
            {"RotationEnabled": {UNRESOLVED: "RotationEnabled", "why": found.why, "where": found.where}}
            if found.why
            else {}
        )
    rules = plain(members(schedule.properties.get("RotationRules")))
    if switch(schedule.properties.get("RotateImmediatelyOnUpdate"), True) is True:
        return {"RotationEnabled": True, "RotationRules": rules, "LastRotatedDate": stack.at}
    return {
        "RotationEnabled": True,
        "RotationRules": rules,
        "LastRotatedDate": {NOT_TOLD: "when the secret is rotated first"},
    }
