"""Flows in Python: for each kind of sink handlers that do harm, and the same ones made harmless."""

from __future__ import annotations

import pytest

from flow_samples import flows_of

IMPORTS = """
import os, json, re, subprocess, boto3, sqlite3, shlex, html, pickle, yaml, requests, uuid
from urllib.parse import urlparse, quote
"""

# kind, whether it is certain, the code
HARMFUL = [
    (
        "command",
        True,
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    os.system("ls " + x)
""",
    ),
    (
        "command",
        True,
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    subprocess.run(f"ls {x}", shell=True)
""",
    ),
    (
        "command",
        True,
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    subprocess.check_output("ls %s" % x, shell=True)
""",
    ),
    (
        "command",
        True,
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    subprocess.run("ls {}".format(x), shell=True)
""",
    ),
    (
        "command",
        True,
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    subprocess.run(["sh","-c","ls "+x])
""",
    ),
    (
        "command",
        True,
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    subprocess.Popen([x, "a"])
""",
    ),
    (
        "command",
        False,
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    subprocess.run(["git","clone",x])
""",
    ),
    (
        "command",
        True,
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    cmd=" ".join(["ls", x])
    os.popen(cmd).read()
""",
    ),
    (
        "code",
        True,
        """
def handler(event, context):
    b = json.loads(event["body"])
    return eval(b["expr"])
""",
    ),
    (
        "code",
        True,
        """
def handler(event, context):
    b = json.loads(event["body"])
    exec(b["code"], {})
""",
    ),
    (
        "code",
        True,
        """
def handler(event, context):
    b = json.loads(event["body"])
    import importlib
    importlib.import_module(b["m"])
""",
    ),
    (
        "sql",
        True,
        """
def handler(event, context):
    b = json.loads(event["body"])
    c=sqlite3.connect("a")
    c.execute("select * from t where a='" + b["id"] + "'")
""",
    ),
    (
        "sql",
        True,
        """
def handler(event, context):
    b = json.loads(event["body"])
    q = "select * from t where 1=1"
    if b.get("n"):
        q += " and n = '%s'" % b["n"]
    sqlite3.connect("a").cursor().execute(q)
""",
    ),
    (
        "sql",
        True,
        """
def handler(event, context):
    b = json.loads(event["body"])
    boto3.client("rds-data").execute_statement(resourceArn="a", sql=f"select * from t where id={b['id']}")
""",
    ),
    (
        "sql",
        True,
        """
def handler(event, context):
    b = json.loads(event["body"])
    boto3.client("athena").start_query_execution(QueryString="select * from t where a='{}'".format(b["a"]))
""",
    ),
    (
        "sql",
        True,
        """
def handler(event, context):
    b = json.loads(event["body"])
    boto3.client("dynamodb").execute_statement(Statement=f"SELECT * FROM t WHERE id='{b['id']}'")
""",
    ),
    (
        "sql",
        True,
        """
def handler(event, context):
    b = json.loads(event["body"])
    import pandas as pd
    pd.read_sql(f"select {b['c']} from t", None)
""",
    ),
    (
        "sql",
        True,
        """import pymysql
conn = pymysql.connect(host="h")

def handler(event, context):
    b = json.loads(event["body"])
    with conn.cursor() as cur:
        cur.execute(f"select * from u where n='{b['n']}'")
""",
    ),
    (
        "sql",
        True,
        """import psycopg2
def get(i):
    conn=psycopg2.connect("")
    cur=conn.cursor()
    cur.execute("select * from t where id = " + str(i))

def handler(event, context):
    b = json.loads(event["body"])
    get(b["id"])
""",
    ),
    (
        "sql",
        True,
        """cur=sqlite3.connect("x").cursor()

def handler(event, context):
    for r in event["Records"]:
        m=json.loads(r["body"])
        cur.execute("insert into t values ('" + m["a"] + "')")
""",
    ),
    (
        "sql",
        True,
        """class Db:
    def __init__(self):
        self.c=sqlite3.connect("a")
    def run(self, i):
        self.sql="select "+i
        return self.c.execute(self.sql)
db=Db()

def handler(event, context):
    b = json.loads(event["body"])
    db.run(b["id"])
""",
    ),
    (
        "sql",
        True,
        """from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker
engine=create_engine("x")
session=sessionmaker(bind=engine)()

def handler(event, context):
    b = json.loads(event["body"])
    session.execute(text("select * from t where a = '"+b["a"]+"'"))
""",
    ),
    (
        "nosql",
        True,
        """from pymongo import MongoClient
col=MongoClient("x").db.users

def handler(event, context):
    b = json.loads(event["body"])
    col.find_one({"u": b["u"], "p": b["p"]})
""",
    ),
    (
        "nosql",
        True,
        """from pymongo import MongoClient
col=MongoClient("x")["d"]["users"]

def handler(event, context):
    x = event["queryStringParameters"]["x"]
    col.find({"$where": "this.a == '" + x + "'"})
""",
    ),
    (
        "nosql",
        True,
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    boto3.resource("dynamodb").Table("t").scan(FilterExpression="a = " + x)
""",
    ),
    (
        "deserialisation",
        True,
        """
def handler(event, context):
    import base64
    pickle.loads(base64.b64decode(event["body"]))
""",
    ),
    (
        "deserialisation",
        True,
        """
def handler(event, context):
    yaml.load(event["body"])
""",
    ),
    (
        "deserialisation",
        True,
        """
def handler(event, context):
    yaml.load(event["body"], Loader=yaml.Loader)
""",
    ),
    (
        "deserialisation",
        True,
        """
def handler(event, context):
    yaml.load(event["body"], Loader=yaml.UnsafeLoader)
""",
    ),
    (
        "deserialisation",
        True,
        """
def handler(event, context):
    import jsonpickle
    jsonpickle.decode(event["body"])
""",
    ),
    (
        "deserialisation",
        True,
        """
def handler(event, context):
    s3=boto3.client("s3")
    r=event["Records"][0]["s3"]
    o=s3.get_object(Bucket=r["bucket"]["name"], Key=r["object"]["key"])
    pickle.loads(o["Body"].read())
""",
    ),
    (
        "template",
        True,
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    from jinja2 import Template
    Template("hi " + x).render()
""",
    ),
    (
        "template",
        True,
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    from jinja2 import Environment
    Environment().from_string(x).render()
""",
    ),
    (
        "path",
        True,
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    return open("/tmp/" + x).read()
""",
    ),
    (
        "path",
        True,
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    p=os.path.join("/tmp", x)
    with open(p) as f:
        return f.read()
""",
    ),
    (
        "path",
        True,
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    from pathlib import Path
    return Path("/tmp") .joinpath(x).read_text()
""",
    ),
    (
        "path",
        True,
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    from pathlib import Path
    return (Path("/tmp") / x).read_text()
""",
    ),
    (
        "path",
        True,
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    import shutil
    shutil.rmtree("/tmp/" + x)
""",
    ),
    (
        "ssrf",
        True,
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    requests.get(x)
""",
    ),
    (
        "ssrf",
        True,
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    requests.get("https://" + x + "/a")
""",
    ),
    (
        "ssrf",
        True,
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    import urllib.request
    urllib.request.urlopen(x).read()
""",
    ),
    (
        "ssrf",
        True,
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    import urllib3
    http=urllib3.PoolManager()
    http.request("GET", x)
""",
    ),
    (
        "ssrf",
        True,
        """def a(u):
    return b(u)
def b(u):
    return c(url=u)
def c(url):
    s=requests.Session()
    return s.get(url).text

def handler(event, context):
    x = event["queryStringParameters"]["x"]
    a(x)
""",
    ),
    (
        "ssrf",
        True,
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    import http.client
    http.client.HTTPSConnection(x)
""",
    ),
    (
        "xml",
        True,
        """
def handler(event, context):
    from lxml import etree
    etree.fromstring(event["body"])
""",
    ),
    (
        "xml",
        True,
        """
def handler(event, context):
    from lxml import etree
    p=etree.XMLParser(resolve_entities=True, no_network=False)
    etree.fromstring(event["body"], parser=p)
""",
    ),
    (
        "xml",
        True,
        """
def handler(event, context):
    from lxml import etree
    p=etree.XMLParser(resolve_entities=True, no_network=False)
    etree.fromstring(event["body"], p)
""",
    ),
    (
        "xml",
        False,
        """
def handler(event, context):
    import xml.etree.ElementTree as ET
    ET.fromstring(event["body"])
""",
    ),
    (
        "regex",
        True,
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    re.search(x, "aaa")
""",
    ),
    (
        "redirect",
        True,
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    return {"statusCode":302,"headers":{"Location":x}}
""",
    ),
    (
        "xss",
        True,
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    return {"statusCode":200,"headers":{"Content-Type":"text/html"},"body":"<h1>"+x+"</h1>"}
""",
    ),
    (
        "xss",
        True,
        """def resp(code, body):
    return {"statusCode":code,"body":body,"headers":{"content-type":"text/html; charset=utf-8"}}

def handler(event, context):
    x = event["queryStringParameters"]["x"]
    return resp(200, f"<p>{x}</p>")
""",
    ),
    (
        "log",
        True,
        """
def handler(event, context):
    print(event)
""",
    ),
    (
        "log",
        True,
        """
def handler(event, context):
    print("e: " + json.dumps(event))
""",
    ),
    (
        "log",
        True,
        """import logging
logger=logging.getLogger()
logger.setLevel(logging.INFO)

def handler(event, context):
    logger.info("Received event: %s", event)
""",
    ),
    (
        "log",
        True,
        """from aws_lambda_powertools import Logger
logger=Logger()

def handler(event, context):
    logger.info(json.dumps(event))
""",
    ),
    (
        "log",
        True,
        """
def handler(event, context):
    print(event["headers"])
""",
    ),
    (
        "log",
        True,
        """
def handler(event, context):
    print(event["headers"]["Authorization"])
""",
    ),
    (
        "log",
        True,
        """
def handler(event, context):
    s=boto3.client("secretsmanager").get_secret_value(SecretId="a")["SecretString"]
    print("secret", s)
""",
    ),
    (
        "log",
        True,
        """
def handler(event, context):
    print(os.environ["DB_PASSWORD"])
""",
    ),
    (
        "log",
        True,
        """
def handler(event, context):
    print(os.environ)
""",
    ),
    (
        "log",
        True,
        """
def handler(event, context):
    print(dict(os.environ))
""",
    ),
    (
        "log",
        True,
        """
def handler(event, context):
    print(json.loads(event["body"])["password"])
""",
    ),
    (
        "response",
        True,
        """
def handler(event, context):
    s=boto3.client("secretsmanager").get_secret_value(SecretId="a")["SecretString"]
    return {"statusCode":200,"body":json.dumps({"s":s})}
""",
    ),
    (
        "response",
        True,
        """
def handler(event, context):
    return {"statusCode":200,"body":json.dumps(dict(os.environ))}
""",
    ),
    (
        "command",
        True,
        """def walk(e):
    v={}
    for k, val in e["params"].items():
        v[k]=val
    os.system(v["cmd"])

def handler(event, context):
    return walk(event)
""",
    ),
    (
        "command",
        True,
        """
def handler(event, context):
    try:
        c=event["cmd"]
    except KeyError:
        c="ls"
    os.system(c)
""",
    ),
    (
        "command",
        True,
        """def go(c):
    os.system(c)

def handler(event, context):
    list(map(go, event["cmds"]))
""",
    ),
    (
        "command",
        True,
        """
def handler(event, context):
    a, b = event["a"], event["b"]
    os.system(b)
""",
    ),
    (
        "command",
        True,
        """def go(cmd, **kw):
    os.system(cmd)

def handler(event, context):
    go(**event)
""",
    ),
    (
        "command",
        True,
        """
def handler(event, context):
    [os.system(c) for c in event["cmds"]]
""",
    ),
    (
        "command",
        True,
        """
def handler(event, context):
    if event["a"] == "x":
        pass
    os.system(event["a"])
""",
    ),
    (
        "command",
        True,
        """
def handler(event, context):
    c = event.get("c") or "ls"
    os.system(c)
""",
    ),
    (
        "command",
        True,
        """
def handler(event, context):
    match event:
        case {"cmd": c}:
            os.system(c)
""",
    ),
    (
        "command",
        False,
        """import unknownlib

def handler(event, context):
    x=unknownlib.fix(event["x"])
    os.system(x)
""",
    ),
    (
        "sql",
        False,
        """
def handler(event, context):
    r=boto3.resource("dynamodb").Table("t").get_item(Key={"a":1})["Item"]
    sqlite3.connect("a").execute("select "+r["x"])
""",
    ),
    (
        "sql",
        False,
        """
def handler(event, context):
    r=requests.get("https://a.com/x").json()
    sqlite3.connect("a").execute("select "+r["x"])
""",
    ),
    (
        "command",
        True,
        """def deco(f):
    import functools
    @functools.wraps(f)
    def w(*a, **k):
        return f(*a, **k)
    return w
@deco
def handler(event, context):
    os.system(f"curl {event['x']}")
""",
    ),
]

# kind that it is not, the code
HARMLESS = [
    (
        "command",
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    x="a"
    os.system("ls " + x)
""",
    ),
    (
        "command",
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    os.system("ls " + shlex.quote(x))
""",
    ),
    (
        "command",
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    x=int(x)
    os.system(f"ls {x}")
""",
    ),
    (
        "command",
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    if x not in ("a","b"):
        return {"statusCode":400}
    os.system("ls " + x)
""",
    ),
    (
        "command",
        """ALLOWED=["a","b"]

def handler(event, context):
    x = event["queryStringParameters"]["x"]
    if x in ALLOWED:
        os.system("ls " + x)
""",
    ),
    (
        "command",
        """CMDS={"a":"b"}

def handler(event, context):
    x = event["queryStringParameters"]["x"]
    os.system("ls " + CMDS[x])
""",
    ),
    (
        "command",
        """CMDS={"a":"b"}

def handler(event, context):
    x = event["queryStringParameters"]["x"]
    os.system("ls " + CMDS.get(x,"q"))
""",
    ),
    (
        "command",
        """def a():
    os.system("ls")
CMDS={"a":a}

def handler(event, context):
    x = event["queryStringParameters"]["x"]
    CMDS[x]()
""",
    ),
    (
        "command",
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    if not re.fullmatch(r"[a-z0-9]+", x):
        raise ValueError()
    os.system("ls " + x)
""",
    ),
    (
        "command",
        """PAT=re.compile(r"^[a-zA-Z0-9_-]{1,20}$")

def handler(event, context):
    x = event["queryStringParameters"]["x"]
    if not PAT.match(x):
        raise ValueError()
    os.system("ls " + x)
""",
    ),
    (
        "command",
        """def valid(v):
    return bool(re.match(r"^\\w+$", v))

def handler(event, context):
    x = event["queryStringParameters"]["x"]
    if not valid(x):
        return
    os.system("ls " + x)
""",
    ),
    (
        "command",
        """def check(v):
    if v not in ("a","b"):
        raise ValueError("x")

def handler(event, context):
    x = event["queryStringParameters"]["x"]
    check(x)
    os.system("ls " + x)
""",
    ),
    (
        "command",
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    if not x.isdigit():
        return 1
    os.system("ls " + x)
""",
    ),
    (
        "command",
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    try:
        uuid.UUID(x)
    except ValueError:
        return 1
    os.system("ls " + x)
""",
    ),
    (
        "command",
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    subprocess.run(["ls", "-l"], input=x)
""",
    ),
    (
        "command",
        """
def handler(event, context):
    os.system("ls " + context.function_name)
""",
    ),
    (
        "command",
        """
def handler(event, context):
    os.system("ls " + event["requestContext"]["requestId"])
""",
    ),
    (
        "command",
        """
def handler(event, context):
    os.system("ls " + os.environ["X"])
""",
    ),
    (
        "command",
        """
def handler(event, context):
    os.system(f"echo {uuid.uuid4()}")
""",
    ),
    (
        "command",
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    if x == "a":
        os.system("ls " + x)
""",
    ),
    (
        "command",
        """
def handler(event, context):
    n=len(event["items"])
    os.system(f"ls {n}")
""",
    ),
    (
        "code",
        """
def handler(event, context):
    import ast
    ast.literal_eval(event["body"])
""",
    ),
    (
        "code",
        """
def handler(event, context):
    eval("1+1")
""",
    ),
    (
        "sql",
        """
def handler(event, context):
    b = json.loads(event["body"])
    sqlite3.connect("a").execute("select * from t where a=?", (b["a"],))
""",
    ),
    (
        "sql",
        """import psycopg2
cur=psycopg2.connect("").cursor()

def handler(event, context):
    b = json.loads(event["body"])
    cur.execute("insert into t values (%s)", [b["a"]])
""",
    ),
    (
        "sql",
        """import pymysql
cur=pymysql.connect().cursor()

def handler(event, context):
    b = json.loads(event["body"])
    cur.execute("select * from t where id in (%s)" % ",".join(["%s"]*len(b["ids"])), b["ids"])
""",
    ),
    (
        "sql",
        """
def handler(event, context):
    b = json.loads(event["body"])
    boto3.client("rds-data").execute_statement(sql="select :a", parameters=[{"name":"a","value":{"stringValue":b["a"]}}])
""",
    ),
    (
        "sql",
        """from azure.cosmos import CosmosClient
c=CosmosClient("u").get_database_client("d").get_container_client("c")

def handler(event, context):
    b = json.loads(event["body"])
    c.query_items(query="select * from c where c.a=@a", parameters=[{"name":"@a","value":b["a"]}])
""",
    ),
    (
        "sql",
        """from azure.cosmos import CosmosClient
c=CosmosClient("u").get_database_client("d").get_container_client("c")

def handler(event, context):
    b = json.loads(event["body"])
    p={"query":"select * from c where c.a=@a","parameters":[{"name":"@a","value":b["a"]}]}
    c.query_items(**p)
""",
    ),
    (
        "sql",
        """TABLE="t"
cur=sqlite3.connect("").cursor()

def handler(event, context):
    b = json.loads(event["body"])
    cur.execute(f"select * from {TABLE} where a=?", (b["a"],))
""",
    ),
    (
        "sql",
        """
def handler(event, context):
    b = json.loads(event["body"])
    col=b["sort"] if b["sort"] in ("a","b") else "a"
    sqlite3.connect("").execute(f"select * from t order by {col}")
""",
    ),
    (
        "sql",
        """
def handler(event, context):
    b = json.loads(event["body"])
    l=int(b["limit"])
    sqlite3.connect("").execute("select * from t limit %d" % l)
""",
    ),
    (
        "sql",
        """
def handler(event, context):
    b = json.loads(event["body"])
    sqlite3.connect("").execute("select * from t limit %d" % b["l"])
""",
    ),
    (
        "nosql",
        """from pymongo import MongoClient
col=MongoClient("x").db.users

def handler(event, context):
    b = json.loads(event["body"])
    col.find_one({"u": str(b["u"])})
""",
    ),
    (
        "nosql",
        """from pymongo import MongoClient
col=MongoClient("x").db.users

def handler(event, context):
    x = event["queryStringParameters"]["x"]
    col.find_one({"u": x})
""",
    ),
    (
        "nosql",
        """from boto3.dynamodb.conditions import Key

def handler(event, context):
    b = json.loads(event["body"])
    t=boto3.resource("dynamodb").Table("t")
    t.put_item(Item=b)
    t.query(KeyConditionExpression=Key("a").eq(b["a"]))
""",
    ),
    (
        "nosql",
        """
def handler(event, context):
    b = json.loads(event["body"])
    t=boto3.resource("dynamodb").Table("t")
    t.scan(FilterExpression="a = :a", ExpressionAttributeValues={":a":b["a"]})
""",
    ),
    (
        "deserialisation",
        """
def handler(event, context):
    yaml.safe_load(event["body"])
    yaml.load(event["body"], Loader=yaml.SafeLoader)
    yaml.load(event["body"], yaml.SafeLoader)
    json.loads(event["body"])
""",
    ),
    (
        "template",
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    from jinja2 import Template
    Template("hi {{x}}").render(x=x)
""",
    ),
    (
        "path",
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    open("/tmp/" + os.path.basename(x))
""",
    ),
    (
        "path",
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    open("/tmp/data.json","w").write(x)
""",
    ),
    (
        "path",
        """
def handler(event, context):
    s3=boto3.client("s3")
    r=event["Records"][0]["s3"]
    s3.get_object(Bucket=r["bucket"]["name"], Key=r["object"]["key"])
""",
    ),
    (
        "ssrf",
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    requests.get("https://api.example.com/v1/" + x)
""",
    ),
    (
        "ssrf",
        """BASE=os.environ["BASE"]

def handler(event, context):
    x = event["queryStringParameters"]["x"]
    requests.get(f"{BASE}/v1/{x}")
""",
    ),
    (
        "ssrf",
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    requests.post("https://api.example.com/v1/", json={"a":x})
""",
    ),
    (
        "ssrf",
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    requests.get("https://api.example.com/v1", params={"a":x})
""",
    ),
    (
        "ssrf",
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    if urlparse(x).hostname not in ("a.com",):
        return
    requests.get(x)
""",
    ),
    (
        "ssrf",
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    if not x.startswith("https://a.com/"):
        return
    requests.get(x)
""",
    ),
    (
        "xml",
        """
def handler(event, context):
    import defusedxml.ElementTree as ET
    ET.fromstring(event["body"])
""",
    ),
    (
        "xml",
        """
def handler(event, context):
    from lxml import etree
    p=etree.XMLParser(resolve_entities=False)
    etree.fromstring(event["body"], parser=p)
""",
    ),
    (
        "regex",
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    re.search(re.escape(x), "aaa")
    re.search("a+", x)
""",
    ),
    (
        "redirect",
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    return {"statusCode":302,"headers":{"Location":"https://a.com/" + x}}
""",
    ),
    (
        "xss",
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    return {"statusCode":200,"headers":{"Content-Type":"text/html"},"body":"<h1>"+html.escape(x)+"</h1>"}
""",
    ),
    (
        "xss",
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    return {"statusCode":200,"headers":{"Content-Type":"application/json"},"body":json.dumps({"x":x})}
""",
    ),
    (
        "log",
        """
def handler(event, context):
    x = event["queryStringParameters"]["x"]
    print("got", x)
    print(len(event))
    print("done")
""",
    ),
    (
        "log",
        """
def handler(event, context):
    print(os.environ["TABLE_NAME"], os.environ.get("DB_SECRET_ARN"))
""",
    ),
    (
        "log",
        """
def handler(event, context):
    print(event["requestContext"]["requestId"])
""",
    ),
    (
        "response",
        """import pymysql

def handler(event, context):
    c=json.loads(boto3.client("secretsmanager").get_secret_value(SecretId="a")["SecretString"])
    conn=pymysql.connect(password=c["password"])
    cur=conn.cursor()
    cur.execute("select 1")
    return {"statusCode":200,"body":json.dumps(cur.fetchall())}
""",
    ),
]


@pytest.mark.parametrize(("kind", "certain", "code"), HARMFUL)
def test_a_harmful_handler_is_found_under_its_kind(kind: str, certain: bool, code: str):
    found = flows_of({"app.py": IMPORTS + code}, "app.handler")["flows"]

    assert [(each["kind"], each["certain"]) for each in found] == [(kind, certain)]


@pytest.mark.parametrize(("kind", "code"), HARMLESS)
def test_a_harmless_handler_has_no_flow(kind: str, code: str):
    found = flows_of({"app.py": IMPORTS + code}, "app.handler")["flows"]

    assert [(each["kind"], each["why"], each["source"]["path"]) for each in found] == []
