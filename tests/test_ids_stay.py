"""A finding is the same finding after lines were put before it and functions changed places: of code, of secrets, of dependencies and of templates."""

import random
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assaybook.assess import Assessment
from assaybook.collecting import collect_to
from assaybook.engagement import assess_files
from assaybook.model import Finding, Outcome

PASSWORD, OTHER = "Qv9" + "xT2mLr8" + "Zk4wB1n", "Jt6" + "rW8bNp3" + "Xs5yD2k"
PARTS = (
    'def run(event):\n    os.system("ls " + event["body"])\n',
    'def fetch(event):\n    return requests.get(event["address"], verify=False).text\n',
    'def find(event, cursor):\n    cursor.execute("SELECT * FROM t WHERE id = " + event["id"])\n',
    f'def connect():\n    password = "{OTHER}"\n    return database.connect(password=password)\n',
    "def digest(password):\n    return hashlib.md5(password.encode()).hexdigest()\n",
    "def handler(event, context):\n    print(event)\n    run(event)\n    find(event, connect())\n    return {'statusCode': 200, 'body': fetch(event) + digest(event['password'])}\n",
)
HEAD = "import hashlib\nimport os\nimport database\nimport requests\n\n"
SCRIPT_PARTS = (
    'function run(event) {\n  exec("ls " + event.body);\n}\n',
    "function evaluate(event) {\n  return eval(event.code);\n}\n",
    "exports.handler = async (event) => {\n  console.log(event);\n  run(event);\n  return { statusCode: 200, body: evaluate(event) };\n};\n",
)
SCRIPT_HEAD = 'const { exec } = require("child_process");\n'
RESOURCES = (
    "  Python:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: python/\n      Handler: app.handler\n      Runtime: python3.13\n"
    "      FunctionUrlConfig: {AuthType: NONE}\n      Policies:\n        - {Version: '2012-10-17', Statement: [{Effect: Allow, Action: '*', Resource: '*'}]}\n",
    "  Script:\n    Type: AWS::Serverless::Function\n    Properties:\n      CodeUri: script/\n      Handler: index.handler\n      Runtime: nodejs14.x\n"
    "      Events: {Api: {Type: Api, Properties: {Path: /x, Method: get}}}\n",
    f"  Build:\n    Type: AWS::Lambda::Function\n    Properties:\n      FunctionName: build\n      Handler: index.handler\n      Runtime: python3.13\n"
    f"      Role: arn:aws:iam::111122223333:role/build\n      Environment: {{Variables: {{DB_PASSWORD: {PASSWORD}}}}}\n      Code:\n        ZipFile: |\n"
    "          import os\n          def handler(event, context):\n              os.system(event['x'])\n",
    "  Jobs:\n    Type: AWS::SQS::Queue\n    Properties: {SqsManagedSseEnabled: false}\n",
)
TEMPLATE_HEAD = "AWSTemplateFormatVersion: '2010-09-09'\nTransform: AWS::Serverless-2016-10-31\n"


def sources(shuffled: random.Random | None) -> Mapping[str, str]:
    """The files of the tree, as they are or with lines put in and parts in another order."""

    def joined(parts: tuple[str, ...], comment: str) -> str:
        if shuffled is None:
            return "\n".join(parts)
        order = list(parts)
        shuffled.shuffle(order)
        return "".join(
            f"{comment} a word\n" * shuffled.randint(0, 4) + "\n" * shuffled.randint(0, 5) + each for each in order
        )

    return {
        "python/app.py": HEAD + joined(PARTS, "#"),
        "python/requirements.txt": joined(("requests==2.19.1\n", "pyyaml\n"), "#"),
        "script/index.js": SCRIPT_HEAD + joined(SCRIPT_PARTS, "//"),
        "template.yaml": TEMPLATE_HEAD + "Resources:\n" + joined(RESOURCES, "#"),
    }


def assessed(folder: Path, files: Mapping[str, str]) -> Assessment:
    root, out = folder / "shop", folder / "out"
    out.mkdir(parents=True)
    # The key of the engagement is kept between runs, as fingerprints are made with it.
    (out / "engagement.key").write_text("00" * 32)
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, encoding="utf-8")
    collect_to(out / "evidence.seal", source=root, cached=False)
    return assess_files([out / "evidence.seal"])


def told(assessment: Assessment) -> Mapping[str, tuple[object, ...]]:
    return {each.id: (each.check, each.subject.native, each.row, each.outcome) for each in assessment.findings}


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    return assessed(tmp_path_factory.mktemp("before"), sources(None))


def bad(assessment: Assessment) -> list[Finding]:
    return [each for each in assessment.findings if each.outcome in (Outcome.FAIL, Outcome.REVIEW)]


def test_the_sample_has_findings_of_each_kind(before: Assessment) -> None:
    checks = {each.check for each in bad(before)}
    assert {
        "event-data-reaches-sink",
        "request-to-address-from-event",
        "event-or-secret-in-log",
        "weak-cryptography-in-code",
        "secret-written-into-code",
        "dependencies-not-locked",
        "vulnerable-package",
        "unsupported-runtime",
        "store-not-encrypted",
        "public-endpoint-without-auth",
        "plaintext-secret-in-environment",
    } <= checks
    files = {each.where.partition(":")[0] for each in bad(before) if each.where}
    assert {"python/app.py", "script/index.js", "template.yaml"} <= files


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**16))
def test_ids_stay_when_lines_move(seed: int, before: Assessment, tmp_path_factory: pytest.TempPathFactory) -> None:
    after = assessed(tmp_path_factory.mktemp("after"), sources(random.Random(seed)))
    one, other = told(before), told(after)
    assert {each: one[each] for each in one.keys() - other.keys()} == {}
    assert {each: other[each] for each in other.keys() - one.keys()} == {}
    assert one == other
