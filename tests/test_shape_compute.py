"""Functions, releases, variables, layers and URLs out of captures."""

import pytest

from assaybook.capture import ABSENT, DENIED, OK, UNSUPPORTED, Capture
from assaybook.evidence import Gap
from assaybook.tables.compute import Endpoint, EnvironmentVariable, LayerUse, Release, Workload
from shaped_account import (
    ACCOUNT,
    HERE,
    LAYER,
    ORDERS,
    REGION,
    ROLE,
    Shaped,
    absent,
    account,
    answered,
    denied,
    function,
    having,
    lacking,
    variable,
)

ABOUT = {"FunctionName": "orders-api"}


def test_a_function_becomes_a_workload() -> None:
    found = Shaped(account())
    row = found.one(Workload)
    assert (row.key, row.name, row.package, row.runtime, row.role) == (ORDERS, "orders-api", "zip", "python3.13", ROLE)
    assert (row.critical, row.production, row.sensitive, row.tracing) == (True, True, True, True)
    assert (row.reserved_concurrency, row.log_group) == (20, "/aws/lambda/orders-api")
    assert row.subject.name == "orders-api"
    assert row.subject.native == ORDERS
    assert row.sources
    assert not found.holes(Workload)


def test_a_log_group_of_its_own_is_the_default() -> None:
    record = function()
    del record["LoggingConfig"]
    found = having(answered("lambda:ListFunctions", Functions=[record]))
    assert found.one(Workload).log_group == "/aws/lambda/orders-api"


def test_denied_tags_leave_the_workload_there_with_gaps() -> None:
    row = lacking("lambda:GetFunction").one(Workload)
    for value in (row.tags, row.critical, row.production, row.sensitive):
        assert isinstance(value, Gap)
        assert value.state == "denied"
    assert row.runtime == "python3.13"
    assert (row.setting.sensitive, row.setting.production) == (None, None)


def test_releases_are_the_unpublished_version_and_those_that_aliases_use() -> None:
    rows = Shaped(account()).rows(Release)
    assert [(each.version, each.aliases, each.runtime) for each in rows.values()] == [
        ("$LATEST", (), "python3.13"),
        ("7", ("live",), "python3.9"),
    ]
    assert [str(each.subject) for each in rows.values()] == ["orders-api", "orders-api:7"]


def test_a_version_that_gets_a_share_of_the_calls_is_in_use() -> None:
    aliases = [{"Name": "live", "FunctionVersion": "7", "RoutingConfig": {"AdditionalVersionWeights": {"6": 0.1}}}]
    rows = having(answered("lambda:ListAliases", params=ABOUT, Aliases=aliases)).rows(Release)
    assert {each.version: each.runtime for each in rows.values()} == {
        "$LATEST": "python3.13",
        "6": "python3.8",
        "7": "python3.9",
    }


def test_denied_aliases_are_a_hole_in_all_that_hangs_on_them() -> None:
    found = lacking("lambda:ListAliases")
    for table in (Release, EnvironmentVariable, LayerUse):
        assert [each.gap.state for each in found.holes(table)] == ["denied"]
        assert [each.parent for each in found.holes(table)] == [ORDERS]
    assert list(found.rows(Release)) == [f"{ORDERS}:$LATEST"]


def test_an_alias_on_a_version_that_was_not_listed_is_a_hole() -> None:
    aliases = [{"Name": "live", "FunctionVersion": "99"}]
    found = having(answered("lambda:ListAliases", params=ABOUT, Aliases=aliases))
    for table in (Release, EnvironmentVariable, LayerUse):
        assert found.holes(table), table


def test_variables_of_every_release_in_use() -> None:
    rows = Shaped(account()).rows(EnvironmentVariable)
    assert [(each.name, each.secret, each.resource, str(each.subject)) for each in rows.values()] == [
        ("TABLE", "", "orders", "orders-api"),
        ("OLD", "password", "", "orders-api:7"),
    ]
    assert {each.workload for each in rows.values()} == {ORDERS}


def test_a_variable_that_was_not_redacted_is_refused() -> None:
    record = function(Environment={"Variables": {"TABLE": "orders", "OTHER": variable()}})
    found = having(answered("lambda:ListFunctions", Functions=[record]))
    assert [each.name for each in found.rows(EnvironmentVariable).values()] == ["OTHER"]
    assert found.holes(EnvironmentVariable)


def test_an_environment_that_could_not_be_decrypted_is_a_hole() -> None:
    record = function(Environment={"Error": {"ErrorCode": "AccessDeniedException", "Message": "no"}})
    (hole,) = having(
        answered("lambda:ListFunctions", Functions=[record]), answered("lambda:ListAliases", params=ABOUT, Aliases=[])
    ).holes(EnvironmentVariable)
    assert hole.gap.permission == "kms:Decrypt"
    assert hole.parent == ORDERS


@pytest.mark.parametrize(
    ("capture", "exists"),
    [
        (answered("lambda:GetLayerVersionByArn", params={"Arn": LAYER}, Version=4), True),
        (absent("lambda:GetLayerVersionByArn", Arn=LAYER), False),
    ],
)
def test_a_layer_is_there_or_it_is_gone(capture, exists) -> None:
    row = having(capture).one(LayerUse)
    assert (row.layer, row.owner, row.own, row.exists) == (LAYER, ACCOUNT, True, exists)


def test_whether_a_denied_layer_exists_is_not_known() -> None:
    row = lacking("lambda:GetLayerVersionByArn").one(LayerUse)
    assert isinstance(row.exists, Gap)
    assert not row.refused


def test_an_owner_that_has_not_shared_a_layer_is_told_from_a_permission_that_we_lack() -> None:
    foreign = f"arn:aws:lambda:{REGION}:444455556666:layer:agent:9"
    record = answered("lambda:ListFunctions", Functions=[function(Layers=[{"Arn": foreign}])])
    asked = answered("lambda:GetLayerVersionByArn", params={"Arn": foreign})
    refused = denied(asked, "not authorized, because no resource-based policy allows the lambda:GetLayerVersion action")
    lacked = denied(asked, "not authorized, because no identity-based policy allows the lambda:GetLayerVersion action")
    assert having(record, refused).one(LayerUse).refused
    row = having(record, lacked).one(LayerUse)
    assert not row.refused
    assert isinstance(row.exists, Gap)
    assert (row.owner, row.own) == ("444455556666", False)


def test_a_url_on_an_alias_belongs_to_its_function() -> None:
    row = Shaped(account()).one(Endpoint)
    assert (row.workload, row.public, row.auth, str(row.subject)) == (ORDERS, True, "none", "orders-api:live")
    assert row.setting.internet is True


def test_a_signed_url_is_reachable_too() -> None:
    configs = [
        {
            "FunctionUrl": "https://u.on.aws/",
            "FunctionArn": ORDERS,
            "AuthType": "AWS_IAM",
            "Cors": {"AllowOrigins": ["*"]},
        }
    ]
    row = having(answered("lambda:ListFunctionUrlConfigs", params=ABOUT, FunctionUrlConfigs=configs)).one(Endpoint)
    assert (row.public, row.auth, row.cors_origins) == (True, "iam", ("*",))


def test_an_authentication_that_nobody_knows_is_a_hole() -> None:
    configs = [{"FunctionUrl": "https://u.on.aws/", "FunctionArn": ORDERS, "AuthType": "NEW"}]
    found = having(answered("lambda:ListFunctionUrlConfigs", params=ABOUT, FunctionUrlConfigs=configs))
    assert not found.rows(Endpoint)
    assert found.holes(Endpoint)


@pytest.mark.parametrize("table", [Workload, Release, EnvironmentVariable, LayerUse, Endpoint])
def test_a_denied_list_is_a_hole_in_every_table(table) -> None:
    found = lacking("lambda:ListFunctions")
    assert not found.rows(table)
    (hole,) = found.holes(table)
    assert (hole.gap.state, hole.gap.permission, hole.parent) == ("denied", "lambda:ListFunctions", "")


def test_records_that_name_no_function_are_a_hole_beside_the_others() -> None:
    found = having(answered("lambda:ListFunctions", Functions=[function(), {"Runtime": "x"}, "garbage", None]))
    assert list(found.rows(Workload)) == [ORDERS]
    assert found.holes(Workload)


def test_a_list_of_another_shape_is_a_hole() -> None:
    found = having(answered("lambda:ListFunctions", Functions={"oops": 1}))
    assert "unexpected answer" in found.holes(Workload)[0].gap.reason


def test_images_have_no_runtime() -> None:
    record = function(PackageType="Image")
    del record["Runtime"]
    row = having(answered("lambda:ListFunctions", Functions=[record])).one(Workload)
    assert (row.package, row.runtime) == ("image", "")


def own_url(state: str, *aliases: str) -> Shaped:
    """The account where URLs cannot be listed, and the function's own was asked for."""
    listed = [{"Name": name, "FunctionVersion": "7"} for name in aliases]
    asked = Capture("lambda:ListFunctionUrlConfigs", HERE, ABOUT, UNSUPPORTED, reason="emulator_gap")
    answer = {"FunctionArn": ORDERS, "FunctionUrl": "https://abc.lambda-url.us-east-1.on.aws/", "AuthType": "NONE"}
    own = Capture("lambda:GetFunctionUrlConfig", HERE, ABOUT, state, answer if state == OK else {})
    return having(asked, own, answered("lambda:ListAliases", params=ABOUT, Aliases=listed))


def test_where_urls_cannot_be_listed_the_own_one_is_known() -> None:
    found = own_url(OK)
    assert found.one(Endpoint).auth == "none"
    assert not found.holes(Endpoint)
    assert found.one(Workload).setting.internet is True


def test_where_urls_cannot_be_listed_those_of_aliases_stay_unknown() -> None:
    found = own_url(OK, "live")
    assert found.one(Endpoint).auth == "none"
    assert [each.gap.call for each in found.holes(Endpoint)] == ["lambda:ListFunctionUrlConfigs"]


@pytest.mark.parametrize(("state", "holes"), [(ABSENT, 0), (DENIED, 1), (UNSUPPORTED, 1)])
def test_no_own_url_is_an_answer_and_a_refusal_is_none(state, holes) -> None:
    found = own_url(state)
    assert not found.rows(Endpoint)
    assert len(found.holes(Endpoint)) == holes
