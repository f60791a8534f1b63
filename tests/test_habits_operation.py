"""Facts of code about how it runs: logs, secrets, services that it calls, other parties and webhooks; each with what looks alike and is none."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assaybook.code.package import Entry
from habit_facts import JS, PY, TS, answer, details, facts

LOGS = [
    (PY, "def handler(event, context):\n    print('x')", (False, False)),
    (
        PY,
        "import logging\nlogger = logging.getLogger()\ndef handler(event, context):\n    logger.info('x')",
        (False, False),
    ),
    (
        PY,
        "import logging\nlogger = logging.getLogger()\ndef handler(event, context):\n    logger.info('x %s', context.aws_request_id)",
        (False, True),
    ),
    (
        PY,
        "from aws_lambda_powertools import Logger\nlogger = Logger()\n@logger.inject_lambda_context\ndef handler(event, context):\n    logger.info('x')",
        (True, True),
    ),
    (
        PY,
        "from aws_lambda_powertools import Logger\nlogger = Logger()\ndef handler(event, context):\n    logger.info('x')",
        (True, False),
    ),
    (
        PY,
        "import structlog\nlog = structlog.get_logger()\ndef handler(event, context):\n    log.info('x', request_id=context.aws_request_id)",
        (True, True),
    ),
    (
        PY,
        "import json\ndef handler(event, context):\n    print(json.dumps({'level': 'info', 'message': 'x', 'requestId': 'y'}))",
        (True, True),
    ),
    (JS, "exports.handler = async (event) => { console.log('x'); };", (False, True)),
    (
        JS,
        "const { Logger } = require('@aws-lambda-powertools/logger');\nconst logger = new Logger();\nexports.handler = async (event, context) => { logger.addContext(context); logger.info('x'); };",
        (True, True),
    ),
    (
        JS,
        "const pino = require('pino')();\nexports.handler = async (event, context) => { pino.info({ awsRequestId: context.awsRequestId }, 'x'); };",
        (True, True),
    ),
    (JS, "const work = () => { console.log('x'); };\nexports.handler = async (event) => { work(); };", (False, True)),
]


@pytest.mark.parametrize(("path", "text", "expected"), LOGS)
def test_logs(path: str, text: str, expected: tuple[bool, bool]) -> None:
    (found,) = details("logs", path, text)
    assert (found["structured"], found["tied"]) == expected


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (PY, "def handler(event, context):\n    return 1"),
        (JS, "exports.handler = async (event) => 1;"),
        (PY, "print('x')"),
    ],
)
def test_who_logs_nothing_has_no_logger(path: str, text: str) -> None:
    assert details("logs", path, text) == []


SECRETS = [
    (
        PY,
        "import psycopg2, os\nc = psycopg2.connect(host='h', password=os.environ['DB_PASSWORD'])",
        ["secret-from-environment"],
    ),
    (
        PY,
        "import pymysql, os\nPW = os.getenv('DB_PASS')\nc = pymysql.connect(host='h', password=PW)",
        ["secret-from-environment"],
    ),
    (
        PY,
        "import psycopg2, os\nc = psycopg2.connect(f\"host=h password={os.environ['DB_PASSWORD']}\")",
        ["secret-from-environment"],
    ),
    (PY, "import stripe, os\nstripe.api_key = os.environ['STRIPE_SECRET_KEY']", ["secret-from-environment"]),
    (
        PY,
        "from pymongo import MongoClient\nimport os\nc = MongoClient(os.environ['MONGO_URI'])",
        ["secret-from-environment"],
    ),
    (
        JS,
        "const mysql = require('mysql');\nconst c = mysql.createConnection({ host: 'h', password: process.env.DB_PASSWORD });",
        ["secret-from-environment"],
    ),
    (
        JS,
        "const { Client } = require('pg');\nconst c = new Client({ connectionString: process.env.DATABASE_URL });",
        ["secret-from-environment"],
    ),
    (JS, "const stripe = require('stripe')(process.env.STRIPE_SECRET_KEY);", ["secret-from-environment"]),
    (
        JS,
        "import Stripe from 'stripe';\nconst stripe = new Stripe(process.env.STRIPE_SECRET_KEY, { apiVersion: 'x' });",
        ["secret-from-environment"],
    ),
    (
        JS,
        "const mongoose = require('mongoose');\nmongoose.connect(process.env.MONGODB_URI);",
        ["secret-from-environment"],
    ),
    (
        TS,
        "import { Pool } from 'pg';\nconst p = new Pool({ password: process.env.PGPASSWORD! });",
        ["secret-from-environment"],
    ),
    (
        PY,
        "import boto3, psycopg2, os\nsm = boto3.client('secretsmanager')\ns = sm.get_secret_value(SecretId='x')\nc = psycopg2.connect(password=os.environ['DB_PASSWORD'])",
        ["manager-read", "secret-from-environment?"],
    ),
    (PY, "import boto3\nsm = boto3.client('secretsmanager')\ns = sm.get_secret_value(SecretId='x')", ["manager-read"]),
    (
        PY,
        "import boto3\nssm = boto3.client('ssm')\ns = ssm.get_parameter(Name='x', WithDecryption=True)",
        ["manager-read"],
    ),
    (
        JS,
        "const { SecretsManagerClient, GetSecretValueCommand } = require('@aws-sdk/client-secrets-manager');\nconst r = await c.send(new GetSecretValueCommand({}));",
        ["manager-read"],
    ),
    (
        PY,
        "import psycopg2, boto3\nt = boto3.client('rds').generate_db_auth_token(DBHostname='h')\nc = psycopg2.connect(host='h', password=t)",
        [],
    ),
    (PY, "import psycopg2, os\nc = psycopg2.connect(host=os.environ['DB_HOST'], password=load())", []),
    (JS, "const { Client } = require('pg');\nconst c = new Client({ host: process.env.DB_HOST });", []),
]


@pytest.mark.parametrize(("path", "text", "expected"), SECRETS)
def test_secrets(path: str, text: str, expected: list[str]) -> None:
    assert facts("secrets", path, text) == expected


TIMEOUTS = [
    (PY, "import requests\nrequests.get('https://a.example.com')", False),
    (PY, "import requests\nrequests.get('https://a.example.com', timeout=None)", False),
    (PY, "import requests\nrequests.get('https://a.example.com', timeout=5)", True),
    (PY, "import requests\nrequests.get('https://a.example.com', timeout=(3, 5))", True),
    (PY, "import requests\nO = {'timeout': 5}\nrequests.get('https://a.example.com', **O)", True),
    (PY, "import requests\ndef f(**more):\n    requests.get('https://a.example.com', **more)", None),
    (PY, "import requests\ns = requests.Session()\ns.post('https://a.example.com', json={})", False),
    (
        PY,
        "import requests\nfrom adapters import TimeoutAdapter\ns = requests.Session()\ns.mount('https://', TimeoutAdapter(timeout=5))\ns.get('https://a.example.com')",
        None,
    ),
    (PY, "import urllib.request\nurllib.request.urlopen('https://a.example.com')", False),
    (PY, "import urllib.request\nurllib.request.urlopen('https://a.example.com', None, 5)", True),
    (
        PY,
        "import urllib.request, socket\nsocket.setdefaulttimeout(5)\nurllib.request.urlopen('https://a.example.com')",
        True,
    ),
    (PY, "import urllib3\nh = urllib3.PoolManager()\nh.request('GET', 'https://a.example.com')", False),
    (PY, "import urllib3\nh = urllib3.PoolManager(timeout=5.0)\nh.request('GET', 'https://a.example.com')", True),
    (PY, "import httpx\nhttpx.get('https://a.example.com')", True),
    (JS, "const axios = require('axios');\naxios.get('https://a.example.com');", False),
    (JS, "const axios = require('axios');\naxios.get('https://a.example.com', { timeout: 5000 });", True),
    (JS, "const axios = require('axios');\naxios.get('https://a.example.com', { timeout: 0 });", False),
    (JS, "const axios = require('axios');\naxios.post('https://a.example.com', { a: 1 }, { headers: {} });", False),
    (
        JS,
        "const axios = require('axios');\nconst c = axios.create({ baseURL: 'https://a.example.com', timeout: 5000 });\nc.get('/x');",
        True,
    ),
    (JS, "const axios = require('axios');\naxios.defaults.timeout = 5000;\naxios.get('https://a.example.com');", True),
    (JS, "await fetch('https://a.example.com');", False),
    (JS, "await fetch('https://a.example.com', { method: 'POST', signal: AbortSignal.timeout(5000) });", True),
    (JS, "const fetch = require('node-fetch');\nfetch('https://a.example.com', { timeout: 5000 });", True),
    (JS, "const https = require('https');\nhttps.get('https://a.example.com', (r) => {});", False),
    (
        JS,
        "const https = require('https');\nconst q = https.request({ hostname: 'a.example.com', timeout: 5000 }, cb);",
        True,
    ),
    (
        JS,
        "const https = require('https');\nconst q = https.request({ hostname: 'a.example.com' }, cb);\nq.setTimeout(5000);",
        True,
    ),
    (TS, "import got from 'got';\nawait got('https://a.example.com', { timeout: { request: 5000 } });", True),
    (JS, "import axios from 'axios';\nconst f = (config) => axios.get('https://a.example.com', config);", None),
]


@pytest.mark.parametrize(("path", "text", "expected"), TIMEOUTS)
def test_timeouts(path: str, text: str, expected: bool | None) -> None:
    (found,) = details("external", path, text)
    assert found["timeout"] is expected
    assert found["host"] == "a.example.com"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (PY, "import requests\nrequests.get('http://localhost:2773/x')"),
        (PY, "import requests\nrequests.get('http://169.254.169.254/latest')"),
        (PY, "def fetch(u): pass\nfetch('https://a.example.com')"),
        (PY, "d = {}\nd.get('https://a.example.com')"),
        (JS, "const m = new Map();\nm.get('https://a.example.com');"),
        (JS, "import { get } from 'lodash';\nget(x, 'https://a.example.com');"),
        (JS, "app.get('/x', handler);"),
    ],
)
def test_what_is_no_external_call(path: str, text: str) -> None:
    assert details("external", path, text) == []


@pytest.mark.parametrize(
    ("path", "text", "used", "schema", "dangerous"),
    [
        (PY, "import requests\nr = requests.get('https://a.example.com')\nx = r.json()['a']", True, False, ""),
        (PY, "import requests\nrequests.post('https://a.example.com')", False, False, ""),
        (
            PY,
            "import requests\nfrom pydantic import BaseModel\nr = requests.get('https://a.example.com').json()",
            True,
            True,
            "",
        ),
        (PY, "import requests\nr = requests.get('https://a.example.com')\neval(r.text)", True, False, "eval"),
        (
            PY,
            "import requests, pickle\nr = requests.get('https://a.example.com')\npickle.loads(r.content)",
            True,
            False,
            "pickle.loads",
        ),
        (
            JS,
            "const axios = require('axios');\nconst f = async () => { const { data } = await axios.get('https://a.example.com'); return data; };",
            True,
            False,
            "",
        ),
        (
            JS,
            "const f = async () => { const r = await fetch('https://a.example.com'); return r.json(); };",
            True,
            False,
            "",
        ),
        (
            JS,
            "const z = require('zod');\nconst f = async () => { const r = await fetch('https://a.example.com'); return S.parse(await r.json()); };",
            True,
            True,
            "",
        ),
    ],
)
def test_answers(path: str, text: str, used: bool, schema: bool, dangerous: str) -> None:
    (found,) = details("external", path, text)
    assert (found["used"], found["schema"], found["dangerous"]) == (used, schema, dangerous)


HOOKS = [
    (
        PY,
        "def handler(event, context):\n    s = event['headers']['X-Hub-Signature-256']\n    return run(event['body'])",
        ["not-verified"],
    ),
    (
        PY,
        "import hmac, hashlib\ndef handler(event, context):\n    s = event['headers']['x-hub-signature-256']\n    e = 'sha256=' + hmac.new(key(), event['body'].encode(), hashlib.sha256).hexdigest()\n    if not hmac.compare_digest(s, e):\n        return 401",  # noqa: E501
        ["verified"],
    ),
    (
        PY,
        "import hmac, hashlib\ndef handler(event, context):\n    signature = event['headers']['x-hub-signature-256']\n    expected = hmac.new(key(), event['body'].encode(), hashlib.sha256).hexdigest()\n    if signature != expected:\n        return 401",  # noqa: E501
        ["compared"],
    ),
    (
        PY,
        "import stripe\ndef handler(event, context):\n    e = stripe.Webhook.construct_event(event['body'], event['headers']['Stripe-Signature'], secret())",
        ["verified"],
    ),
    (PY, "def webhook_handler(event, context):\n    run(event['body'])", ["not-verified?"]),
    (
        JS,
        "exports.handler = async (event) => { const s = event.headers['x-shopify-hmac-sha256']; await run(event.body); };",
        ["not-verified"],
    ),
    (
        JS,
        "const stripe = require('stripe')(key);\nexports.handler = async (event) => { const e = stripe.webhooks.constructEvent(event.body, event.headers['stripe-signature'], secret); };",
        ["verified"],
    ),
    (
        JS,
        "const crypto = require('crypto');\nconst check = (b, signature) => { const digest = crypto.createHmac('sha256', key).update(b).digest('hex'); return signature === digest; };\nexports.handler = async (event) => { if (!check(event.body, event.headers['x-hub-signature'])) return { statusCode: 401 }; };",  # noqa: E501
        ["compared"],
    ),
    (
        JS,
        "const crypto = require('crypto');\nexports.handler = async (event) => { const a = Buffer.from(event.headers['x-hub-signature']); if (!crypto.timingSafeEqual(a, mac(event.body))) return { statusCode: 401 }; };",  # noqa: E501
        ["verified"],
    ),
    (PY, "def handler(event, context):\n    return event['headers']['Authorization']", []),
    (PY, "def send_webhook_handler(event, context):\n    post(event)", []),
    (PY, "def set_webhook_handler(event, context):\n    post(event)", []),
    (JS, "exports.handler = async (event) => event.body;", []),
]


@pytest.mark.parametrize(("path", "text", "expected"), HOOKS)
def test_webhooks(path: str, text: str, expected: list[str]) -> None:
    assert facts("webhooks", path, text) == expected


def test_a_file_or_a_route_can_name_a_webhook() -> None:
    found = answer({"src/webhook/index.js": "exports.handler = async (event) => event.body;"})["facts"]
    assert [each["kind"] for each in found if each["group"] == "webhooks"] == ["not-verified"]


CALLS = [
    (PY, "import boto3\nboto3.client('s3').put_object(Bucket='b')", [("s3", "PutObject")], 0),
    (PY, "import boto3\nt = boto3.resource('dynamodb').Table('t')\nt.get_item(Key={})", [("dynamodb", "")], 0),
    (PY, "from boto3 import client\nsqs = client('sqs')\nsqs.send_message(QueueUrl='q')", [("sqs", "SendMessage")], 0),
    (
        PY,
        "import boto3\ns = boto3.Session()\nc = s.client('stepfunctions')\nc.start_execution(x=1)",
        [("states", "StartExecution")],
        0,
    ),
    (PY, "import boto3\ndef f(name):\n    return boto3.client(name)", [], 1),
    (PY, "import boto3\nself_made = 1", [], 0),
    (
        JS,
        "const { SNSClient, PublishCommand } = require('@aws-sdk/client-sns');\nconst c = new SNSClient({});\nc.send(new PublishCommand({}));",
        [("sns", "Publish")],
        0,
    ),
    (
        JS,
        "const AWS = require('aws-sdk');\nconst d = new AWS.DynamoDB.DocumentClient();\nd.get({}).promise();",
        [("dynamodb", "")],
        0,
    ),
    (JS, "const AWS = require('aws-sdk');\nAWS.config.update({ region: 'x' });", [], 0),
]


@pytest.mark.parametrize(("path", "text", "expected", "open_"), CALLS)
def test_services_that_code_calls(path: str, text: str, expected: list[tuple[str, str]], open_: int) -> None:
    found = answer({path: text})
    named = [(each["service"], each["action"]) for each in found["calls"]]
    assert [each for each in named if each[1]] == [each for each in expected if each[1]]
    assert {service for service, _ in named} == {service for service, _ in expected}
    assert len(found["calls_open"]) == open_


FRAMEWORKS = [
    (
        PY,
        "from flask import Flask\napp = Flask(__name__)\n@app.errorhandler(Exception)\ndef on_error(e):\n    return {'error': str(e)}, 500",
        "errors",
        ["message?"],
    ),
    (
        PY,
        "@app.route('/hooks/github', methods=['POST'])\ndef hook():\n    return request.headers.get('X-Hub-Signature-256')",
        "webhooks",
        ["not-verified"],
    ),
    (PY, "@app.post('/webhook')\ndef hook():\n    return run()", "webhooks", ["not-verified?"]),
    (PY, "@app.post('/orders')\ndef order():\n    return run()", "webhooks", []),
    (JS, "app.post('/webhook', async (req, res) => { res.json({}); });", "webhooks", ["not-verified?"]),
    (JS, "app.post('/orders', async (req, res) => { res.json({}); });", "webhooks", []),
    (
        JS,
        "const stripe = require('stripe')(k);\napp.post('/webhook', (req, res) => { stripe.webhooks.constructEvent(req.body, req.headers['stripe-signature'], s); });",
        "webhooks",
        ["verified"],
    ),
]


@pytest.mark.parametrize(("path", "text", "group", "expected"), FRAMEWORKS)
def test_routes_of_frameworks(path: str, text: str, group: str, expected: list[str]) -> None:
    assert facts(group, path, text) == expected


def test_an_application_in_a_wrapper_runs_what_its_module_registers() -> None:
    text = "const app = require('express')();\napp.get('/x', async (req, res) => { await fetch('https://a.example.com'); });\nmodule.exports.handler = require('serverless-http')(app);"
    found = answer({JS: text}, Entry("arn:app", "app.handler"))
    assert [each["workloads"] for each in found["facts"] if each["group"] == "external"] == [["arn:app"]]


def test_methods_of_a_class_belong_to_who_names_the_class() -> None:
    text = "import requests\nclass Api:\n    def __init__(self):\n        self.session = requests.Session()\n        self.session.verify = False\ndef handler(event, context):\n    return Api()"
    found = answer({PY: text}, Entry("arn:app", "app.handler"))
    assert [each["workloads"] for each in found["facts"] if each["group"] == "transport"] == [["arn:app"]]


def test_an_entry_that_leads_nowhere_still_owns_its_package() -> None:
    found = answer({PY: "x = 1"}, Entry("arn:app", "gone.handler"))
    assert [(each["workload"], each["file"]) for each in found["entries"]] == [("arn:app", "")]


def test_facts_belong_to_the_workloads_that_may_run_them() -> None:
    shared = "import requests\ndef load():\n    return requests.get('https://a.example.com', verify=False)\n"
    alone = "import requests\ndef lambda_handler(event, context):\n    requests.get('https://b.example.com', verify=False)\n"
    user = "from shared import load\ndef lambda_handler(event, context):\n    return load()\n"
    found = answer(
        {"shared.py": shared, "one.py": user, "two.py": alone},
        Entry("arn:one", "one.lambda_handler"),
        Entry("arn:two", "two.lambda_handler"),
    )
    where = {each["file"]: each["workloads"] for each in found["facts"] if each["group"] == "transport"}
    assert where == {"shared.py": ["arn:one"], "two.py": ["arn:two"]}


def test_keys_stay_when_lines_move_and_tell_equal_facts_apart() -> None:
    text = "import requests\ndef f():\n    requests.get('https://a.example.com', verify=False)\n    requests.get('https://b.example.com', verify=False)\n"
    keys = [each["key"] for each in answer({PY: text})["facts"]]
    moved = [each["key"] for each in answer({PY: "# a line\n\n" + text})["facts"]]
    assert keys == moved and len(set(keys)) == len(keys)


def test_tests_give_no_facts_and_unread_files_are_named() -> None:
    found = answer(
        {
            "tests/test_app.py": "import requests\nrequests.get('http://a.example.com', verify=False)",
            "main.go": "package main",
            "old.py": "print 'x'",
            "deploy.sh": "ls",
        }
    )
    assert found["facts"] == []
    assert [each["file"] for each in found["unread"]] == ["main.go", "old.py"]


def test_no_secret_is_in_an_answer() -> None:
    value = "q7" + "Zk" * 12 + "9"
    text = f"""
        import boto3, jwt, hmac, requests
        SECRET = "{value}"
        s3 = boto3.client("s3", aws_access_key_id="{value}", aws_secret_access_key="{value}")
        def handler(event, context):
            jwt.encode(event, "{value}", algorithm="HS256")
            requests.get("https://user:{value}@a.example.com", verify=False)
            password = "{value}"; requests.get("http://a.example.com", auth=("u", "{value}"))
    """
    found = answer({PY: text})
    assert len(found["facts"]) > 5
    assert value not in json.dumps(found)
    assert all(each["code"] == "" for each in answer({PY: text}, code_lines=False)["facts"])


def test_a_long_line_costs_no_more_than_a_short_one_and_tells_no_half_of_a_secret() -> None:
    value = "q7" + "Zk" * 12 + "9"
    text = "import random\nT = [" + ",".join(f"{{'token': random.random(), 'a': '{value}'}}" for _ in range(300)) + "]"
    found = answer({PY: text})
    assert len(found["facts"]) == 300
    assert "Zk" not in json.dumps(found)
    assert all(len(each["code"]) <= 200 for each in found["facts"])


PIECES = [*(text for path, text, _ in (*LOGS, *SECRETS, *TIMEOUTS, *HOOKS) if path == PY)]


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=5), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_broken_text_never_breaks_the_reading(pieces: list[str], random: object) -> None:
    """Whatever is cut out of a program, it is read or said not to be; and the same twice."""
    text = "\n".join(pieces)
    start = random.randrange(len(text))  # type: ignore[attr-defined]
    end = min(len(text), start + random.randrange(40))  # type: ignore[attr-defined]
    files = {PY: text[:start] + text[end:], JS: text[:start]}
    assert json.dumps(answer(files)) == json.dumps(answer(files))
