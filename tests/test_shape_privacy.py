"""Schemas, masks and the search for sensitive data become rows; names of fields only, and nothing of what is in them."""

import json
from typing import Any

import pytest

from assaybook.checks.personal_fields import suggests_personal_data
from assaybook.evidence import Gap
from assaybook.tables.privacy import DataDiscovery, LogMask, MessageSchema
from shaped_account import ACCOUNT, REGION, absent, answered
from shaped_keeping import GRAPH
from shaped_stores import Shaped, having, lacking, whole

SCHEMA = f"arn:aws:schemas:{REGION}:{ACCOUNT}:schema/shop/OrderPlaced"
ABOUT = {"RegistryName": "shop", "SchemaName": "OrderPlaced"}
LISTED = answered(
    "schemas:ListSchemas", params={"RegistryName": "shop"}, Schemas=[{"SchemaName": "OrderPlaced", "SchemaArn": SCHEMA}]
)


def described(content: str) -> Shaped:
    return having(LISTED, answered("schemas:DescribeSchema", params=ABOUT, Content=content))


def test_the_fields_of_a_schema_are_found_at_any_depth() -> None:
    inner = {"type": "object", "properties": {"street": {"type": "string"}, "properties": {"type": "string"}}}
    content = {"components": {"schemas": {"Order": {"properties": {"id": {}, "to": inner, "all": {"items": inner}}}}}}
    row = described(json.dumps(content)).one(MessageSchema)
    assert (row.kind, row.name) == ("event schema", "OrderPlaced")
    assert row.fields == ("all", "id", "properties", "street", "to")


@pytest.mark.parametrize("content", ["no schema", "[]", "7"])
def test_a_schema_that_cannot_be_read_is_a_gap(content: str) -> None:
    assert isinstance(described(content).one(MessageSchema).fields, Gap)


def test_schemas_that_were_not_read_are_gaps_or_holes() -> None:
    assert isinstance(having(LISTED).one(MessageSchema).fields, Gap)
    assert having(LISTED, absent("schemas:DescribeSchema", **ABOUT)).one(MessageSchema).fields == ()
    for call in ("schemas:ListRegistries", "schemas:ListSchemas", "appsync:ListTypes", "appsync:ListGraphqlApis"):
        assert call in {each.gap.call for each in lacking(call).holes(MessageSchema)}


def graph(name: str, definition: str) -> Shaped:
    return having(answered("appsync:ListTypes", params=GRAPH, types=[{"name": name, "definition": definition}]))


def test_the_fields_of_a_type_are_its_own() -> None:
    definition = '''
    """
    A customer: email stands below
    """
    type Customer @aws_cognito_user_pools {
      id: ID!
      email(masked: Boolean, "not: a field" at: Int): String  # phone: no
      "note: this"
      orders(first: Int): [Order]
    }'''
    row = graph("Customer", definition).one(MessageSchema)
    assert (row.kind, row.name, row.fields) == ("GraphQL type", "catalogue Customer", ("email", "id", "orders"))
    assert graph("Status", "enum Status {\n  email: x\n}").one(MessageSchema).fields == ()
    assert graph("Query", "type Query {\n  email: String\n}").rows(MessageSchema) == {}


@pytest.mark.parametrize(
    ("name", "suggests"),
    [
        ("email", True),
        ("customerEmail", True),
        ("E-Mail", True),
        ("date_of_birth", True),
        ("nationalId", True),
        ("IBAN", True),
        ("cardNumber", True),
        ("ipAddress", True),
        ("emailHash", False),
        ("cardNumberToken", False),
        ("emailVerified", False),
        ("addressId", False),
        ("panel", False),
        ("orderId", False),
        ("", False),
    ],
)
def test_names_that_suggest_personal_data(name: str, suggests: bool) -> None:
    assert suggests_personal_data(name) is suggests


def group(**more: Any) -> LogMask:
    return having(answered("logs:DescribeLogGroups", logGroups=[{"logGroupName": "/a", **more}])).one(LogMask)


def test_a_log_group_is_masked_by_its_own_policy_or_the_account_s() -> None:
    assert group().policy == ""
    assert group(dataProtectionStatus="ACTIVATED").policy == "its own data protection policy"
    assert group(dataProtectionStatus="DISABLED").policy == ""
    assert group(inheritedProperties=["ACCOUNT_DATA_PROTECTION"]).policy == "the account's data protection policy"
    assert lacking("logs:DescribeLogGroups").holes(LogMask)
    odd = having(answered("logs:DescribeLogGroups", logGroups=[{"logGroupName": "/a", "inheritedProperties": "all"}]))
    assert odd.holes(LogMask)


def jobs(*items: dict[str, Any]) -> DataDiscovery:
    return having(answered("macie2:ListClassificationJobs", items=list(items))).one(DataDiscovery)


def test_the_search_of_a_region() -> None:
    row = Shaped(whole()).one(DataDiscovery)
    assert (row.region, row.enabled, row.automated, row.jobs, row.buckets) == (REGION, True, True, (), ("records",))
    weekly = {"jobId": "1", "name": "weekly", "jobType": "SCHEDULED", "jobStatus": "IDLE"}
    named = [{"accountId": ACCOUNT, "buckets": ["records", "gone"]}]
    found = jobs({**weekly, "bucketDefinitions": named})
    assert (found.jobs, found.searched, found.by_criteria) == (("weekly",), ("records",), ())
    assert jobs({**weekly, "bucketDefinitions": [{"accountId": "444455556666", "buckets": ["records"]}]}).searched == ()
    chosen = jobs({**weekly, "bucketCriteria": {"includes": {}}})
    assert (chosen.by_criteria, chosen.searched) == (("weekly",), ())
    assert jobs({**weekly, "jobType": "ONE_TIME", "jobStatus": "COMPLETE"}).jobs == ()
    assert jobs({**weekly, "jobStatus": "USER_PAUSED"}).jobs == ()


def test_a_search_that_is_off_is_an_answer_and_one_that_was_not_read_is_none() -> None:
    off = having(
        absent("macie2:GetMacieSession"),
        absent("macie2:GetAutomatedDiscoveryConfiguration"),
        absent("macie2:ListClassificationJobs"),
    ).one(DataDiscovery)
    assert (off.enabled, off.automated, off.jobs, off.searched) == (False, False, (), ())
    for call, field in (
        ("macie2:GetMacieSession", "enabled"),
        ("macie2:GetAutomatedDiscoveryConfiguration", "automated"),
        ("macie2:ListClassificationJobs", "searched"),
        ("s3:ListBuckets", "buckets"),
    ):
        assert isinstance(getattr(lacking(call).one(DataDiscovery), field), Gap), call
    odd = having(answered("macie2:ListClassificationJobs", items=[{"jobType": "SCHEDULED"}])).one(DataDiscovery)
    assert isinstance(odd.jobs, Gap)
