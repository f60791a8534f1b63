"""Secrets, parameters and environments become rows by names, dates and types; what is not known is a gap or a hole."""

from datetime import UTC, datetime
from typing import Any

import pytest

from assaybook.evidence import Gap
from assaybook.tables.data import Key
from assaybook.tables.secrets import EnvironmentKey, Parameter, Secret
from shaped_account import ACCOUNT, ORDERS, REGION, answered, denied, function, variable
from shaped_keeping import KEY
from shaped_stores import Shaped, having, lacking, whole

PSP = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:psp"


def secrets(**more: Any) -> Shaped:
    return having(answered("secretsmanager:ListSecrets", SecretList=[{"ARN": PSP, "Name": "psp", **more}]))


def test_a_secret_has_the_dates_that_the_vault_tells() -> None:
    row = secrets(
        RotationEnabled=True,
        LastRotatedDate="2026-10-20T05:00:00+02:00",
        LastAccessedDate="2026-11-15T00:00:00+00:00",
        CreatedDate="2025-01-15T00:00:00+00:00",
        Tags=[{"Key": "environment", "Value": "prod"}],
    ).one(Secret)
    assert (row.name, row.owner, row.replica_of, row.rotates) == ("psp", "", "", True)
    assert row.rotated == datetime(2026, 10, 20, 3, tzinfo=UTC)
    assert row.accessed == datetime(2026, 11, 15, tzinfo=UTC)
    assert row.created == datetime(2025, 1, 15, tzinfo=UTC)
    assert row.changed is None
    assert row.setting.production is True


def test_a_secret_of_a_service_and_a_copy_say_so() -> None:
    assert secrets(OwningService="rds", PrimaryRegion=REGION).one(Secret).owner == "rds"
    copy = secrets(PrimaryRegion="eu-west-1").one(Secret)
    assert (copy.replica_of, copy.rotates) == ("eu-west-1", False)
    assert secrets(PrimaryRegion=REGION).one(Secret).replica_of == ""


@pytest.mark.parametrize("odd", [{"Name": 7}, {"CreatedDate": "soon"}, {"LastRotatedDate": 5}])
def test_a_secret_that_is_odd_is_a_hole(odd: dict[str, Any]) -> None:
    found = secrets(**odd)
    assert found.rows(Secret) == {}
    assert found.holes(Secret)[0].gap.state == "failed"


def test_secrets_that_could_not_be_listed_are_a_hole() -> None:
    found = lacking("secretsmanager:ListSecrets")
    assert [each.gap.state for each in found.holes(Secret)] == ["denied"]


@pytest.mark.parametrize(("kind", "plain"), [("String", True), ("StringList", True), ("SecureString", False)])
def test_the_type_of_a_parameter_says_whether_it_is_plain(kind: str, plain: bool) -> None:
    found = having(answered("ssm:DescribeParameters", Parameters=[{"Name": "/a/token", "Type": kind}]))
    row = found.one(Parameter)
    assert (row.name, row.plain, row.type) == ("/a/token", plain, kind)
    assert row.key == f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/a/token"


def test_a_type_that_nobody_knows_is_a_hole() -> None:
    found = having(answered("ssm:DescribeParameters", Parameters=[{"Name": "/a/token", "Type": "Quantum"}]))
    assert found.rows(Parameter) == {}
    assert len(found.holes(Parameter)) == 1
    assert [each.gap.state for each in lacking("ssm:DescribeParameters").holes(Parameter)] == ["denied"]


def environment(**more: Any) -> Shaped:
    return having(answered("lambda:ListFunctions", Functions=[function(**more)]))


def test_an_environment_has_its_key_and_the_class_of_its_function() -> None:
    row = environment(Environment={"Variables": {"A": variable(), "B": variable()}}, KMSKeyArn=KEY).one(EnvironmentKey)
    assert (row.workload, row.variables, row.key_id, row.sensitive) == (ORDERS, 2, KEY, True)
    assert environment().one(EnvironmentKey).variables == 0


def test_an_environment_that_could_not_be_decrypted_is_a_gap() -> None:
    row = environment(Environment={"Error": {"ErrorCode": "KMSAccessDeniedException"}}, KMSKeyArn=KEY).one(
        EnvironmentKey
    )
    assert isinstance(row.variables, Gap)
    assert row.key_id == KEY


def test_without_tags_nobody_knows_whether_a_function_is_sensitive() -> None:
    found = Shaped(
        [
            denied(each) if each.call in ("lambda:GetFunction", "resourcegroupstaggingapi:GetResources") else each
            for each in whole()
        ]
    )
    assert isinstance(found.one(EnvironmentKey).sensitive, Gap)


def test_a_key_knows_the_secrets_and_environments_that_it_encrypts() -> None:
    found = having(
        answered("secretsmanager:ListSecrets", SecretList=[{"ARN": PSP, "Name": "psp", "KmsKeyId": KEY}]),
        answered("lambda:ListFunctions", Functions=[function(KMSKeyArn=KEY)]),
    )
    assert {"psp", "orders-api"} <= set(found.one(Key).used_by)
