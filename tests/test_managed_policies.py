"""The documents of AWS managed policies are those of the source that the data file names."""

import gzip
import json

import pytest

from assaybook.code.templates.deployed.managed_policies import managed_policy
from assaybook.dated import load_dated
from assaybook.policy.document import parse_policy
from aws_actions import DATA, packed
from aws_managed_policies import extracted

FILE = DATA / "aws_managed_policies.json.gz"


def test_the_file_is_what_its_source_holds() -> None:
    assert FILE.read_bytes() == packed(extracted())
    assert load_dated("aws_managed_policies").entries["documents"].title == "AWS managed policies"


def test_every_document_is_a_policy() -> None:
    for name, document in json.loads(gzip.decompress(FILE.read_bytes())).items():
        assert parse_policy(document).statements, name


@pytest.mark.parametrize(
    "name",
    [
        "AdministratorAccess",
        "PowerUserAccess",
        "ReadOnlyAccess",
        "AmazonS3FullAccess",
        "AmazonDynamoDBFullAccess",
        "AmazonSQSFullAccess",
        "AmazonSSMReadOnlyAccess",
        "AWSLambdaExecute",
        "AWSLambda_FullAccess",
        "AWSXrayWriteOnlyAccess",
        "CloudWatchFullAccess",
        "IAMFullAccess",
        "SecretsManagerReadWrite",
        "service-role/AWSLambdaBasicExecutionRole",
        "service-role/AWSLambdaVPCAccessExecutionRole",
        "service-role/AWSLambdaSQSQueueExecutionRole",
        "service-role/AWSLambdaDynamoDBExecutionRole",
        "service-role/AWSLambdaKinesisExecutionRole",
        "service-role/AWSLambdaRole",
        "service-role/AmazonAPIGatewayPushToCloudWatchLogs",
        "service-role/AWSAppSyncPushToCloudWatchLogs",
    ],
)
def test_what_roles_of_functions_usually_bear_is_known(name: str) -> None:
    found = managed_policy(f"arn:aws:iam::aws:policy/{name}")
    assert found is not None and found["PolicyVersionList"][0]["Document"]["Statement"]


@pytest.mark.parametrize(
    "arn",
    [
        "",
        "arn:aws:iam::aws:policy/NobodyKnowsThis",
        "arn:aws:iam::111122223333:policy/AdministratorAccess",
        "AdministratorAccess",
    ],
)
def test_what_is_none_of_aws_is_not_known(arn: str) -> None:
    assert managed_policy(arn) is None


def test_other_partitions_have_the_same_documents() -> None:
    assert managed_policy("arn:aws-us-gov:iam::aws:policy/AdministratorAccess") is not None
