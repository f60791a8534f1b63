"""Who can start a workload: each kind of source, followed back to those who can send to it."""

from dataclasses import replace
from typing import Any

import pytest

from assaybook.evidence import Gap, Hole, Row
from assaybook.tables.compute import Endpoint, Route, Workload
from assaybook.tables.data import Share
from assaybook.tables.graph import AttackPath, BlastRadius, Feed, Loop, Trigger
from graph_rows import (
    ACCOUNT,
    GAP,
    OTHER,
    REGION,
    Derived,
    arn,
    bus,
    feed,
    function_arn,
    grant,
    lets,
    route,
    share,
    subject,
    url,
)

S3 = {"Service": "s3.amazonaws.com"}
BOUND = {"ArnLike": {"aws:SourceArn": "arn:aws:s3:::drop"}, "StringEquals": {"aws:SourceAccount": ACCOUNT}}


def trust(*rows: Row | Hole) -> Any:
    """The trust of the only trigger."""
    return Derived(*rows).one(Trigger).trust


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (url(), "internet_anonymous"),
        (url("iam"), "internet_authenticated"),
        (url(public=False), "own_account"),
        (route(), "internet_anonymous"),
        (route("jwt"), "internet_authenticated"),
        (route("key"), "internet_authenticated"),
        (route(guarded="mutual TLS on shop.example.com"), "internet_authenticated"),
        (route(public=False), "own_account"),
        (feed("mail", "inbox", origin="internet_anonymous", because="anybody"), "internet_anonymous"),
        (feed("schedule", "nightly", origin="own_account", because="timer"), "own_account"),
        (grant({"AWS": OTHER}), "other_account"),
        (grant("*"), "internet_anonymous"),
        (grant("*", StringEquals={"aws:PrincipalOrgID": "o-own"}), "organisation"),
        (grant({"Service": "sns.amazonaws.com"}), "other_account"),
    ],
)
def test_who_is_behind_a_source(row: Row, expected: str) -> None:
    assert trust(row) == expected


@pytest.mark.parametrize(
    "row",
    [
        url(GAP), url(public=GAP), route(GAP), route(public=GAP), route(guarded=GAP),
        feed("broker", "kafka:host", origin="unknown", because="nobody can tell"),
    ],
)  # fmt: skip
def test_what_could_not_be_read_stays_on_the_graph_as_unknown(row: Row) -> None:
    assert isinstance(trust(row), Gap)


def test_an_authenticated_route_needs_no_guard_to_be_judged() -> None:
    assert trust(route("jwt", guarded=GAP)) == "internet_authenticated"


def test_a_queue_is_as_trusted_as_those_who_can_send_to_it() -> None:
    own = share("queue", "jobs", lets({"AWS": ACCOUNT}, "sqs:SendMessage"))
    open_ = share("queue", "jobs", lets("*", "sqs:SendMessage"))
    other = share("queue", "jobs", lets({"AWS": OTHER}, "sqs:*"))
    only_read = share("queue", "jobs", lets("*", "sqs:ReceiveMessage"))
    for policy, expected in (
        (own, "own_account"), (open_, "internet_anonymous"), (other, "other_account"), (only_read, "own_account"),
    ):  # fmt: skip
        assert trust(feed("queue", "jobs"), policy) == expected


def test_a_queue_whose_policy_could_not_be_read_is_a_gap() -> None:
    assert trust(feed("queue", "jobs"), share("queue", "jobs", GAP)) == GAP


def test_a_queue_that_could_not_be_listed_is_a_gap_and_one_that_is_gone_is_not() -> None:
    assert trust(feed("queue", "jobs"), Hole(Share, GAP, subject("region", "r"))) == GAP
    assert trust(feed("queue", "jobs")) == "own_account"


def test_a_topic_of_a_region_that_was_not_collected_is_a_gap() -> None:
    row = feed("topic", "news")
    away = Feed(**{**vars(row), "source": row.source.replace(REGION, "eu-west-1")})
    assert isinstance(trust(away), Gap)


def test_a_source_of_another_account_is_that_accounts() -> None:
    row = feed("topic", "news")
    away = Feed(**{**vars(row), "source": row.source.replace(ACCOUNT, OTHER)})
    found = Derived(away).one(Trigger)
    assert (found.trust, found.senders) == ("other_account", (OTHER,))


def test_trust_is_followed_through_topics_queues_and_state_machines() -> None:
    machine = arn("state machine", "flow")
    found = Derived(
        feed("topic", "news", arn("queue", "jobs")),
        feed("queue", "jobs", machine),
        feed("state machine", "flow"),
        share("topic", "news", lets("*", "sns:Publish")),
        share("queue", "jobs"),
    ).one(Trigger)
    assert found.trust == "internet_anonymous"
    assert "topic news feeds it" in found.because or "queue jobs feeds it" in found.because
    assert not found.direct


def test_a_circle_of_queues_ends() -> None:
    rows = [feed("topic", "a", arn("queue", "b")), feed("queue", "b", arn("topic", "a")), feed("queue", "b")]
    assert trust(*rows, share("topic", "a", lets("*", "sns:Publish")), share("queue", "b")) == "internet_anonymous"


def test_what_is_switched_off_passes_nothing_on() -> None:
    rows = [feed("topic", "news", arn("queue", "jobs"), active=False), feed("queue", "jobs")]
    assert trust(*rows, share("topic", "news", lets("*", "sns:Publish")), share("queue", "jobs")) == "own_account"


def test_a_rule_for_the_own_account_lets_no_stranger_pass() -> None:
    opened = bus("shop", lets({"AWS": OTHER}, "events:PutEvents"))
    assert trust(feed("bus", "shop"), opened) == "other_account"
    assert trust(feed("bus", "shop", own_events_only=True), opened) == "own_account"


def test_block_public_access_and_access_lists_count() -> None:
    policy = lets("*", "s3:PutObject")
    assert trust(feed("bucket", "drop"), share("bucket", "drop", policy)) == "internet_anonymous"
    blocked = share("bucket", "drop", policy, policy_blocked_by="Block Public Access (RestrictPublicBuckets)")
    assert trust(feed("bucket", "drop"), blocked) == "own_account"
    assert trust(feed("bucket", "drop"), share("bucket", "drop", policy, policy_blocked_by=GAP)) == GAP
    listed = share("bucket", "drop", access_list=("WRITE for everybody",))
    assert trust(feed("bucket", "drop"), listed) == "internet_anonymous"
    void = share("bucket", "drop", access_list=("WRITE for everybody",), access_list_blocked_by="ownership")
    assert trust(feed("bucket", "drop"), void) == "own_account"
    assert trust(feed("bucket", "drop"), share("bucket", "drop", access_list=("READ for everybody",))) == "own_account"


def test_a_grant_to_a_service_says_nothing_where_its_trigger_is_known() -> None:
    rows = [feed("bucket", "drop"), share("bucket", "drop"), grant(S3, **BOUND)]
    assert [each.kind for each in Derived(*rows).rows(Trigger)] == ["bucket"]


def test_a_grant_to_a_service_that_strangers_can_send_is_an_edge_of_its_own() -> None:
    rows = [feed("bucket", "drop"), share("bucket", "drop"), grant(S3)]
    kinds = {each.kind: each.trust for each in Derived(*rows).rows(Trigger)}
    assert kinds == {"bucket": "own_account", "service": "other_account"}


def test_the_open_grant_that_belongs_to_a_url_is_no_second_edge() -> None:
    opened = grant("*", "lambda:InvokeFunctionUrl", StringEquals={"lambda:FunctionUrlAuthType": "NONE"})
    assert [each.kind for each in Derived(url(), opened).rows(Trigger)] == ["url"]


def test_a_distribution_that_signs_lets_anyone_in() -> None:
    source = {"ArnLike": {"aws:SourceArn": f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1"}}
    front = grant({"Service": "cloudfront.amazonaws.com"}, "lambda:InvokeFunctionUrl", **source)
    assert {each.trust for each in Derived(url("iam"), front).rows(Trigger)} == {
        "internet_anonymous",
        "internet_authenticated",
    }


def test_messages_of_a_websocket_are_asked_when_it_opens() -> None:
    opens = route("iam", kind="websocket", method="$connect", path="", workload="")
    sends = route("none", kind="websocket", method="send", path="")
    assert trust(opens, sends) == "internet_authenticated"


def test_routes_of_one_api_are_one_edge_as_open_as_the_most_open() -> None:
    found = Derived(route("jwt"), route("none", path="/y")).one(Trigger)
    assert (found.trust, found.filters) == ("internet_anonymous", ("GET /x", "GET /y"))


def test_a_resolver_is_as_open_as_its_graph() -> None:
    graph = route("none", api="graph-1", kind="graphql", workload="")
    assert trust(graph, feed("resolver", "graph-1")) == "internet_anonymous"


def test_what_is_declared_is_trusted_by_name_arn_or_account() -> None:
    rows = [feed("bucket", "drop"), share("bucket", "drop", lets({"AWS": OTHER}, "s3:PutObject"))]
    for name in (arn("bucket", "drop"), "bucket drop", OTHER):
        found = Derived(*rows, declared={name: "carriers (logistics)"})
        assert found.one(Trigger).declared == "carriers (logistics)"
        assert found.one(AttackPath).trust == "own_account"
        assert found.one(BlastRadius).exposure == "own_account"
    assert Derived(*rows, declared={"bucket drops": "no"}).one(Trigger).declared == ""


def test_a_target_that_was_not_collected_has_no_edge() -> None:
    assert Derived(feed("queue", "jobs", function_arn("elsewhere"))).rows(Trigger) == []


def test_each_part_that_could_not_be_read_leaves_a_hole() -> None:
    found = Derived(Hole(Feed, GAP, subject("region", "r")), Hole(Workload, GAP, subject("region", "s")))
    assert [len(found.holes(table)) for table in (Trigger, AttackPath, Loop, BlastRadius)] == [2, 2, 2, 1]


def test_what_could_not_be_read_may_hide_a_less_trusted_sender() -> None:
    denied = replace(GAP, call="sns:ListSubscriptions")
    hole = Hole(Feed, denied, subject("region", "r"))
    takes = share("queue", "jobs", lets({"Service": "sns.amazonaws.com"}, "sqs:SendMessage"))
    closed = share("queue", "jobs", lets({"AWS": ACCOUNT}, "sqs:SendMessage"))
    assert trust(feed("queue", "jobs"), closed, hole) == "own_account"
    assert trust(feed("queue", "jobs"), takes, hole) in (denied, "other_account")
    bound = {"StringEquals": {"aws:SourceAccount": ACCOUNT}, "ArnLike": {"aws:SourceArn": arn("topic", "news")}}
    only_own = share("queue", "jobs", lets({"Service": "sns.amazonaws.com"}, "sqs:SendMessage", **bound))
    assert trust(feed("queue", "jobs"), only_own) == "own_account"
    assert trust(feed("queue", "jobs"), only_own, hole) == denied


def test_that_nothing_starts_a_workload_is_not_said_where_something_may_be_hidden() -> None:
    denied = replace(GAP, call="lambda:ListEventSourceMappings")
    found = Derived(Hole(Feed, denied, subject("region", "r")))
    assert found.rows(AttackPath) == [] and len(found.holes(AttackPath)) == 1
    assert isinstance(found.one(Loop).possible, Gap)
    assert found.one(BlastRadius).exposure == "unknown"


def test_a_hidden_topic_does_not_concern_a_workload_that_lets_no_topic_in() -> None:
    denied = replace(GAP, call="sns:ListSubscriptions")
    found = Derived(Hole(Feed, denied, subject("region", "r")))
    assert found.one(AttackPath).kind == "none"
    lets_in = grant({"Service": "sns.amazonaws.com"}, ArnLike={"aws:SourceArn": arn("topic", "news")})
    assert Derived(lets_in, Hole(Feed, denied, subject("region", "r"))).rows(AttackPath) == []


def test_a_kind_of_trigger_of_which_a_part_is_hidden_is_not_known_unless_anyone_gets_in_already() -> None:
    hole = Hole(Route, replace(GAP, call="apigatewayv2:GetRoutes"), subject("http-api", "b"), "b")
    for auth, known in (("jwt", False), ("none", True)):
        found = {row.kind: row for row in Derived(route(auth), hole).rows(AttackPath)}
        assert isinstance(found["api"].trust, Gap) is not known


def test_a_statement_about_urls_opens_nothing_without_a_url_unless_urls_could_not_be_read() -> None:
    opened = grant("*", "lambda:InvokeFunctionUrl")
    assert Derived(opened).rows(Trigger) == []
    hole = Hole(
        Endpoint,
        replace(GAP, call="lambda:ListFunctionUrlConfigs"),
        subject("function", function_arn()),
        function_arn(),
    )
    found = Derived(opened, hole).one(Trigger)
    assert (found.kind, found.trust) == ("url", "internet_anonymous")
