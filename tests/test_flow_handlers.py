"""Further handlers: databases of all kinds, clients, sessions, and the ways in which people clean data."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from flow_samples import flows_of

# the flows (kind, and + if certain), the configured handler, the files
PROGRAMS = [
    (
        ["sql+"],
        "app.lambda_handler",
        {
            "app.py": """
import os, json, logging
import mysql.connector
log = logging.getLogger()
def lambda_handler(event, context):
    try:
        db = mysql.connector.connect(host=os.environ["H"], user="u", passwd=os.environ["P"], database="d")
        mycursor = db.cursor(dictionary=True)
        username = event["username"]
        mycursor.execute("SELECT * FROM users WHERE username='" + username + "' LIMIT 1")
        result = mycursor.fetchone()
        log.info("found %s", result)
        return {"statusCode": 200, "body": json.dumps(result)}
    except mysql.connector.Error as err:
        log.error(err)
        raise
"""
        },
    ),
    (
        ["sql+"],
        "app.handler",
        {
            "app.py": """
import sqlite3
def q(conn, table, **where):
    clause = " AND ".join("{}='{}'".format(k, v) for k, v in where.items())
    return conn.execute("SELECT * FROM {} WHERE {}".format(table, clause))
def handler(event, context):
    conn = sqlite3.connect("/tmp/a.db")
    return q(conn, "users", name=event["pathParameters"]["n"], active=1).fetchall()
"""
        },
    ),
    (
        ["sql+"],
        "app.handler",
        {
            "app.py": """
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
import os
engine = create_engine(os.environ["U"])
def handler(event, context):
    with Session(engine) as s:
        return s.execute(f"select * from t where n = '{event['n']}'").all()
"""
        },
    ),
    (
        [],
        "app.handler",
        {
            "app.py": """
from sqlalchemy import create_engine, text, select
from sqlalchemy.orm import Session
import os
engine = create_engine(os.environ["U"])
def handler(event, context):
    with Session(engine) as s:
        s.execute(text("select * from t where n = :n"), {"n": event["n"]})
        return s.execute(select(T).where(T.n == event["n"])).all()
"""
        },
    ),
    (
        ["sql+"],
        "app.handler",
        {
            "app.py": """
import asyncpg, asyncio
async def run(name):
    conn = await asyncpg.connect("x")
    return await conn.fetch(f"SELECT * FROM u WHERE n = '{name}'")
def handler(event, context):
    return asyncio.get_event_loop().run_until_complete(run(event["n"]))
"""
        },
    ),
    (
        ["sql+"],
        "app.handler",
        {
            "app.py": """
import boto3
client = boto3.client("redshift-data")
def handler(event, context):
    sql = "select * from t where a = '%(a)s'" % {"a": event["a"]}
    client.execute_statement(Database="d", Sql=sql)
"""
        },
    ),
    (
        ["sql+"],
        "app.handler",
        {
            "app.py": """
import boto3
dynamodb = boto3.resource("dynamodb")
def handler(event, context):
    stmt = "SELECT * FROM users WHERE id = '" + event["id"] + "'"
    return dynamodb.meta.client.execute_statement(Statement=stmt)
"""
        },
    ),
    (
        ["sql+"],
        "",
        {
            "app.py": """
import os, json
from azure.cosmos import CosmosClient
import azure.functions as func
client = CosmosClient(os.environ["E"], os.environ["K"])
container = client.get_database_client("d").get_container_client("c")
def main(req: func.HttpRequest) -> func.HttpResponse:
    name = req.params.get("name")
    items = list(container.query_items(query="SELECT * FROM c WHERE c.name = '" + name + "'", enable_cross_partition_query=True))
    return func.HttpResponse(json.dumps(items), mimetype="application/json")
"""
        },
    ),
    (
        ["command+"],
        "",
        {
            "app.py": """
import functions_framework, subprocess
@functions_framework.http
def run(request):
    request_json = request.get_json(silent=True)
    request_args = request.args
    if request_json and "host" in request_json:
        host = request_json["host"]
    elif request_args and "host" in request_args:
        host = request_args["host"]
    else:
        host = "localhost"
    out = subprocess.check_output("ping -c 1 {}".format(host), shell=True)
    return out
"""
        },
    ),
    (
        ["path+"],
        "",
        {
            "app.py": """
from google.cloud import storage
import os
def process(event, context):
    client = storage.Client()
    blob = client.bucket(event["bucket"]).blob(event["name"])
    os.remove("/tmp/" + event["name"])
"""
        },
    ),
    (
        ["command+"],
        "app.handler",
        {
            "app.py": """
import os, json
class Parser:
    def __init__(self, raw):
        self._raw = raw
    def parse(self):
        self.data = json.loads(self._raw)
        return self
    def get(self, k, d=None):
        return self.data.get(k, d)
def handler(event, context):
    p = Parser(event["body"]).parse()
    os.system("echo " + p.get("x"))
"""
        },
    ),
    (
        ["command+"],
        "app.handler",
        {
            "app.py": """
import os
def sanitize(s):
    return s.strip().lower()
def handler(event, context):
    os.system("echo " + sanitize(event["x"]))
"""
        },
    ),
    (
        ["command-"],
        "app.handler",
        {
            "app.py": """
import os
def sanitize(s):
    return s.replace(";", "").replace("&", "")
def handler(event, context):
    os.system("echo " + sanitize(event["x"]))
"""
        },
    ),
    (
        [],
        "app.handler",
        {
            "app.py": """
import os, re
def sanitize(s):
    return re.sub(r"[^a-zA-Z0-9]", "", s)
def handler(event, context):
    os.system("echo " + sanitize(event["x"]))
"""
        },
    ),
    (
        [],
        "app.handler",
        {
            "app.py": """
import os, hashlib
def handler(event, context):
    h = hashlib.sha256(event["x"].encode()).hexdigest()
    os.system("echo " + h)
    os.system("echo " + str(len(event["x"])))
    os.system("echo " + str(bool(event["x"])))
"""
        },
    ),
    (
        ["ssrf+"],
        "app.handler",
        {
            "app.py": """
import requests
class Client:
    def __init__(self, base):
        self.base = base
        self.session = requests.Session()
    def get(self, path):
        return self.session.get(self.base + path)
def handler(event, context):
    return Client(event["url"]).get("/x").text
"""
        },
    ),
    (
        [],
        "app.handler",
        {
            "app.py": """
import requests
class Client:
    def __init__(self, base="https://api.example.com"):
        self.base = base
    def get(self, path):
        return requests.get(self.base + "/" + path).text
def handler(event, context):
    return Client().get(event["path"])
"""
        },
    ),
    (
        ["ssrf+"],
        "app.handler",
        {
            "app.py": """
import boto3, requests
from urllib.parse import urljoin
def handler(event, context):
    return requests.get(urljoin(event["base"], "/x")).text
"""
        },
    ),
    (
        ["deserialisation+"],
        "app.handler",
        {
            "app.py": """
import json, base64, pickle
class Session:
    @classmethod
    def load(cls, raw):
        return pickle.loads(base64.urlsafe_b64decode(raw))
def handler(event, context):
    c = dict(p.split("=", 1) for p in event["headers"]["cookie"].split("; "))
    return Session.load(c["session"])
"""
        },
    ),
    (
        ["xml+"],
        "app.handler",
        {
            "app.py": """
import lxml.etree as ET, base64
def handler(event, context):
    parser = ET.XMLParser()
    root = ET.fromstring(base64.b64decode(event["body"]), parser=parser)
    return root.tag
"""
        },
    ),
    (
        ["code+"],
        "app.handler",
        {
            "app.py": """
def handler(event, context):
    f = lambda x: eval(x)
    return f(event["queryStringParameters"]["q"])
"""
        },
    ),
    (
        ["template+"],
        "app.handler",
        {
            "app.py": """
from jinja2 import Template
import json
def render(tpl, **ctx):
    return Template(tpl).render(**ctx)
def handler(event, context):
    b = json.loads(event["body"])
    return {"statusCode": 200, "body": render("Dear " + b["name"] + ", hi")}
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
    cmd = event.get("cmd", "ls") if event.get("run") else None
    if cmd:
        print(os.popen(cmd).read())
"""
        },
    ),
    (
        ["log+"],
        "app.handler",
        {
            "app.py": """
import logging, json
logging.basicConfig(level=logging.INFO)
log = logging.getLogger("x")
def audit(**kw):
    log.info(json.dumps(kw))
def handler(event, context):
    audit(action="login", event=event)
"""
        },
    ),
    (
        ["log+"],
        "app.handler",
        {
            "app.py": """
import structlog
logger = structlog.get_logger()
def handler(event, context):
    logger.info("request", evt=event)
"""
        },
    ),
]


@pytest.mark.parametrize(("expected", "handler", "files"), PROGRAMS)
def test_a_program_has_its_flows_and_no_others(expected: list[str], handler: str, files: Mapping[str, str]):
    found = flows_of(files, *([handler] if handler else []))["flows"]

    assert sorted(each["kind"] + ("+" if each["certain"] else "-") for each in found) == expected
