"""What makes a function of JavaScript a way in, and the parts of an event that nobody outside chooses."""

from __future__ import annotations

from .terms import Route

_VERBS = ("get", "post", "put", "patch", "delete", "del", "all", "head", "options", "use")
_EXPRESS = ("express.request", "express.response", "")


def _callbacks(
    owners: str, parameters: tuple[str, ...], said: str, *, html: bool = False, verbs: tuple[str, ...] = _VERBS
) -> tuple[Route, ...]:
    return tuple(
        Route(f"{owner}.{verb}", "callback", parameters, html=html, said=said)
        for owner in owners.split()
        for verb in verbs
    )  # fmt: skip


# A decorator on a parameter says what it gets; all that it can say is the caller's. Source: NestJS documentation, "Controllers".
PARAMETER_DECORATORS = ("Body", "Query", "Param", "Headers", "Req", "Request", "UploadedFile", "UploadedFiles", "Args", "Ip", "HostParam", "Cookies",
    "MessageBody", "Payload", "BodyParam", "QueryParam", "QueryParams", "PathParam", "CookieParam", "HeaderParam", "Event")  # fmt: skip
_NEST = tuple(
    Route(f"{module}.{verb}", "decorator", ("parameter decorators",), said="a route of NestJS")
    for module in ("@nestjs/common", "routing-controllers", "tsoa")
    for verb in ("Get", "Post", "Put", "Patch", "Delete", "All", "Head", "Options")
)

ROUTES: tuple[Route, ...] = (
    *_callbacks("express express.default express.Router express.Router.route express.route", _EXPRESS, "a route of Express", html=True),
    *_callbacks("restify.createServer", ("restify.request", "restify.response", ""), "a route of restify"),
    *_callbacks("fastify fastify.default fastify.fastify", ("fastify.request", "fastify.reply"), "a route of Fastify"),
    *_callbacks("@koa/router koa-router", ("koa.context", ""), "a route of Koa", html=True),
    Route("koa.use", "callback", ("koa.context", ""), said="a handler of Koa", html=True),
    *_callbacks("hono.Hono hono/tiny.Hono hono/quick.Hono", ("hono.context", ""), "a route of Hono"),
    *_callbacks("lambda-api", ("lambda-api.request", "lambda-api.response"), "a route of lambda-api", html=True),
    *_callbacks("itty-router.Router itty-router.AutoRouter", ("fetch.request",), "a route"),
    *_callbacks("next-connect next-connect.createRouter", _EXPRESS, "a route"),
    Route("@google-cloud/functions-framework.http", "callback", ("google.functions.request", "google.functions.response"), said="an HTTP function", html=True),
    Route("@google-cloud/functions-framework.cloudEvent", "callback", ("event",), http=False, said="a function for events"),
    *(
        Route(f"{module}.{name}", "callback", ("google.functions.request", "google.functions.response"), said="an HTTP function", html=True)
        for module in ("firebase-functions", "firebase-functions/v1", "firebase-functions/v2", "firebase-functions.v2")
        for name in ("https.onRequest",)
    ),
    Route("firebase-functions/v2/https.onRequest", "callback", ("google.functions.request", "google.functions.response"), said="an HTTP function", html=True),
    Route("firebase-functions/v2/https.onCall", "callback", ("event",), said="a function that is called"),
    *(Route(f"firebase-functions.{name}", "callback", ("event",
        ""), http=name.startswith("https"), said="a function for events") for name in ("https.onCall", "pubsub.topic.onPublish",
        "storage.object.onFinalize", "firestore.document.onCreate", "firestore.document.onWrite", "firestore.document.onUpdate")),
    *(
        Route(f"@azure/functions.app.{name}", "callback", ("azure.functions.request", "azure.functions.context"), said="an HTTP function")
        for name in ("http", "get", "post", "put", "patch", "deleteRequest")
    ),
    *(
        Route(f"@azure/functions.app.{name}", "callback", ("event", "azure.functions.context"), http=False, said="a function for messages")
        for name in ("storageQueue", "storageBlob", "serviceBusQueue", "serviceBusTopic", "eventHub", "eventGrid", "cosmosDB", "generic")
    ),
    *_NEST,
)  # fmt: skip

_AUTHORISED = (
    r"(?:\w+\.)?requestContext\.(?:authorizer|identity\.(?:cognito\w*|user\w*|caller|accountId|accessKey|principalOrgId)|requestId|stage|accountId|"
    r"apiId|domainName|domainPrefix|time\w*|resourceId|resourcePath|httpMethod|protocol|extendedRequestId|connectionId|routeKey|eventType|messageId)\b"
)
CLEAN_PATHS: tuple[str, ...] = (_AUTHORISED,)
