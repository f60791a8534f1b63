"""Where connections of callers end, how backends are reached, and which origins browsers may call from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from ...capture import GLOBAL, Capture, Captures
from ...evidence import Hole, Row
from ...model import Subject
from ...tables.transport import CorsRule, TlsEndpoint
from ..records import Record, items, listing, loose_items, loose_part, part, shaped, text
from ..tags import TagWords, tag_map
from .apis import Api, apis, holes
from .balancers import Balancer, balancers
from .functions import Function, functions
from .resources import partition_of

REFUSED, REDIRECTED, SERVED = "refused", "redirected", "served"
# The lowest version of TLS by the name of the policy. Sources: API Gateway developer guide, "Choose a security policy for your custom domain"; CloudFront developer
# guide, "Supported protocols and ciphers between viewers and CloudFront"; Application Load Balancer guide, "Security policies".
_POLICIES = (
    (r"TLS_1_(\d)", r"1.\1"),
    (r"SecurityPolicy_TLS13_1_(\d)_\w+", r"1.\1"),
    (r"SecurityPolicy_TLS13_\d{4}_EDGE", "1.3"),
    (r"SecurityPolicy_TLS12_\w+", "1.2"),
    (r"SSLv3|TLSv1|TLSv1_2016", "1.0"),
    (r"TLSv(1\.\d)_\d{4}", r"\1"),
    (r"ELBSecurityPolicy-(?:TLS13|TLS|FS)-1-(\d)-[\w-]+", r"1.\1"),
    (r"ELBSecurityPolicy-(?:20\d\d-\d\d|FS-2018-06)", "1.0"),
)


def lowest_version(policy: str) -> str:
    """The lowest version of TLS that a policy takes; empty for a name that is not known."""
    for pattern, version in _POLICIES:
        found = re.fullmatch(pattern, policy)
        if found:
            return found.expand(version)
    return ""


def shape_transport(captures: Captures, words: TagWords) -> Iterator[Row | Hole]:
    """TlsEndpoint and CorsRule rows."""
    yield from _domains(captures, words)
    for capture in captures.expect("cloudfront:ListDistributions", "aws", scope=GLOBAL):
        fronts = listing(capture)
        yield from fronts.holes(TlsEndpoint)
        for record in fronts.records:
            if record.get("Enabled") is not False:
                yield from shaped(capture, TlsEndpoint, partial(_distribution, capture, record))
    for found, known in balancers(captures):
        yield from found.holes(TlsEndpoint)
        for balancer in known:
            if balancer.public:
                yield from _listeners(captures, balancer)
    for found, whole in apis(captures, words, "rest", "v2", "graphql"):
        yield from holes(found, TlsEndpoint, *([CorsRule] if found.capture.call == "apigatewayv2:GetApis" else []))
        for api in whole:
            if api.public is not False and not api.execute_endpoint_off:
                yield _by_service(api.subject, api.kind, api.host, (api.capture.ref,), api)
            if api.kind == "http":
                yield from shaped(api.capture, CorsRule, partial(_api_cors, api), api.subject)
    for found, each in functions(captures, words):
        yield from found.holes(TlsEndpoint, CorsRule)
        for function in each:
            yield from _urls(function)


def _by_service(
    subject: Subject, kind: str, address: str, sources: tuple[str, ...], about: Api | Function
) -> TlsEndpoint:
    return TlsEndpoint(
        key=f"{subject.key} endpoint",
        subject=subject,
        sources=tuple(each for each in sources if each),
        setting=replace(about.setting, internet=False),
        kind=kind,
        address=address,
        plain_http=REFUSED,
        policy="",
        lowest="",
        by_service=True,
    )


def _domains(captures: Captures, words: TagWords) -> Iterator[TlsEndpoint | Hole]:
    """Own domain names: the older service lists edge-optimised ones too, the newer one those of HTTP and WebSocket APIs."""
    seen: set[tuple[str, str, str]] = set()
    for call, name in (("apigateway:GetDomainNames", "domainName"), ("apigatewayv2:GetDomainNames", "DomainName")):
        for capture in captures.expect(call, "aws"):
            found = listing(capture)
            yield from found.holes(TlsEndpoint)
            for record in found.records:
                place = (capture.target.account, capture.target.region, str(record.get(name)))
                if place not in seen:
                    seen.add(place)
                    if "PRIVATE" not in loose_items(loose_part(record, "endpointConfiguration"), "types"):
                        yield from shaped(capture, TlsEndpoint, partial(_domain, capture, record, name, words))


def _domain(capture: Capture, record: Record, name: str, words: TagWords) -> TlsEndpoint:
    target, domain = capture.target, text(record, name)
    arn = f"arn:{partition_of(target.region)}:apigateway:{target.region}::/domainnames/{domain}"
    newer = [each for each in loose_items(record, "DomainNameConfigurations") if isinstance(each, Mapping)]
    policies = [text(each, "SecurityPolicy") for each in newer] or [text(record, "securityPolicy")]
    # The lowest version decides; a policy whose name is not known comes first, as nobody can say what it takes.
    policy = min(policies, key=lowest_version)
    return TlsEndpoint(
        key=f"{target.account} {arn}",
        subject=Subject("aws", target.account, target.region, "domain-name", arn, domain),
        sources=(capture.ref,) if capture.ref else (),
        setting=words.setting(tag_map(record.get("tags", record.get("Tags")))),
        kind="domain",
        address=f"https://{domain}",
        plain_http=REFUSED,
        policy=policy,
        lowest=lowest_version(policy),
        by_service=False,
    )


def _distribution(capture: Capture, record: Record) -> TlsEndpoint:
    arn, name = text(record, "ARN"), text(record, "DomainName")
    aliases = [str(each) for each in loose_items(loose_part(record, "Aliases"), "Items")]
    certificate = part(record, "ViewerCertificate")
    # A distribution under CloudFront's own name and certificate takes TLS 1.0, whatever is set.
    own = certificate.get("ACMCertificateArn") or certificate.get("IAMCertificateId")
    usual = certificate.get("CloudFrontDefaultCertificate") is True and not own
    policy = "TLSv1" if usual else text(certificate, "MinimumProtocolVersion")
    policies = viewer_policies(record)
    plain = SERVED if "allow-all" in policies else REDIRECTED if "redirect-to-https" in policies else REFUSED
    return TlsEndpoint(
        key=arn,
        subject=Subject("aws", capture.target.account, GLOBAL, "distribution", arn, aliases[0] if aliases else name),
        sources=(capture.ref,) if capture.ref else (),
        kind="distribution",
        address=f"https://{aliases[0] if aliases else name}",
        plain_http=plain,
        policy=policy,
        lowest=lowest_version(policy),
        by_service=False,
    )


def viewer_policies(record: Record) -> set[str]:
    """How the behaviours of a distribution take viewers without TLS. Raises KeyError if a behaviour does not say."""
    behaviours = [part(record, "DefaultCacheBehavior"), *items(part(record, "CacheBehaviors"), "Items")]
    return {text(each, "ViewerProtocolPolicy") for each in behaviours}


def _listeners(captures: Captures, balancer: Balancer) -> Iterator[TlsEndpoint | Hole]:
    found = listing(captures.about("elbv2:DescribeListeners", balancer.target, LoadBalancerArn=balancer.arn))
    yield from found.holes(TlsEndpoint, about=balancer.subject)
    for record in found.records:
        make = partial(_listener, captures, balancer, found.capture, record)
        yield from shaped(found.capture, TlsEndpoint, make, balancer.subject)


def _listener(captures: Captures, balancer: Balancer, capture: Capture, record: Record) -> TlsEndpoint:
    arn, protocol, port = text(record, "ListenerArn"), text(record, "Protocol"), record["Port"]
    rules = captures.about("elbv2:DescribeRules", balancer.target, ListenerArn=arn)
    plain: Any = REFUSED
    if protocol == "HTTP":
        plain = rules.read(_plain)
    policy = text(record, "SslPolicy", "")
    return TlsEndpoint(
        key=arn,
        subject=replace(balancer.subject, kind="listener", native=arn, name=f"{balancer.name}:{port}"),
        sources=tuple(each for each in (*balancer.sources, capture.ref, rules.ref) if each),
        kind="listener",
        address=f"{'http' if protocol == 'HTTP' else 'https'}://{balancer.host}:{port}",
        plain_http=plain,
        policy=policy,
        lowest=lowest_version(policy),
        by_service=False,
    )


def _plain(answer: Record) -> str:
    """Whether every rule of a listener without TLS, the default one included, redirects to HTTPS."""
    rules = answer["Rules"]
    return REDIRECTED if rules and all(_redirects(each) for each in rules) else SERVED


def _redirects(rule: Record) -> bool:
    actions = rule["Actions"]
    return bool(actions) and all(
        each["Type"] == "redirect" and each.get("RedirectConfig", {}).get("Protocol") == "HTTPS" for each in actions
    )


def _urls(function: Function) -> Iterator[TlsEndpoint | CorsRule | Hole]:
    found = function.urls
    yield from found.holes(TlsEndpoint, CorsRule, about=function.subject)
    for record in found.records:
        yield from shaped(found.capture, TlsEndpoint, partial(_url, function, record), function.subject)
        yield from shaped(found.capture, CorsRule, partial(_url_cors, function, record), function.subject)


def _url_subject(function: Function, record: Record) -> Subject:
    arn = text(record, "FunctionArn")
    return replace(function.subject, kind="function-url", native=f"{arn}/url", name=f"the URL of {function.name}")


def _url(function: Function, record: Record) -> TlsEndpoint:
    sources = (function.capture.ref, function.urls.capture.ref)
    return _by_service(_url_subject(function, record), "url", text(record, "FunctionUrl"), sources, function)


def _url_cors(function: Function, record: Record) -> CorsRule:
    subject, rule = _url_subject(function, record), part(record, "Cors")
    sources = (function.capture.ref, function.urls.capture.ref)
    return CorsRule(
        key=f"{subject.key} cors",
        subject=subject,
        sources=tuple(each for each in sources if each),
        setting=function.setting,
        address=text(record, "FunctionUrl"),
        origins=tuple(str(each) for each in items(rule, "AllowOrigins")),
        credentials=rule.get("AllowCredentials") is True,
    )


def _api_cors(api: Api) -> CorsRule:
    rule = part(api.record, "CorsConfiguration")
    return CorsRule(
        key=f"{api.arn} cors",
        subject=api.subject,
        sources=(api.capture.ref,) if api.capture.ref else (),
        setting=api.setting,
        address=f"https://{api.host}",
        origins=tuple(str(each) for each in items(rule, "AllowOrigins")),
        credentials=rule.get("AllowCredentials") is True,
    )
