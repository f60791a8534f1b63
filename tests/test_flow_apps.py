"""What whole applications of Python do with events: tables of routes, wrappers, cookies, directories, files that are only in memory."""

from __future__ import annotations

import pytest

from assaybook.code.package import Entry
from flow_samples import flows_of
from habit_facts import PY, answer, facts


def kinds(code: str) -> list[tuple[str, bool]]:
    """The flows of a file `app.py` with a function `handler`."""
    found = flows_of({"app.py": code}, "app.handler")["flows"]
    return [(each["kind"], each["certain"]) for each in found]


def test_every_function_of_a_table_of_routes_is_followed():
    names = [f"act{number}" for number in range(12)]
    functions = "\n".join(f"def {name}(body):\n    os.system('{name} ' + body['x'])" for name in names)
    table = ", ".join(f"'{name}': {name}" for name in names)
    code = f"import os, json\n{functions}\nROUTES = {{{table}}}\ndef handler(event, context):\n    return ROUTES.get(event['path'])(json.loads(event['body']))\n"

    found = flows_of({"app.py": code}, "app.handler")

    assert len([each for each in found["flows"] if each["kind"] == "command"]) == 12
    assert found["limits"] == {}


def test_more_functions_than_are_followed_are_counted():
    functions = "\n".join(f"def act{number}(body):\n    return {number}" for number in range(40))
    table = ", ".join(f"'{number}': act{number}" for number in range(40))
    code = f"{functions}\nROUTES = {{{table}}}\ndef handler(event, context):\n    return ROUTES.get(event['path'])(event['body'])\n"

    assert flows_of({"app.py": code}, "app.handler")["limits"] == {"functions that a call may mean": 1}


def test_an_application_in_a_wrapper_is_entered_by_its_routes():
    code = """
from fastapi import FastAPI
from mangum import Mangum
import os
app = FastAPI()
@app.get("/x")
def x(name: str):
    os.system("ls " + name)
handler = Mangum(app)
"""
    entries = flows_of({"app.py": code}, "app.handler")["entries"]

    assert [(each["handler"], each["found"], each["workload"]) for each in entries] == [("app.x", True, "arn:function")]


def test_a_wrapper_around_an_application_without_routes_is_not_found():
    code = "from mangum import Mangum\nfrom elsewhere import app\nhandler = Mangum(app)\n"

    assert [each["found"] for each in flows_of({"app.py": code}, "app.handler")["entries"]] == [False]


CASES = [
    (
        "a cookie that a jar parses",
        """
import http.cookies, pickle, base64
def handler(event, context):
    jar = http.cookies.SimpleCookie()
    jar.load(event["headers"]["Cookie"])
    return pickle.loads(base64.b64decode(jar["state"].value)).name
""",
        ["deserialisation"],
    ),
    (
        "a cookie of Flask before each request",
        """
from flask import Blueprint, request
import pickle
bp = Blueprint("a", __name__)
@bp.before_request
def load():
    pickle.loads(request.cookies.get("cart").encode())
def handler(event, context):
    return {}
""",
        ["deserialisation"],
    ),
    (
        "a filter of a directory",
        """
import ldap3, json
def handler(event, context):
    connection = ldap3.Connection(ldap3.Server("ldaps://d.example.com"))
    connection.search("dc=x", "(uid=" + json.loads(event["body"])["user"] + ")")
""",
        ["nosql"],
    ),
    (
        "a filter of a directory whose signs are escaped",
        """
import ldap3, json
from ldap3.utils.conv import escape_filter_chars
def handler(event, context):
    connection = ldap3.Connection(ldap3.Server("ldaps://d.example.com"))
    connection.search("dc=x", f"(uid={escape_filter_chars(json.loads(event['body'])['user'])})")
""",
        [],
    ),
    (
        "the logger of Flask",
        """
from flask import Flask, request
app = Flask(__name__)
@app.route("/login")
def login():
    app.logger.info("login with %s", request.form["password"])
def handler(event, context):
    return {}
""",
        ["log"],
    ),
    (
        "a query of a data frame",
        """
import pandas, json, io
def handler(event, context):
    body = json.loads(event["body"])
    frame = pandas.read_json(io.StringIO(body["data"]))
    return frame.query(body["filter"]).size
""",
        ["code"],
    ),
    (
        "data in memory is no address",
        """
import pandas, io
def handler(event, context):
    return pandas.read_csv(io.BytesIO(event["body"].encode())).size
""",
        [],
    ),
    (
        "an address of data",
        """
import pandas
def handler(event, context):
    return pandas.read_csv(event["queryStringParameters"]["url"]).size
""",
        ["ssrf"],
    ),
    (
        "a name without separators",
        """
import boto3, uuid
from urllib.parse import unquote_plus
s3 = boto3.client("s3")
def handler(event, context):
    for record in event["Records"]:
        key = unquote_plus(record["s3"]["object"]["key"]).replace("/", "")
        s3.download_file("b", "k", "/tmp/{}{}".format(uuid.uuid4(), key))
""",
        [],
    ),
    (
        "a separator that is put back",
        """
import json
def handler(event, context):
    return open("/tmp/" + json.loads(event["body"])["name"].replace("/", "//")).read()
""",
        ["path"],
    ),
    (
        "a name without separators in a shell",
        """
import json, os
def handler(event, context):
    os.system("ls " + json.loads(event["body"])["name"].replace("/", ""))
""",
        ["command"],
    ),
    (
        "a token tells nothing of its key",
        """
import jwt, os, json
KEY = os.environ["JWT_SECRET"]
def handler(event, context):
    return {"statusCode": 200, "body": json.dumps({"token": jwt.encode({"sub": "a"}, KEY, algorithm="HS256")})}
""",
        [],
    ),
]


@pytest.mark.parametrize(("code", "expected"), [each[1:] for each in CASES], ids=[each[0] for each in CASES])
def test_what_an_event_reaches(code: str, expected: list[str]):
    assert [kind for kind, _ in kinds(code)] == expected


def test_methods_are_no_part_of_an_event():
    code = "import json\ndef handler(event, context):\n    body = json.loads(event.get('body', '{}'))\n    return body['name'].strip(), event['id'], event['queryStringParameters'].get('a')\n"

    reads = flows_of({"app.py": code}, "app.handler")["entries"][0]["reads"]

    assert reads == ["event.body.name", "event.id", "event.queryStringParameters"]


@pytest.mark.parametrize("name", ["id", "source", "region", "account", "time"])
def test_what_a_caller_of_the_function_writes_is_untrusted(name: str):
    assert kinds(f"import os\ndef handler(event, context):\n    os.system('x ' + event['{name}'])\n") == [
        ("command", True)
    ]


def test_names_that_are_no_secrets():
    assert facts(
        "left-behind", PY, "import boto3\ndef f(b, key):\n    boto3.client('s3').download_file(b, key, '/tmp/x')\n"
    ) == ["temporary-file?"]
    assert facts(
        "cryptography", PY, "import hashlib\ndef f(pw):\n    return hashlib.sha1(pw.encode()).hexdigest()\n"
    ) == ["weak-hash"]
    query = "import azure.functions as func\ndef main(req: func.HttpRequest):\n    name = req.params.get('name')\n    cur.execute('select 1 from t where n = ?', name)\n"
    assert facts("objects", PY, query) == []


def test_each_handler_logs_what_it_reaches():
    code = """
    import json
    from aws_lambda_powertools import Logger
    from plain import note
    def handler(event, context):
        note("x")
    """
    files = {
        "app.py": code,
        "plain.py": "def note(x):\n    print(x)\n",
        "other.py": "def handler(event, context):\n    print('a', context.aws_request_id)\n    print('b')\n",
    }
    found = answer(files, Entry("one", "app.handler"), Entry("two", "other.handler"))["facts"]
    logs = [(each["workloads"], each["details"]) for each in found if each["group"] == "logs"]

    assert logs == [
        (["one"], {"structured": True, "tied": False, "lines": 1}),
        (["two"], {"structured": False, "tied": True, "lines": 2}),
    ]


def test_what_calls_itself_in_a_ring_is_reached_whole():
    files = {
        f"m{n}.py": f"import m{(n + 1) % 5}\ndef handler(event, context):\n    print(event)\n    m{(n + 1) % 5}.handler(event, context)\n"
        for n in range(5)
    }
    found = answer(files, Entry("one", "m0.handler"), Entry("two", "m3.handler"))["facts"]

    assert {each["details"]["lines"] for each in found if each["group"] == "logs"} == {5}
    assert {tuple(each["workloads"]) for each in found if each["group"] != "logs"} <= {("one", "two")}
