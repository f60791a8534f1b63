"""TLS towards callers and backends, certificates, and origins that browsers may call from, out of captures."""

from datetime import UTC, datetime

import pytest

from assaybook.capture import Capture
from assaybook.evidence import Gap
from assaybook.shape.aws.transport import lowest_version
from assaybook.tables.transport import BackendConnection, Certificate, CorsRule, TlsEndpoint
from shaped_account import ACCOUNT, GLOBE, METHODS, REGION, Shaped, absent, answered, denied, having, lacking

REST, HTTP = {"restApiId": "rest1"}, {"ApiId": "http1"}
BALANCER = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:loadbalancer/app/shop/1"
LISTENER = f"arn:aws:elasticloadbalancing:{REGION}:{ACCOUNT}:listener/app/shop/1/2"
REDIRECT = {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS"}}
ARN = f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/c1"


@pytest.mark.parametrize(
    ("policy", "lowest"),
    [
        ("TLS_1_0", "1.0"),
        ("TLS_1_2", "1.2"),
        ("SecurityPolicy_TLS13_1_3_2025_09", "1.3"),
        ("SecurityPolicy_TLS13_1_2_FIPS_PFS_PQ_2025_09", "1.2"),
        ("SecurityPolicy_TLS13_1_2_2021_06", "1.2"),
        ("SecurityPolicy_TLS13_2025_EDGE", "1.3"),
        ("SecurityPolicy_TLS12_2018_EDGE", "1.2"),
        ("SSLv3", "1.0"),
        ("TLSv1_2016", "1.0"),
        ("TLSv1.1_2016", "1.1"),
        ("TLSv1.2_2021", "1.2"),
        ("TLSv1.3_2025", "1.3"),
        ("ELBSecurityPolicy-2016-08", "1.0"),
        ("ELBSecurityPolicy-FS-2018-06", "1.0"),
        ("ELBSecurityPolicy-FS-1-2-Res-2020-10", "1.2"),
        ("ELBSecurityPolicy-TLS-1-1-2017-01", "1.1"),
        ("ELBSecurityPolicy-TLS13-1-0-2021-06", "1.0"),
        ("ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09", "1.2"),
        ("ELBSecurityPolicy-TLS13-1-3-2021-06", "1.3"),
        ("ELBSecurityPolicy-Other", ""),
        ("", ""),
    ],
)
def test_the_lowest_version_that_a_policy_takes(policy: str, lowest: str) -> None:
    assert lowest_version(policy) == lowest


def endpoints(found: Shaped, kind: str) -> list[TlsEndpoint]:
    return [each for each in found.rows(TlsEndpoint).values() if each.kind == kind]


def test_addresses_that_services_give_take_tls_only() -> None:
    found = having(answered("apigateway:GetDomainNames", items=[]))
    kinds = {each.kind for each in found.rows(TlsEndpoint).values() if each.by_service}
    assert kinds == {"rest", "http", "graphql", "url"}


def test_an_api_whose_own_address_is_off_has_none() -> None:
    api = {"id": "rest1", "name": "shop", "disableExecuteApiEndpoint": True}
    assert not endpoints(having(answered("apigateway:GetRestApis", items=[api])), "rest")


def older(**more: object) -> Capture:
    return answered("apigateway:GetDomainNames", items=[{"domainName": "api.example.com", **more}])


def newer(policy: str = "TLS_1_2") -> Capture:
    given = [{"SecurityPolicy": policy, "EndpointType": "REGIONAL"}]
    records = [{"DomainName": "api.example.com", "DomainNameConfigurations": given}]
    return answered("apigatewayv2:GetDomainNames", Items=records)


def mapped() -> Capture:
    return answered("apigatewayv2:GetApiMappings", params={"DomainName": "api.example.com"}, Items=[])


def test_a_domain_name_that_both_services_list_is_one() -> None:
    (row,) = endpoints(having(older(securityPolicy="TLS_1_0"), newer(), mapped()), "domain")
    assert (row.policy, row.lowest, row.plain_http) == ("TLS_1_0", "1.0", "refused")


def test_a_domain_name_that_only_the_newer_service_lists() -> None:
    (row,) = endpoints(having(answered("apigateway:GetDomainNames", items=[]), newer(), mapped()), "domain")
    assert row.lowest == "1.2"


def test_a_private_domain_name_is_no_public_one() -> None:
    assert not endpoints(having(older(endpointConfiguration={"types": ["PRIVATE"]})), "domain")


def test_domain_names_without_a_policy_or_list_leave_holes() -> None:
    found = having(older())
    assert not endpoints(found, "domain")
    assert found.holes(TlsEndpoint)
    assert having(denied(older())).holes(TlsEndpoint)


def distribution(**more: object) -> Capture:
    record = {
        "ARN": f"arn:aws:cloudfront::{ACCOUNT}:distribution/E1",
        "Id": "E1",
        "DomainName": "d1.cloudfront.net",
        "Enabled": True,
        "ViewerCertificate": {"MinimumProtocolVersion": "TLSv1.2_2021"},
        "DefaultCacheBehavior": {"ViewerProtocolPolicy": "https-only"},
        "CacheBehaviors": {"Quantity": 0},
        **more,
    }
    return answered("cloudfront:ListDistributions", GLOBE, DistributionList={"Items": [record]})


@pytest.mark.parametrize(
    ("more", "plain", "lowest"),
    [
        ({}, "refused", "1.2"),
        ({"DefaultCacheBehavior": {"ViewerProtocolPolicy": "redirect-to-https"}}, "redirected", "1.2"),
        ({"CacheBehaviors": {"Items": [{"ViewerProtocolPolicy": "allow-all"}]}}, "served", "1.2"),
        ({"ViewerCertificate": {"CloudFrontDefaultCertificate": True}}, "refused", "1.0"),
        (
            {
                "ViewerCertificate": {
                    # As an emulator answers; the certificate of one's own decides.
                    "CloudFrontDefaultCertificate": True,
                    "ACMCertificateArn": "arn:aws:acm:us-east-1:111122223333:certificate/0a1b",
                    "MinimumProtocolVersion": "TLSv1.2_2021",
                }
            },
            "refused",
            "1.2",
        ),
        ({"ViewerCertificate": {"MinimumProtocolVersion": "TLSv1.1_2016"}}, "refused", "1.1"),
    ],
)
def test_a_distribution(more: dict, plain: str, lowest: str) -> None:
    (row,) = endpoints(having(distribution(**more)), "distribution")
    assert (row.plain_http, row.lowest) == (plain, lowest)


def test_a_distribution_that_is_off_answers_nobody_and_an_odd_one_is_a_hole() -> None:
    assert not endpoints(having(distribution(Enabled=False)), "distribution")
    odd = having(distribution(DefaultCacheBehavior={}))
    assert not endpoints(odd, "distribution")
    assert [each for each in odd.holes(TlsEndpoint) if each.gap.call == "cloudfront:ListDistributions"]


def balanced(scheme: str = "internet-facing", target: str = "lambda") -> list[Capture]:
    """A load balancer before a function."""
    record = {"LoadBalancerArn": BALANCER, "LoadBalancerName": "shop", "DNSName": "shop.elb", "Scheme": scheme}
    group = {"TargetType": target, "LoadBalancerArns": [BALANCER]}
    return [
        answered("elbv2:DescribeTargetGroups", TargetGroups=[group]),
        answered("elbv2:DescribeLoadBalancers", LoadBalancers=[record]),
    ]


def listening(**more: object) -> Capture:
    record = {"ListenerArn": LISTENER, "Port": 443, "Protocol": "HTTPS", **more}
    return answered("elbv2:DescribeListeners", params={"LoadBalancerArn": BALANCER}, Listeners=[record])


def ruled(*actions: dict) -> Capture:
    rules = [{"Actions": [each]} for each in actions]
    return answered("elbv2:DescribeRules", params={"ListenerArn": LISTENER}, Rules=rules)


def test_a_listener_with_tls() -> None:
    (row,) = endpoints(having(*balanced(), listening(SslPolicy="ELBSecurityPolicy-2016-08")), "listener")
    assert (row.plain_http, row.lowest) == ("refused", "1.0")


@pytest.mark.parametrize(
    ("actions", "plain"),
    [((REDIRECT,), "redirected"), ((REDIRECT, {"Type": "forward"}), "served"), ((), "served")],
)
def test_a_listener_without_tls(actions: tuple, plain: str) -> None:
    (row,) = endpoints(having(*balanced(), listening(Protocol="HTTP", Port=80), ruled(*actions)), "listener")
    assert row.plain_http == plain


def test_a_listener_whose_rules_could_not_be_read_is_a_gap() -> None:
    (row,) = endpoints(having(*balanced(), listening(Protocol="HTTP"), denied(ruled())), "listener")
    assert isinstance(row.plain_http, Gap)


def test_only_load_balancers_before_functions_that_the_internet_reaches_count() -> None:
    assert not endpoints(having(*balanced("internal"), listening()), "listener")
    assert not endpoints(having(*balanced(target="ip"), listening()), "listener")


def test_a_load_balancer_that_is_not_listed_leaves_a_hole() -> None:
    groups, listed = balanced()
    for odd in (denied(listed), answered("elbv2:DescribeLoadBalancers", LoadBalancers=[])):
        found = having(groups, odd)
        assert [each for each in found.holes(TlsEndpoint) if each.gap.call == "elbv2:DescribeLoadBalancers"]


def rest_backend(uri: str, **more: object) -> Capture:
    integration = {"type": "HTTP_PROXY", "uri": uri, **more}
    resources = [{"path": "/stock", "resourceMethods": {"GET": {"methodIntegration": integration}}}]
    return answered("apigateway:GetResources", params={**REST, **METHODS}, items=resources)


def backend(found: Shaped) -> BackendConnection:
    return found.one(BackendConnection)


def test_a_backend_of_a_rest_api() -> None:
    row = backend(having(rest_backend("https://stock.example.com/v1?x=1")))
    assert (row.host, row.via, row.encrypted, row.verified) == ("stock.example.com", "internet", True, True)
    insecure = rest_backend("https://stock.example.com", tlsConfig={"insecureSkipVerification": True})
    assert backend(having(insecure)).verified is False
    assert backend(having(rest_backend("http://stock.example.com"))).encrypted is False
    assert backend(having(rest_backend("http://stock.internal", connectionType="VPC_LINK"))).via == "vpc-link"


def test_a_backend_whose_scheme_is_not_told_leaves_a_hole() -> None:
    found = having(rest_backend("${stageVariables.backend}/stock"))
    assert not found.rows(BackendConnection)
    assert [each for each in found.holes(BackendConnection) if "names no scheme" in str(each.gap)]


def stages(*certificates: str) -> Capture:
    found = [{"stageName": str(n), "clientCertificateId": each} for n, each in enumerate(certificates)]
    return answered("apigateway:GetStages", params=REST, item=found)


def client_certificates(**until: str) -> Capture:
    found = [{"clientCertificateId": name, "expirationDate": each} for name, each in until.items()]
    return answered("apigateway:GetClientCertificates", items=found)


def test_the_client_certificate_must_be_shown_by_every_stage() -> None:
    call, known = rest_backend("https://a.example.com"), client_certificates(c1="2027-01-01T00:00:00+00:00")
    row = backend(having(call, stages("c1"), known))
    assert (row.client_certificate, row.client_certificate_until) == ("c1", datetime(2027, 1, 1, tzinfo=UTC))
    assert backend(having(call, stages("c1", ""), known)).client_certificate == ""
    both = client_certificates(c1="2027-01-01T00:00:00Z", c2="2026-01-01T00:00:00Z")
    assert backend(having(call, stages("c1", "c2"), both)).client_certificate == "c2"


def test_a_client_certificate_whose_expiry_is_not_known_is_a_gap() -> None:
    call = rest_backend("https://a.example.com")
    for known in (denied(client_certificates()), client_certificates(), client_certificates(c1="soon")):
        row = backend(having(call, stages("c1"), known))
        assert row.client_certificate == "c1"
        assert isinstance(row.client_certificate_until, Gap)
    assert isinstance(backend(having(call, denied(stages()))).client_certificate, Gap)


@pytest.mark.parametrize(
    ("record", "via", "encrypted"),
    [
        ({"IntegrationUri": "https://a.example.com/x"}, "internet", True),
        ({"IntegrationUri": "http://a.example.com"}, "internet", False),
        (
            {"IntegrationUri": "arn:aws:elasticloadbalancing:x:listener/1", "ConnectionType": "VPC_LINK"},
            "vpc-link",
            False,
        ),
        (
            {
                "IntegrationUri": "arn:aws:elasticloadbalancing:x:listener/1",
                "ConnectionType": "VPC_LINK",
                "TlsConfig": {"ServerNameToVerify": "a.example.com"},
            },
            "vpc-link",
            True,
        ),
    ],
)
def test_a_backend_of_an_http_api(record: dict, via: str, encrypted: bool) -> None:
    integration = {"IntegrationId": "i", "IntegrationType": "HTTP_PROXY", **record}
    row = backend(having(answered("apigatewayv2:GetIntegrations", params=HTTP, Items=[integration])))
    assert (row.via, row.encrypted, row.kind) == (via, encrypted, "http")


def custom(policy: str, *versions: str) -> dict:
    return {"CustomOriginConfig": {"OriginProtocolPolicy": policy, "OriginSslProtocols": {"Items": list(versions)}}}


@pytest.mark.parametrize(
    ("origin", "via", "encrypted", "weak"),
    [
        ({"S3OriginConfig": {}}, "service", True, ()),
        ({"VpcOriginConfig": {"VpcOriginId": "vo_1"}}, "vpc-link", True, ()),
        (custom("https-only", "TLSv1.2"), "internet", True, ()),
        (custom("https-only", "TLSv1", "TLSv1.2"), "internet", True, ("TLSv1",)),
        (custom("http-only"), "internet", False, ()),
        (custom("match-viewer"), "internet", True, ()),
        (
            {**custom("https-only", "TLSv1"), "DomainName": "x.execute-api.us-east-1.amazonaws.com"},
            "internet",
            True,
            (),
        ),
    ],
)
def test_an_origin_of_a_distribution(origin: dict, via: str, encrypted: bool, weak: tuple) -> None:
    made = {"Id": "o", "DomainName": "www.example.com", **origin}
    row = backend(having(distribution(Origins={"Items": [made]})))
    assert (row.via, row.encrypted, row.weak_versions) == (via, encrypted, weak)


def test_an_origin_that_follows_viewers_without_tls_is_reached_without() -> None:
    origin = {"Id": "o", "DomainName": "www.example.com", **custom("match-viewer")}
    found = having(
        distribution(Origins={"Items": [origin]}, DefaultCacheBehavior={"ViewerProtocolPolicy": "allow-all"})
    )
    assert backend(found).encrypted is False


def listed(**more: object) -> Capture:
    given = {"CertificateArn": ARN, "DomainName": "shop.example.com", "Type": "AMAZON_ISSUED", "Status": "ISSUED"}
    record = {**given, "KeyAlgorithm": "RSA_2048", "NotAfter": "2027-01-01T00:00:00+00:00", "InUse": True, **more}
    keys = ["RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1"]
    params = {"Includes": {"keyTypes": keys}}
    return answered("acm:ListCertificates", params=params, CertificateSummaryList=[record])


def described(call: str = "acm:DescribeCertificate", **more: object) -> Capture:
    record = {
        "CertificateArn": ARN,
        "DomainName": "shop.example.com",
        "Type": "AMAZON_ISSUED",
        "Status": "ISSUED",
        "KeyAlgorithm": "RSA-2048",
        "NotAfter": "2027-01-01T00:00:00+00:00",
        "InUseBy": ["something"],
        **more,
    }
    target = {"target": GLOBE} if call.endswith("edge") else {}
    return answered(call, params={"CertificateArn": ARN}, **target, Certificate=record)


def test_a_certificate_in_use() -> None:
    renewal = {"RenewalStatus": "FAILED", "RenewalStatusReason": "CAA_ERROR"}
    row = having(listed(), described(RenewalSummary=renewal)).one(Certificate)
    assert (row.in_use, row.renewal, row.renewal_reason) == (True, "FAILED", "CAA_ERROR")
    assert row.expires == datetime(2027, 1, 1, tzinfo=UTC)


def test_a_certificate_that_nothing_uses_is_not_asked_about() -> None:
    row = having(listed(InUse=False, Type="IMPORTED")).one(Certificate)
    assert (row.in_use, row.imported, row.renewal) == (False, True, "")


def test_a_certificate_whose_description_could_not_be_read_has_gaps() -> None:
    row = having(listed(), denied(described())).one(Certificate)
    assert isinstance(row.in_use, Gap)
    assert isinstance(row.renewal, Gap)
    assert row.expires == datetime(2027, 1, 1, tzinfo=UTC)


def test_certificates_that_could_not_be_listed_leave_a_hole() -> None:
    assert having(denied(listed())).holes(Certificate)


def test_the_certificate_of_a_distribution_is_found_where_no_region_lists_it() -> None:
    front = distribution(ViewerCertificate={"ACMCertificateArn": ARN, "MinimumProtocolVersion": "TLSv1.2_2021"})
    edge = "acm:DescribeCertificate/edge"
    assert having(front, described(edge)).one(Certificate).subject.region == REGION
    assert [each for each in having(front, denied(described(edge))).holes(Certificate) if each.gap.call == edge]
    gone = having(front, absent(edge, GLOBE, CertificateArn=ARN))
    assert not gone.rows(Certificate)
    both = having(front, listed(), described(), described(edge))
    assert len(both.rows(Certificate)) == 1


def rule(found: Shaped, kind: str) -> CorsRule:
    (row,) = [each for each in found.rows(CorsRule).values() if each.subject.kind == kind]
    return row


def test_origins_of_an_http_api() -> None:
    api = {"ApiId": "http1", "Name": "partners", "ProtocolType": "HTTP"}
    given = {"AllowOrigins": ["https://*"], "AllowCredentials": True}
    found = having(answered("apigatewayv2:GetApis", Items=[{**api, "CorsConfiguration": given}]))
    assert (rule(found, "http-api").origins, rule(found, "http-api").credentials) == (("https://*",), True)
    bare = rule(having(answered("apigatewayv2:GetApis", Items=[api])), "http-api")
    assert (bare.origins, bare.credentials) == ((), False)
    assert having(answered("apigatewayv2:GetApis", Items=[{**api, "CorsConfiguration": 7}])).holes(CorsRule)


def test_origins_of_a_function_url() -> None:
    url = {
        "FunctionUrl": "https://url1.lambda-url.us-east-1.on.aws/",
        "FunctionArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:orders-api",
        "AuthType": "NONE",
        "Cors": {"AllowOrigins": ["*"]},
    }
    call = answered("lambda:ListFunctionUrlConfigs", params={"FunctionName": "orders-api"}, FunctionUrlConfigs=[url])
    assert rule(having(call), "function-url").origins == ("*",)


@pytest.mark.parametrize("call", ["apigatewayv2:GetApis", "lambda:ListFunctionUrlConfigs"])
def test_what_could_not_be_listed_leaves_holes(call: str) -> None:
    assert lacking(call).holes(CorsRule)


@pytest.mark.parametrize(
    ("origin", "signed"),
    [
        ({"S3OriginConfig": {"OriginAccessIdentity": ""}, "OriginAccessControlId": "E1"}, "E1"),
        (
            {"S3OriginConfig": {"OriginAccessIdentity": "origin-access-identity/cloudfront/E2"}},
            "origin-access-identity/cloudfront/E2",
        ),
        ({"S3OriginConfig": {"OriginAccessIdentity": ""}, "OriginAccessControlId": ""}, ""),
    ],
)
def test_how_a_distribution_signs_what_it_sends(origin: dict, signed: str) -> None:
    made = {"Id": "o", "DomainName": "pictures.s3.amazonaws.com", **origin}
    assert backend(having(distribution(Origins={"Items": [made]}))).signed_as == signed
