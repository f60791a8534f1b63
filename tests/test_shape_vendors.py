"""Agents and vendors' roles out of captures: what shows, what does not, and what cannot be told."""

import json
from typing import Any

import pytest

from assaybook.evidence import Gap
from assaybook.tables.vendors import Agent, VendorRole
from shaped_account import ACCOUNT, GLOBE, ORDERS, REGION, Shaped, answered, having, lacking

DATADOG = f"arn:aws:lambda:{REGION}:464622532012:layer:Datadog-Extension:84"
LUMIGO = f"arn:aws:lambda:{REGION}:114300393969:layer:lumigo-node-tracer:200"
REDACTED = {
    "redacted": True,
    "length": 32,
    "fingerprint": "1",
    "secret": "api-key",
    "placeholder": False,
    "resource": "",
}


def with_function(**members: Any) -> Shaped:
    """The account with one function that has these members."""
    record = {
        "FunctionName": "orders-api",
        "FunctionArn": ORDERS,
        "Version": "$LATEST",
        "Runtime": "python3.13",
        **members,
    }
    return having(
        answered("lambda:ListFunctions", params={"FunctionVersion": "ALL"}, Functions=[record]),
        answered("lambda:ListAliases", params={"FunctionName": "orders-api"}, Aliases=[]),
    )


def test_a_layer_shows_its_product_version_and_what_is_known_of_it() -> None:
    agent = with_function(Layers=[{"Arn": DATADOG}]).one(Agent)
    assert (agent.vendor, agent.layer, agent.layer_version, agent.sign) == (
        "Datadog",
        DATADOG,
        84,
        "the layer Datadog-Extension:84",
    )
    assert (agent.superseded_below, agent.newest, agent.keys, agent.ended) == (75, 104, ("DD_API_KEY",), "")
    assert (agent.workload, agent.version, agent.subject.name, agent.subject.release) == (
        ORDERS,
        "$LATEST",
        "orders-api",
        "",
    )


def test_nothing_dated_is_known_of_most_layers() -> None:
    for arn in (LUMIGO, DATADOG.replace("Datadog-Extension", "Datadog-Python313")):
        agent = with_function(Layers=[{"Arn": arn}]).one(Agent)
        assert agent.superseded_below is None and agent.newest is None


def test_handlers_and_variables_show_a_product_that_has_no_layer() -> None:
    by_handler = with_function(Handler="newrelic_lambda_wrapper.handler").one(Agent)
    assert (by_handler.vendor, by_handler.layer, by_handler.layer_version) == ("New Relic", "", 0)
    by_variable = with_function(Environment={"Variables": {"TW_POLICY": REDACTED}}).one(Agent)
    assert (by_variable.sign, by_variable.purpose) == ("the variable TW_POLICY", "protection")
    both = with_function(Layers=[{"Arn": DATADOG}], Environment={"Variables": {"DD_API_KEY": REDACTED}})
    assert both.one(Agent).layer == DATADOG, "one row for each layer, and none beside it for the variable"


def test_ordinary_functions_show_nothing() -> None:
    plain = with_function(
        Layers=[{"Arn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:layer:shared:4"}],
        Handler="app.handler",
        Environment={"Variables": {"TABLE": REDACTED}},
    )
    assert plain.rows(Agent) == {} and plain.holes(Agent) == []


def test_a_product_that_is_no_longer_sold_says_so() -> None:
    arn = f"arn:aws:lambda:{REGION}:066549572091:layer:epsagon-python-layer:9"
    assert "Cisco" in with_function(Layers=[{"Arn": arn}]).one(Agent).ended


@pytest.mark.parametrize(
    "members", [{"Layers": "none"}, {"Layers": [{"Name": "x"}]}, {"Environment": {"Variables": [1]}}, {"Handler": 3}]
)
def test_an_odd_record_is_a_hole(members: dict[str, Any]) -> None:
    found = with_function(**members)
    assert found.rows(Agent) == {}
    assert [each.parent for each in found.holes(Agent)] == [ORDERS]


def test_functions_that_could_not_be_listed_are_a_hole() -> None:
    assert len(lacking("lambda:ListFunctions").holes(Agent)) == 1


def trusting(*principals: Any, managed: str = "", boundary: str = "", effect: str = "Allow") -> Shaped:
    """The account with one role that lets these in."""
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": effect, "Principal": each, "Action": "sts:AssumeRole"} for each in principals],
    }
    record: dict[str, Any] = {
        "Arn": f"arn:aws:iam::{ACCOUNT}:role/watch",
        "RoleName": "watch",
        "AssumeRolePolicyDocument": trust,
        "RolePolicyList": [{"PolicyName": "read", "PolicyDocument": {"Version": "2012-10-17", "Statement": []}}],
        "AttachedManagedPolicies": [{"PolicyName": "x", "PolicyArn": managed}] if managed else [],
    }
    if boundary:
        record["PermissionsBoundary"] = {"PermissionsBoundaryArn": boundary}
    kept = {
        "Arn": f"arn:aws:iam::{ACCOUNT}:policy/kept",
        "PolicyVersionList": [{"IsDefaultVersion": True, "Document": {"Statement": []}}],
    }
    return having(answered("iam:GetAccountAuthorizationDetails", GLOBE, RoleDetailList=[record], Policies=[kept]))


def test_a_role_that_trusts_a_vendor() -> None:
    role = trusting({"AWS": "arn:aws:iam::464622532012:root"}).one(VendorRole)
    assert (role.name, role.vendor, role.account, role.boundary) == ("watch", "Datadog", "464622532012", None)
    assert [(each.name, json.loads(each.text)["Statement"]) for each in role.policies] == [("read", [])]
    assert trusting({"AWS": "464622532012"}).one(VendorRole).account == "464622532012"
    both = trusting({"AWS": ["464622532012", "arn:aws:iam::197171649850:role/prod"]}).rows(VendorRole)
    assert {each.vendor for each in both.values()} == {"Datadog", "Wiz"}


def test_roles_that_trust_no_vendor() -> None:
    for principal in ({"Service": "lambda.amazonaws.com"}, {"AWS": ACCOUNT}, {"AWS": "arn:aws:iam::999988887777:root"}):
        assert trusting(principal).rows(VendorRole) == {}
    assert trusting({"AWS": "464622532012"}, effect="Deny").rows(VendorRole) == {}


def test_policies_that_the_answer_does_not_hold_are_a_gap() -> None:
    lost = f"arn:aws:iam::{ACCOUNT}:policy/lost"
    assert isinstance(trusting({"AWS": "464622532012"}, managed=lost).one(VendorRole).policies, Gap)
    assert isinstance(trusting({"AWS": "464622532012"}, boundary=lost).one(VendorRole).boundary, Gap)
    kept = f"arn:aws:iam::{ACCOUNT}:policy/kept"
    assert [each.name for each in trusting({"AWS": "464622532012"}, managed=kept).one(VendorRole).policies] == [
        "read",
        "kept",
    ]


def test_roles_that_could_not_be_read_are_a_hole() -> None:
    assert len(lacking("iam:GetAccountAuthorizationDetails").holes(VendorRole)) == 1
