"""Routes, stages and web entries out of captures."""

import json

import pytest

from assaybook.evidence import Gap
from assaybook.tables.compute import ApiStage, Route, WebEntry, Workload
from shaped_account import (
    ACCOUNT,
    GLOBE,
    METHODS,
    ORDERS,
    REGION,
    Shaped,
    account,
    allow,
    answered,
    denied,
    having,
    lacking,
    policy,
)

REST = {"restApiId": "rest1"}
HTTP = {"ApiId": "http1"}
STAGE_ARN = f"arn:aws:apigateway:{REGION}::/restapis/rest1/stages/live"
ACL_PARAMS = {"ResourceArn": STAGE_ARN}
HOST = f"http1.execute-api.{REGION}.amazonaws.com"


def route(found: Shaped, name: str) -> Route:
    """The route that a person calls by this name."""
    (row,) = [each for each in found.rows(Route).values() if str(each.subject) == name]
    return row


def entry(found: Shaped, kind: str) -> WebEntry:
    """The only web entry of this kind."""
    (row,) = [each for each in found.rows(WebEntry).values() if each.kind == kind]
    return row


def stage(found: Shaped, name: str) -> ApiStage:
    """The stage that a person calls by this name."""
    (row,) = [each for each in found.rows(ApiStage).values() if str(each.subject) == name]
    return row


def rest_api(**more: object) -> object:
    """A REST API with other members."""
    record = {"id": "rest1", "name": "shop", "endpointConfiguration": {"types": ["REGIONAL"]}, **more}
    return answered("apigateway:GetRestApis", items=[record])


def front(host: str, acl: str = "", **more: object) -> list:
    """A distribution before a host, and its web ACL."""
    record = {
        "ARN": f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1",
        "Id": "E1",
        "DomainName": "d1.cloudfront.net",
        "Enabled": True,
        "WebACLId": acl,
        "Origins": {"Items": [{"DomainName": host, "Id": "origin"}]},
        **more,
    }
    scope = {"Scope": "CLOUDFRONT"}
    rules = [{"Name": "common", "Action": {"Block": {}}, "Statement": {}}]
    return [
        answered("cloudfront:ListDistributions", GLOBE, DistributionList={"Items": [record]}),
        answered(
            "wafv2:ListWebACLs/cloudfront",
            GLOBE,
            scope,
            WebACLs=[{"Name": "edge", "Id": "a1", "ARN": "arn:aws:wafv2:edge"}],
        ),
        answered(
            "wafv2:GetWebACL/cloudfront",
            GLOBE,
            {**scope, "Name": "edge", "Id": "a1"},
            WebACL={"Name": "edge", "Rules": rules},
        ),
    ]


def test_routes_of_every_kind_of_api() -> None:
    found = Shaped(account())
    assert {str(each.subject): (each.kind, each.auth) for each in found.rows(Route).values()} == {
        "shop GET /orders": ("rest", "cognito"),
        "shop POST /orders": ("rest", "key"),
        "partners GET /status": ("http", "none"),
        "catalogue default /graphql": ("graphql", "cognito"),
        "catalogue additional key /graphql": ("graphql", "key"),
    }
    assert route(found, "shop POST /orders").workload == ORDERS
    assert route(found, "partners GET /status").workload == ORDERS
    assert all(each.public and not each.guarded for each in found.rows(Route).values())
    assert not found.holes(Route)


def test_a_private_api_is_not_public() -> None:
    found = having(rest_api(endpointConfiguration={"types": ["PRIVATE"]}))
    assert route(found, "shop GET /orders").public is False
    assert stage(found, "shop/live").public is False
    assert "rest" not in {each.kind for each in found.rows(WebEntry).values()}


@pytest.mark.parametrize(
    ("statements", "guarded"),
    [
        ([{**allow("*"), "Action": "execute-api:Invoke"}], False),
        ([{**allow({"AWS": ACCOUNT}), "Action": "execute-api:Invoke"}], True),
        (
            [
                {
                    **allow("*", IpAddress={"aws:SourceIp": "198.51.100.0/24"}),
                    "Action": "execute-api:Invoke",
                }
            ],
            True,
        ),
    ],
)
@pytest.mark.parametrize("escaped", [False, True])
def test_a_resource_policy_that_names_callers_guards(statements, guarded, escaped) -> None:
    document = policy(*statements)
    found = having(rest_api(policy=json.dumps(document)[1:-1] if escaped else document))
    assert bool(route(found, "shop GET /orders").guarded) is guarded


def test_a_resource_policy_that_cannot_be_decided_is_a_gap() -> None:
    odd = {**allow("*", Action="execute-api:Invoke"), "Condition": {"StringEquals": {"execute-api:Word": "x"}}}
    found = having(rest_api(policy=policy(odd)))
    assert isinstance(route(found, "shop GET /orders").guarded, Gap)


def test_an_api_without_a_stage_answers_nobody() -> None:
    found = having(
        answered("apigateway:GetStages", params=REST, item=[]),
        answered("apigatewayv2:GetStages", params=HTTP, Items=[]),
    )
    assert route(found, "shop GET /orders").public is False
    assert route(found, "partners GET /status").public is False
    assert route(lacking("apigateway:GetStages"), "shop GET /orders").public is True


def test_a_resource_policy_that_cannot_be_read_is_a_gap() -> None:
    assert isinstance(route(having(rest_api(policy="garbage")), "shop GET /orders").guarded, Gap)


@pytest.mark.parametrize("off", [True, False])
@pytest.mark.parametrize("mutual", [True, False])
def test_mutual_tls_guards_only_if_the_default_endpoint_is_off(off, mutual) -> None:
    domain: dict[str, object] = {"DomainName": "api.example.com"}
    if mutual:
        domain["MutualTlsAuthentication"] = {"TruststoreUri": "s3://trust/store.pem"}
    found = having(
        answered(
            "apigatewayv2:GetApis",
            Items=[{"ApiId": "http1", "Name": "partners", "ProtocolType": "HTTP", "DisableExecuteApiEndpoint": off}],
        ),
        answered("apigatewayv2:GetDomainNames", Items=[domain]),
        answered("apigatewayv2:GetApiMappings", params={"DomainName": "api.example.com"}, Items=[{"ApiId": "http1"}]),
    )
    assert bool(route(found, "partners GET /status").guarded) is (off and mutual)


def test_a_websocket_route_keeps_its_key() -> None:
    found = having(
        answered("apigatewayv2:GetApis", Items=[{"ApiId": "http1", "Name": "live", "ProtocolType": "WEBSOCKET"}]),
        answered(
            "apigatewayv2:GetRoutes", params=HTTP, Items=[{"RouteKey": "$connect", "AuthorizationType": "CUSTOM"}]
        ),
    )
    row = route(found, "live $connect")
    assert (row.kind, row.method, row.path, row.auth) == ("websocket", "$connect", "", "custom")


@pytest.mark.parametrize(
    "capture",
    [
        answered(
            "apigateway:GetResources",
            params={**REST, **METHODS},
            items=[{"path": "/x", "resourceMethods": {"GET": {"authorizationType": "NEW"}}}],
        ),
        answered("apigatewayv2:GetRoutes", params=HTTP, Items=[{"AuthorizationType": "NONE"}]),
        answered("apigatewayv2:GetRoutes", params=HTTP, Items=["garbage"]),
        answered("apigatewayv2:GetApis", Items=[{"ApiId": "x", "ProtocolType": "NEW"}]),
        answered("appsync:ListGraphqlApis", graphqlApis=[{"apiId": "g", "authenticationType": "NEW"}]),
        answered("appsync:ListGraphqlApis", graphqlApis="oops"),
    ],
)
def test_routes_of_another_shape_are_holes(capture) -> None:
    assert having(capture).holes(Route)


@pytest.mark.parametrize(
    "call",
    [
        "apigateway:GetRestApis",
        "apigateway:GetResources",
        "apigatewayv2:GetApis",
        "apigatewayv2:GetRoutes",
        "appsync:ListGraphqlApis",
    ],
)
def test_denied_lists_are_holes_in_the_routes(call) -> None:
    assert {each.gap.call for each in lacking(call).holes(Route)} == {call}


@pytest.mark.parametrize("call", ["apigateway:GetRestApis", "apigateway:GetResources", "apigatewayv2:GetIntegrations"])
def test_whether_the_internet_reaches_a_function_is_not_known_if_apis_were_denied(call) -> None:
    urls = answered("lambda:ListFunctionUrlConfigs", params={"FunctionName": "orders-api"}, FunctionUrlConfigs=[])
    kept = [each for each in account() if each.call != urls.call]
    # What the other API leads to is known, so that it is taken away for the question to stay open.
    bare = [
        answered("apigatewayv2:GetIntegrations", params=HTTP, Items=[])
        if each.call == "apigatewayv2:GetIntegrations"
        else each
        for each in kept
    ]
    plain = [
        answered(each.call, params=each.params, items=[]) if each.call == "apigateway:GetResources" else each
        for each in bare
    ]
    assert Shaped([*plain, urls]).one(Workload).setting.internet is False
    broken = [denied(each) if each.call == call else each for each in plain]
    assert Shaped([*broken, urls]).one(Workload).setting.internet is None


def test_a_throttle_of_the_stage_covers_its_routes() -> None:
    row = stage(Shaped(account()), "shop/live")
    assert (row.rate, row.unthrottled, row.usage_plan) == (100.0, (), "")
    assert (row.web_acl, row.web_acl_acts, row.web_acl_rate_rule) == ("shop-acl", True, True)


def test_the_default_of_the_account_is_no_throttle() -> None:
    item = [{"stageName": "live", "methodSettings": {"*/*": {"throttlingRateLimit": 10000.0, "loggingLevel": "ERROR"}}}]
    row = stage(having(answered("apigateway:GetStages", params=REST, item=item)), "shop/live")
    assert (row.rate, row.unthrottled) == (None, ("GET /orders", "POST /orders"))


def test_a_throttle_of_one_route_leaves_the_others_open() -> None:
    item = [{"stageName": "live", "methodSettings": {"~1orders/POST": {"throttlingRateLimit": 5.0}}}]
    row = stage(having(answered("apigateway:GetStages", params=REST, item=item)), "shop/live")
    assert (row.rate, row.unthrottled) == (5.0, ("GET /orders",))


def test_a_usage_plan_covers_the_routes_that_need_a_key() -> None:
    plans = [{"name": "partners", "throttle": {"rateLimit": 20.0}, "apiStages": [{"apiId": "rest1", "stage": "live"}]}]
    found = having(
        answered("apigateway:GetStages", params=REST, item=[{"stageName": "live"}]),
        answered("apigateway:GetUsagePlans", items=plans),
    )
    row = stage(found, "shop/live")
    assert (row.usage_plan, row.unthrottled) == ("partners", ("GET /orders",))


def on_the_stage(**plan: object) -> dict[str, object]:
    return {"name": "partners", "apiStages": [{"apiId": "rest1", "stage": "live", **plan}]}


@pytest.mark.parametrize(
    ("plans", "name", "unthrottled"),
    [
        ([on_the_stage(throttle={"/orders/POST": {"rateLimit": 5.0}})], "partners", ("GET /orders",)),
        ([on_the_stage(throttle={"/orders/GET": {"rateLimit": 5.0}})], "partners", ("GET /orders", "POST /orders")),
        ([on_the_stage(throttle={"/orders/POST": {"rateLimit": 20000.0}})], "", ("GET /orders", "POST /orders")),
        (
            [on_the_stage(), {**on_the_stage(), "throttle": {"rateLimit": 5.0}}],
            "partners",
            ("GET /orders", "POST /orders"),
        ),
    ],
    ids=["its method", "another method", "no limit", "a second plan without a throttle"],
)
def test_a_usage_plan_covers_what_all_plans_of_the_stage_throttle(plans, name, unthrottled) -> None:
    found = having(
        answered("apigateway:GetStages", params=REST, item=[{"stageName": "live"}]),
        answered("apigateway:GetUsagePlans", items=plans),
    )
    row = stage(found, "shop/live")
    assert (row.usage_plan, row.unthrottled) == (name, unthrottled)


def test_a_throttle_of_an_http_api() -> None:
    items = [{"StageName": "$default", "DefaultRouteSettings": {"ThrottlingRateLimit": 50.0}}]
    row = stage(having(answered("apigatewayv2:GetStages", params=HTTP, Items=items)), "partners/$default")
    assert (row.rate, row.unthrottled) == (50.0, ())
    assert stage(Shaped(account()), "partners/$default").unthrottled == ("GET /status",)


def test_denied_answers_are_gaps_in_the_stage() -> None:
    assert isinstance(stage(lacking("apigateway:GetUsagePlans"), "shop/live").usage_plan, Gap)
    assert isinstance(stage(lacking("wafv2:GetWebACLForResource"), "shop/live").web_acl_rate_rule, Gap)
    assert isinstance(stage(lacking("apigateway:GetResources"), "shop/live").unthrottled, Gap)
    assert lacking("apigateway:GetStages").holes(ApiStage)
    assert lacking("apigatewayv2:GetStages").holes(ApiStage)


@pytest.mark.parametrize(
    ("rules", "firewall"),
    [
        ([{"Action": {"Block": {}}, "Statement": {}}], "acts"),
        ([{"Action": {"Count": {}}, "Statement": {}}], "counts_only"),
        ([{"Action": {"Allow": {}}, "Statement": {}}], "counts_only"),
        ([{"OverrideAction": {"None": {}}, "Statement": {"ManagedRuleGroupStatement": {"Name": "Common"}}}], "acts"),
        (
            [{"OverrideAction": {"Count": {}}, "Statement": {"ManagedRuleGroupStatement": {"Name": "Common"}}}],
            "counts_only",
        ),
        ([], "counts_only"),
    ],
)
def test_a_web_acl_acts_only_if_a_rule_does_more_than_count(rules, firewall) -> None:
    found = having(answered("wafv2:GetWebACLForResource", params=ACL_PARAMS, WebACL={"Name": "acl", "Rules": rules}))
    row = entry(found, "rest")
    assert (row.firewall, row.attachable) == (firewall, True)


def test_no_web_acl() -> None:
    found = having(answered("wafv2:GetWebACLForResource", params=ACL_PARAMS))
    assert entry(found, "rest").firewall == "none"
    assert entry(Shaped(account()), "graphql").firewall == "none"


def test_nothing_can_be_attached_to_http_apis_and_urls() -> None:
    found = Shaped(account())
    for kind in ("http", "url"):
        row = entry(found, kind)
        assert (row.attachable, row.firewall, row.front) == (False, "none", "")


def test_a_distribution_in_front_counts_for_an_http_api() -> None:
    found = having(*front(HOST, "arn:aws:wafv2:edge"))
    row = entry(found, "http")
    assert (row.front, row.firewall, row.origin_locked) == ("d1.cloudfront.net", "acts", False)
    assert entry(found, "distribution").firewall == "acts"


def test_a_distribution_that_is_switched_off_is_no_entry_and_no_front() -> None:
    found = having(*front(HOST, "", Enabled=False))
    assert entry(found, "http").front == ""
    assert "distribution" not in {each.kind for each in found.rows(WebEntry).values()}


def test_a_url_that_demands_signatures_is_locked_to_its_distribution() -> None:
    configs = [
        {"FunctionUrl": "https://url1.lambda-url.us-east-1.on.aws/", "FunctionArn": ORDERS, "AuthType": "AWS_IAM"}
    ]
    urls = answered("lambda:ListFunctionUrlConfigs", params={"FunctionName": "orders-api"}, FunctionUrlConfigs=configs)
    row = entry(having(urls, *front("url1.lambda-url.us-east-1.on.aws", "arn:aws:wafv2:edge")), "url")
    assert (row.front, row.firewall, row.origin_locked) == ("d1.cloudfront.net", "acts", True)


def test_a_url_that_demands_signatures_is_no_public_entry_by_itself() -> None:
    configs = [
        {"FunctionUrl": "https://url1.lambda-url.us-east-1.on.aws/", "FunctionArn": ORDERS, "AuthType": "AWS_IAM"}
    ]
    found = having(
        answered("lambda:ListFunctionUrlConfigs", params={"FunctionName": "orders-api"}, FunctionUrlConfigs=configs)
    )
    assert "url" not in {each.kind for each in found.rows(WebEntry).values()}


def test_denied_distributions_leave_the_front_unknown() -> None:
    found = lacking("cloudfront:ListDistributions")
    assert isinstance(entry(found, "http").front, Gap)
    assert found.holes(WebEntry)


def test_a_web_acl_that_could_not_be_read_is_a_gap() -> None:
    listed, acls, acl = front(HOST, "arn:aws:wafv2:edge")
    for broken in ([listed, denied(acls), acl], [listed, acls, denied(acl)]):
        assert isinstance(entry(having(*broken), "distribution").firewall, Gap)
    assert isinstance(entry(lacking("wafv2:GetWebACLForResource"), "rest").firewall, Gap)


OWN_DOMAIN = [
    answered("apigatewayv2:GetDomainNames", Items=[{"DomainName": "api.example.com"}]),
    answered("apigatewayv2:GetApiMappings", params={"DomainName": "api.example.com"}, Items=[{"ApiId": "http1"}]),
]
MARK = {"Items": [{"HeaderName": "x-origin"}], "Quantity": 1}


@pytest.mark.parametrize("off", [True, False])
@pytest.mark.parametrize("marked", [True, False])
def test_an_http_api_is_locked_if_its_default_endpoint_is_off_and_its_front_marks_requests(off, marked) -> None:
    origin = {"DomainName": "api.example.com", "Id": "origin", **({"CustomHeaders": MARK} if marked else {})}
    api = {"ApiId": "http1", "Name": "partners", "ProtocolType": "HTTP", "DisableExecuteApiEndpoint": off}
    found = having(
        *front("", "arn:aws:wafv2:edge", Origins={"Items": [origin]}),
        *OWN_DOMAIN,
        answered("apigatewayv2:GetApis", Items=[api]),
    )
    row = entry(found, "http")
    assert (row.front, row.firewall, row.origin_locked) == ("d1.cloudfront.net", "acts", off and marked)
    assert row.url == ("https://api.example.com" if off else f"https://{HOST}")
    assert stage(found, "partners/$default").web_acl == ("edge" if off and marked else "")


def test_own_domains_that_were_denied_leave_the_front_unknown_only_where_they_are_the_way_in() -> None:
    api = {"ApiId": "http1", "Name": "partners", "ProtocolType": "HTTP"}
    domains = denied(answered("apigatewayv2:GetDomainNames"))
    shut = having(domains, answered("apigatewayv2:GetApis", Items=[{**api, "DisableExecuteApiEndpoint": True}]))
    assert isinstance(entry(shut, "http").front, Gap)
    assert isinstance(stage(shut, "partners/$default").web_acl_rate_rule, Gap)
    open_door = having(domains, answered("apigatewayv2:GetApis", Items=[api]))
    assert entry(open_door, "http").front == ""
    assert stage(open_door, "partners/$default").web_acl_rate_rule is False


def test_a_graphql_api_has_only_its_web_acl_to_limit_rates() -> None:
    rules = [{"Name": "rate", "Action": {"Block": {}}, "Statement": {"RateBasedStatement": {"Limit": 100}}}]
    scope = {"Scope": "REGIONAL"}
    record = {
        "apiId": "graph1",
        "name": "catalogue",
        "authenticationType": "AWS_IAM",
        "wafWebAclArn": "arn:aws:wafv2:here",
    }
    acls = [
        answered(
            "wafv2:ListWebACLs", params=scope, WebACLs=[{"Name": "here", "Id": "a2", "ARN": "arn:aws:wafv2:here"}]
        ),
        answered(
            "wafv2:GetWebACL", params={**scope, "Name": "here", "Id": "a2"}, WebACL={"Name": "here", "Rules": rules}
        ),
    ]
    guarded = stage(having(answered("appsync:ListGraphqlApis", graphqlApis=[record]), *acls), "catalogue")
    assert (guarded.kind, guarded.rate, guarded.web_acl, guarded.web_acl_rate_rule) == ("graphql", None, "here", True)
    bare = stage(Shaped(account()), "catalogue")
    assert (bare.unthrottled, bare.web_acl) == (("/graphql",), "")
    assert lacking("appsync:ListGraphqlApis").holes(ApiStage)


def edge_domain(*apis: str) -> list:
    """An edge-optimised domain name before these REST APIs."""
    record = {
        "domainName": "edge.example.com",
        "endpointConfiguration": {"types": ["EDGE"]},
        "securityPolicy": "TLS_1_2",
    }
    mappings = [{"basePath": "(none)", "restApiId": each} for each in apis]
    return [
        answered("apigateway:GetDomainNames", items=[record]),
        answered("apigateway:GetBasePathMappings", params={"domainName": "edge.example.com"}, items=mappings),
    ]


def test_an_edge_optimised_domain_leads_to_an_api_whose_own_address_is_off() -> None:
    hidden = rest_api(disableExecuteApiEndpoint=True)
    assert route(having(hidden, *edge_domain("rest1")), "shop GET /orders").public is True
    assert route(having(hidden, *edge_domain("other")), "shop GET /orders").public is False
    names, mappings = edge_domain("rest1")
    assert isinstance(route(having(hidden, denied(names)), "shop GET /orders").public, Gap)
    assert isinstance(route(having(hidden, names, denied(mappings)), "shop GET /orders").public, Gap)
