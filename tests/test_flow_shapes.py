"""Flows through the shapes that programs take: classes, tables of functions, lists, wrappers; and ordinary programs of the same shapes."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from flow_samples import flows_of

# the flows (kind, and + if certain), the configured handler, the files
PROGRAMS = [
    (
        ["command+"],
        "app.handler",
        {
            "app.py": """
import os, json
class Config:
    CMD = "run {}"
class Service:
    cfg = Config
    @staticmethod
    def build(x):
        return Service.cfg.CMD.format(x)
    @classmethod
    def run(cls, x):
        return os.system(cls.build(x))
def handler(event, context):
    return Service.run(event["x"])
"""
        },
    ),
    (
        ["sql+"],
        "app.handler",
        {
            "app.py": """
import sqlite3, json
QUERY = \"\"\"SELECT * FROM users
WHERE email = '{email}' AND active = {active}\"\"\"
def handler(event, context):
    p = json.loads(event["body"])
    q = QUERY.format(**{"email": p["email"], "active": 1})
    return sqlite3.connect(":memory:").cursor().execute(q).fetchall()
"""
        },
    ),
    (
        ["sql+"],
        "app.handler",
        {
            "app.py": """
import pymysql, json
def handler(event, context):
    p = json.loads(event["body"])
    where = []
    for k in ("a", "b"):
        if k in p:
            where.append(f"{k} = '{p[k]}'")
    sql = "select * from t"
    if where:
        sql += " where " + " and ".join(where)
    with pymysql.connect().cursor() as cur:
        cur.execute(sql)
"""
        },
    ),
    (
        [],
        "app.handler",
        {
            "app.py": """
import pymysql, json
def handler(event, context):
    p = json.loads(event["body"])
    where, args = [], []
    for k in ("a", "b"):
        if k in p:
            where.append(f"{k} = %s")
            args.append(p[k])
    sql = "select * from t"
    if where:
        sql += " where " + " and ".join(where)
    with pymysql.connect().cursor() as cur:
        cur.execute(sql, args)
"""
        },
    ),
    (
        ["sql+"],
        "app.handler",
        {
            "app.py": """
import pymysql, json
def handler(event, context):
    table = event["pathParameters"]["table"]
    data = json.loads(event["body"])
    cols = ", ".join(data.keys())
    marks = ", ".join(["%s"] * len(data))
    sql = f"INSERT INTO {table} ({cols}) VALUES ({marks})"
    pymysql.connect().cursor().execute(sql, tuple(data.values()))
"""
        },
    ),
    (
        ["command+"],
        "app.handler",
        {
            "app.py": """
import subprocess
def handler(event, context):
    args = event["queryStringParameters"]
    cmd = ["bash", "-c", f"nslookup {args['host']}"]
    proc = subprocess.Popen(cmd, stdout=subprocess.PIPE)
    return proc.stdout.read()
"""
        },
    ),
    (
        ["command+"],
        "app.handler",
        {
            "app.py": """
import subprocess
def sh(cmd, **kw):
    kw.setdefault("shell", True)
    return subprocess.run(cmd, **kw)
def handler(event, context):
    sh("ls " + event["d"])
"""
        },
    ),
    (
        ["command+"],
        "app.handler",
        {
            "app.py": """
import subprocess
def sh(cmd, shell=True):
    return subprocess.run(cmd, shell=shell)
def handler(event, context):
    sh("ls " + event["d"])
"""
        },
    ),
    (
        ["command+"],
        "app.handler",
        {
            "app.py": """
from subprocess import check_output as co, STDOUT
import shlex
def handler(event, context):
    return co("tool " + event["f"], shell=True, stderr=STDOUT)
"""
        },
    ),
    (
        ["path+", "path+"],
        "app.handler",
        {
            "app.py": """
import os, json, shutil
def handler(event, context):
    body = json.loads(event["body"])
    dest = "/tmp/" + body["filename"]
    with open(dest, "w") as f:
        f.write(body["content"])
    os.remove(f"/tmp/{body['old']}")
"""
        },
    ),
    (
        ["ssrf+"],
        "app.handler",
        {
            "app.py": """
import json
from urllib.request import Request, urlopen
def handler(event, context):
    body = json.loads(event["body"])
    req = Request(body["webhook"], data=b"x", headers={"a": "b"})
    return urlopen(req).status
"""
        },
    ),
    (
        ["ssrf-"],
        "app.handler",
        {
            "app.py": """
import requests
def handler(event, context):
    sub = event["queryStringParameters"]["region"]
    return requests.get("https://api" + sub + ".example.com/x").text
"""
        },
    ),
    (
        ["ssrf+"],
        "app.handler",
        {
            "app.py": """
import requests
def handler(event, context):
    sub = event["queryStringParameters"]["domain"]
    return requests.get(f"http://{sub}.example.com/x").text
"""
        },
    ),
    (
        ["code+"],
        "app.handler",
        {
            "app.py": """
def handler(event, context):
    expr = event.get("queryStringParameters", {}).get("expr")
    result = {}
    exec(f"result['v'] = {expr}", {"result": result})
    return result
"""
        },
    ),
    (
        ["code+"],
        "app.handler",
        {
            "app.py": """
import json
def calc(op, a, b):
    return eval(f"{a} {op} {b}")
def handler(event, context):
    b = json.loads(event["body"])
    return calc(b["op"], int(b["a"]), int(b["b"]))
"""
        },
    ),
    (
        [],
        "app.handler",
        {
            "app.py": """
import json
def calc(op, a, b):
    if op not in ["+", "-"]:
        raise ValueError(op)
    return eval(f"{a} {op} {b}")
def handler(event, context):
    b = json.loads(event["body"])
    return calc(b["op"], int(b["a"]), int(b["b"]))
"""
        },
    ),
    (
        [],
        "app.handler",
        {
            "app.py": """
import operator, json
OPS = {"add": operator.add, "sub": operator.sub}
def handler(event, context):
    b = json.loads(event["body"])
    f = OPS.get(b["op"])
    if f is None:
        return {"statusCode": 400}
    return {"statusCode": 200, "body": json.dumps(f(b["a"], b["b"]))}
"""
        },
    ),
    (
        ["command+"],
        "app.handler",
        {
            "app.py": """
from enum import Enum
import os
class Cmd(Enum):
    A = "a"
def handler(event, context):
    os.system("ls " + Cmd(event["x"]).value)
    os.system("ls " + event["y"])
"""
        },
    ),
    (
        ["deserialisation+"],
        "app.handler",
        {
            "app.py": """
import pickle, codecs
def handler(event, context):
    cookie = event["headers"]["Cookie"]
    data = cookie.split("session=")[1]
    return pickle.loads(codecs.decode(data.encode(), "base64"))
"""
        },
    ),
    (
        ["deserialisation-"],
        "app.handler",
        {
            "app.py": """
import pickle, redis, os
cache = redis.Redis(host=os.environ["H"])
def handler(event, context):
    return pickle.loads(cache.get("user:" + event["id"]))
"""
        },
    ),
    (
        ["template+"],
        "",
        {
            "app.py": """
from flask import Flask, request, render_template_string
app = Flask(__name__)
@app.route("/hello")
def hello():
    name = request.args.get("name", "world")
    template = "<h1>Hello %s</h1>" % name
    return render_template_string(template)
"""
        },
    ),
    (
        [],
        "",
        {
            "app.py": """
from flask import Flask, request, render_template, jsonify, escape
app = Flask(__name__)
@app.route("/hello")
def hello():
    name = request.args.get("name", "world")
    return render_template("a.html", name=name)
@app.route("/j")
def j():
    return jsonify({"n": request.args.get("name")})
@app.route("/k")
def k():
    return f"<h1>{escape(request.args.get('name'))}</h1>"
"""
        },
    ),
    (
        ["redirect+"],
        "",
        {
            "app.py": """
from flask import Flask, request, redirect
app = Flask(__name__)
@app.route("/go")
def go():
    return redirect(request.args["next"])
"""
        },
    ),
    (
        [],
        "",
        {
            "app.py": """
from flask import Flask, request, redirect, url_for
app = Flask(__name__)
@app.route("/go")
def go():
    return redirect(url_for("x", a=request.args["next"]))
"""
        },
    ),
    (
        ["sql+"],
        "",
        {
            "app.py": """
from flask import Flask, request
from flask_sqlalchemy import SQLAlchemy
app = Flask(__name__)
db = SQLAlchemy(app)
@app.route("/u")
def u():
    q = "SELECT * FROM u WHERE n='" + request.form["n"] + "'"
    return str(db.session.execute(q).fetchall())
"""
        },
    ),
    (
        [],
        "",
        {
            "app.py": """
from flask_sqlalchemy import SQLAlchemy
from flask import Flask, request, jsonify
app = Flask(__name__)
db = SQLAlchemy(app)
class User(db.Model):
    id = db.Column(db.Integer)
@app.route("/u")
def u():
    users = User.query.filter_by(name=request.args["n"]).filter(User.id == request.args["i"]).all()
    return jsonify([x.id for x in users])
"""
        },
    ),
    (
        ["command+"],
        "serverless/handler.main",
        {
            "serverless/handler.py": """
from services import get_service
def main(event, context):
    svc = get_service("ping")
    return svc.execute(event["queryStringParameters"])
""",
            "serverless/services/__init__.py": """
from .ping import PingService
from .noop import NoopService
SERVICES = {"ping": PingService(), "noop": NoopService()}
def get_service(name):
    return SERVICES[name]
""",
            "serverless/services/ping.py": """
import os
from .base import Base
class PingService(Base):
    def do(self, params):
        return os.popen("ping " + params["host"]).read()
""",
            "serverless/services/noop.py": """
from .base import Base
class NoopService(Base):
    def do(self, params):
        return None
""",
            "serverless/services/base.py": """
class Base:
    def execute(self, params):
        return self.do(params)
    def do(self, params):
        raise NotImplementedError
""",
        },
    ),
    (
        ["command+"],
        "app.handler",
        {
            "app.py": """
import os
def with_logging(level):
    def deco(fn):
        def inner(event, context):
            r = fn(event, context)
            return r
        return inner
    return deco
@with_logging("x")
def handler(event, context):
    os.system(event["c"])
"""
        },
    ),
    (
        ["command+"],
        "app.handler",
        {
            "app.py": """
import os
def parse(event):
    if "body" in event:
        return event["body"], None
    return None, "err"
def handler(event, context):
    body, err = parse(event)
    if err:
        return err
    os.system(body)
"""
        },
    ),
    (
        ["command+"],
        "app.handler",
        {
            "app.py": """
import os, json
from dataclasses import dataclass
@dataclass
class Job:
    cmd: str
    n: int = 1
def handler(event, context):
    job = Job(**json.loads(event["body"]))
    os.system(job.cmd)
"""
        },
    ),
    (
        ["command+"],
        "app.handler",
        {
            "app.py": """
import os, json
from collections import namedtuple
Job = namedtuple("Job", ["cmd", "n"])
def handler(event, context):
    b = json.loads(event["body"])
    job = Job(b["cmd"], 1)
    os.system(job.cmd)
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
    items = [r["body"] for r in event["Records"] if r.get("body")]
    cmds = list(filter(lambda x: x, map(str.strip, items)))
    for c in sorted(set(cmds)):
        os.system(c)
"""
        },
    ),
    (
        ["command+"],
        "app.handler",
        {
            "app.py": """
import os, queue
def handler(event, context):
    q = []
    for r in event["Records"]:
        q.append(r["body"])
    while q:
        os.system(q.pop())
"""
        },
    ),
    (
        ["ssrf-"],
        "app.handler",
        {
            "app.py": """
import requests, re
def handler(event, context):
    url = event["url"]
    if not re.match(r"https?://", url):
        return "bad"
    return requests.get(url).text
"""
        },
    ),
    (
        ["sql+"],
        "app.handler",
        {
            "app.py": """
import boto3, os
rds = boto3.client("rds-data")
def execute(sql, params=None):
    kwargs = {"resourceArn": os.environ["A"], "secretArn": os.environ["B"], "sql": sql}
    if params:
        kwargs["parameters"] = params
    return rds.execute_statement(**kwargs)
def handler(event, context):
    return execute("delete from t where id = '%s'" % event["arguments"]["id"])
"""
        },
    ),
    (
        ["nosql+"],
        "app.handler",
        {
            "app.py": """
import boto3, json
from boto3.dynamodb.conditions import Key
table = boto3.resource("dynamodb").Table("t")
def handler(event, context):
    filt = json.loads(event["body"])["filter"]
    return table.scan(FilterExpression=filt)
"""
        },
    ),
    (
        ["nosql+"],
        "",
        {
            "app.py": """
from pymongo import MongoClient
from flask import Flask, request, jsonify
app = Flask(__name__)
db = MongoClient().shop
@app.route("/s", methods=["POST"])
def s():
    return jsonify(list(db.items.find(request.get_json())))
"""
        },
    ),
    (
        ["xss+"],
        "app.handler",
        {
            "app.py": """
import json
def html_response(content):
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "text/html"},
        "body": content,
    }
def handler(event, context):
    name = event["queryStringParameters"].get("name", "")
    page = open("index.html").read()
    return html_response(page.replace("{{name}}", name))
"""
        },
    ),
    (
        ["log+"],
        "app.handler",
        {
            "app.py": """
import json
def handler(event, context):
    creds = json.loads(event["body"])
    print(f"user {creds['username']} pass {creds['password']}")
"""
        },
    ),
    (
        ["response+"],
        "app.handler",
        {
            "app.py": """
import os, json
def handler(event, context):
    return {"statusCode": 200, "body": json.dumps({"key": os.environ["API_KEY"]})}
"""
        },
    ),
    (
        [],
        "app.handler",
        {
            "app.py": """
import os, json, boto3, openai
def handler(event, context):
    key = boto3.client("secretsmanager").get_secret_value(SecretId="x")["SecretString"]
    client = openai.OpenAI(api_key=key)
    r = client.chat.completions.create(model="m", messages=[{"role": "user", "content": json.loads(event["body"])["q"]}])
    return {"statusCode": 200, "body": json.dumps({"a": r.choices[0].message.content})}
"""
        },
    ),
    (
        [],
        "app.handler",
        {
            "app.py": """
import boto3, json, os
sfn = boto3.client("stepfunctions")
ev = boto3.client("events")
lam = boto3.client("lambda")
def handler(event, context):
    detail = event["detail"]
    sfn.start_execution(stateMachineArn=os.environ["S"], input=json.dumps(detail), name=detail["id"])
    ev.put_events(Entries=[{"Detail": json.dumps(detail), "DetailType": "x", "Source": "y"}])
    lam.invoke(FunctionName=os.environ["F"], Payload=json.dumps({"a": detail["b"]}))
    boto3.client("sqs").send_message(QueueUrl=os.environ["Q"], MessageBody=json.dumps(detail))
    boto3.client("ses").send_email(Source="a", Destination={"ToAddresses": [detail["email"]]}, Message={"Body": {"Html": {"Data": f"<p>{detail['name']}</p>"}}})
"""
        },
    ),
    (
        ["path-"],
        "app.handler",
        {
            "app.py": """
import boto3, json
s3 = boto3.client("s3")
def handler(event, context):
    key = event["pathParameters"]["key"]
    o = s3.get_object(Bucket="b", Key=key)
    return {"statusCode": 200, "body": o["Body"].read().decode()}
"""
        },
    ),
    (
        [],
        "app.handler",
        {
            "app.py": """
import csv, io, boto3
s3 = boto3.client("s3")
t = boto3.resource("dynamodb").Table("t")
def handler(event, context):
    for r in event["Records"]:
        o = s3.get_object(Bucket=r["s3"]["bucket"]["name"], Key=r["s3"]["object"]["key"])
        rows = csv.DictReader(io.StringIO(o["Body"].read().decode("utf-8")))
        with t.batch_writer() as b:
            for row in rows:
                b.put_item(Item={"id": row["id"], "n": int(row["n"])})
"""
        },
    ),
    (
        ["command+"],
        "",
        {
            "app.py": """
import azure.functions as func
import logging, subprocess
def main(msg: func.ServiceBusMessage):
    body = msg.get_body().decode("utf-8")
    logging.info("Processed: %s", body)
    subprocess.run("convert " + body, shell=True)
"""
        },
    ),
    (
        ["path+"],
        "",
        {
            "app.py": """
import os
from flask import Flask, request, send_file, send_from_directory
app = Flask(__name__)
@app.route("/f")
def f():
    return send_file(os.path.join("files", request.args.get("name")))
@app.route("/g/<path:p>")
def g(p):
    return send_from_directory("files", p)
"""
        },
    ),
]


@pytest.mark.parametrize(("expected", "handler", "files"), PROGRAMS)
def test_a_program_has_its_flows_and_no_others(expected: list[str], handler: str, files: Mapping[str, str]):
    found = flows_of(files, *([handler] if handler else []))["flows"]

    assert sorted(each["kind"] + ("+" if each["certain"] else "-") for each in found) == expected
