"""What the analysis of flows says beside the flows: their steps, keys, limits and ways in; and that it says the same each time."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from assaybook.code.package import Entry
from flow_samples import flows_of, program_of

ROOT = Path(__file__).parent
CALLS = """
import json, os
from shell import run

def handler(event, context):
    body = json.loads(event["body"])
    name = body["user"]["name"]
    run(name)
    return {"statusCode": 200}
"""
SHELL = """
import os

def run(name):
    command = f"ls {name}"
    os.system(command)
"""


def test_the_steps_lead_from_the_source_to_the_sink():
    flow = flows_of({"app.py": CALLS, "shell.py": SHELL}, "app.handler")["flows"][0]

    assert flow["source"] == {
        "kind": "event",
        "said": "`event.body.user.name`",
        "path": "event.body.user.name",
        "resource": "",
    }
    assert [(each["file"], each["line"], each["said"]) for each in flow["steps"]] == [
        ("app.py", 6, "reads `event.body`"),
        ("app.py", 7, "keeps it as `name`"),
        ("app.py", 8, "passes it to `run`"),
        ("shell.py", 5, "puts it into a text"),
        ("shell.py", 6, "runs it in a shell"),
    ]
    assert flow["sink"] == {
        "callee": "os.system",
        "said": "runs it in a shell",
        "file": "shell.py",
        "line": 6,
        "function": "run",
        "text": "os.system(command)",
    }
    assert flow["entry"] == {
        "workload": "arn:function",
        "handler": "app.handler",
        "file": "app.py",
        "line": 5,
        "guessed": False,
    }


def test_a_key_does_not_change_when_lines_move():
    before = flows_of({"app.py": CALLS, "shell.py": SHELL}, "app.handler")["flows"][0]
    after = flows_of({"app.py": "\n\n# more\n" + CALLS, "shell.py": "\n\n" + SHELL}, "app.handler")["flows"][0]

    assert before["key"] == after["key"]
    assert before["sink"]["line"] != after["sink"]["line"]


def test_two_sinks_alike_in_one_function_have_keys_of_their_own():
    code = """
    import os
    def handler(event, context):
        os.system(event["a"])
        os.system(event["b"])
    """
    found = flows_of({"app.py": textwrap.dedent(code)}, "app.handler")["flows"]

    assert [each["key"].rsplit("|", 1)[-1] for each in found] == ["1", "2"]


def test_one_sink_reached_from_two_ways_in_is_one_flow():
    code = """
    import os
    def go(x):
        os.system(x)
    def one(event, context):
        go(event["a"])
    def two(event, context):
        go(event["b"])
    """
    found = flows_of({"app.py": textwrap.dedent(code)}, "app.one", "app.two")["flows"]

    assert [each["entries"] for each in found] == [["app.one", "app.two"]]


def test_places_are_those_within_the_repository():
    found = flows_of({"app.py": CALLS, "shell.py": SHELL}, "app.handler", located="services/user")

    assert found["flows"][0]["sink"]["file"] == "services/user/shell.py"
    assert found["entries"][0]["file"] == "services/user/app.py"


def test_no_line_shows_a_secret():
    secret = "AK" + "IA" + "Q7RT2M5N8P3V6X9Z"
    code = f"""
    import os
    def handler(event, context):
        os.system(event["a"] + "{secret}")
    """
    found = flows_of({"app.py": textwrap.dedent(code)}, "app.handler")

    assert secret not in json.dumps(found)
    assert "***" in found["flows"][0]["sink"]["text"]


def test_lines_are_left_out_if_none_are_to_be_kept():
    found = flows_of({"app.py": CALLS, "shell.py": SHELL}, "app.handler", code_lines=False)["flows"][0]

    assert found["sink"]["text"] == ""
    assert {each["code"] for each in found["steps"]} == {""}


def test_a_long_way_shows_its_ends_and_counts_what_is_between():
    chain = "\n".join(f"    v{n} = v{n - 1}" for n in range(1, 40))
    code = f"import os\ndef handler(event, context):\n    v0 = event['a']\n{chain}\n    os.system(v39)\n"
    flow = flows_of({"app.py": code}, "app.handler")["flows"][0]

    assert len(flow["steps"]) <= 12
    assert flow["steps"][-1]["said"] == "runs it in a shell"
    assert any("steps that are not shown" in each["said"] for each in flow["steps"])


def test_a_recursion_comes_to_an_end():
    code = """
    import os
    def walk(node, depth):
        if depth > 3:
            os.system(node["cmd"])
        return walk(node["child"], depth + 1)
    def handler(event, context):
        return walk(event, 0)
    """
    found = flows_of({"app.py": textwrap.dedent(code)}, "app.handler")["flows"]

    assert [each["kind"] for each in found] == ["command"]


def test_calls_that_nest_deeper_than_is_followed_are_counted_and_not_certain():
    functions = "\n".join(f"def f{n}(x):\n    return f{n + 1}(x)" for n in range(40))
    code = f"import os\n{functions}\ndef f40(x):\n    return x\ndef handler(event, context):\n    os.system(f0(event['a']))\n"
    found = flows_of({"app.py": code}, "app.handler")

    assert found["limits"] == {"depth": 1}
    assert [(each["certain"], each["why"]) for each in found["flows"]] == [
        (False, "calls nest deeper there than is followed")
    ]


def test_a_program_that_grows_without_end_is_cut_and_counted():
    calls = "\n".join(f"    f{n}(x + '{n}a'); f{n}(x + '{n}b'); f{n}(x + '{n}c'); f{n}(x + '{n}d')" for n in range(1))
    functions = "".join(
        f"def f{n}(x):\n    f{n + 1}(x + 'a')\n    f{n + 1}(x + 'b')\n    f{n + 1}(x + 'c')\n    f{n + 1}(x + 'd')\n"
        for n in range(12)
    )
    code = f"{functions}def f12(x):\n    pass\ndef handler(event, context):\n    x = 'k'\n{calls}\n"
    found = flows_of({"app.py": code}, "app.handler")

    assert set(found["limits"]) <= {"runs", "steps"}
    assert found["limits"]


@pytest.mark.parametrize(
    "expression",
    [
        "(" * 80 + "event['a']" + ")" * 80,
        "[" * 80 + "event['a']" + "]" * 80,
        " + ".join(["event['a']"] * 600),
        "not " * 500 + "event",
    ],
)
def test_hostile_nesting_is_no_crash(expression: str):
    found = flows_of(
        {"app.py": f"import os\ndef handler(event, context):\n    x = {expression}\n    os.system(event['b'])\n"},
        "app.handler",
    )

    assert (
        [each["kind"] for each in found["flows"]] == ["command"] or found["limits"] or not found["entries"][0]["found"]
    )


def test_a_long_chain_of_conditions_is_gone_through():
    chain = "    if event['k'] == 'a':\n        x = 1\n" + "".join(
        f"    elif event['k'] == 'a{n}':\n        x = {n}\n" for n in range(300)
    )
    found = flows_of(
        {"app.py": f"import os\ndef handler(event, context):\n{chain}    os.system(event['b'])\n"}, "app.handler"
    )

    assert [each["certain"] for each in found["flows"]] == [True]
    assert found["limits"] == {}


def entry_of(code: str, *handlers: str | Entry) -> dict:
    return flows_of({"app.py": textwrap.dedent(code)}, *handlers)["entries"][0]


def test_a_way_in_says_what_it_reads_and_that_it_is_http():
    entry = entry_of(
        """
        import json
        def handler(event, context):
            body = json.loads(event["body"])
            return body["a"], event["queryStringParameters"]["q"], event["httpMethod"]
        """,
        "app.handler",
    )

    assert entry["http"] is True
    assert {"event.body", "event.body.a", "event.queryStringParameters.q"} <= set(entry["reads"])


@pytest.mark.parametrize(
    ("key", "expected"),
    [('r["s3"]["object"]["key"]', False), ('unquote_plus(r["s3"]["object"]["key"])', True), ('r["eventName"]', None)],
)
def test_a_way_in_says_whether_the_key_of_an_object_is_decoded(key: str, expected: bool | None):
    entry = entry_of(
        f"""
        from urllib.parse import unquote_plus
        def handler(event, context):
            for r in event["Records"]:
                print(len({key}))
        """,
        "app.handler",
    )

    assert entry["unquoted_key"] is expected
    assert entry["http"] is False


@pytest.mark.parametrize(
    ("library", "line", "code"),
    [
        (
            "jsonschema",
            4,
            "import jsonschema, json\ndef handler(event, context):\n    b = json.loads(event['body'])\n    jsonschema.validate(b, {})\n",
        ),
        (
            "pydantic",
            5,
            "from pydantic import BaseModel\nclass M(BaseModel):\n    a: str\ndef handler(event, context):\n    return M.model_validate_json(event['body'])\n",
        ),
        (
            "Powertools",
            3,
            "from aws_lambda_powertools.utilities.validation import validator\n@validator(inbound_schema={})\ndef handler(event, context):\n    return event['body']\n",
        ),
        (
            "marshmallow",
            6,
            "import json\nfrom marshmallow import Schema, fields\nclass S(Schema):\n    a = fields.Str()\n"
            "def handler(event, context):\n    return S().load(json.loads(event['body']))\n",
        ),
    ],
)
def test_a_way_in_says_how_it_validates(library: str, line: int, code: str):
    validated = entry_of(code, "app.handler")["validated"]

    assert [(each["library"], each["whole"]) for each in validated] == [(library, True)]
    assert abs(validated[0]["line"] - line) <= 1


def test_a_handler_that_is_not_there_is_said_so():
    entry = entry_of("def other(x):\n    pass\n", "app.handler")

    assert (entry["found"], entry["why"]) == (False, "app.py has no handler")


def test_a_handler_whose_file_does_not_parse_says_why():
    entry = entry_of("def handler(event, context):\n    print 'x'\n", "app.handler")

    assert entry["found"] is False
    assert "was not read" in entry["why"]


def test_without_configuration_handlers_are_guessed_and_marked():
    found = flows_of(
        {
            "a/app.py": "import os\ndef lambda_handler(event, context):\n    os.system(event['x'])\n",
            "b/util.py": "def helper(event):\n    pass\n",
        }
    )

    assert [(each["handler"], each["guessed"]) for each in found["entries"]] == [("a/app.lambda_handler", True)]
    assert found["flows"][0]["entry"]["guessed"] is True


def test_tests_are_no_way_in():
    found = flows_of(
        {"tests/test_app.py": "import os\ndef lambda_handler(event, context):\n    os.system(event['x'])\n"}
    )

    assert found["flows"] == []


@pytest.mark.parametrize(
    ("handler", "path"),
    [
        ("app.handler", "app.py"),
        ("src/app.handler", "src/app.py"),
        ("src.app.handler", "src/app.py"),
        ("app.handler", "src/app.py"),
        ("pkg.handler", "pkg/__init__.py"),
        ("deep/er/app.handler", "services/deep/er/app.py"),
    ],
)
def test_a_handler_is_found_where_it_is_meant(handler: str, path: str):
    found = flows_of({path: "import os\ndef handler(event, context):\n    os.system(event['x'])\n"}, handler)

    assert found["entries"][0]["found"], found["entries"][0]["why"]
    assert [each["kind"] for each in found["flows"]] == ["command"]


IMPORTS = [
    ("import shell", "shell.run", "shell.py"),
    ("import lib.shell", "lib.shell.run", "lib/shell.py"),
    ("import lib.shell as s", "s.run", "lib/shell.py"),
    ("from lib import shell", "shell.run", "lib/shell.py"),
    ("from lib.shell import run", "run", "lib/shell.py"),
    ("from lib.shell import run as go", "go", "lib/shell.py"),
    ("from lib.shell import *", "run", "lib/shell.py"),
    ("from .shell import run", "run", "shell.py"),
    ("from . import shell", "shell.run", "shell.py"),
    ("from lib import run", "run", "lib/__init__.py"),
    ("from layer_code import run", "run", "layers/python/layer_code.py"),
]


@pytest.mark.parametrize(("statement", "call", "path"), IMPORTS)
def test_imports_are_followed_within_the_package(statement: str, call: str, path: str):
    files = {"app.py": f"{statement}\ndef handler(event, context):\n    {call}(event['x'])\n", path: SHELL}
    found = flows_of(files, "app.handler")["flows"]

    assert [(each["kind"], each["certain"], each["sink"]["file"]) for each in found] == [("command", True, path)]


def test_a_cycle_of_imports_is_no_crash():
    files = {
        "app.py": "import other\nimport os\ndef go(x):\n    os.system(x)\ndef handler(event, context):\n    other.pass_on(event['x'])\n",
        "other.py": "import app\ndef pass_on(x):\n    app.go(x)\n",
    }

    assert [each["kind"] for each in flows_of(files, "app.handler")["flows"]] == ["command"]


def test_what_one_way_in_leaves_in_an_object_is_not_the_next_one_s():
    code = """
    import os
    class Keeper:
        def __init__(self):
            self.command = "ls"
        def run(self):
            os.system(self.command)
    keeper = Keeper()
    def one(event, context):
        keeper.command = event["x"]
        keeper.run()
    def two(event, context):
        keeper.run()
    """
    found = flows_of({"app.py": textwrap.dedent(code)}, "app.one", "app.two")["flows"]

    assert [each["entries"] for each in found] == [["app.one"]]


def test_stored_data_names_where_it_lies():
    code = """
    import boto3, os
    table = boto3.resource("dynamodb").Table("jobs")
    def handler(event, context):
        os.system(table.get_item(Key={"id": "a"})["Item"]["command"])
        os.system(boto3.client("s3").get_object(Bucket="box", Key="k")["Body"].read())
    """
    found = flows_of({"app.py": textwrap.dedent(code)}, "app.handler")["flows"]

    assert [(each["source"]["kind"], each["source"]["resource"], each["certain"]) for each in found] == [
        ("stored", "jobs", False),
        ("stored", "box", False),
    ]


def test_the_answer_is_the_same_under_any_hash_seed(tmp_path: Path):
    script = tmp_path / "answer.py"
    script.write_text(
        "import json, sys\n"
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        "from flow_samples import flows_of\n"
        "import test_flow_python as cases\n"
        "files = {f'f{n}/app.py': cases.IMPORTS + each[-1] for n, each in enumerate(cases.HARMFUL)}\n"
        "print(json.dumps(flows_of(files)))\n",
        encoding="utf-8",
    )
    answers = {
        subprocess.run(
            [sys.executable, str(script)],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for seed in ("0", "1", "4711")
    }

    assert len(answers) == 1
    assert len(json.loads(answers.pop())["flows"]) > 60


UNCONFIGURED = {
    "a/app.py": "import shared\ndef handler(event, context):\n    shared.go(event['x'])\n",
    "shared.py": "import os\ndef go(x):\n    os.system(x)\ndef other(event, context):\n    os.system(event['y'])\n",
    "b/app.py": "import os\ndef handler(event, context):\n    os.system(event['z'])\n",
}


def test_a_folder_may_hold_functions_that_nobody_configured():
    found = flows_of(UNCONFIGURED, "a/app.handler")

    assert [(each["handler"], each["guessed"]) for each in found["entries"]] == [
        ("b/app.handler", True),
        ("a/app.handler", False),
    ]


def test_a_module_is_imported_by_a_name_that_is_only_partly_chosen():
    code = """
    import importlib
    def handler(event, context):
        importlib.import_module("handlers." + event["x"])
        importlib.import_module(event["y"])
    """
    found = flows_of({"app.py": textwrap.dedent(code)}, "app.handler")["flows"]

    assert [each["certain"] for each in found] == [False, True]


def test_a_program_counts_its_languages():
    assert program_of({"a.py": "", "b.py": "", "c.js": "1"}).languages == {"javascript": 1, "python": 2}


def test_a_schema_keeps_nothing_out_of_a_log():
    code = """
    from aws_lambda_powertools.utilities.validation import validator
    import os
    @validator(inbound_schema={})
    def handler(event, context):
        print(event)
        os.system(event["x"])
    """
    found = flows_of({"app.py": textwrap.dedent(code)}, "app.handler")["flows"]

    assert [(each["kind"], each["certain"]) for each in found] == [("log", True), ("command", False)]
