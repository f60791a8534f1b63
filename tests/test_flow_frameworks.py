"""Flows through the frameworks and platforms that Python is deployed with, and through the shapes that programs take."""

from __future__ import annotations

import pytest

from flow_samples import flows_of

# the flows (kind, whether it is certain), the configured handlers, the code
PROGRAMS = [
    (
        [("command", True)],
        [],
        """
from flask import Flask, request
import os
app = Flask(__name__)
@app.route("/x")
def x():
    os.system("ls " + request.args.get("d"))
""",
    ),
    (
        [("command", True)],
        [],
        """
from flask import Flask, request
import os
def create():
    app = Flask(__name__)
    @app.route("/x/<name>")
    def x(name):
        os.system("ls " + name)
    return app
""",
    ),
    (
        [],
        [],
        """
from flask import Flask, request
import os
app = Flask(__name__)
@app.route("/x/<int:name>", methods=["GET"])
def x(name):
    os.system(f"ls {name}")
""",
    ),
    (
        [("xss", True)],
        [],
        """
from flask import Flask, request
app = Flask(__name__)
@app.get("/x")
def x():
    return f"<h1>Hello {request.args['n']}</h1>"
""",
    ),
    (
        [("sql", True)],
        ["app.handler"],
        """
from fastapi import FastAPI, Request
import sqlite3
from mangum import Mangum
app = FastAPI()
@app.get("/items/{item}")
async def read(item: str, q: int = 0):
    sqlite3.connect("a").execute(f"select * from t where a='{item}' limit {q}")
handler = Mangum(app)
""",
    ),
    (
        [],
        [],
        """
from fastapi import FastAPI, Request
import sqlite3
app = FastAPI()
@app.get("/items/{item}")
async def read(item: int, q: int = 0):
    sqlite3.connect("a").execute(f"select * from t where a='{item}' limit {q}")
""",
    ),
    (
        [("code", True)],
        [],
        """
from fastapi import FastAPI, Request
app = FastAPI()
@app.post("/items")
async def read(request: Request):
    body = await request.json()
    return eval(body["x"])
""",
    ),
    (
        [("code", False)],
        [],
        """
from fastapi import FastAPI
from pydantic import BaseModel
app = FastAPI()
class Item(BaseModel):
    x: str
    n: int
@app.post("/items")
async def read(item: Item):
    return eval(item.x)
""",
    ),
    (
        [],
        [],
        """
from fastapi import FastAPI
from pydantic import BaseModel
app = FastAPI()
class Item(BaseModel):
    x: str
    n: int
@app.post("/items")
async def read(item: Item):
    return eval(item.n)
""",
    ),
    (
        [("command", True)],
        [],
        """
from chalice import Chalice
import os
app = Chalice(app_name="x")
@app.route("/a/{name}")
def a(name):
    os.system("ls " + name)
""",
    ),
    (
        [("command", True)],
        [],
        """
from chalice import Chalice
import os
app = Chalice(app_name="x")
@app.route("/a", methods=["POST"])
def a():
    b = app.current_request.json_body
    os.system("ls " + b["x"])
""",
    ),
    (
        [("command", True)],
        [],
        """
from chalice import Chalice
import os
app = Chalice(app_name="x")
@app.on_sqs_message(queue="q")
def a(event):
    for r in event:
        os.system("ls " + r.body)
""",
    ),
    (
        [("command", True)],
        ["app.lambda_handler"],
        """
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
import os
app = APIGatewayRestResolver()
@app.get("/x/<name>")
def x(name: str):
    os.system("ls " + name)
def lambda_handler(event, context):
    return app.resolve(event, context)
""",
    ),
    (
        [("command", True)],
        ["app.lambda_handler"],
        """
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
import os
app = APIGatewayRestResolver()
@app.post("/x")
def x():
    data = app.current_event.json_body
    q = app.current_event.get_query_string_value(name="a", default_value="")
    os.system("ls " + data["x"])
def lambda_handler(event, context):
    return app.resolve(event, context)
""",
    ),
    (
        [("command", True)],
        ["app.lambda_handler"],
        """
from aws_lambda_powertools.utilities.data_classes import event_source, APIGatewayProxyEvent
import os
@event_source(data_class=APIGatewayProxyEvent)
def lambda_handler(event: APIGatewayProxyEvent, context):
    os.system("ls " + event.json_body["x"])
""",
    ),
    (
        [("command", True)],
        ["app.lambda_handler"],
        """
from aws_lambda_powertools.utilities.data_classes import event_source, SQSEvent
import os
@event_source(data_class=SQSEvent)
def lambda_handler(event, context):
    for r in event.records:
        os.system("ls " + r.body)
""",
    ),
    (
        [("command", False)],
        ["app.lambda_handler"],
        """
from aws_lambda_powertools.utilities.validation import validator
import os
@validator(inbound_schema={})
def lambda_handler(event, context):
    os.system("ls " + event["x"])
""",
    ),
    (
        [("command", False)],
        ["app.lambda_handler"],
        """
from aws_lambda_powertools.utilities.parser import event_parser, BaseModel
import os
class M(BaseModel):
    x: str
@event_parser(model=M)
def lambda_handler(event: M, context):
    os.system("ls " + event.x)
""",
    ),
    (
        [("command", False)],
        ["app.lambda_handler"],
        """
import jsonschema, os, json
S={}
def lambda_handler(event, context):
    b = json.loads(event["body"])
    jsonschema.validate(b, S)
    os.system("ls " + b["x"])
""",
    ),
    (
        [("command", False)],
        ["app.lambda_handler"],
        """
import os, json
from pydantic import BaseModel
class M(BaseModel):
    x: str
    n: int
def lambda_handler(event, context):
    m = M(**json.loads(event["body"]))
    os.system("ls " + m.x)
""",
    ),
    (
        [("command", False)],
        ["app.lambda_handler"],
        """
import os, json
from pydantic import BaseModel
class M(BaseModel):
    x: str
def lambda_handler(event, context):
    m = M.model_validate_json(event["body"])
    os.system("ls " + m.x)
""",
    ),
    (
        [],
        ["app.lambda_handler"],
        """
import os, json, enum
from typing import Optional, Literal
from pydantic import BaseModel
class E(str, enum.Enum):
    A = "a"
class M(BaseModel):
    x: Optional[int] = None
    e: E
    l: Literal["a", "b"]
def lambda_handler(event, context):
    m = M(**json.loads(event["body"]))
    os.system(f"ls {m.x} {m.e} {m.l}")
""",
    ),
    (
        [("command", True)],
        [],
        """
import azure.functions as func, os
def main(req: func.HttpRequest) -> func.HttpResponse:
    n = req.params.get("n")
    if not n:
        try:
            b = req.get_json()
        except ValueError:
            pass
        else:
            n = b.get("n")
    os.system("ls " + n)
    return func.HttpResponse("ok")
""",
    ),
    (
        [("command", True)],
        [],
        """
import azure.functions as func, os
app = func.FunctionApp()
@app.route(route="x")
def x(req: func.HttpRequest) -> func.HttpResponse:
    os.system("ls " + req.route_params["n"])
    return func.HttpResponse("ok")
""",
    ),
    (
        [("command", True)],
        [],
        """
import azure.functions as func, os
app = func.FunctionApp()
@app.function_name(name="q")
@app.queue_trigger(arg_name="msg", queue_name="q", connection="c")
def x(msg: func.QueueMessage):
    os.system("ls " + msg.get_body().decode("utf-8"))
""",
    ),
    (
        [("xss", True)],
        [],
        """
import azure.functions as func
def main(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse(f"<h1>{req.params.get('n')}</h1>", mimetype="text/html")
""",
    ),
    (
        [("command", True)],
        [],
        """
import functions_framework, os
@functions_framework.http
def hello(request):
    j = request.get_json(silent=True)
    os.system("ls " + j["n"])
    return "ok"
""",
    ),
    (
        [("command", True)],
        [],
        """
import functions_framework, os
@functions_framework.cloud_event
def hello(cloud_event):
    os.system("ls " + cloud_event.data["name"])
""",
    ),
    (
        [("command", True)],
        [],
        """
import os
def lambda_handler(event, context):
    os.system("ls " + event["x"])
""",
    ),
    (
        [("sql", True)],
        [],
        """
import os, pymysql
class Repo:
    def __init__(self, conn):
        self.conn = conn
    def find(self, name):
        with self.conn.cursor() as cur:
            cur.execute("SELECT * FROM u WHERE name = '%s'" % name)
            return cur.fetchall()
def get():
    return pymysql.connect(host="a")
def lambda_handler(event, context):
    repo = Repo(get())
    return repo.find(event["queryStringParameters"]["name"])
""",
    ),
    (
        [("sql", True)],
        ["app.lambda_handler"],
        """
import logging, pymysql, json
class Base:
    def handle(self, event):
        return self.run(json.loads(event["body"]))
class H(Base):
    def __init__(self):
        super().__init__()
        self.db = pymysql.connect()
    def run(self, b):
        c = self.db.cursor()
        c.execute(f"delete from t where a = {b['a']}")
    def __call__(self, event, context):
        return self.handle(event)
lambda_handler = H()
""",
    ),
    (
        [("command", True)],
        [],
        """
import asyncio, os
async def go(event):
    for c in event["cs"]:
        await run(c)
async def run(c):
    proc = await asyncio.create_subprocess_shell(c)
def handler(event, context):
    loop = asyncio.get_event_loop()
    return loop.run_until_complete(go(event))
""",
    ),
    (
        [("command", True)],
        [],
        """
import os
from concurrent.futures import ThreadPoolExecutor
def go(c):
    os.system(c)
def handler(event, context):
    with ThreadPoolExecutor() as ex:
        ex.map(go, event["cs"])
""",
    ),
    (
        [("command", True)],
        [],
        """
import os
from concurrent.futures import ThreadPoolExecutor
def go(c):
    os.system(c)
def handler(event, context):
    with ThreadPoolExecutor() as ex:
        f = ex.submit(go, event["cs"])
""",
    ),
    (
        [("command", True)],
        [],
        """
import os
def gen(e):
    for i in e["items"]:
        yield i["cmd"]
def handler(event, context):
    for c in gen(event):
        os.system(c)
""",
    ),
    (
        [("command", True)],
        [],
        """
import os
ROUTES = {}
def a(event):
    os.system(event["x"])
ROUTES = {"a": a}
def handler(event, context):
    f = ROUTES[event["action"]]
    f(event)
""",
    ),
    (
        [("command", True)],
        [],
        """
import os
CURRENT = None
def a():
    os.system(CURRENT["x"])
def handler(event, context):
    global CURRENT
    CURRENT = event
    a()
""",
    ),
    (
        [("log", True)],
        [],
        """
from aws_lambda_powertools import Logger
logger = Logger()
@logger.inject_lambda_context(log_event=True)
def handler(event, context):
    return 1
""",
    ),
    (
        [("log", False)],
        [],
        """
import logging
log = logging.getLogger()
def handler(event, context):
    log.debug(event)
""",
    ),
]


@pytest.mark.parametrize(("expected", "handlers", "code"), PROGRAMS)
def test_each_framework_gives_its_data(expected: list[tuple[str, bool]], handlers: list[str], code: str):
    found = flows_of({"app.py": code}, *handlers)["flows"]

    assert [(each["kind"], each["certain"]) for each in found] == expected
