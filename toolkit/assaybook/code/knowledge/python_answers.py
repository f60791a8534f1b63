"""Calls of Python that answer the caller, and that write to the log. Source of each: the library's own documentation of the call."""

from __future__ import annotations

from .terms import (
    LOG,
    REDIRECT,
    XSS,
    Sink,
)

_ANSWERS = (
    *(
        Sink(REDIRECT, name, keywords=("location", "url"), said="sends the caller to the address")
        for name in (
            "flask.redirect",
            "werkzeug.utils.redirect",
            "django.shortcuts.redirect",
            "django.http.HttpResponseRedirect",
            "fastapi.responses.RedirectResponse",
            "starlette.responses.RedirectResponse",
        )
    ),
    *(
        Sink(XSS, name, keywords=("content",), said="answers it as HTML")
        for name in (
            "fastapi.responses.HTMLResponse",
            "starlette.responses.HTMLResponse",
            "flask.Markup",
            "markupsafe.Markup",
            "django.utils.safestring.mark_safe",
        )
    ),
    *(
        Sink(
            XSS,
            name,
            keywords=("body", "content", "response"),
            only_if=(option, "text/html"),
            said="answers it as HTML",
        )
        for name, option in (
            ("azure.functions.HttpResponse", "mimetype"),
            ("flask.Response", "mimetype"),
            ("django.http.HttpResponse", "content_type"),
            ("fastapi.responses.Response", "media_type"),
            ("fastapi.Response", "media_type"),
            ("flask.Response", "content_type"),
        )
    ),
    *(
        Sink(
            XSS,
            name,
            keywords=("body", "response", "content"),
            rule="html",
            review="whether it is answered as HTML is not known",
            unless=("mimetype", "text/html"),
            said="answers it",
        )
        for name in ("azure.functions.HttpResponse", "flask.make_response", "django.http.HttpResponse")
    ),
)


_ANSWERS = (
    *_ANSWERS,
    *(
        Sink(
            XSS,
            name,
            positions=(2,),
            keywords=("body",),
            only_if=("content_type|1", "text/html|TEXT_HTML"),
            said="answers it as HTML",
        )
        for name in (
            "aws_lambda_powertools.event_handler.Response",
            "aws_lambda_powertools.event_handler.api_gateway.Response",
        )
    ),
    *(
        Sink(
            XSS,
            name,
            keywords=("body", "response", "content"),
            only_if=("headers.Content-Type", "text/html"),
            said="answers it as HTML",
        )
        for name in ("chalice.Response", "flask.Response", "azure.functions.HttpResponse", "chalice.app.Response")
    ),
    *(
        Sink(
            REDIRECT,
            name,
            positions=(),
            keywords=("headers",),
            keys=("Location", "location"),
            said="sends the caller to the address",
        )
        for name in (
            "chalice.Response",
            "flask.Response",
            "azure.functions.HttpResponse",
            "aws_lambda_powertools.event_handler.Response",
            "fastapi.Response",
            "fastapi.responses.Response",
        )
    ),
)


_LEVELS = ("debug", "info", "warning", "warn", "error", "critical", "exception", "log", "msg", "append_keys")


_LOGS = (
    Sink(LOG, "print", positions=(0, 1, 2, 3, 4, 5), said="prints it to the log"),
    Sink(LOG, "pprint.pprint", said="prints it to the log"),
    *(
        Sink(
            LOG, f"{logger}.{name}", positions=(0, 1, 2, 3), keywords=("msg", "extra", "*"), said="writes it to the log"
        )
        for logger in (
            "logging",
            "logging.getLogger",
            "aws_lambda_powertools.Logger",
            "structlog.get_logger",
            "loguru.logger",
            "aws_lambda_powertools.logging.Logger",
            "logging.Logger",
            "logging.LoggerAdapter",
            "sys.stdout",
            "sys.stderr",
        )
        for name in (*_LEVELS, "write")
    ),
    *(
        Sink(
            LOG,
            f"?.{name}",
            positions=(0, 1, 2),
            review="what it is called on is not known",
            said="writes it to the log",
        )
        for name in ("info", "debug", "warning", "error")
    ),
)

ANSWERS: tuple[Sink, ...] = (*_ANSWERS, *_LOGS)
