"""Flows past tests: those that make data harmless, those that may, and those that do not; and further ways to write handlers."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from flow_samples import flows_of

# the flows (kind, and + if certain), the configured handler, the files
PROGRAMS = [
    (
        ["log-"],
        "app.handler",
        {
            "app.py": """
def handler(event, context):
    print("body", event["body"])
"""
        },
    ),
    (
        [],
        "app.handler",
        {
            "app.py": """
def handler(event, context):
    for r in event["Records"]:
        print(r["body"])
        print(r["eventName"])
"""
        },
    ),
    (
        ["xss+"],
        "app.handler",
        {
            "app.py": """
from aws_lambda_powertools.event_handler import APIGatewayRestResolver, Response, content_types
app = APIGatewayRestResolver()
@app.get("/a")
def a():
    n = app.current_event.get_query_string_value("n")
    return Response(status_code=200, content_type=content_types.TEXT_HTML, body=f"<b>{n}</b>")
def handler(event, context):
    return app.resolve(event, context)
"""
        },
    ),
    (
        ["xss+"],
        "",
        {
            "app.py": """
from chalice import Chalice, Response
app = Chalice(app_name="x")
@app.route("/a")
def a():
    n = app.current_request.query_params["n"]
    return Response(body="<h1>" + n + "</h1>", status_code=200, headers={"Content-Type": "text/html; charset=utf-8"})
"""
        },
    ),
    (
        ["redirect+"],
        "",
        {
            "app.py": """
from chalice import Chalice, Response
app = Chalice(app_name="x")
@app.route("/a")
def a():
    return Response(body="", status_code=302, headers={"Location": app.current_request.query_params["n"]})
"""
        },
    ),
    (
        ["code-"],
        "app.handler",
        {
            "app.py": """
def alpha(e):
    pass
def handler(event, context):
    return globals()[event["fn"]](event)
"""
        },
    ),
    (
        [],
        "app.handler",
        {
            "app.py": """
import os
KNOWN = {"a": 1}
def handler(event, context):
    x = event["x"]
    if not KNOWN.get(x):
        return "no"
    os.system("run " + x)
"""
        },
    ),
    (
        [],
        "app.handler",
        {
            "app.py": """
import os
def handler(event, context):
    x = event["x"]
    if not all(c.isalnum() or c in "-_" for c in x):
        return "no"
    os.system("run " + x)
"""
        },
    ),
    (
        [],
        "app.handler",
        {
            "app.py": """
import os
def handler(event, context):
    x = event["x"]
    if not any(x == a for a in ("a", "b")):
        return "no"
    os.system("run " + x)
"""
        },
    ),
    (
        ["command-"],
        "app.handler",
        {
            "app.py": """
import os
def handler(event, context):
    x = event["x"]
    if any(c in x for c in [";", "|", "&"]):
        return "no"
    os.system("run " + x)
"""
        },
    ),
    (
        ["ssrf-"],
        "app.handler",
        {
            "app.py": """
import requests, socket, ipaddress
from urllib.parse import urlparse
def handler(event, context):
    u = event["url"]
    ip = socket.gethostbyname(urlparse(u).hostname)
    if ipaddress.ip_address(ip).is_private:
        return "no"
    return requests.get(u).text
"""
        },
    ),
    (
        [],
        "app.handler",
        {
            "app.py": """
import psycopg2
from psycopg2 import sql
def handler(event, context):
    cur = psycopg2.connect("").cursor()
    cur.execute(sql.SQL("select * from {} where a = %s").format(sql.Identifier(event["t"])), (event["a"],))
"""
        },
    ),
    (
        ["command+"],
        "app.handler",
        {
            "app.py": """
import os
def handler(event, context):
    x = event["x"]
    if len(x) > 100 or not x:
        return "no"
    if x is None or isinstance(x, str) is False:
        return "no"
    if "name" in event:
        os.system("run " + x)
"""
        },
    ),
    (
        ["command+"],
        "app.handler",
        {
            "app.py": """
import os
def handler(event, context):
    x = event["x"]
    try:
        int(x)
    except ValueError:
        pass
    os.system("run " + x)
"""
        },
    ),
    (
        ["command+"],
        "app.handler",
        {
            "app.py": """
import os
ALLOWED = ["a"]
def handler(event, context):
    x = event["x"]
    if x not in ALLOWED:
        print("odd")
    os.system("run " + x)
"""
        },
    ),
    (
        ["command+"],
        "app.handler",
        {
            "app.py": """
import os
def handler(event, context):
    for x in event["xs"]:
        if x not in ("a", "b"):
            continue
        os.system("run " + x)
    for y in event["ys"]:
        if y == "a":
            break
        os.system("go " + y)
"""
        },
    ),
    (
        ["command+"],
        "app.handler",
        {
            "app.py": """
import os, boto3
from aws_xray_sdk.core import xray_recorder, patch_all
from aws_lambda_powertools import Logger, Tracer, Metrics
logger = Logger(); tracer = Tracer(); metrics = Metrics()
@metrics.log_metrics
@tracer.capture_lambda_handler
@logger.inject_lambda_context
def handler(event, context):
    with tracer.provider.in_subsegment("x") as s:
        go(event)
@tracer.capture_method
@xray_recorder.capture("go")
def go(event):
    os.system(event["c"])
"""
        },
    ),
    (
        ["sql+"],
        "app.handler",
        {
            "app.py": """
import boto3, json, os, logging
logger = logging.getLogger(__name__)
class Handler:
    def __init__(self, event):
        self.event = event
        self.params = event.get("queryStringParameters", {})
    @property
    def name(self):
        return self.params.get("name")
    def respond(self):
        import sqlite3
        conn = sqlite3.connect("x")
        return conn.execute("select * from a where n = '%s'" % self.name).fetchall()
def handler(event, context):
    return Handler(event).respond()
"""
        },
    ),
    (
        ["sql+"],
        "app.handler",
        {
            "app.py": """
import json, sqlite3
def dispatch(event):
    return {"GET": get, "POST": post}[event["httpMethod"]](event)
def get(event):
    return None
def post(event):
    sqlite3.connect("x").executescript("insert into a values ('%s')" % json.loads(event["body"])["v"])
def handler(event, context):
    return dispatch(event)
"""
        },
    ),
    (
        ["nosql-"],
        "app.handler",
        {
            "app.py": """
import boto3, json
t = boto3.resource("dynamodb").Table("t")
def handler(event, context):
    body = json.loads(event["body"])
    expr = "SET " + ", ".join(f"{k} = :{k}" for k in body)
    t.update_item(Key={"id": "1"}, UpdateExpression=expr, ExpressionAttributeValues={f":{k}": v for k, v in body.items()})
"""
        },
    ),
    (
        ["sql+"],
        "app.handler",
        {
            "app.py": """
from django.db import connection
from django.http import JsonResponse
def search(request, context=None):
    return 1
def handler(event, context):
    with connection.cursor() as cursor:
        cursor.execute("select * from a where b = '" + event["b"] + "'")
"""
        },
    ),
    (
        ["command+"],
        "app.handler",
        {
            "app.py": """
import json, os, asyncio
async def main(event):
    async with Thing() as t:
        async for x in t.items(event["xs"]):
            os.system(x)
class Thing:
    async def __aenter__(self):
        return self
    async def __aexit__(self, *a):
        pass
    async def items(self, xs):
        for x in xs:
            yield x
def handler(event, context):
    asyncio.run(main(event))
"""
        },
    ),
    (
        ["command+"],
        "app.handler",
        {
            "app.py": """
import os
def handler(event, context):
    def inner():
        os.system(cmd)
    cmd = event["c"]
    inner()
"""
        },
    ),
    (
        ["command+"],
        "app.handler",
        {
            "app.py": """
import os
def handler(event, context):
    try:
        go(event)
    except Exception as e:
        return str(e)
    finally:
        os.system(event["c"])
def go(e):
    pass
"""
        },
    ),
    (
        ["command+"],
        "app.handler",
        {
            "app.py": """
import os
from typing import TypedDict
class E(TypedDict):
    c: str
def handler(event: E, context) -> dict:
    c: str = event["c"]
    os.system(c)
"""
        },
    ),
    (
        ["command+"],
        "app.handler",
        {
            "app.py": """
import os, json
def handler(event, context):
    data = {}
    data.update(json.loads(event["body"]))
    data["fixed"] = "x"
    os.system(data["fixed"])
    os.system(data["cmd"])
"""
        },
    ),
    (
        [],
        "app.handler",
        {
            "app.py": """
import os, json
def handler(event, context):
    data = {"cmd": "ls", **event}
    data = {**event, "cmd": "ls"}
    os.system(data["cmd"])
"""
        },
    ),
]


@pytest.mark.parametrize(("expected", "handler", "files"), PROGRAMS)
def test_a_program_has_its_flows_and_no_others(expected: list[str], handler: str, files: Mapping[str, str]):
    found = flows_of(files, *([handler] if handler else []))["flows"]

    assert sorted(each["kind"] + ("+" if each["certain"] else "-") for each in found) == expected
