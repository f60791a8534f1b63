"""What Amazon S3 would answer about the buckets and access points of a stack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..resources import Resource
from .answers import Answers, Record, Stack, entries, members, place_of, plain, switch, tag_list, untold, word
from .attached import OPEN, attached, own_policy, tell_policy

BUCKET, POLICY, ACCESS_POINT = "AWS::S3::Bucket", "AWS::S3::BucketPolicy", "AWS::S3::AccessPoint"
# With this the AWS CDK sets notifications, in the words of the API. Source: AWS CDK API Reference, module aws-s3-notifications.
CDK_NOTIFICATIONS = "Custom::S3BucketNotifications"
ANSWERED = (
    "s3:ListBuckets",
    "s3:GetBucketPolicy",
    "s3:GetBucketAcl",
    "s3:GetPublicAccessBlock",
    "s3:GetBucketOwnershipControls",
    "s3:GetBucketEncryption",
    "s3:GetBucketVersioning",
    "s3:GetObjectLockConfiguration",
    "s3:GetBucketLifecycleConfiguration",
    "s3:GetBucketWebsite",
    "s3:GetBucketTagging",
    "s3:GetBucketReplication",
    "s3:GetBucketNotificationConfiguration",
    "s3control:ListAccessPoints",
    "s3control:GetAccessPoint",
    "s3control:GetAccessPointPolicy",
)
NOT_FROM_TEMPLATES: Mapping[str, str] = {
    "s3control:GetPublicAccessBlock": "no stack sets Block Public Access of an account",
    "s3:GetBucketPolicyStatus": "AWS judges a policy once it is there",
    "s3control:GetAccessPointPolicyStatus": "AWS judges a policy once it is there",
}
BLOCKS = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
# What the canned access lists that let in everybody grant. Source: Amazon S3 User Guide, "Canned ACL".
_GROUPS = "http://acs.amazonaws.com/groups/global/"
CANNED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "PublicRead": (("AllUsers", "READ"),),
    "PublicReadWrite": (("AllUsers", "READ"), ("AllUsers", "WRITE")),
    "AuthenticatedRead": (("AuthenticatedUsers", "READ"),),
}
_CANNED = {name.lower().replace("-", ""): grants for name, grants in CANNED.items()}


def make(stack: Stack, answers: Answers) -> None:
    """Answers about every bucket and access point."""
    for bucket in stack.of(BUCKET):
        name = bucket.name or bucket.id
        arn = stack.arn("s3", name, region=False, account=False)
        answers.place(arn, bucket.where, bucket.conditional)
        answers.listed("s3:ListBuckets", {"Name": name, "BucketRegion": stack.region}, where=bucket.where)
        _access(stack, answers, bucket, name)
        _keeping(answers, bucket, name)
        _notifications(stack, answers, bucket, name)
    for point in stack.of(ACCESS_POINT):
        _access_point(stack, answers, point)


def _access(stack: Stack, answers: Answers, bucket: Resource, name: str) -> None:
    """Policy, access list, ownership and Block Public Access.

    New buckets have all four blocks and no access lists. Source: Amazon S3 User Guide, "Default settings for new S3 buckets FAQ". Neither lets a public policy or list
    be set; so a stack that has one and says nothing of the blocks was deployed where they were off: nothing blocks it.
    """
    granted = bucket.properties.get("AccessControl")
    grants = _CANNED.get(word(granted).lower().replace("-", ""), ())
    found = attached(stack, bucket, (POLICY,), ("Bucket",), lambda value: stack.named(value, BUCKET) is bucket)
    document = tell_policy(answers, "s3:GetBucketPolicy", "Policy", found, "PolicyDocument", bucket.where, Bucket=name)
    public = True if grants else None if untold(granted) or found.why else opens(document)
    if untold(granted):
        answers.untold("s3:GetBucketAcl", "AccessControl is not resolved", bucket.where, Bucket=name)
    else:
        list_of = {"Owner": {"ID": stack.account}, "Grants": [_grant(*each) for each in grants]}
        answers.told("s3:GetBucketAcl", list_of, place_of(bucket, "AccessControl"), Bucket=name)
    controls, blocks = (
        bucket.properties.get("OwnershipControls"),
        bucket.properties.get("PublicAccessBlockConfiguration"),
    )
    if controls is not None:
        _told_or_not(answers, "s3:GetBucketOwnershipControls", controls, {"OwnershipControls": controls}, bucket, name)
    elif grants:
        answers.absent("s3:GetBucketOwnershipControls", bucket.where, Bucket=name)
    else:
        enforced = {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}}
        answers.told("s3:GetBucketOwnershipControls", enforced, bucket.where, Bucket=name)
    where = place_of(bucket, "PublicAccessBlockConfiguration")
    if blocks is not None:
        said = {each: switch(members(blocks).get(each), False) for each in BLOCKS}
        _told_or_not(answers, "s3:GetPublicAccessBlock", blocks, {"PublicAccessBlockConfiguration": said}, bucket, name)
    elif public:
        answers.absent("s3:GetPublicAccessBlock", where, Bucket=name)
    elif public is None:
        answers.untold("s3:GetPublicAccessBlock", "whether anything public is set", found.where or where, Bucket=name)
    else:
        said = dict.fromkeys(BLOCKS, True)
        answers.told("s3:GetPublicAccessBlock", {"PublicAccessBlockConfiguration": said}, where, Bucket=name)


def opens(document: Any) -> bool | None:
    """Whether a statement lets in everybody without any condition; None if that hangs on what is not resolved."""
    statements = [document] if untold(document) else _several(members(document).get("Statement"))
    answers = [_opens(each) for each in statements]
    return True if True in answers else None if None in answers else False


def _several(value: Any) -> list[Any]:
    return [value] if untold(value) else entries(value)


def _opens(statement: Any) -> bool | None:
    if untold(statement):
        return None
    said = members(statement)
    effect, principal = said.get("Effect"), said.get("Principal")
    if said.get("Condition") or not (effect == "Allow" or untold(effect)):
        return False
    named = (
        _several(principal.get("AWS"))
        if isinstance(principal, Mapping) and not untold(principal)
        else _several(principal)
    )
    if "NotPrincipal" in said or "*" in [each for each in named if isinstance(each, str)]:
        return None if untold(effect) else True
    return None if any(untold(each) and OPEN.fullmatch(word(each)) for each in named) else False


def _grant(group: str, permission: str) -> Record:
    return {"Grantee": {"Type": "Group", "URI": f"{_GROUPS}{group}"}, "Permission": permission}


def _told_or_not(answers: Answers, call: str, value: Any, answer: Record, bucket: Resource, name: str) -> None:
    """The answer, unless the property that it rests on is not resolved as a whole."""
    if untold(value):
        said = f"{call.partition(':')[2].removeprefix('Get')} is not resolved"
        answers.untold(call, said, bucket.where, Bucket=name)
    else:
        answers.told(call, answer, bucket.where, Bucket=name)


def _keeping(answers: Answers, bucket: Resource, name: str) -> None:
    """Encryption, versions, locks, lifetimes, websites, tags and copies."""
    said = bucket.properties
    _told_or_not(answers, "s3:GetBucketEncryption", said.get("BucketEncryption"), _encryption(said), bucket, name)
    versioning = said.get("VersioningConfiguration")
    status = {"Status": plain(members(versioning)["Status"])} if "Status" in members(versioning) else {}
    _told_or_not(answers, "s3:GetBucketVersioning", versioning, status, bucket, name)
    for call, property, answer in (
        (
            "GetObjectLockConfiguration",
            "ObjectLockConfiguration",
            {"ObjectLockConfiguration": said.get("ObjectLockConfiguration")},
        ),
        ("GetBucketWebsite", "WebsiteConfiguration", members(said.get("WebsiteConfiguration"))),
        (
            "GetBucketReplication",
            "ReplicationConfiguration",
            {"ReplicationConfiguration": said.get("ReplicationConfiguration")},
        ),
        ("GetBucketTagging", "Tags", {"TagSet": tag_list(said.get("Tags"))}),
    ):
        if said.get(property) in (None, [], {}):
            answers.absent(f"s3:{call}", bucket.where, Bucket=name)
        else:
            _told_or_not(answers, f"s3:{call}", said[property], answer, bucket, name)
    _lifetimes(answers, bucket, name)


def _lifetimes(answers: Answers, bucket: Resource, name: str) -> None:
    call, declared = "s3:GetBucketLifecycleConfiguration", bucket.properties.get("LifecycleConfiguration")
    rules = members(declared).get("Rules")
    where = place_of(bucket, "LifecycleConfiguration")
    if untold(declared) or any(untold(each) for each in _several(rules)):
        answers.untold(call, "LifecycleConfiguration is not resolved", where, Bucket=name)
    elif not rules:
        answers.absent(call, where, Bucket=name)
    else:
        answers.told(call, {"Rules": [_lifetime(members(each)) for each in entries(rules)]}, where, Bucket=name)


def _encryption(said: Record) -> Record:
    """S3 encrypts with its own keys where nothing is said. Source: Amazon S3 User Guide, "Setting default server-side encryption behavior for Amazon S3 buckets"."""
    rules = entries(members(said.get("BucketEncryption")).get("ServerSideEncryptionConfiguration"))
    made = [
        rule
        if untold(rule)
        else {
            "ApplyServerSideEncryptionByDefault": members(rule).get(
                "ServerSideEncryptionByDefault", {"SSEAlgorithm": "AES256"}
            )
        }
        for rule in rules
    ]
    usual = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    return {"ServerSideEncryptionConfiguration": {"Rules": made or [usual]}}


def _lifetime(each: Record) -> Record:
    expiration = {
        name: plain(each[member])
        for name, member in (("Days", "ExpirationInDays"), ("Date", "ExpirationDate"))
        if member in each
    }
    steps = [*entries(each.get("Transitions")), *entries(each.get("Transition"))]
    chosen: dict[str, Any] = {}
    if "TagFilters" in each:
        chosen["And"] = {"Tags": each["TagFilters"], "Prefix": word(each.get("Prefix"))}
    elif "Prefix" in each:
        chosen["Prefix"] = word(each["Prefix"])
    chosen |= {name: each[name] for name in ("ObjectSizeGreaterThan", "ObjectSizeLessThan") if name in each}
    return {
        "ID": word(each.get("Id")),
        "Status": each.get("Status", "Enabled"),
        "Filter": chosen,
        **({"Expiration": expiration} if expiration else {}),
        "Transitions": [step if untold(step) else _step(members(step)) for step in steps],
    }


def _step(step: Record) -> Record:
    days = {"Days": plain(step["TransitionInDays"])} if "TransitionInDays" in step else {}
    return {"StorageClass": plain(step.get("StorageClass")), **days}


def _notifications(stack: Stack, answers: Answers, bucket: Resource, name: str) -> None:
    call, given = "s3:GetBucketNotificationConfiguration", bucket.properties.get("NotificationConfiguration")
    if untold(given):
        answers.untold(call, "NotificationConfiguration is not resolved", bucket.where, Bucket=name)
        return
    said = members(given)
    made: dict[str, Any] = {}
    for member, list_of, to, named in (
        ("LambdaConfigurations", "LambdaFunctionConfigurations", "Function", "LambdaFunctionArn"),
        ("QueueConfigurations", "QueueConfigurations", "Queue", "QueueArn"),
        ("TopicConfigurations", "TopicConfigurations", "Topic", "TopicArn"),
    ):
        made[list_of] = [
            _told_of(f"{list_of[:-14]}-{place}", members(each), word(members(each).get(to)), named)
            for place, each in enumerate(entries(said.get(member)))
        ]
    if said.get("EventBridgeConfiguration") is not None:
        made["EventBridgeConfiguration"] = {}
    for each in stack.of(CDK_NOTIFICATIONS):
        if stack.named(each.properties.get("BucketName"), BUCKET) is bucket:
            for member, value in members(each.properties.get("NotificationConfiguration")).items():
                if isinstance(value, list):
                    made.setdefault(member, []).extend(value)
                else:
                    made.setdefault(member, value)
    answers.told(call, made, place_of(bucket, "NotificationConfiguration"), Bucket=name)


def _told_of(id: str, said: Record, to: str, named: str) -> Record:
    rules = [
        {"Name": word(members(each).get("Name")), "Value": word(members(each).get("Value"))}
        for each in entries(members(members(said.get("Filter")).get("S3Key")).get("Rules"))
    ]
    events = [word(each) for each in entries(said.get("Event", said.get("Events")))]
    return {"Id": id, named: to, "Events": events, **({"Filter": {"Key": {"FilterRules": rules}}} if rules else {})}


def _access_point(stack: Stack, answers: Answers, point: Resource) -> None:
    name, said = point.name or point.id, point.properties
    arn = stack.arn("s3", f"accesspoint/{name}")
    answers.place(arn, point.where, point.conditional)
    network = said.get("VpcConfiguration")
    record = {
        "Name": name,
        "AccessPointArn": arn,
        "Bucket": word(said.get("Bucket")),
        "NetworkOrigin": "Internet" if network is None else plain(network) if untold(network) else "VPC",
    }
    answers.listed("s3control:ListAccessPoints", record, where=point.where)
    blocks = said.get("PublicAccessBlockConfiguration")
    # Of an access point too all four are on where nothing is said. Source: Amazon S3 User Guide, "Managing public access to access points for general purpose buckets".
    on = (
        dict.fromkeys(BLOCKS, True)
        if blocks is None
        else {each: switch(members(blocks).get(each), True) for each in BLOCKS}
    )
    if untold(blocks):
        answers.untold(
            "s3control:GetAccessPoint", "PublicAccessBlockConfiguration is not resolved", point.where, Name=name
        )
    else:
        answers.told("s3control:GetAccessPoint", {"PublicAccessBlockConfiguration": on}, point.where, Name=name)
    own_policy(answers, "s3control:GetAccessPointPolicy", "Policy", point, "Policy", Name=name)
