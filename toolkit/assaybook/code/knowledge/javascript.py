"""What is known of JavaScript and TypeScript: the engine of Node, its modules, and the libraries that serverless functions are written with."""

from __future__ import annotations

from .javascript_cleaners import CLEANERS, GUARDS, VALIDATORS
from .javascript_entries import (
    ANSWER_MEMBERS,
    ANSWERING,
    CLEAN_PATHS,
    GUESSES,
    HANDLERS,
    PARAMETER_DECORATORS,
    ROUTES,
    TEXT_PATHS,
)
from .javascript_passing import ALIASES, CALLBACKS, CLOSED, PARSING, PASSING, TEXTS, TRANSPARENT
from .javascript_queries import QUERIES
from .javascript_sinks import SINKS
from .javascript_sources import SOURCES
from .javascript_web import WEB
from .terms import Knowledge

JAVASCRIPT_KNOWLEDGE = Knowledge(
    sinks=(*SINKS, *QUERIES, *WEB),
    sources=SOURCES,
    cleaners=CLEANERS,
    validators=VALIDATORS,
    passing=PASSING,
    parsing=PARSING,
    texts=TEXTS,
    aliases=ALIASES,
    transparent=TRANSPARENT,
    clean=CLEAN_PATHS,
    guards=GUARDS,
    routes=ROUTES,
    ends=("process.exit", "process.abort"),
    parameter_decorators=PARAMETER_DECORATORS,
    answering=ANSWERING,
    answer_members=ANSWER_MEMBERS,
    text_paths=TEXT_PATHS,
    handlers=HANDLERS,
    guesses=GUESSES,
    callbacks=CALLBACKS,
    closed=CLOSED,
    environment=("process.env", "Bun.env", "import.meta.env"),
)
