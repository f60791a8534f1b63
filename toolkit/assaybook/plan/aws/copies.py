"""What to ask about copies of what stores keep: backups, snapshots, exports, replicas; and about how long the originals last."""

from .. import Call
from .data import BUCKET, GONE

NO_TABLE = ("ResourceNotFoundException", "TableNotFoundException")

CALLS = (
    Call(
        "dynamodb:DescribeContinuousBackups",
        each="dynamodb:ListTables",
        take={"TableName": "@"},
        absent=NO_TABLE,
        why="whether the table can be restored to a point in time",
    ),
    Call(
        "dynamodb:DescribeTimeToLive",
        each="dynamodb:ListTables",
        take={"TableName": "@"},
        absent=NO_TABLE,
        why="whether items of the table expire",
    ),
    Call("dynamodb:ListExports", items="ExportSummaries", why="exports of tables"),
    Call(
        "dynamodb:DescribeExport",
        each="dynamodb:ListExports",
        over="ExportSummaries[?ExportStatus!='FAILED']",
        take={"ExportArn": "ExportArn"},
        absent=("ExportNotFoundException",),
        why="where the export lies and what encrypts it",
    ),
    Call(
        "s3:GetBucketReplication",
        absent=("ReplicationConfigurationNotFoundError", *GONE),
        why="where objects of the bucket are copied to, and under which key",
        **BUCKET,
    ),
    Call(
        "ec2:DescribeSnapshots",
        id="ec2:DescribeSnapshots/own",
        items="Snapshots",
        give={"OwnerIds": ["self"]},
        why="encryption of the account's volume snapshots",
    ),
    Call("backup:ListBackupVaults", items="BackupVaultList", may_omit=True, why="vaults of backups and their keys"),
    Call(
        "backup:GetBackupVaultAccessPolicy",
        each="backup:ListBackupVaults",
        take={"BackupVaultName": "BackupVaultName"},
        absent=("ResourceNotFoundException",),
        why="who may reach the backups in the vault",
    ),
    Call(
        "backup:ListProtectedResources",
        items="Results",
        may_omit=True,
        why="what AWS Backup has copied, and when last",
    ),
)
