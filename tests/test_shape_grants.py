"""Statements of resource policies out of captures."""

import json

import pytest

from assaybook.capture import Capture
from assaybook.tables.identity import Grant
from shaped_account import (
    ACCOUNT,
    LAYER,
    ORDERS,
    REGION,
    Shaped,
    account,
    allow,
    answered,
    denied,
    function,
    having,
    lacking,
    policy,
)

ABOUT = {"FunctionName": "orders-api"}
LAYER_NAME = LAYER.rpartition(":")[0]


def test_each_allow_statement_of_function_and_alias_is_a_row() -> None:
    found = Shaped(account())
    assert [
        (each.resource_kind, each.resource, each.sid, str(each.subject)) for each in found.rows(Grant).values()
    ] == [
        ("function", ORDERS, "topic", "orders-api"),
        ("alias", f"{ORDERS}:live", "open", "orders-api:live"),
    ]
    assert {each.workload for each in found.rows(Grant).values()} == {ORDERS}
    assert {each.own_account for each in found.rows(Grant).values()} == {ACCOUNT}
    assert not found.holes(Grant)


def test_a_denial_is_no_row_and_keeps_its_place() -> None:
    document = policy({**allow("*"), "Effect": "Deny"}, allow("*", "second"))
    rows = having(answered("lambda:GetPolicy", params=ABOUT, Policy=document)).rows(Grant)
    (row,) = [each for each in rows.values() if each.resource_kind == "function"]
    assert (row.sid, row.statement, row.policy) == ("second", 1, document)


def test_a_policy_on_a_version_in_use_counts() -> None:
    found = having(
        answered("lambda:GetPolicy/version", params={**ABOUT, "Qualifier": "7"}, Policy=policy(allow("*", "old")))
    )
    (row,) = [each for each in found.rows(Grant).values() if each.resource_kind == "version"]
    assert (row.resource, str(row.subject)) == (f"{ORDERS}:7", "orders-api:7")


@pytest.mark.parametrize(
    ("bare", "kind"),
    [
        ("444455556666", "AWS"),
        ("arn:aws:iam::444455556666:role/reader", "AWS"),
        ("alexa-appkit.amazon.com", "Service"),
        ("sns.amazonaws.com", "Service"),
    ],
)
def test_a_principal_without_its_kind_is_read_as_add_permission_takes_it(bare, kind) -> None:
    document = policy({**allow("*"), "Principal": bare})
    rows = having(answered("lambda:GetPolicy", params=ABOUT, Policy=document)).rows(Grant)
    (row,) = [each for each in rows.values() if each.resource_kind == "function"]
    assert json.loads(row.policy)["Statement"][0]["Principal"] == {kind: bare}


def test_a_principal_that_is_nothing_known_is_a_hole() -> None:
    document = policy({**allow("*"), "Principal": "somebody"})
    assert having(answered("lambda:GetPolicy", params=ABOUT, Policy=document)).holes(Grant)


def test_a_policy_on_a_version_without_an_alias_counts_where_it_was_asked_for() -> None:
    versions = [function(), function(version="7"), function(version="8")]
    about = {**ABOUT, "Qualifier": "8"}
    asked = answered("lambda:GetPolicy/unaliased", params=about, Policy=policy(allow("*", "old")))
    listed = answered("lambda:ListFunctions", Functions=versions)
    (row,) = [each for each in having(listed, asked).rows(Grant).values() if each.resource_kind == "version"]
    assert (row.resource, str(row.subject)) == (f"{ORDERS}:8", "orders-api:8")
    assert not having(listed).holes(Grant)
    assert having(listed, denied(asked)).holes(Grant)


@pytest.mark.parametrize("call", ["lambda:GetPolicy", "lambda:GetPolicy/alias", "lambda:ListAliases"])
def test_a_denied_policy_is_a_hole(call) -> None:
    (hole,) = lacking(call).holes(Grant)
    assert (hole.gap.state, hole.gap.call) == ("denied", call)
    assert hole.parent == ORDERS


def test_policies_that_were_not_asked_for_are_a_hole() -> None:
    kept = [each for each in account() if not each.call.startswith("lambda:GetPolicy/")]
    assert {each.gap.call for each in Shaped(kept).holes(Grant)} == {
        "lambda:GetPolicy/alias",
        "lambda:GetPolicy/version",
    }


@pytest.mark.parametrize(
    "document",
    ["", "garbage", "[]", "{}", '{"Statement": [{"Effect": "Perhaps"}]}', '{"Statement": 7}', None, 7, ["x"]],
)
def test_a_policy_that_cannot_be_read_is_a_hole(document) -> None:
    found = having(answered("lambda:GetPolicy", params=ABOUT, Policy=document))
    assert [each.resource_kind for each in found.rows(Grant).values()] == ["alias"]
    assert "unexpected answer" in found.holes(Grant)[0].gap.reason


def test_a_layer_of_our_own_that_is_shared_is_a_row() -> None:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "lambda:GetLayerVersion", "Resource": LAYER}
    params = {"LayerName": LAYER_NAME, "VersionNumber": 4}
    found = having(answered("lambda:GetLayerVersionPolicy", params=params, Policy=policy(statement)))
    (row,) = [each for each in found.rows(Grant).values() if each.resource_kind == "layer"]
    assert (row.resource, row.workload) == (LAYER, "")
    assert "shared" in str(row.subject)


SPARE = {
    "LayerName": "spare",
    "LayerArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:layer:spare",
    "LatestMatchingVersion": {"Version": 2},
}


def test_a_layer_that_no_function_uses_is_a_row_too() -> None:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "lambda:GetLayerVersion", "Resource": "*"}
    params = {"LayerName": SPARE["LayerArn"], "VersionNumber": 2}
    found = having(
        answered("lambda:ListLayers", Layers=[SPARE]),
        answered("lambda:GetLayerVersionPolicy", params=params, Policy=policy(statement)),
    )
    assert "layer:spare:2" in str([each.resource for each in found.rows(Grant).values()])
    assert not found.holes(Grant)


@pytest.mark.parametrize(
    ("layers", "calls"),
    [
        (denied(answered("lambda:ListLayers")), ["lambda:ListLayers"]),
        (answered("lambda:ListLayers", Layers=7), ["lambda:ListLayers"]),
        (answered("lambda:ListLayers", Layers=[SPARE]), ["lambda:GetLayerVersionPolicy"]),
        (answered("lambda:ListLayers", Layers=[{"LatestMatchingVersion": 7}]), ["lambda:GetLayerVersionPolicy"]),
    ],
)
def test_layers_that_cannot_be_listed_or_read_are_holes(layers: Capture, calls: list[str]) -> None:
    assert [each.gap.call for each in having(layers).holes(Grant)] == calls


def test_a_denied_layer_policy_is_a_hole() -> None:
    assert [each.gap.call for each in lacking("lambda:GetLayerVersionPolicy").holes(Grant)] == [
        "lambda:GetLayerVersionPolicy"
    ]


def test_a_layer_policy_that_was_not_asked_for_is_a_hole() -> None:
    kept = [each for each in account() if each.call != "lambda:GetLayerVersionPolicy"]
    assert [each.gap.call for each in Shaped(kept).holes(Grant)] == ["lambda:GetLayerVersionPolicy"]


def test_a_layer_of_our_own_that_could_not_be_read_is_a_hole() -> None:
    kept = [
        denied(each) if each.call == "lambda:GetLayerVersionByArn" else each
        for each in account()
        if each.call != "lambda:GetLayerVersionPolicy"
    ]
    assert [each.gap.call for each in Shaped(kept).holes(Grant)] == ["lambda:GetLayerVersionByArn"]


def test_the_policy_of_a_foreign_layer_is_not_ours_to_judge() -> None:
    foreign = f"arn:aws:lambda:{REGION}:444455556666:layer:agent:9"
    found = having(
        answered("lambda:ListFunctions", Functions=[function(Layers=[{"Arn": foreign}]), function(version="7")]),
        denied(answered("lambda:GetLayerVersionByArn", params={"Arn": foreign})),
    )
    assert not found.holes(Grant)


def test_statements_with_one_sid_are_not_lost() -> None:
    document = policy(allow("*", "same"), allow({"AWS": "444455556666"}, "same"))
    found = having(answered("lambda:GetPolicy", params=ABOUT, Policy=document))
    assert len([each for each in found.rows(Grant).values() if each.resource_kind == "function"]) == 2
    assert not found.holes(Grant)


def test_a_denied_list_is_a_hole() -> None:
    (hole,) = lacking("lambda:ListFunctions").holes(Grant)
    assert hole.parent == ""
