"""The ways into programs of Python: routes of frameworks, what platforms give handlers, and what handlers look like."""

from __future__ import annotations

from .python_sources import AZURE, POWERTOOLS_APPS
from .terms import Given, Guess, Route

_TEXTS = ("*",)


_VERBS = ("get", "post", "put", "delete", "patch", "head", "options", "route", "api_route", "websocket")


ROUTES: tuple[Route, ...] = (
    *(
        Route(f"flask.{base}.{name}", parameters=_TEXTS, html=True, said="a route of Flask")
        for base in ("Flask", "Blueprint")
        for name in ("route", "get", "post", "put", "delete", "patch")
    ),
    *(
        Route(f"flask.{base}.{name}", said="what Flask runs before each request")
        for base in ("Flask", "Blueprint")
        for name in ("before_request", "before_app_request")
    ),
    *(
        Route(f"{base}.{name}", parameters=_TEXTS, said="a route of FastAPI")
        for base in ("fastapi.FastAPI", "fastapi.APIRouter", "starlette.applications.Starlette")
        for name in _VERBS
    ),
    *(
        Route(f"chalice.{base}.{name}", parameters=_TEXTS, said="a route of Chalice")
        for base in ("Chalice", "Blueprint")
        for name in ("route",)
    ),
    *(
        Route(f"chalice.Chalice.{name}", parameters=("event",), http=False, said="a function of Chalice")
        for name in (
            "on_s3_event",
            "on_sns_message",
            "on_sqs_message",
            "on_kinesis_record",
            "on_dynamodb_record",
            "on_cw_event",
            "lambda_function",
            "on_ws_message",
        )
    ),
    *(
        Route(f"{app}.{name}", parameters=_TEXTS, said="a route of Powertools")
        for app in POWERTOOLS_APPS
        for name in ("get", "post", "put", "delete", "patch", "route", "resolver", "head")
    ),
    *(
        Route(f"{AZURE}.{base}.{name}", parameters=("azure.functions.HttpRequest", ""), said="a function of Azure")
        for base in ("FunctionApp", "Blueprint")
        for name in ("route", "function_name")
    ),
    *(
        Route(f"{AZURE}.{base}.{name}", parameters=("event", ""), http=False, said="a function of Azure")
        for base in ("FunctionApp", "Blueprint")
        for name in (
            "queue_trigger",
            "service_bus_queue_trigger",
            "service_bus_topic_trigger",
            "event_hub_message_trigger",
            "event_grid_trigger",
            "blob_trigger",
            "cosmos_db_trigger",
            "kafka_trigger",
            "generic_trigger",
        )
    ),
    Route("functions_framework.http", parameters=("flask.Request",), html=True, said="a function of Google Cloud"),
    Route(
        "functions_framework.cloud_event",
        parameters=("cloudevents.http.CloudEvent",),
        http=False,
        said="a function of Google Cloud",
    ),
    Route(
        "functions_framework.background_event", parameters=("event", ""), http=False, said="a function of Google Cloud"
    ),
    Route(
        "firebase_functions.https_fn.on_request",
        parameters=("flask.Request",),
        html=True,
        said="a function of Firebase",
    ),
    Route("firebase_functions.https_fn.on_call", parameters=("event",), said="a function of Firebase"),
    *(
        Route(f"bottle.{name}", parameters=_TEXTS, html=True, said="a route of Bottle")
        for name in ("route", "get", "post", "Bottle.route")
    ),
    *(
        Route(f"*.{name}", parameters=_TEXTS, when_imported=("flask",), html=True, said="a route of Flask")
        for name in ("route",)
    ),
    *(
        Route(f"*.{name}", parameters=_TEXTS, when_imported=("fastapi",), said="a route of FastAPI")
        for name in ("get", "post", "put", "delete", "patch", "api_route")
    ),
    *(
        Route(f"*.{name}", parameters=_TEXTS, when_imported=("chalice",), said="a route of Chalice")
        for name in ("route",)
    ),
    *(
        Route(f"*.{name}", parameters=_TEXTS, when_imported=("aws_lambda_powertools",), said="a route of Powertools")
        for name in ("get", "post", "put", "delete", "patch")
    ),
)


HANDLERS: tuple[Given, ...] = (
    Given("azure", "azure.functions.HttpRequest", r"req|request"),
    Given("azure", "", r"context|ctx|out\w*|.*output.*"),
    Given("azure", "event"),
    Given("google", "flask.Request", r"request|req|http_request|_?request"),
    Given("google", "cloudevents.http.CloudEvent", r"cloud_?event"),
    Given("google", "", position=1),
    Given("google", "event", position=0),
    Given("aws", "event", position=0),
    Given("aws", ""),
)


_EVENT, _CONTEXT = (
    r"_?(?:lambda_)?(?:event|evt|events|e|payload|input_?event)",
    r"_?_?(?:lambda_)?(?:context|ctx|ctxt|c|unused\w*)?_?",
)
GUESSES: tuple[Guess, ...] = (
    Guess(
        "azure",
        "main",
        (r"req|request|msg|message|myblob|inputblob|event|documents|mytimer|events",),
        ("azure.functions", "azure"),
    ),
    Guess(
        "azure",
        "main",
        (r"req|request|msg|message|myblob|inputblob|event|documents|events", r"\w+"),
        ("azure.functions", "azure"),
    ),
    Guess("aws", r".*", (_EVENT, r"_?_?(?:lambda_)?(?:context|ctx|ctxt)_?")),
    Guess("aws", r"(?:lambda_)?handler|(?:lambda_)?handle|main", (r"\w+", _CONTEXT)),
    Guess("aws", r"(?:lambda_)?handler", (_EVENT,)),
    Guess(
        "google", r".*", (r"request|req",), ("functions_framework", "flask", "google", "google.cloud", "firebase_admin")
    ),
    Guess("google", r".*", (r"cloud_?event",), ("functions_framework", "cloudevents")),
    Guess("google", r"\w+", (r"data|event", r"context"), ("google.cloud", "google")),
)
