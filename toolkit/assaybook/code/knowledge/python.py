"""What is known of Python and its libraries."""

from __future__ import annotations

from .python_cleaners import CLEANERS, GUARDS, VALIDATORS
from .python_entries import GUESSES, HANDLERS, ROUTES
from .python_passing import CALLBACKS, CLEAN_PATHS, CLOSED, PASSING, TEXT_PATHS
from .python_sinks import SINKS
from .python_sources import SOURCES
from .terms import (
    Knowledge,
)

PYTHON_KNOWLEDGE = Knowledge(
    SINKS,
    SOURCES,
    CLEANERS,
    VALIDATORS,
    passing=PASSING,
    parsing=(
        "json.loads",
        "json.load",
        "simplejson.loads",
        "ujson.loads",
        "orjson.loads",
        "yaml.safe_load",
        "toml.loads",
        "tomllib.loads",
        "*.json",
        "*.get_json",
        "ast.literal_eval",
        "parse_json",
        "bson.decode",
    ),
    texts=("str.join", "*.isoformat"),
    keyed=("boto3.client", "boto3.resource"),
    aliases=(
        ("boto3.Session.client", "boto3.client"),
        ("boto3.session.Session.client", "boto3.client"),
        ("boto3.Session.resource", "boto3.resource"),
        ("boto3.session.Session.resource", "boto3.resource"),
        ("aioboto3.Session.client", "boto3.client"),
        ("aiobotocore.session.get_session.create_client", "boto3.client"),
        ("botocore.session.get_session.create_client", "boto3.client"),
        ("boto3.resource(s3).meta.client", "boto3.client(s3)"),
        ("boto3.resource(dynamodb).meta.client", "boto3.client(dynamodb)"),
        ("six.moves.cPickle", "pickle"),
        ("cPickle", "pickle"),
        ("ruamel.yaml.YAML.load", "ruamel.yaml.safe"),
        ("numpy.lib.npyio.load", "numpy.load"),
        ("httpx.stream", "httpx.get"),
        ("requests.api", "requests"),
        ("sqlalchemy.sql.text", "sqlalchemy.text"),
        ("azure.functions.decorators.FunctionApp", "azure.functions.FunctionApp"),
        ("logging.getLogger.getChild", "logging.getLogger"),
        ("flask.Flask.logger", "logging.getLogger"),
        ("flask.current_app.logger", "logging.getLogger"),
        ("chalice.Chalice.log", "logging.getLogger"),
        ("aws_lambda_powertools.logging.logger.Logger", "aws_lambda_powertools.Logger"),
    ),
    transparent=(
        "aws_xray_sdk.core.xray_recorder.capture",
        "functools.wraps",
        "nest_asyncio.apply",
        "staticmethod",
        "classmethod",
        "contextlib.closing",
        "contextlib.contextmanager",
        "functools.lru_cache",
        "asyncio.wait_for",
        "asyncio.shield",
        "flask.copy_current_request_context",
    ),
    clean=CLEAN_PATHS,
    guards=GUARDS,
    routes=ROUTES,
    callbacks=CALLBACKS,
    closed=CLOSED,
    handlers=HANDLERS,
    guesses=GUESSES,
    ends=(
        "sys.exit",
        "exit",
        "quit",
        "os._exit",
        "os.abort",
        "flask.abort",
        "werkzeug.exceptions.abort",
        "abort",
        "bottle.abort",
    ),
    text_paths=TEXT_PATHS,
    hardened=(
        ("lxml.etree.XMLParser", "resolve_entities", False),
        ("defusedxml.lxml.RestrictedElement", "resolve_entities", False),
    ),
    switches=(
        ("xml.sax.make_parser.setFeature", "feature_external_ges", True),
        ("xml.sax.make_parser.setFeature", "feature_external_pes", True),
    ),
    filling=frozenset(
        (
            "http.cookies.SimpleCookie.load",
            "http.cookies.BaseCookie.load",
            "configparser.ConfigParser.read_string",
            "configparser.RawConfigParser.read_string",
            "email.feedparser.FeedParser.feed",
        )
    ),
    standing=("boto3.resource(",),
    environment=("os.environ",),
)
