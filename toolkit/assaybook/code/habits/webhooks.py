"""Handlers of webhooks, and how they find out who sends.

Sources: GitHub, "Validating webhook deliveries"; Stripe, "Verify webhook signatures"; Slack, "Verifying requests"; Shopify, "Verify the origin of the webhook"; Twilio, "Webhooks security"; Svix and
Standard Webhooks; Python, "hmac.compare_digest"; Node.js, "crypto.timingSafeEqual".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .. import ir
from ..naming import View
from ..scopes import Scope
from .answers import is_route
from .fact import WEBHOOKS, Fact
from .lists import set_of
from .objects import _run
from .reach import Started
from .words import words

_HEADER = re.compile(
    r"^(?:x-hub-signature(?:-256)?|x-github-event|stripe-signature|x-slack-signature|x-slack-request-timestamp|x-shopify-hmac-sha256|x-shopify-topic|x-twilio-signature|x-gitlab-token|x-gitlab-event|svix-signature|webhook-signature|"
    r"x-signature-ed25519|x-square-hmacsha256-signature|x-zm-signature|x-line-signature|x-wc-webhook-signature|paypal-transmission-sig|x-razorpay-signature|x-paystack-signature|x-signature|x-webhook-signature|x-hook-signature|"
    r"x-event-key|x-atlassian-webhook-identifier|typeform-signature|x-contentful-signature|intuit-signature|x-telegram-bot-api-secret-token|linear-signature|x-hub-secret)$",
    re.IGNORECASE,
)
_PATH = re.compile(r"(?:^|/)(?:web-?hooks?|hooks?|callbacks?/(?:stripe|paypal|github|slack))(?:/|$|_)", re.IGNORECASE)
# Who sends webhooks receives none by that name.
_SENDS = set_of(
    "set get configure send notify post publish dispatch trigger create register delete remove list update subscribe call fire emit deliver build format setup configure to"
)
_HELPERS = re.compile(
    r"constructEvent(?:Async)?$|construct_event$|SignatureVerifier|is_valid_request$|\.is_valid$|verifySlackRequest|verify_slack|RequestValidator|validateRequest(?:WithBody)?$|validateExpressRequest|Webhooks?\(\)\.verify(?:AndReceive)?$|"
    r"svix|standardwebhooks|nacl\.signing|VerifyKey|verifyKey(?:Middleware)?$|crypto\.verify$|verify_webhook|verifyWebhook|verify_signature|verifySignature|validate_signature|validateSignature|checkSignature|check_signature|is_valid_signature|isValidSignature|"
    r"@octokit/webhooks|createVerify$|verify_header|webhooks?\.(?:unwrap|verify|validate)|utility\.verify_webhook_signature|validateWebhookSignature",
    re.IGNORECASE,
)
_CONSTANT_TIME = frozenset(
    {
        "hmac.compare_digest",
        "secrets.compare_digest",
        "crypto.timingSafeEqual",
        "compare_digest",
        "timingSafeEqual",
        "tsscmp",
        "scmp",
        "safe-compare",
        "secure-compare",
        "timing-safe-compare",
        "django.utils.crypto.constant_time_compare",
        "werkzeug.security.safe_str_cmp",
        "buffer-equal-constant-time",
    }
)
_MACS = re.compile(r"hmac\.new$|hmac\.digest$|crypto\.createHmac$|HmacSHA(?:1|256|512)$|createHmac")
_AGE = re.compile(
    r"timestamp|tolerance|nonce|replay|max_?age|delivery_?id|idempoten|event_?id|x-github-delivery", re.IGNORECASE
)

_CALLS_OUT = re.compile(
    r"(?i)(?:https?|axios|got|fetch|undici|superagent|needle|requests|urllib3?|httpx|session|client|http_client)\b"
)


def webhooks(view: View, starts: tuple[Started, ...]) -> Iterator[Fact]:
    """One fact for each handler that receives a webhook, as its name, its route or the headers that it reads say."""
    seen: set[int] = set()
    routes = [(scope, path) for scope in view.scopes if (path := _route(view, scope))]
    for scope, path in routes:
        run = _run(view, scope)
        headers = sorted({each for one in run for each in _headers(one)})
        if headers or _PATH.search(path):
            seen.add(id(scope))
            yield _fact(view, scope, run, headers, f"it reads {headers[0]}" if headers else f"it serves {path}")
    for start in starts:
        scope = start.scope
        if id(scope) in seen or scope.function is None:
            continue
        seen.add(id(scope))
        run = _run(view, scope)
        headers = sorted({each for one in [*run, *([scope.top] if not routes else [])] for each in _headers(one)})
        why = f"it reads {headers[0]}" if headers else _said(scope)
        if why:
            yield _fact(view, scope, run, headers, why)


def _route(view: View, scope: Scope) -> str:
    """The path that a function is registered for (`@app.post("/hooks")`, `app.post("/hooks", handler)`); empty if it is not."""
    if scope.function is None:
        return ""
    calls = [each for each in scope.function.decorators if isinstance(each, ir.Call) and is_route(scope)]
    if not calls and "<" in scope.function.qualified and scope.outer is not None:
        calls = [
            call
            for call in scope.outer.calls()
            if isinstance(call.function, ir.Member)
            and call.function.name in ("get", "post", "put", "all", "use", "route")
            and any(
                isinstance(each.value, ir.Closure) and each.value.function is scope.function for each in call.arguments
            )
        ]
    for call in calls:
        path = view.value(call.arguments[0].value, scope) if call.arguments else ""
        if isinstance(path, str) and path.startswith("/"):
            return path
    return ""


def _headers(scope: Scope) -> Iterator[str]:
    for node in scope.nodes:
        said = node.value if isinstance(node, ir.Constant) else node.name if isinstance(node, ir.Member) else ""
        if isinstance(said, str) and len(said) < 60 and _HEADER.match(said):
            yield said.lower()


def _said(scope: Scope) -> str:
    """Why a handler is taken for one of a webhook: its own name, that of its file, or a route that it serves."""
    name = scope.function.name if scope.function else ""
    stem = scope.module.path.rpartition(".")[0]
    folders = stem.split("/")
    for each in (
        name,
        folders[-1],
        folders[-2]
        if len(folders) > 1 and folders[-1] in ("index", "app", "handler", "main", "lambda_function")
        else "",
    ):
        said = words(each)
        whole = "".join(said)
        if ("webhook" in said or "webhooks" in said or "webhook" in whole) and not set(said) & _SENDS:
            return f"its name is {each}"
    for each_scope in scope.nest():
        for node in each_scope.nodes:
            if (
                isinstance(node, ir.Constant)
                and isinstance(node.value, str)
                and len(node.value) < 60
                and node.value.startswith("/")
                and _PATH.search(node.value)
                and not _is_called(node, each_scope)
            ):
                return f"it serves {node.value}"
    return ""


def _is_called(node: ir.Constant, scope: Scope) -> bool:
    """Whether a path is one that the function calls itself: `https.request({ path: "/hook" })`."""
    return any(
        isinstance(each, ir.Call) and _CALLS_OUT.match(ir.dotted(each.function)) is not None
        for each in scope.around(node)
    )


def _fact(view: View, scope: Scope, run: list[Scope], headers: list[str], why: str) -> Fact:
    names = [(view.named(call.function, each), call, each) for each in run for call in each.calls()]
    helper = next((name for name, _, _ in names if _HELPERS.search(name)), "")
    constant_time = any(
        name in _CONSTANT_TIME or name.rpartition(".")[2] in ("compare_digest", "timingSafeEqual")
        for name, _, _ in names
    )
    macs = any(_MACS.search(name) for name, _, _ in names)
    compared = next(
        (
            node
            for each in run
            for node in each.nodes
            if isinstance(node, ir.Binary) and node.operator in ("==", "===", "!=", "!==") and _is_signature(node)
        ),
        None,
    )
    old = any(_AGE.search(said) for each in run for said in _texts(each))
    function = scope.shown
    place = scope.function.place if scope.function else ir.NOWHERE
    if helper or constant_time:
        kind, said, certain = (
            "verified",
            f"{function} verifies the signature of the webhook ({helper or 'in constant time'})",
            True,
        )
    elif macs and compared is not None:
        kind, said, certain = (
            "compared",
            f"{function} compares the signature of the webhook with ==, whose time tells how much of it is right",
            True,
        )
        place = compared.place
    elif compared is not None:
        kind, said, certain = "compared", f"{function} compares what the sender gave as a proof with ==", False
        place = compared.place
    else:
        kind, said = "not-verified", f"{function} takes a webhook ({why}) and nothing in it verifies who sends it"
        # A name alone may belong to what sends webhooks, or to what an authorizer guards.
        certain = bool(headers)
    return Fact(
        WEBHOOKS,
        kind,
        function or "handler",
        place,
        scope,
        said,
        certain,
        {"fresh": old or "constructEvent" in helper or "construct_event" in helper, "why": why},
    )


def _is_signature(compared: ir.Binary) -> bool:
    for side in (compared.left, compared.right):
        said = side.name if isinstance(side, ir.Member) else side.id if isinstance(side, ir.Name) else ""
        if re.search(r"sig|hmac|digest|expected|hash|secret|token", said, re.IGNORECASE):
            other = compared.right if side is compared.left else compared.left
            if not (isinstance(other, ir.Constant) and (other.value is None or other.value == "")) and ir.dotted(
                other
            ) not in ("undefined", "null"):
                return True
    return False


def _texts(scope: Scope) -> Iterator[str]:
    for node in scope.nodes:
        if isinstance(node, ir.Name):
            yield node.id
        elif isinstance(node, ir.Member):
            yield node.name
        elif isinstance(node, ir.Constant) and isinstance(node.value, str) and len(node.value) < 60:
            yield node.value
