"""Whole handlers as people write them: harmful ones, with the flows that they have, and ordinary ones, which have none."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from flow_samples import flows_of

# the flows (kind, and + if certain), the configured handler, the files
PROGRAMS = [
    (
        ["sql+", "sql+"],
        "app.lambda_handler",
        {
            "app.py": """
import json, os
import psycopg2
from psycopg2.extras import RealDictCursor
DB = {"host": os.environ["DB_HOST"], "password": os.environ["DB_PASSWORD"]}
def get_connection():
    return psycopg2.connect(**DB)
def lambda_handler(event, context):
    method = event.get("httpMethod")
    params = event.get("queryStringParameters") or {}
    conn = get_connection()
    cursor = conn.cursor(cursor_factory=RealDictCursor)
    try:
        if method == "GET":
            user_id = params.get("id", "")
            query = "SELECT * FROM users WHERE id = '" + user_id + "'"
            cursor.execute(query)
            rows = cursor.fetchall()
            return {"statusCode": 200, "body": json.dumps(rows, default=str)}
        elif method == "POST":
            body = json.loads(event.get("body") or "{}")
            cursor.execute("INSERT INTO users (name) VALUES ('{0}')".format(body.get("name")))
            conn.commit()
            return {"statusCode": 201, "body": "ok"}
    finally:
        conn.close()
"""
        },
    ),
    (
        ["command+"],
        "app.lambda_handler",
        {
            "app.py": """
import json, subprocess, base64, urllib.parse
def respond(err, res=None):
    return {'statusCode': '400' if err else '200', 'body': str(err) if err else json.dumps(res)}
def run_cmd(cmd):
    p = subprocess.Popen(cmd, shell=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = p.communicate()
    return out.decode()
def lambda_handler(event, context):
    if event['isBase64Encoded']:
        body = base64.b64decode(event['body']).decode()
    else:
        body = event['body']
    data = dict(urllib.parse.parse_qsl(body))
    host = data['host']
    result = run_cmd('ping -c 1 ' + host)
    return respond(None, {'result': result})
"""
        },
    ),
    (
        ["ssrf+", "xss+"],
        "app.lambda_handler",
        {
            "app.py": """
import urllib.request, json
def lambda_handler(event, context):
    url = event['queryStringParameters']['url']
    try:
        with urllib.request.urlopen(url) as resp:
            content = resp.read().decode('utf-8')
    except Exception as e:
        return {'statusCode': 500, 'body': str(e)}
    return {'statusCode': 200, 'headers': {'Content-Type': 'text/html'}, 'body': f"<html><body>{url}</body></html>"}
"""
        },
    ),
    (
        ["command+", "log+"],
        "app.lambda_handler",
        {
            "app.py": """
import boto3, os, subprocess
from urllib.parse import unquote_plus
s3 = boto3.client('s3')
def lambda_handler(event, context):
    print(event)
    for record in event['Records']:
        bucket = record['s3']['bucket']['name']
        key = unquote_plus(record['s3']['object']['key'])
        os.system('convert /tmp/%s /tmp/out.png' % key)
"""
        },
    ),
    (
        ["command+", "path-"],
        "app.lambda_handler",
        {
            "app.py": """
import boto3, os, subprocess
from urllib.parse import unquote_plus
s3 = boto3.client('s3')
def process(bucket, key):
    local = '/tmp/' + key
    s3.download_file(bucket, key, local)
    subprocess.check_call(f'file {local}', shell=True)
def lambda_handler(event, context):
    for record in event['Records']:
        process(record['s3']['bucket']['name'], unquote_plus(record['s3']['object']['key']))
"""
        },
    ),
    (
        ["deserialisation+"],
        "app.lambda_handler",
        {
            "app.py": """
import json, yaml, boto3
s3 = boto3.resource('s3')
def lambda_handler(event, context):
    record = event['Records'][0]
    obj = s3.Object(record['s3']['bucket']['name'], record['s3']['object']['key'])
    text = obj.get()['Body'].read().decode('utf-8')
    config = yaml.load(text, Loader=yaml.Loader)
    return config
"""
        },
    ),
    (
        ["xml+"],
        "app.lambda_handler",
        {
            "app.py": """
import boto3
from lxml import etree
from io import BytesIO
s3 = boto3.client('s3')
def lambda_handler(event, context):
    bucket = event['Records'][0]['s3']['bucket']['name']
    key = event['Records'][0]['s3']['object']['key']
    data = s3.get_object(Bucket=bucket, Key=key)['Body'].read()
    parser = etree.XMLParser(load_dtd=True, no_network=False, resolve_entities=True)
    tree = etree.parse(BytesIO(data), parser)
"""
        },
    ),
    (
        ["xml+"],
        "app.lambda_handler",
        {
            "app.py": """
import xml.sax, json
from xml.sax import make_parser, handler
class H(xml.sax.ContentHandler):
    pass
def lambda_handler(event, context):
    parser = make_parser()
    parser.setFeature(handler.feature_external_ges, True)
    parser.setContentHandler(H())
    parser.parse(event['body'])
"""
        },
    ),
    (
        ["nosql+"],
        "app.login",
        {
            "app.py": """
import json, os, pymongo
client = pymongo.MongoClient(os.environ['MONGO'])
db = client['app']
def login(event, context):
    data = json.loads(event['body'])
    user = db.users.find_one({'username': data['username'], 'password': data['password']})
    return {'statusCode': 200 if user else 401}
"""
        },
    ),
    (
        ["nosql+"],
        "app.handler",
        {
            "app.py": """
import json, boto3
ddb = boto3.client('dynamodb')
def handler(event, context):
    q = event['queryStringParameters']
    r = ddb.scan(TableName='orders', FilterExpression="customer = :c AND " + q['filter'], ExpressionAttributeValues={':c': {'S': 'x'}})
    return {'statusCode': 200, 'body': json.dumps(r['Items'])}
"""
        },
    ),
    (
        ["nosql+"],
        "app.handler",
        {
            "app.py": """
import json, boto3
ddb = boto3.client('dynamodb')
def handler(event, context):
    body = json.loads(event['body'])
    r = ddb.scan(TableName='orders', ScanFilter={'a': {'AttributeValueList': [{'S': body['v']}], 'ComparisonOperator': body['op']}})
    return {'statusCode': 200, 'body': json.dumps(r['Items'])}
"""
        },
    ),
    (
        ["code+"],
        "functions/run/handler.main",
        {
            "functions/run/handler.py": """
from common.evaluate import Evaluator
import json
def main(event, context):
    payload = json.loads(event["body"])
    ev = Evaluator(payload.get("variables", {}))
    return {"statusCode": 200, "body": json.dumps({"r": ev.compute(payload["formula"])})}
""",
            "functions/common/evaluate.py": """
class Evaluator:
    def __init__(self, variables):
        self.variables = variables
    def compute(self, formula):
        return eval(formula, {"__builtins__": {}}, self.variables)
""",
            "functions/common/__init__.py": """""",
        },
    ),
    (
        ["sql+"],
        "src/handlers/orders.get",
        {
            "src/handlers/orders.py": """
from ..db.repo import OrderRepository
repo = OrderRepository()
def get(event, context):
    return repo.by_status(event["pathParameters"]["status"])
""",
            "src/db/repo.py": """
from .connection import connection
from . import queries
class OrderRepository:
    def by_status(self, status):
        sql = queries.BY_STATUS % status
        with connection() as conn, conn.cursor() as c:
            c.execute(sql)
            return c.fetchall()
""",
            "src/db/queries.py": """BY_STATUS = "select * from orders where status = '%s'"
""",
            "src/db/connection.py": """
import pymysql
from contextlib import contextmanager
@contextmanager
def connection():
    conn = pymysql.connect(host="x")
    try:
        yield conn
    finally:
        conn.close()
""",
            "src/__init__.py": """""",
            "src/db/__init__.py": """""",
            "src/handlers/__init__.py": """""",
        },
    ),
    (
        ["log+", "response+"],
        "app.handler",
        {
            "app.py": """
import os, json, traceback
def handler(event, context):
    try:
        raise ValueError("x")
    except Exception:
        print(os.environ)
        return {"statusCode": 500, "body": json.dumps({"env": dict(os.environ)})}
"""
        },
    ),
    (
        ["response+"],
        "app.handler",
        {
            "app.py": """
import boto3, json
sts = boto3.client("sts")
def handler(event, context):
    c = sts.assume_role(RoleArn="a", RoleSessionName="s")["Credentials"]
    return {"statusCode": 200, "body": json.dumps({"k": c["AccessKeyId"], "s": c["SecretAccessKey"]})}
"""
        },
    ),
    (
        ["redirect+"],
        "app.handler",
        {
            "app.py": """
def handler(event, context):
    target = event.get("queryStringParameters", {}).get("next", "/")
    response = {"statusCode": 302, "headers": {}}
    response["headers"]["Location"] = target
    return response
"""
        },
    ),
    (
        ["path+"],
        "app.handler",
        {
            "app.py": """
import os, base64
BASE = "/var/task/files"
def handler(event, context):
    name = event["pathParameters"]["proxy"]
    full = os.path.join(BASE, name)
    if not os.path.exists(full):
        return {"statusCode": 404}
    with open(full, "rb") as f:
        return {"statusCode": 200, "body": base64.b64encode(f.read()).decode(), "isBase64Encoded": True}
"""
        },
    ),
    (
        ["path-"],
        "app.handler",
        {
            "app.py": """
import os
BASE = "/var/task/files"
def handler(event, context):
    name = event["pathParameters"]["proxy"]
    full = os.path.realpath(os.path.join(BASE, name))
    if not full.startswith(BASE + os.sep):
        return {"statusCode": 404}
    with open(full) as f:
        return {"statusCode": 200, "body": f.read()}
"""
        },
    ),
    (
        ["path+"],
        "app.handler",
        {
            "app.py": """
import tarfile, io, base64
def handler(event, context):
    data = base64.b64decode(event["body"])
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        tar.extractall("/tmp/work")
"""
        },
    ),
    (
        ["template+"],
        "app.handler",
        {
            "app.py": """
from jinja2 import Environment, BaseLoader
import json
def handler(event, context):
    body = json.loads(event["body"])
    env = Environment(loader=BaseLoader())
    template = env.from_string(body["template"])
    return {"statusCode": 200, "body": template.render(**body["data"])}
"""
        },
    ),
    (
        ["sql+"],
        "app.handler",
        {
            "app.py": """
import boto3, os
athena = boto3.client("athena")
def handler(event, context):
    args = event["arguments"]
    query = f\"\"\"
        SELECT * FROM logs
        WHERE tenant = '{args["tenant"]}'
    \"\"\"
    r = athena.start_query_execution(QueryString=query, ResultConfiguration={"OutputLocation": os.environ["OUT"]})
    return r["QueryExecutionId"]
"""
        },
    ),
    (
        ["sql+"],
        "app.handler",
        {
            "app.py": """
import sqlalchemy as sa
import os, json
engine = sa.create_engine(os.environ["URL"])
def handler(event, context):
    name = json.loads(event["body"])["name"]
    with engine.connect() as conn:
        rows = conn.execute(sa.text("SELECT * FROM a WHERE n = '%s'" % name)).fetchall()
    return {"statusCode": 200, "body": str(rows)}
"""
        },
    ),
    (
        ["sql+"],
        "",
        {
            "app.py": """
from google.cloud import bigquery
client = bigquery.Client()
def query_logs(request):
    name = request.args.get("name")
    job = client.query(f"SELECT * FROM t WHERE name = '{name}'")
    return str(list(job.result()))
"""
        },
    ),
    (
        ["sql+"],
        "",
        {
            "app.py": """
import azure.functions as func
import pyodbc, os
app = func.FunctionApp()
@app.route(route="users", auth_level=func.AuthLevel.ANONYMOUS)
def users(req: func.HttpRequest) -> func.HttpResponse:
    name = req.params.get("name")
    with pyodbc.connect(os.environ["SQL"]) as conn:
        cursor = conn.cursor()
        cursor.execute("SELECT * FROM Users WHERE Name = '" + name + "'")
        row = cursor.fetchone()
    return func.HttpResponse(str(row))
"""
        },
    ),
    (
        ["command-"],
        "app.handler",
        {
            "app.py": """
import json, boto3, subprocess
table = boto3.resource("dynamodb").Table("jobs")
def handler(event, context):
    job = table.get_item(Key={"id": "1"})["Item"]
    subprocess.run(job["command"], shell=True)
"""
        },
    ),
    (
        ["command+"],
        "app.handler",
        {
            "app.py": """
import json, subprocess
def handler(event, context):
    for record in event["Records"]:
        sns = json.loads(record["Sns"]["Message"])
        for key, value in sns["params"].items():
            subprocess.call("echo {} {}".format(key, value), shell=True)
"""
        },
    ),
    (
        ["command+"],
        "app.handler",
        {
            "app.py": """
import json, subprocess, base64
def handler(event, context):
    for r in event["Records"]:
        payload = base64.b64decode(r["kinesis"]["data"])
        doc = json.loads(payload)
        subprocess.getoutput("grep " + doc["pattern"] + " /tmp/x")
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
    new = event["Records"][0]["dynamodb"]["NewImage"]
    subprocess.getoutput("grep " + new["name"]["S"])
"""
        },
    ),
    (
        ["ssrf+"],
        "app.handler",
        {
            "app.py": """
import requests
def fetch(url, timeout=5):
    session = requests.Session()
    r = session.request("GET", url, timeout=timeout)
    return r.json()
def handler(event, context):
    cb = event["detail"]["callback_url"]
    return fetch(url=cb)
"""
        },
    ),
    (
        ["ssrf+"],
        "app.handler",
        {
            "app.py": """
import asyncio, aiohttp
async def get(url):
    async with aiohttp.ClientSession() as session:
        async with session.get(url) as resp:
            return await resp.text()
def handler(event, context):
    return asyncio.run(get(event["queryStringParameters"]["u"]))
"""
        },
    ),
    (
        ["code+"],
        "app.handler",
        {
            "app.py": """
import pickle, redis, json
def handler(event, context):
    mod = __import__(event["module"])
    fn = getattr(mod, "run")
    return fn()
"""
        },
    ),
    (
        ["log+"],
        "app.handler",
        {
            "app.py": """
import json, logging
logger = logging.getLogger(__name__)
def handler(event, context):
    logger.info(f"Headers: {event['headers']}")
"""
        },
    ),
    (
        ["log+"],
        "app.handler",
        {
            "app.py": """
import json, logging
def handler(event, context):
    body = json.loads(event["body"])
    logging.info("login attempt %s %s", body["username"], body["password"])
"""
        },
    ),
    (
        ["log+"],
        "app.handler",
        {
            "app.py": """
import json, logging
logger = logging.getLogger()
def handler(event, context):
    logger.info('## EVENT')
    logger.info(json.dumps(event, indent=2))
"""
        },
    ),
    (
        ["log+"],
        "app.handler",
        {
            "app.py": """
import os, json
def handler(event, context):
    print('## ENVIRONMENT VARIABLES')
    print(os.environ)
"""
        },
    ),
    (
        [],
        "app.handler",
        {
            "app.py": """
import json, boto3, os, uuid
from datetime import datetime
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
def handler(event, context):
    data = json.loads(event["body"])
    if "text" not in data:
        raise Exception("Couldn't create the item.")
    item = {"id": str(uuid.uuid1()), "text": data["text"], "createdAt": str(datetime.utcnow())}
    table.put_item(Item=item)
    r = table.update_item(Key={"id": event["pathParameters"]["id"]}, ExpressionAttributeNames={"#t": "text"}, ExpressionAttributeValues={":t": data["text"]},
        UpdateExpression="SET #t = :t", ReturnValues="ALL_NEW")
    return {"statusCode": 200, "body": json.dumps(item)}
"""
        },
    ),
    (
        [],
        "app.handler",
        {
            "app.py": """
import json, boto3, os
bedrock = boto3.client("bedrock-runtime")
s3 = boto3.client("s3")
def handler(event, context):
    body = json.loads(event["body"])
    prompt = f"Human: {body['prompt']} Assistant:"
    r = bedrock.invoke_model(body=json.dumps({"prompt": prompt}), modelId="m")
    out = json.loads(r["body"].read())
    s3.put_object(Bucket=os.environ["B"], Key=f"{context.aws_request_id}.json", Body=json.dumps(out))
    url = s3.generate_presigned_url("put_object", Params={"Bucket": os.environ["B"], "Key": body["name"]}, ExpiresIn=60)
    return {"statusCode": 200, "headers": {"Content-Type": "application/json", "Access-Control-Allow-Origin": "*"}, "body": json.dumps(out["completion"])}
"""
        },
    ),
    (
        [],
        "app.handler",
        {
            "app.py": """
import boto3, json
from urllib.parse import unquote_plus
from PIL import Image
import uuid, os
s3 = boto3.client("s3")
def resize(a, b):
    with Image.open(a) as i:
        i.thumbnail((10, 10)); i.save(b)
def handler(event, context):
    for record in event["Records"]:
        bucket = record["s3"]["bucket"]["name"]
        key = unquote_plus(record["s3"]["object"]["key"])
        path = f"/tmp/{uuid.uuid4()}"
        s3.download_file(bucket, key, path)
        resize(path, path + "-r")
        s3.upload_file(path + "-r", f"{bucket}-resized", key)
"""
        },
    ),
    (
        [],
        "app.handler",
        {
            "app.py": """
import psycopg2, json, os, boto3
def secret():
    c = boto3.client("secretsmanager")
    return json.loads(c.get_secret_value(SecretId=os.environ["ARN"])["SecretString"])
def handler(event, context):
    s = secret()
    conn = psycopg2.connect(host=s["host"], user=s["username"], password=s["password"])
    cur = conn.cursor()
    cur.execute("SELECT * FROM t WHERE id = %s", (event["pathParameters"]["id"],))
    rows = cur.fetchall()
    cur.execute("INSERT INTO a VALUES (%(x)s)", {"x": json.loads(event["body"])["x"]})
    return {"statusCode": 200, "body": json.dumps(rows)}
"""
        },
    ),
    (
        [],
        "app.handler",
        {
            "app.py": """
import requests, os, json, boto3
API = os.environ.get("API_URL", "https://api.example.com")
def get_token():
    return boto3.client("ssm").get_parameter(Name="/x", WithDecryption=True)["Parameter"]["Value"]
def handler(event, context):
    city = event["queryStringParameters"]["city"]
    r = requests.get(f"{API}/weather", params={"q": city}, headers={"Authorization": "Bearer " + get_token()}, timeout=3)
    r.raise_for_status()
    data = r.json()
    r2 = requests.get(f"https://api.telegram.org/bot{get_token()}/sendMessage?chat_id={city}")
    return {"statusCode": r.status_code, "body": json.dumps({"t": data["main"]["temp"]})}
"""
        },
    ),
    (
        [],
        "app.handler",
        {
            "app.py": """
import boto3, json
def handler(event, context):
    token = event["authorizationToken"]
    if token == "allow":
        return {"principalId": "u", "policyDocument": {"Statement": [{"Effect": "Allow", "Resource": event["methodArn"]}]}}
    raise Exception("Unauthorized")
"""
        },
    ),
    (
        [],
        "app.handler",
        {
            "app.py": """
import cfnresponse, boto3, json, logging
def handler(event, context):
    try:
        props = event["ResourceProperties"]
        if event["RequestType"] == "Create":
            boto3.client("s3").put_object(Bucket=props["Bucket"], Key="x", Body="y")
        cfnresponse.send(event, context, cfnresponse.SUCCESS, {})
    except Exception as e:
        cfnresponse.send(event, context, cfnresponse.FAILED, {"e": str(e)})
"""
        },
    ),
    (
        [],
        "app.handler",
        {
            "app.py": """
import json, urllib3
http = urllib3.PoolManager()
def handler(event, context):
    status = {"Status": "SUCCESS", "RequestId": event["RequestId"]}
    http.request("PUT", event["ResponseURL"], body=json.dumps(status))
"""
        },
    ),
]


@pytest.mark.parametrize(("expected", "handler", "files"), PROGRAMS)
def test_a_program_has_its_flows_and_no_others(expected: list[str], handler: str, files: Mapping[str, str]):
    found = flows_of(files, *([handler] if handler else []))["flows"]

    assert sorted(each["kind"] + ("+" if each["certain"] else "-") for each in found) == expected
