"""The snippets of all remedies, and values to fill them with: ordinary ones, and such as nobody should trust."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assaybook.checks import ALL
from assaybook.remedy import Template, remedy_of

ORDINARY = ("orders-api", "Größe 3", "a_b.c", "x:y/z")
HOSTILE = (
    "$(echo > PWNED)",
    "`echo > PWNED`",
    "'; echo > PWNED; '",
    '"; echo > PWNED; "',
    "${HOME}",
    "%{ if true }",
    '"}]}, "Evil": {"a": ["',
    "{{resolve:ssm:/secret}}",
    "!Ref Evil",
    "- a: b",
    " # c",
    "\\",
    "\\'\\\"",
    "${AWS::AccountId}",
    "*/ resource",
    "=,[]{}",
    "END",
    "*",
    "~",
    "!!",
    "‹›«»",
)
# What names look like where a schema looks at them.
KNOWN = {
    "name": "orders-api",
    "account": "111122223333",
    "region": "eu-west-1",
    "native": "arn:aws:lambda:eu-west-1:111122223333:function:orders-api",
    "release": "live",
    "row.account": "444455556666",
    "row.engine": "POSTGRESQL",
    "row.network": "vpc-0a1b2c3d4e5f60718",
    "row.api": "arn:aws:apigateway:eu-west-1::/apis/a1b2c3d4e5",
    "row.bucket": "trail-bucket",
    "row.method": "POST",
    "row.path": "/orders",
    "row.region": "eu-west-1",
    "row.resource": "arn:aws:lambda:eu-west-1:111122223333:function:orders-api:live",
    "row.role": "arn:aws:iam::111122223333:role/orders-api",
    "row.source": "arn:aws:kinesis:eu-west-1:111122223333:stream/orders",
    "row.stage": "live",
    "row.url": "https://a1b2c3.lambda-url.eu-west-1.on.aws/",
    "row.workload": "arn:aws:lambda:eu-west-1:111122223333:function:orders-api",
}
LAYER = "arn:aws:lambda:eu-west-1:111122223333:layer:shared:3"

GATEWAY = "arn:aws:apigateway:eu-west-1:"
# Values with which a snippet takes another of its branches, and a call that stands there.
BRANCHES = [
    ("api-cache-not-encrypted", {"native": f"{GATEWAY}:/restapis/a1b2c3d4e5/stages/live"}, "update-stage"),
    ("api-cache-not-encrypted", {"native": "arn:aws:appsync:eu-west-1:111122223333:apis/a1b2c3"}, "create-api-cache"),
    ("authorizer-answer-shared", {"native": f"{GATEWAY}:/restapis/a1b2c3d4e5/authorizers/f6g7h8"}, "apigateway"),
    ("authorizer-answer-shared", {"native": f"{GATEWAY}:/apis/a1b2c3d4e5/authorizers/f6g7h8"}, "apigatewayv2"),
    ("configuration-not-recorded", {"row.region": "global", "row.home": "us-east-1"}, "us-east-1"),
    (
        "cors-credentials-for-any-origin",
        {"row.address": "https://a1b2c3.execute-api.eu-west-1.amazonaws.com"},
        "update-api",
    ),
    ("cors-credentials-for-any-origin", {"row.address": KNOWN["row.url"]}, "update-function-url-config"),
    ("endpoint-without-current-tls", {"row.plain_http": "served"}, "--default-actions"),
    ("endpoint-without-current-tls", {"row.plain_http": "refused"}, "--ssl-policy"),
    ("error-response-leaks", {"row.what": "the integration of POST /orders"}, "put-integration-response"),
    ("error-response-leaks", {"row.what": "the gateway's own error answers"}, "update-gateway-response"),
    ("origin-not-signed", {"row.host": "shop.s3.eu-west-1.amazonaws.com"}, "put-bucket-policy"),
    ("origin-not-signed", {"row.host": "a1b2c3.lambda-url.eu-west-1.on.aws"}, "update-distribution"),
]

# Checks whose rows have the name of a role, and not its ARN.
NAMES_ROLE = {"attack-path", "blast-radius"}


@dataclass(frozen=True)
class Snippet:
    """One template of one remedy."""

    check: str
    variant: str
    tool: str
    template: Template

    def __str__(self) -> str:
        return " ".join(part for part in (self.check, self.variant) if part)


def snippets(tool: str) -> Iterator[Snippet]:
    """Every template for a tool."""
    for check in ALL:
        remedy = remedy_of(check)
        for variant, templates in sorted(remedy.variants.items()) if remedy else ():
            if tool in templates:
                yield Snippet(check, variant, tool, templates[tool])


def ordinary(snippet: Snippet) -> Mapping[str, str]:
    """Values such as an account has."""
    known = {**KNOWN, **({"row.resource": LAYER} if snippet.variant == "layer" else {})}
    if snippet.check in NAMES_ROLE:
        known["row.role"] = "orders-api"
    return {name: known.get(name, "orders") for name in snippet.template.names}


def hostile(snippet: Snippet, value: str) -> Mapping[str, str]:
    """The same, but for what somebody in the account can choose."""
    return {name: known if name in ("account", "region") else value for name, known in ordinary(snippet).items()}
