"""How functions are set, used, signed and started, out of captures."""

from datetime import UTC, datetime

import pytest

from assaybook.capture import NOT_COLLECTED, OK, UNSUPPORTED, Capture
from assaybook.evidence import Gap
from assaybook.tables.bindings import Binding, ConcurrencyBound, TracedEntry
from assaybook.tables.compute import EnvironmentVariable, Workload
from assaybook.tables.functions import (
    CodeProvenance,
    FunctionActivity,
    FunctionSettings,
    RecursionSetting,
    RuntimeUpdates,
)
from shaped_account import (
    ACCOUNT,
    GLOBE,
    HERE,
    ORDERS,
    PROFILE,
    REGION,
    SIGNING,
    Shaped,
    absent,
    account,
    allow,
    answered,
    denied,
    function,
    having,
    lacking,
    metric,
    policy,
    variable,
)

ABOUT = {"FunctionName": "orders-api"}
GONE = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:gone"
FOREIGN = f"arn:aws:lambda:{REGION}:444455556666:function:theirs"
REPOSITORY = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/shop/fraud"
DIGEST = f"{REPOSITORY}@sha256:{'0' * 64}"


def not_asked(call: str, **params: object) -> Capture:
    """A call that the plan in use did not make."""
    return Capture(call, HERE, params, UNSUPPORTED, reason=NOT_COLLECTED)


def without(*calls: str, new: tuple[Capture, ...] = ()) -> Shaped:
    """The account without any capture of these calls, and with others."""
    return Shaped([*(each for each in account() if each.call not in calls), *new])


def tagged(*resources: tuple[str, dict[str, str]]) -> Capture:
    """What the tagging service lists."""
    listed = [
        {"ResourceARN": arn, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}
        for arn, tags in resources
    ]
    return answered("resourcegroupstaggingapi:GetResources", ResourceTagMappingList=listed)


def test_settings_are_those_of_the_unpublished_version() -> None:
    row = Shaped(account()).one(FunctionSettings)
    assert (row.tracing, row.log_format, row.timeout, row.memory, row.versions, row.kept) == (
        "Active",
        "JSON",
        15,
        512,
        ("6", "7"),
        True,
    )
    assert row.production is True


def test_versions_are_in_their_order_and_a_change_since_then_shows() -> None:
    listed = [function(CodeSha256="new="), *(function(version=str(number)) for number in (2, 10, 9))]
    row = having(
        answered("lambda:ListFunctions", Functions=listed), answered("lambda:ListAliases", params=ABOUT, Aliases=[])
    ).one(FunctionSettings)
    assert (row.versions, row.kept) == (("2", "9", "10"), False)


def test_what_aws_leaves_out_means_no_tracing_and_text() -> None:
    record = function()
    del record["TracingConfig"], record["LoggingConfig"]
    layers = [{"Arn": f"arn:aws:lambda:{REGION}:901920570463:layer:aws-otel-python-amd64-ver-1-25-0:1"}]
    row = having(answered("lambda:ListFunctions", Functions=[{**record, "Layers": layers}])).one(FunctionSettings)
    assert (row.tracing, row.log_format, row.telemetry) == (
        "PassThrough",
        "Text",
        ("aws-otel-python-amd64-ver-1-25-0",),
    )


def test_a_record_without_a_timeout_is_a_hole() -> None:
    record = function()
    del record["Timeout"]
    found = having(answered("lambda:ListFunctions", Functions=[record]))
    assert not found.rows(FunctionSettings)
    assert found.holes(FunctionSettings)


@pytest.mark.parametrize(
    "table", [FunctionSettings, FunctionActivity, CodeProvenance, RecursionSetting, RuntimeUpdates, ConcurrencyBound]
)
def test_a_denied_list_is_a_hole(table) -> None:
    found = lacking("lambda:ListFunctions")
    assert not found.rows(table)
    assert [each.gap.state for each in found.holes(table)] == ["denied"]


def test_tags_come_in_bulk_where_no_function_was_asked() -> None:
    tags = {"environment": "test", "data-classification": "pii"}
    row = without("lambda:GetFunction", new=(tagged((ORDERS, tags)),)).one(Workload)
    assert (row.tags, row.production, row.sensitive) == (tags, False, True)


def test_what_the_tagging_service_does_not_list_has_no_tags() -> None:
    row = without("lambda:GetFunction", new=(tagged(),)).one(Workload)
    assert (row.tags, row.production) == ({}, None)


def test_tags_that_nobody_asked_for_are_not_known() -> None:
    row = without("lambda:GetFunction").one(Workload)
    assert isinstance(row.tags, Gap)
    assert row.tags.call == "resourcegroupstaggingapi:GetResources"
    refused = without("lambda:GetFunction", new=(denied(tagged()),)).one(Workload)
    assert isinstance(refused.tags, Gap)
    assert refused.tags.state == "denied"


SOME = {"UnreservedConcurrentExecutions": 900, "ConcurrentExecutions": 1000}
NONE = {"UnreservedConcurrentExecutions": 1000, "ConcurrentExecutions": 1000}


@pytest.mark.parametrize(
    ("asked", "limit", "reserved"),
    [
        (answered("lambda:GetFunctionConcurrency", params=ABOUT, ReservedConcurrentExecutions=7), SOME, 7),
        (answered("lambda:GetFunctionConcurrency", params=ABOUT), SOME, None),
        (not_asked("lambda:GetFunctionConcurrency", **ABOUT), NONE, None),
        (not_asked("lambda:GetFunctionConcurrency", **ABOUT), SOME, "gap"),
        (denied(answered("lambda:GetFunctionConcurrency", params=ABOUT)), SOME, "gap"),
    ],
)
def test_a_reservation_is_read_where_it_matters_or_known_from_the_account(asked, limit, reserved) -> None:
    settings = answered("lambda:GetAccountSettings", AccountUsage={"FunctionCount": 1}, AccountLimit=limit)
    calls = ("lambda:GetFunction", "lambda:GetFunctionConcurrency", "lambda:GetAccountSettings")
    found = without(*calls, new=(asked, settings, tagged()))
    value = found.one(Workload).reserved_concurrency
    assert value == reserved or (reserved == "gap" and isinstance(value, Gap))
    (bound,) = found.rows(ConcurrencyBound).values()
    assert (bound.kind, bound.public, bound.pool, bound.sharers) == (
        "url",
        True,
        limit["UnreservedConcurrentExecutions"],
        1,
    )


def test_values_that_may_be_kept_are_legible() -> None:
    shown = variable(clear="0", length=1)
    record = function(Environment={"Variables": {"NODE_TLS_REJECT_UNAUTHORIZED": shown, "OTHER": variable()}})
    rows = having(answered("lambda:ListFunctions", Functions=[record])).rows(EnvironmentVariable)
    assert [(each.name, each.clear) for each in rows.values()] == [("NODE_TLS_REJECT_UNAUTHORIZED", "0"), ("OTHER", "")]


def test_activity_is_the_sum_of_the_weeks_and_the_last_one_with_any() -> None:
    row = Shaped(account()).one(FunctionActivity)
    assert (row.invocations, row.log_events) == (8, 32)
    assert row.last_invoked == datetime(2026, 9, 7, tzinfo=UTC)
    assert row.since == datetime(2026, 8, 17, tzinfo=UTC)
    assert (row.existed, row.changed) == (True, datetime(2026, 1, 20, 9, tzinfo=UTC))


def test_weeks_without_a_value_are_weeks_without_an_invocation() -> None:
    row = having(metric("invocations", {"orders-api": ()})).one(FunctionActivity)
    assert (row.invocations, row.last_invoked) == (0, None)


def test_pages_of_one_series_are_added() -> None:
    capture = metric("invocations", {"orders-api": (3,)})
    twice = Capture(
        capture.call, HERE, capture.params, OK, {"MetricDataResults": capture.answer["MetricDataResults"] * 2}
    )
    assert having(twice).one(FunctionActivity).invocations == 6


@pytest.mark.parametrize(
    "capture",
    [
        metric("invocations", {"orders-api": (1,)}, status="Forbidden"),
        metric("invocations", {"orders-api": (1,)}, status="InternalError"),
        denied(metric("invocations", {"orders-api": (3, 0, 5)})),
        metric("invocations", {"another": (3,)}),
    ],
)
def test_a_metric_that_was_not_given_is_a_gap_and_no_orphan(capture) -> None:
    rest = [each for each in account() if each.call != capture.call]
    row = Shaped([*rest, capture]).one(FunctionActivity)
    assert isinstance(row.invocations, Gap)
    assert isinstance(row.last_invoked, Gap)
    assert row.log_events == 32


def test_a_function_without_an_old_version_has_no_proven_age() -> None:
    listed = [function(LastModified="2026-10-01T00:00:00.000+0000")]
    found = having(answered("lambda:ListFunctions", Functions=listed), answered("lambda:ListAliases", params=ABOUT))
    assert found.one(FunctionActivity).existed is False


def test_a_code_signing_configuration_binds_what_it_lists() -> None:
    row = Shaped(account()).one(CodeProvenance)
    assert (row.enforcement, row.unfit_profiles) == ("Enforce", ())


@pytest.mark.parametrize("state", ["Revoked", "Canceled"])
def test_a_profile_that_is_no_longer_in_force_shows(state) -> None:
    profiles = [{"profileName": "release", "profileVersionArn": PROFILE, "status": state}]
    found = having(answered("signer:ListSigningProfiles", params={"includeCanceled": True}, profiles=profiles))
    assert found.one(CodeProvenance).unfit_profiles == (f"release/AbCdEf0123 ({state.lower()})",)


def test_a_profile_that_was_not_listed_is_not_known() -> None:
    found = having(answered("signer:ListSigningProfiles", params={"includeCanceled": True}, profiles=[]))
    row = found.one(CodeProvenance)
    assert row.enforcement == "Enforce"
    assert isinstance(row.unfit_profiles, Gap)


def test_no_configuration_binds_a_function_only_where_all_could_be_read() -> None:
    none = having(answered("lambda:ListCodeSigningConfigs", CodeSigningConfigs=[])).one(CodeProvenance)
    assert none.enforcement == ""
    for call in ("lambda:ListCodeSigningConfigs", "lambda:ListFunctionsByCodeSigningConfig"):
        assert isinstance(lacking(call).one(CodeProvenance).enforcement, Gap)
    other = answered(
        "lambda:ListFunctionsByCodeSigningConfig", params={"CodeSigningConfigArn": SIGNING}, FunctionArns=[GONE]
    )
    assert having(other).one(CodeProvenance).enforcement == ""


def image(uri: str, mutability: str, *statuses: str) -> CodeProvenance:
    """What is known of a function that is this image."""
    record = function(PackageType="Image")
    signed = {"repositoryName": "shop/fraud", "imageId": {"imageDigest": f"sha256:{'0' * 64}"}, "registryId": ACCOUNT}
    return having(
        answered("lambda:ListFunctions", Functions=[record]),
        answered("lambda:GetFunction", params=ABOUT, Code={"ImageUri": uri, "ResolvedImageUri": DIGEST}),
        answered(
            "ecr:DescribeRepositories",
            repositories=[{"repositoryName": "shop/fraud", "imageTagMutability": mutability}],
        ),
        answered(
            "ecr:DescribeImageSigningStatus", params=signed, signingStatuses=[{"status": each} for each in statuses]
        ),
    ).one(CodeProvenance)


def test_an_image_is_judged_by_reference_repository_and_signature() -> None:
    loose = image(f"{REPOSITORY}:3", "MUTABLE")
    assert (loose.package, loose.pinned, loose.tags_fixed, loose.signature) == ("image", False, False, "none")
    fixed = image(DIGEST, "IMMUTABLE", "COMPLETE")
    assert (fixed.pinned, fixed.tags_fixed, fixed.signature) == (True, True, "complete")
    assert image(DIGEST, "IMMUTABLE", "COMPLETE", "FAILED").signature == "failed"


def test_an_image_that_was_not_asked_about_is_not_known() -> None:
    listed = answered("lambda:ListFunctions", Functions=[function(PackageType="Image")])
    kept = [each for each in account() if each.call not in ("lambda:ListFunctions", "lambda:GetFunction")]
    row = Shaped([*kept, listed]).one(CodeProvenance)
    for value in (row.image, row.pinned, row.tags_fixed, row.signature):
        assert isinstance(value, Gap)


def test_a_repository_of_another_account_is_not_known() -> None:
    listed = answered("lambda:ListFunctions", Functions=[function(PackageType="Image")])
    uri = f"444455556666.dkr.ecr.{REGION}.amazonaws.com/base:1"
    row = having(listed, answered("lambda:GetFunction", params=ABOUT, Code={"ImageUri": uri})).one(CodeProvenance)
    assert row.pinned is False
    assert isinstance(row.tags_fixed, Gap)


def test_loops_are_asked_about_where_a_topic_starts_the_function() -> None:
    row = Shaped(account()).one(RecursionSetting)
    assert (row.loop, row.through) == ("Terminate", ("a topic",))
    lone = having(absent("lambda:GetPolicy", **ABOUT), absent("lambda:GetPolicy/alias", **ABOUT, Qualifier="live")).one(
        RecursionSetting
    )
    assert lone.through == ()


def test_a_queue_starts_a_function_too() -> None:
    mapping = {"UUID": "m", "FunctionArn": f"{ORDERS}:live", "EventSourceArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:jobs"}
    found = having(answered("lambda:ListEventSourceMappings", EventSourceMappings=[mapping]))
    assert found.one(RecursionSetting).through == ("a topic", "the queue jobs")
    (queue,) = [each for each in found.rows(ConcurrencyBound).values() if each.kind == "queue"]
    assert (queue.maximum, queue.active) == (None, True)


@pytest.mark.parametrize(
    ("more", "maximum"),
    [
        ({"ScalingConfig": {"MaximumConcurrency": 5}}, 5),
        ({"ProvisionedPollerConfig": {"MinimumPollers": 2, "MaximumPollers": 4}}, 40),
    ],
)
def test_what_bounds_a_queue(more, maximum) -> None:
    mapping = {"UUID": "m", "FunctionArn": ORDERS, "EventSourceArn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:jobs", **more}
    found = having(answered("lambda:ListEventSourceMappings", EventSourceMappings=[mapping]))
    (queue,) = [each for each in found.rows(ConcurrencyBound).values() if each.kind == "queue"]
    assert queue.maximum == maximum


def test_a_policy_that_could_not_be_read_hides_what_starts_a_function() -> None:
    found = having(
        denied(answered("lambda:GetPolicy", params=ABOUT)),
        absent("lambda:GetPolicy/alias", **ABOUT, Qualifier="live"),
    )
    assert isinstance(found.one(RecursionSetting).through, Gap)


def test_runtime_updates_are_rows_where_they_were_asked_for() -> None:
    assert Shaped(account()).one(RuntimeUpdates).mode == "Auto"
    held = answered(
        "lambda:GetRuntimeManagementConfig",
        params=ABOUT,
        UpdateRuntimeOn="Manual",
        RuntimeVersionArn=f"arn:aws:lambda:{REGION}::runtime:07a4",
    )
    row = having(held).one(RuntimeUpdates)
    assert (row.mode, row.held) == ("Manual", "07a4")
    found = without("lambda:GetRuntimeManagementConfig")
    assert not found.rows(RuntimeUpdates)
    assert not found.holes(RuntimeUpdates)
    assert isinstance(lacking("lambda:GetRuntimeManagementConfig").one(RuntimeUpdates).mode, Gap)


def bound(*captures: Capture, kind: str) -> list[Binding]:
    """The bindings of one kind."""
    return [each for each in having(*captures).rows(Binding).values() if each.kind == kind]


def test_routes_bind_a_release_and_wait() -> None:
    rows = {each.source: each for each in Shaped(account()).rows(Binding).values()}
    rest, http = rows["shop POST /orders"], rows["partners GET /status"]
    assert (rest.workload, rest.qualifier, rest.exists, rest.waits, rest.production) == (
        ORDERS,
        "live",
        True,
        29.0,
        True,
    )
    assert (http.qualifier, http.exists, http.waits) == ("", True, 30.0)
    assert rest.via.endswith("/restapis/rest1")


@pytest.mark.parametrize(
    ("integration", "waits"),
    [
        ({"timeoutInMillis": 5000}, 5.0),
        ({"requestParameters": {"integration.request.header.X-Amz-Invocation-Type": "'Event'"}}, None),
    ],
)
def test_how_long_a_rest_integration_waits(integration, waits) -> None:
    uri = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{ORDERS}/invocations"
    resource = {"path": "/", "resourceMethods": {"GET": {"methodIntegration": {"uri": uri, **integration}}}}
    given = answered("apigateway:GetResources", params={"restApiId": "rest1", "embed": ["methods"]}, items=[resource])
    (row,) = [each for each in bound(given, kind="route") if each.source == "shop GET /"]
    assert row.waits == waits


@pytest.mark.parametrize(
    ("arn", "exists"),
    [
        (ORDERS, True),
        (f"{ORDERS}:live", True),
        (f"{ORDERS}:7", True),
        (f"{ORDERS}:$LATEST", True),
        (f"{ORDERS}:green", False),
        (f"{ORDERS}:99", False),
        (GONE, False),
        (FOREIGN, "gap"),
        (f"{ORDERS}:${{stageVariables.alias}}", "gap"),
    ],
)
def test_whether_a_target_exists(arn, exists) -> None:
    schedule = {"Arn": "s1", "Name": "nightly", "State": "ENABLED", "Target": {"Arn": arn}}
    (row,) = bound(answered("scheduler:ListSchedules", Schedules=[schedule]), kind="schedule")
    assert row.exists == exists or (exists == "gap" and isinstance(row.exists, Gap))


def test_an_alias_is_missing_only_where_aliases_could_be_read() -> None:
    schedule = {"Arn": "s1", "Name": "nightly", "State": "ENABLED", "Target": {"Arn": f"{ORDERS}:green"}}
    aliases = denied(answered("lambda:ListAliases", params=ABOUT))
    (row,) = bound(aliases, answered("scheduler:ListSchedules", Schedules=[schedule]), kind="schedule")
    assert isinstance(row.exists, Gap)


def test_every_kind_of_trigger_is_a_binding() -> None:
    rule = {"Name": "nightly", "Arn": "r1", "EventBusName": "default", "State": "DISABLED"}
    bucket = {"Bucket": "drop"}
    found = having(
        answered("events:ListEventBuses", EventBuses=[{"Name": "default"}]),
        answered("events:ListRules", params={"EventBusName": "default"}, Rules=[rule]),
        answered(
            "events:ListTargetsByRule",
            params={"Rule": "nightly", "EventBusName": "default"},
            Targets=[{"Id": "1", "Arn": GONE}, {"Id": "2", "Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:jobs"}],
        ),
        answered(
            "sns:ListSubscriptions",
            Subscriptions=[
                {
                    "SubscriptionArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:t:1",
                    "TopicArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:t",
                    "Endpoint": ORDERS,
                    "Protocol": "lambda",
                }
            ],
        ),
        answered(
            "pipes:ListPipes",
            Pipes=[{"Arn": "p1", "Name": "clicks", "Target": f"{ORDERS}:live", "CurrentState": "STOPPED"}],
        ),
        answered("s3:ListBuckets", GLOBE, Buckets=[{"Name": "drop"}]),
        answered(
            "s3:GetBucketNotificationConfiguration",
            GLOBE,
            params=bucket,
            LambdaFunctionConfigurations=[{"Id": "n", "LambdaFunctionArn": ORDERS}],
        ),
    )
    rows = {each.kind: each for each in found.rows(Binding).values()}
    assert (rows["rule"].exists, rows["rule"].active, rows["rule"].production) == (False, False, None)
    assert (rows["subscription"].exists, rows["notification"].source) == (True, "bucket drop")
    assert (rows["pipe"].qualifier, rows["pipe"].active) == ("live", False)


@pytest.mark.parametrize(
    "call",
    [
        "lambda:ListEventSourceMappings",
        "sns:ListSubscriptions",
        "pipes:ListPipes",
        "scheduler:ListSchedules",
        "events:ListEventBuses",
        "s3:ListBuckets",
        "apigateway:GetRestApis",
        "apigateway:GetResources",
        "apigatewayv2:GetRoutes",
        "apigatewayv2:GetIntegrations",
    ],
)
def test_triggers_that_could_not_be_listed_are_a_hole(call) -> None:
    assert lacking(call).holes(Binding)


def test_routes_that_could_not_be_read_may_lead_to_any_function() -> None:
    for call in ("apigateway:GetResources", "apigatewayv2:GetRoutes", "apigatewayv2:GetIntegrations"):
        assert [each.parent for each in lacking(call).holes(Binding)] == [""]


def test_a_bucket_whose_notifications_are_denied_is_a_hole_of_its_own() -> None:
    found = having(
        answered("s3:ListBuckets", GLOBE, Buckets=[{"Name": "drop"}]),
        denied(answered("s3:GetBucketNotificationConfiguration", GLOBE, params={"Bucket": "drop"})),
    )
    assert [each.parent for each in found.holes(Binding)] == ["drop"]


def test_where_traces_begin() -> None:
    machine = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:refund"
    found = having(
        answered(
            "apigateway:GetStages",
            params={"restApiId": "rest1"},
            item=[{"stageName": "live", "tracingEnabled": True}, {"stageName": "dev"}],
        ),
        answered("stepfunctions:ListStateMachines", stateMachines=[{"stateMachineArn": machine, "name": "refund"}]),
        answered(
            "stepfunctions:DescribeStateMachine",
            params={"stateMachineArn": machine},
            tracingConfiguration={"enabled": False},
        ),
        tagged((machine, {"environment": "prod"})),
    )
    rows = {each.name: (each.kind, each.traced, each.production) for each in found.rows(TracedEntry).values()}
    assert rows == {
        "shop/live": ("rest", True, True),
        "shop/dev": ("rest", False, False),
        "catalogue": ("graphql", False, None),
        "refund": ("state machine", False, True),
    }


@pytest.mark.parametrize(
    "call",
    ["apigateway:GetRestApis", "apigateway:GetStages", "appsync:ListGraphqlApis", "stepfunctions:ListStateMachines"],
)
def test_entries_that_could_not_be_listed_are_a_hole(call) -> None:
    assert lacking(call).holes(TracedEntry)


def test_the_service_that_is_allowed_may_be_named_in_any_policy() -> None:
    alias = answered(
        "lambda:GetPolicy/alias",
        params={**ABOUT, "Qualifier": "live"},
        Policy=policy(allow({"Service": "s3.amazonaws.com"})),
    )
    assert having(alias).one(RecursionSetting).through == ("a bucket", "a topic")
