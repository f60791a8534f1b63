"""One of each kind of store and of what watches, as captures; tests take parts away or put others in."""

import json
from dataclasses import replace
from typing import Any

from assaybook.capture import Capture, Target
from shaped_account import ACCOUNT, GLOBE, REGION, Shaped, absent, account, answered, denied
from shaped_keeping import keeping

ALL = {"AttributeNames": ["All"]}
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0000aaaa-0000-4000-8000-000000000001"
TRAIL = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/main"
QUEUE = f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/orders"
QUEUE_ARN = f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:placed"
LAKE = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:eventdatastore/lake"
SNAPSHOT = f"arn:aws:rds:{REGION}:{ACCOUNT}:snapshot:before"
BLOCK = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")


def arn(service: str, resource: str) -> str:
    """An ARN of the account and region."""
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


def document(*statements: dict[str, Any]) -> str:
    """A policy as JSON text."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def blocking(**switches: bool) -> dict[str, bool]:
    """Block Public Access, all off but what is named."""
    return {name: switches.get(name, False) for name in BLOCK}


def queue(**attributes: str) -> Capture:
    """The attributes of the queue `orders`."""
    made = {"QueueArn": QUEUE_ARN, "SqsManagedSseEnabled": "true", **attributes}
    return answered("sqs:GetQueueAttributes", params={"QueueUrl": QUEUE, **ALL}, Attributes=made)


def bucket(call: str, **answer: Any) -> Capture:
    """An answer about the bucket `records`."""
    return answered(f"s3:{call}", GLOBE, {"Bucket": "records"}, **answer)


def database(**more: Any) -> Capture:
    """The database `ledger`."""
    record = {
        "DBInstanceIdentifier": "ledger",
        "DBInstanceArn": arn("rds", "db:ledger"),
        "Engine": "postgres",
        "StorageEncrypted": True,
        "KmsKeyId": KEY,
        "BackupRetentionPeriod": 14,
        "DeletionProtection": True,
        "PubliclyAccessible": False,
        "DBParameterGroups": [{"DBParameterGroupName": "own"}],
        "TagList": [{"Key": "data-classification", "Value": "pci"}],
    }
    return answered("rds:DescribeDBInstances", DBInstances=[{**record, **more}])


def trails(**more: Any) -> Capture:
    """The trails of the region: one."""
    record = {
        "Name": "main",
        "TrailARN": TRAIL,
        "HomeRegion": REGION,
        "S3BucketName": "records",
        "IsMultiRegionTrail": True,
        "IsOrganizationTrail": False,
        "LogFileValidationEnabled": True,
    }
    return answered("cloudtrail:DescribeTrails", params={"includeShadowTrails": True}, trailList=[{**record, **more}])


def alarms(*records: dict[str, Any], composite: tuple[dict[str, Any], ...] = ()) -> Capture:
    """The alarms of the region."""
    return answered("cloudwatch:DescribeAlarms", MetricAlarms=list(records), CompositeAlarms=list(composite))


def lifecycle(*rules: dict[str, Any]) -> Capture:
    """The lifecycle of the bucket `records`."""
    return bucket("GetBucketLifecycleConfiguration", Rules=list(rules))


def stores() -> list[Capture]:
    """One of each kind, all in order."""
    metric = {"Namespace": "AWS/Lambda", "Dimensions": [{"Name": "FunctionName", "Value": "orders-api"}]}
    detector = {"DetectorId": "d1"}
    return [
        answered("s3:ListBuckets", GLOBE, Buckets=[{"Name": "records", "BucketRegion": REGION}]),
        answered(
            "s3control:GetPublicAccessBlock",
            GLOBE,
            {"AccountId": ACCOUNT},
            PublicAccessBlockConfiguration=blocking(),
        ),
        bucket("GetBucketPolicy", Policy=document()),
        bucket("GetBucketPolicyStatus", PolicyStatus={"IsPublic": False}),
        bucket("GetBucketAcl", Owner={"ID": "00"}, Grants=[]),
        bucket("GetPublicAccessBlock", PublicAccessBlockConfiguration=blocking(**dict.fromkeys(BLOCK, True))),
        bucket("GetBucketOwnershipControls", OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]}),
        bucket(
            "GetBucketEncryption",
            ServerSideEncryptionConfiguration={
                "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}}]
            },
        ),
        bucket("GetBucketVersioning", Status="Enabled", MFADelete="Disabled"),
        bucket(
            "GetObjectLockConfiguration",
            ObjectLockConfiguration={
                "ObjectLockEnabled": "Enabled",
                "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 400}},
            },
        ),
        lifecycle({"ID": "old", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 400}}),
        replace(absent("s3:GetBucketWebsite", GLOBE, Bucket="records"), code="NoSuchWebsiteConfiguration"),
        bucket("GetBucketTagging", TagSet=[{"Key": "environment", "Value": "test"}]),
        answered(
            "resourcegroupstaggingapi:GetResources",
            ResourceTagMappingList=[
                {"ResourceARN": QUEUE_ARN, "Tags": [{"Key": "data-classification", "Value": "pii"}]}
            ],
        ),
        answered("dynamodb:ListTables", TableNames=["orders"]),
        answered(
            "dynamodb:DescribeTable",
            params={"TableName": "orders"},
            Table={"TableName": "orders", "DeletionProtectionEnabled": True},
        ),
        absent("dynamodb:GetResourcePolicy", ResourceArn=arn("dynamodb", "table/orders")),
        answered("sqs:ListQueues", QueueUrls=[QUEUE]),
        queue(RedrivePolicy=json.dumps({"deadLetterTargetArn": f"{QUEUE_ARN}-dead", "maxReceiveCount": 3})),
        answered("sns:ListTopics", Topics=[{"TopicArn": TOPIC}]),
        answered(
            "sns:GetTopicAttributes",
            params={"TopicArn": TOPIC},
            Attributes={"TopicArn": TOPIC, "KmsMasterKeyId": "alias/orders", "Policy": document()},
        ),
        answered("sns:ListSubscriptions", Subscriptions=[]),
        answered("scheduler:ListSchedules", Schedules=[]),
        answered("pipes:ListPipes", Pipes=[]),
        answered("kinesis:ListStreams", StreamNames=["clicks"]),
        answered(
            "kinesis:DescribeStreamSummary",
            params={"StreamName": "clicks"},
            StreamDescriptionSummary={"StreamName": "clicks", "EncryptionType": "NONE"},
        ),
        answered("kms:ListKeys", Keys=[{"KeyArn": KEY, "KeyId": KEY.rpartition("/")[2]}]),
        answered("kms:ListAliases", Aliases=[{"AliasName": "alias/orders", "TargetKeyId": KEY.rpartition("/")[2]}]),
        answered(
            "kms:DescribeKey",
            params={"KeyId": KEY},
            KeyMetadata={
                "Arn": KEY,
                "KeyManager": "CUSTOMER",
                "KeyState": "Enabled",
                "KeySpec": "SYMMETRIC_DEFAULT",
                "Origin": "AWS_KMS",
            },
        ),
        answered("kms:GetKeyPolicy", params={"KeyId": KEY, "PolicyName": "default"}, Policy=document()),
        answered("kms:GetKeyRotationStatus", params={"KeyId": KEY}, KeyRotationEnabled=True),
        answered(
            "secretsmanager:ListSecrets", SecretList=[{"ARN": arn("secretsmanager", "secret:psp"), "Name": "psp"}]
        ),
        answered(
            "secretsmanager:GetResourcePolicy", params={"SecretId": arn("secretsmanager", "secret:psp")}, Name="psp"
        ),
        database(),
        answered(
            "rds:DescribeDBParameters",
            params={"DBParameterGroupName": "own"},
            Parameters=[{"ParameterName": "rds.force_ssl", "ParameterValue": "1", "Source": "user"}],
        ),
        answered("rds:DescribeDBClusters", DBClusters=[]),
        answered(
            "rds:DescribeDBSnapshots",
            DBSnapshots=[{"DBSnapshotIdentifier": "before", "DBSnapshotArn": SNAPSHOT, "Encrypted": True}],
        ),
        answered(
            "rds:DescribeDBSnapshotAttributes",
            params={"DBSnapshotIdentifier": "before"},
            DBSnapshotAttributesResult={"DBSnapshotAttributes": [{"AttributeName": "restore", "AttributeValues": []}]},
        ),
        answered("rds:DescribeDBClusterSnapshots", DBClusterSnapshots=[]),
        answered("ec2:DescribeSnapshots", Snapshots=[{"SnapshotId": "snap-1"}]),
        answered("ec2:GetSnapshotBlockPublicAccessState", State="unblocked"),
        answered(
            "efs:DescribeFileSystems",
            FileSystems=[
                {"FileSystemId": "fs-1", "FileSystemArn": arn("elasticfilesystem", "fs-1"), "Encrypted": False}
            ],
        ),
        answered("opensearch:ListDomainNames", DomainNames=[{"DomainName": "search"}]),
        answered(
            "opensearch:DescribeDomain",
            params={"DomainName": "search"},
            DomainStatus={
                "ARN": arn("es", "domain/search"),
                "EncryptionAtRestOptions": {"Enabled": True, "KmsKeyId": KEY},
                "AccessPolicies": "",
                "DomainEndpointOptions": {"EnforceHTTPS": True},
                "NodeToNodeEncryptionOptions": {"Enabled": True},
            },
        ),
        answered(
            "elasticache:DescribeReplicationGroups",
            ReplicationGroups=[
                {
                    "ReplicationGroupId": "sessions",
                    "ARN": arn("elasticache", "replicationgroup:sessions"),
                    "AtRestEncryptionEnabled": True,
                    "TransitEncryptionEnabled": True,
                    "TransitEncryptionMode": "required",
                }
            ],
        ),
        answered(
            "ecr:DescribeRepositories",
            repositories=[{"repositoryName": "images", "repositoryArn": arn("ecr", "repository/images")}],
        ),
        absent("ecr:GetRepositoryPolicy", repositoryName="images"),
        answered("ssm:ListDocuments", DocumentIdentifiers=[{"Name": "Runbook"}]),
        answered(
            "ssm:DescribeDocumentPermission", params={"Name": "Runbook", "PermissionType": "Share"}, AccountIds=[]
        ),
        answered(
            "logs:DescribeLogGroups", logGroups=[{"logGroupName": "/aws/lambda/orders-api", "retentionInDays": 400}]
        ),
        alarms({"AlarmName": "errors", "MetricName": "Errors", **metric}),
        trails(),
        answered("cloudtrail:GetTrailStatus", params={"Name": TRAIL}, IsLogging=True),
        answered(
            "cloudtrail:GetEventSelectors",
            params={"TrailName": TRAIL},
            EventSelectors=[{"ReadWriteType": "All", "IncludeManagementEvents": True, "DataResources": []}],
        ),
        answered("cloudtrail:ListEventDataStores", EventDataStores=[{"EventDataStoreArn": LAKE, "Name": "lake"}]),
        answered(
            "cloudtrail:GetEventDataStore",
            params={"EventDataStore": LAKE},
            Status="ENABLED",
            MultiRegionEnabled=True,
            OrganizationEnabled=False,
            TerminationProtectionEnabled=True,
            RetentionPeriod=730,
            AdvancedEventSelectors=[{"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Data"]}]}],
        ),
        answered("guardduty:ListDetectors", DetectorIds=["d1"]),
        answered(
            "guardduty:GetDetector",
            params=detector,
            Status="ENABLED",
            Features=[{"Name": "LAMBDA_NETWORK_LOGS", "Status": "ENABLED"}, {"Name": "RDS", "Status": "DISABLED"}],
        ),
        answered(
            "inspector2:BatchGetAccountStatus",
            params={"accountIds": [ACCOUNT]},
            accounts=[{"accountId": ACCOUNT, "resourceState": {"lambda": {"status": "ENABLED"}}}],
        ),
        answered(
            "inspector2:ListCoverage",
            coveredResources=[
                {
                    "resourceId": f"{arn('lambda', 'function:orders-api')}:$LATEST",
                    "scanType": "PACKAGE",
                    "scanStatus": {"statusCode": "ACTIVE", "reason": "SUCCESSFUL"},
                }
            ],
        ),
        answered(
            "account:GetAlternateContact",
            GLOBE,
            {"AlternateContactType": "SECURITY"},
            AlternateContact={"EmailAddress": "security@example.com"},
        ),
        answered("events:ListEventBuses", EventBuses=[{"Name": "default"}]),
        answered("events:ListRules", params={"EventBusName": "default"}, Rules=[]),
        answered("lambda:ListEventSourceMappings", EventSourceMappings=[]),
        answered(
            "lambda:ListFunctionEventInvokeConfigs",
            params={"FunctionName": "orders-api"},
            FunctionEventInvokeConfigs=[],
        ),
        *keeping(),
    ]


def whole() -> list[Capture]:
    """The small account with its stores; what both have is the stores'."""
    ours = stores()
    calls = {each.call for each in ours}
    return [*(each for each in account() if each.call not in calls), *ours]


def having(*new: Capture) -> Shaped:
    """The whole, with these captures in place of those of the same call and parameters, or beside them."""
    replaced = {(each.call, each.target, str(each.params)) for each in new}
    kept = [each for each in whole() if (each.call, each.target, str(each.params)) not in replaced]
    return Shaped([*kept, *new])


def lacking(*calls: str) -> Shaped:
    """The whole, with every answer to these calls denied."""
    return Shaped([denied(each) if each.call in calls else each for each in whole()])


def elsewhere(region: str) -> Target:
    """Another region of the account."""
    return Target("aws", ACCOUNT, region)
