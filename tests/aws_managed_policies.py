"""Makes the data file of AWS managed policies out of the installed moto: `python tests/aws_managed_policies.py` writes it anew.

Taken are those that roles of serverless applications, of pipelines and of people bear; the others would make the file four times as large.
"""

from __future__ import annotations

import datetime
import json
import re
from importlib.metadata import version
from typing import Any

from aws_actions import DATA, packed

_SERVICES = (
    "Lambda S3 DynamoDB SQS SNS Kinesis Firehose StepFunctions EventBridge Scheduler CloudWatch XRay Xray SSM SecretsManager KeyManagement Cognito APIGateway "
    "AppSync IAM RDS ElastiCache VPC Athena Glue Translate Comprehend Rekognition Polly Textract Transcribe Bedrock SES IoTFull IoTData IoTRule "
    "CodePipeline CodeBuild CodeDeploy CodeCommit ContainerRegistry ElasticContainer OpenSearch ES Redshift CloudFront WAF Route53 SimpleWorkflow Budgets Batch "
    "CloudFormation CertificateManager Backup MSK MQ DocDB Timestream QLDB Location AppConfig Organizations STS"
)
WANTED = re.compile(
    r"(?:^|/)(?:AWS|Amazon)?(?:EC2FullAccess|EC2ReadOnlyAccess|ECS_FullAccess|ECSTaskExecutionRolePolicy|SageMakerFullAccess|"
    rf"AdministratorAccess|PowerUserAccess|ReadOnlyAccess|SecurityAudit|ViewOnlyAccess|SystemAdministrator|DatabaseAdministrator|(?:{'|'.join(_SERVICES.split())})[\w-]*)$"
)
# Of roles that services make for themselves no template speaks.
LEFT_OUT = re.compile(r"^aws-service-role/|Outposts|Organizations(?:Service)|Beanstalk")


def extracted() -> dict[str, Any]:
    """The document of the default version of each policy, by its path and name."""
    from moto.iam.aws_managed_policies import aws_managed_policies_data

    found: dict[str, Any] = {}
    for name, each in json.loads(aws_managed_policies_data).items():
        whole = f"{each['Path'].lstrip('/')}{name}"
        if WANTED.search(whole) and not LEFT_OUT.search(whole):
            found[whole] = each["Document"]
    return dict(sorted(found.items()))


def described(day: str) -> str:
    """The dated file beside it."""
    return "\n".join(
        (
            "# Policies whose documents lie in aws_managed_policies.json.gz, made by tests/aws_managed_policies.py from the data of moto (Apache-2.0).",
            "title: Documents of AWS managed policies",
            f"read: {day}",
            "renew_within_days: 180",
            f"source: AWS Managed Policy Reference Guide, as carried by moto {version('moto')}",
            "entries:",
            '  documents: {title: "AWS managed policies", source: "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html"}',
            "",
        )
    )


if __name__ == "__main__":
    (DATA / "aws_managed_policies.json.gz").write_bytes(packed(extracted()))
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    (DATA / "aws_managed_policies.yaml").write_text(described(today), encoding="utf-8")
