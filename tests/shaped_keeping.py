"""How the stores of the small account are copied, recovered, shared and searched, as captures; all in order."""

from typing import Any

from assaybook.capture import Capture
from shaped_account import ACCOUNT, GLOBE, REGION, absent, answered

TABLE = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/orders"
EXPORT = f"{TABLE}/export/01700000000000-a1b2c3d4"
MACHINE = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:fulfilment"
STREAM = f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/clicks"
VAULT = f"arn:aws:backup:{REGION}:{ACCOUNT}:backup-vault:nightly"
POINT = f"arn:aws:s3:{REGION}:{ACCOUNT}:accesspoint/reports"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0000aaaa-0000-4000-8000-000000000001"
GRAPH = {"apiId": "graph1", "format": "SDL"}
ABOUT_POINT = {"AccountId": ACCOUNT, "Name": "reports"}


def machine(definition: str = "{}", **logging: Any) -> Capture:
    """The details of the state machine `fulfilment`."""
    return answered(
        "stepfunctions:DescribeStateMachine",
        params={"stateMachineArn": MACHINE},
        stateMachineArn=MACHINE,
        definition=definition,
        loggingConfiguration={"level": "ERROR", "includeExecutionData": False, **logging},
    )


def keeping() -> list[Capture]:
    """Everything that this module knows of the small account."""
    return [
        answered(
            "ssm:DescribeParameters",
            Parameters=[{"Name": "/shop/psp/api-key", "Type": "SecureString", "KeyId": "alias/aws/ssm"}],
        ),
        answered("firehose:ListDeliveryStreams", params={"Limit": 10000}, DeliveryStreamNames=["lake"]),
        answered(
            "firehose:DescribeDeliveryStream",
            params={"DeliveryStreamName": "lake"},
            DeliveryStreamDescription={
                "DeliveryStreamName": "lake",
                "DeliveryStreamType": "DirectPut",
                "DeliveryStreamEncryptionConfiguration": {"Status": "ENABLED", "KeyARN": KEY},
            },
        ),
        answered("elasticache:DescribeServerlessCaches", ServerlessCaches=[]),
        answered("dax:DescribeClusters", Clusters=[]),
        answered("memorydb:DescribeClusters", Clusters=[]),
        answered("rds:DescribeDBProxies", DBProxies=[]),
        absent("kinesis:GetResourcePolicy", ResourceARN=STREAM),
        absent("efs:DescribeFileSystemPolicy", FileSystemId="fs-1"),
        answered("s3control:ListAccessPoints", params={"AccountId": ACCOUNT}, AccessPointList=[]),
        answered(
            "dynamodb:DescribeContinuousBackups",
            params={"TableName": "orders"},
            ContinuousBackupsDescription={
                "ContinuousBackupsStatus": "ENABLED",
                "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "ENABLED"},
            },
        ),
        answered(
            "dynamodb:DescribeTimeToLive",
            params={"TableName": "orders"},
            TimeToLiveDescription={"TimeToLiveStatus": "ENABLED", "AttributeName": "expires"},
        ),
        answered("dynamodb:ListExports", ExportSummaries=[]),
        absent("s3:GetBucketReplication", GLOBE, Bucket="records"),
        answered("ec2:DescribeSnapshots/own", params={"OwnerIds": ["self"]}, Snapshots=[]),
        answered("backup:ListBackupVaults", BackupVaultList=[]),
        answered("backup:ListProtectedResources", Results=[]),
        answered("macie2:GetMacieSession", status="ENABLED"),
        answered("macie2:GetAutomatedDiscoveryConfiguration", status="ENABLED"),
        answered("macie2:ListClassificationJobs", items=[]),
        answered("schemas:ListRegistries", params={"Scope": "LOCAL"}, Registries=[{"RegistryName": "shop"}]),
        answered("schemas:ListSchemas", params={"RegistryName": "shop"}, Schemas=[]),
        answered("appsync:ListTypes", params=GRAPH, types=[]),
        answered(
            "stepfunctions:ListStateMachines",
            stateMachines=[{"stateMachineArn": MACHINE, "name": "fulfilment", "type": "STANDARD"}],
        ),
        machine(),
    ]
