"""What a trial on look-alikes of teaching applications and on ordinary handlers showed: each harm that was missed, each false alarm, as a case of its own."""

from __future__ import annotations

import pytest

from assaybook.capture import NOT_ASKED
from assaybook.code.habits import habits
from assaybook.code.package import Reading
from assaybook.evidence import Gap
from flow_samples import flows_of, program_of
from habit_facts import JS, TS, facts

EXPRESS = "const express = require('express');\nconst serverless = require('serverless-http');\nconst { Pool } = require('pg');\nconst db = new Pool();\nconst app = express();\n"
INSERT = "async (req, res) => { await db.query(`INSERT INTO t VALUES ('${req.body.a}')`); res.json({}); }"


def told(files: dict[str, str], *handlers: str) -> list[tuple[str, bool]]:
    """Kind and certainty of each flow."""
    return [(each["kind"], each["certain"]) for each in flows_of(files, *handlers)["flows"]]


def handler(body: str, head: str = "", path: str = "index.ts") -> list[tuple[str, bool]]:
    """The flows of one handler."""
    kind = ": any" if path.endswith(".ts") else ""
    return told({path: f"{head}\nexport const handler = async (event{kind}) => {{\n{body}\n}};\n"}, "index.handler")


@pytest.mark.parametrize(
    ("head", "middleware"),
    [
        ("const { celebrate, Joi } = require('celebrate');", "celebrate({ body: Joi.object({ a: Joi.string() }) })"),
        ("const { body } = require('express-validator');", "body('a').isString().trim()"),
        ("const { body } = require('express-validator');", "[body('a').isString(), body('b').isInt()]"),
        ("const { checkSchema } = require('express-validator');", "checkSchema({ a: { isString: true } })"),
        (
            "const Joi = require('joi');\nconst validate = (schema) => (req, res, next) => {\n  const { error } = schema.validate(req.body);\n  if (error) return res.sendStatus(422);\n  next();\n};",
            "validate(Joi.object({ a: Joi.string() }))",
        ),
        (
            "const { z } = require('zod');\nfunction check(req, res, next) {\n  z.object({ a: z.string() }).parse(req.body);\n  next();\n}",
            "check",
        ),
    ],
)
def test_middleware_that_validates_leaves_a_person_to_tell(head: str, middleware: str) -> None:
    text = f"{EXPRESS}{head}\napp.post('/a', {middleware}, {INSERT});\nexports.handler = serverless(app);\n"
    found = flows_of({"index.js": text}, "index.handler")
    assert [(each["kind"], each["certain"]) for each in found["flows"]] == [("sql", False)]
    assert "validated" in found["flows"][0]["why"]
    assert any(each["validated"] for each in found["entries"])


@pytest.mark.parametrize("middleware", ["", "authenticate, ", "rateLimit({ max: 5 }), "])
def test_other_middleware_changes_nothing(middleware: str) -> None:
    head = "const rateLimit = require('express-rate-limit');\nconst authenticate = (req, res, next) => { if (!req.user) return res.sendStatus(401); next(); };\n"
    text = f"{EXPRESS}{head}app.post('/a', {middleware}{INSERT});\nexports.handler = serverless(app);\n"
    assert told({"index.js": text}, "index.handler") == [("sql", True)]


def test_a_schema_of_one_route_says_nothing_of_the_next() -> None:
    head = "const { celebrate, Joi } = require('celebrate');\n"
    text = f"{EXPRESS}{head}app.post('/a', celebrate({{}}), {INSERT});\napp.post('/b', {INSERT});\nexports.handler = serverless(app);\n"
    assert sorted(each for each in told({"index.js": text}, "index.handler")) == [("sql", False), ("sql", True)]


@pytest.mark.parametrize(
    ("line", "certain"),
    [
        ("event.db.query(`SELECT a FROM t WHERE b = '${event.body}'`);", {True}),
        ("lookUp.query(`SELECT a FROM t WHERE b = '${event.body}'`);", {True}),
        ("const { pool } = await lookUp(); await pool.query(event.body);", {True}),
        ("const page = await lookUp(); page.query(event.body);", set[bool]()),
        ("const page = await lookUp(); page.query(`#${event.body}`);", set[bool]()),
    ],
)
def test_a_query_needs_a_store_or_a_statement(line: str, certain: set[bool]) -> None:
    head = "import pg from 'pg';\nimport { lookUp } from './elsewhere';"
    assert {sure for kind, sure in handler(line, head, "index.mjs") if kind == "sql"} == certain


@pytest.mark.parametrize(
    ("line", "certain"),
    [
        ("const { users } = await lookUp(); await users.collection.findOne(JSON.parse(event.body));", {True}),
        ("const { User } = await lookUp(); await User.findOne(JSON.parse(event.body));", {True}),
        ("const { list } = await lookUp(); list.find(JSON.parse(event.body));", {False}),
    ],
)
def test_a_filter_needs_a_store(line: str, certain: set[bool]) -> None:
    head = "import mongodb from 'mongodb';\nimport { lookUp } from './elsewhere';"
    assert {sure for kind, sure in handler(line, head, "index.mjs") if kind == "nosql"} == certain


@pytest.mark.parametrize(
    "line",
    [
        "await fetch('https://api.example.net/v1/' + event.pathParameters!.id);",
        "await fetch('https://api.example.net/v1/' + event.pathParameters!.id!.trim());",
        "const base = event.x || 'https://api.example.net'; await fetch('https://api.example.net/' + event.pathParameters![0]);",
    ],
)
def test_a_sign_of_not_null_binds_to_its_own_operand(line: str) -> None:
    assert handler(line) == []


def test_a_sign_of_not_null_hides_nothing() -> None:
    assert handler("await fetch('https://' + event.pathParameters!.host + '/x');") == [("ssrf", True)]
    assert handler("require('child_process').exec('ls ' + event.queryStringParameters!.dir!);") == [("command", True)]


def test_what_cloudformation_says_is_not_of_a_stranger() -> None:
    head = "import https from 'https';\nimport url from 'url';\nimport AWS from 'aws-sdk';\nconst s3 = new AWS.S3();"
    body = "const to = url.parse(event.ResponseURL);\nhttps.request({ hostname: to.hostname, path: to.path, method: 'PUT' });\nawait s3.putObject({ Bucket: 'b', Key: event.ResourceProperties.Key }).promise();"  # noqa: E501
    assert handler(body, head, "index.mjs") == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (r"new RegExp('^' + event.queryStringParameters.q.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));", []),
        ("new RegExp('^' + event.queryStringParameters.q);", [("regex", True)]),
        (r"new RegExp(event.queryStringParameters.q.replace(/[.]/g, '\\.'));", [("regex", False)]),
    ],
)
def test_expressions_that_are_escaped(line: str, found: list[tuple[str, bool]]) -> None:
    assert handler(line, path="index.mjs") == found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("name.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')", False),
        ("name.replace(/[&<>\"']/g, (sign) => SIGNS[sign])", False),
        ("template({ name })", False),
        ("name.replace(/</, '&lt;')", True),
        ("name.replace(/&/g, '&amp;')", True),
        ("name", True),
    ],
)
def test_texts_that_are_escaped_for_a_page(value: str, found: bool) -> None:
    head = "import Handlebars from 'handlebars';\nconst template = Handlebars.compile('<b>{{name}}</b>');\nconst SIGNS = { '<': '&lt;' };"
    body = f"const name = event.queryStringParameters.name;\nreturn {{ statusCode: 200, headers: {{ 'Content-Type': 'text/html' }}, body: `<p>${{{value}}}</p>` }};"
    assert any(kind == "xss" for kind, _ in handler(body, head, "index.mjs")) is found


@pytest.mark.parametrize(
    ("test", "found"),
    [
        ("file.startsWith(base + path.sep)", []),
        ("file.startsWith('/var/files/')", []),
        ("file.startsWith(base)", [("path", False)]),
        ("name.startsWith('/var/files/')", [("path", False)]),
        ("file.length > 3", [("path", True)]),
    ],
)
def test_a_path_that_is_resolved_and_tested(test: str, found: list[tuple[str, bool]]) -> None:
    head = "import fs from 'fs';\nimport path from 'path';\nconst base = path.resolve('/var/files');"
    body = f"const name = event.queryStringParameters.name;\nconst file = path.resolve(base, name);\nif (!({test})) return {{ statusCode: 400 }};\nfs.readFileSync(file);"
    assert handler(body, head, "index.mjs") == found


def test_what_is_tested_before_and_is_not_the_value() -> None:
    head = (
        "import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';\nconst db = new DynamoDBClient({});"
    )
    body = "const q = event.queryStringParameters;\nawait db.send(new QueryCommand({ TableName: 't', ...(q.status && { FilterExpression: '#s = :s' }) }));"
    assert handler(body, head, "index.mjs") == []
    assert handler(body.replace("'#s = :s'", "'#s = ' + q.status"), head, "index.mjs") == [("nosql", True)]


def test_objects_that_a_framework_hands_over_are_made_by_their_types() -> None:
    files = {
        "controller.ts": "import { Controller, Post, Body } from '@nestjs/common';\nimport { Service } from './service';\n@Controller()\nexport class C {\n  constructor(private readonly service: Service) {}\n  @Post()\n  a(@Body('url') url: string) { return this.service.load(url); }\n}\n",  # noqa: E501
        "service.ts": "import { HttpService } from '@nestjs/axios';\nexport class Service {\n  constructor(private readonly http: HttpService, private readonly other: Service) {}\n  load(url: string) { return this.http.get(url); }\n}\n",  # noqa: E501
    }
    assert told(files) == [("ssrf", True)]


def test_a_key_does_not_come_back_from_what_it_verifies() -> None:
    head = "import jwt from 'jsonwebtoken';\nimport { exec } from 'child_process';"
    body = "const claims = jwt.verify(event.headers.authorization, process.env.SECRET);\nreturn { statusCode: 200, body: JSON.stringify(claims) };"
    assert handler(body, head, "index.mjs") == []
    body = "const claims = jwt.verify(event.headers.authorization, process.env.SECRET);\nexec('ls ' + claims.folder);"
    assert [kind for kind, _ in handler(body, head, "index.mjs")] == ["command"]


def test_an_address_is_named_as_it_came() -> None:
    [found] = flows_of(
        {"index.mjs": "export const handler = async (event) => { await fetch(event.image); };"}, "index.handler"
    )["flows"]
    assert found["source"]["path"] == "event.image"


def test_what_a_call_gives_is_not_read_of_the_event() -> None:
    text = "import { X } from 'x';\nexport const handler = async (event) => { const y = await X.lookUp({ a: JSON.parse(event.body).a }); return y.items.count; };"
    [entry] = flows_of({"index.mjs": text}, "index.handler")["entries"]
    assert entry["reads"] == ["event.body", "event.body.a"]


def test_powertools_that_logs_the_event() -> None:
    head = "import middy from '@middy/core';\nimport { Logger } from '@aws-lambda-powertools/logger';\nimport { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';\nconst logger = new Logger();\n"  # noqa: E501
    tail = "const inner = async (event: any) => ({ statusCode: 200 });\nexport const handler = middy(inner).use(injectLambdaContext(logger, { logEvent: %s }));\n"
    assert told({"index.ts": head + tail % "true"}, "index.handler") == [("log", True)]
    assert told({"index.ts": head + tail % "false"}, "index.handler") == []


def test_a_decoder_of_texts_is_no_schema() -> None:
    text = "export const handler = async (event) => new TextDecoder().decode(event.body);"
    [entry] = flows_of({"index.mjs": text}, "index.handler")["entries"]
    assert entry["validated"] == []


BY_HAND = [
    ("const [, part] = [];\nconst c = JSON.parse(Buffer.from(token.split('.')[1], 'base64').toString());", True),
    ("const parts = authHeader.split('.');\nconst c = JSON.parse(jose.util.base64url.decode(parts[1]));", True),
    ("const parts = address.split('.');\nconst c = Buffer.from(parts[1], 'base64');", False),
]


@pytest.mark.parametrize(("text", "found"), BY_HAND)
def test_tokens_that_are_read_by_hand(text: str, found: bool) -> None:
    source = f"const jose = require('node-jose');\nexports.handler = async (event) => {{\nconst token = event.headers.authorization, authHeader = token, address = event.a;\n{text}\nreturn c;\n}};"
    assert bool([each for each in facts("tokens", JS, source) if each.startswith("not-verified")]) is found


def of_package(files: dict[str, str], group: str) -> list[str]:
    """The kinds of facts of a package of several files."""
    answer = habits(program_of(files), Reading(lambda text: "0"))
    return [each["kind"] + ("" if each["certain"] else "?") for each in answer["facts"] if each["group"] == group]


def test_a_token_that_another_module_may_have_verified() -> None:
    reads = "const jwt = require('jsonwebtoken');\nexports.handler = async (event) => jwt.decode(event.headers.authorization).sub;"
    verifies = "const jwt = require('jsonwebtoken');\nexports.check = (token) => jwt.verify(token, process.env.KEY);"
    assert of_package({"a.js": reads}, "tokens") == ["not-verified"]
    assert of_package({"a.js": reads, "b.js": verifies}, "tokens") == ["not-verified?"]
    assert of_package({"a.js": reads + verifies.partition("\n")[2]}, "tokens") == []


def test_an_authorizer_whose_verifier_raises() -> None:
    text = "import { CognitoJwtVerifier } from 'aws-jwt-verify';\nconst verifier = CognitoJwtVerifier.create({ userPoolId: 'p' });\nexport const handler = async (event) => {\n  %s\n  return { isAuthorized: true };\n};"  # noqa: E501
    assert facts("tokens", TS, text % "await verifier.verify(event.headers.authorization);") == []
    assert facts("tokens", TS, text % "console.log('x');") == ["allows-everyone"]


HASHES = [
    (
        "const digest = (text) => crypto.createHash('md5').update(text).digest('hex');\nexports.f = (user) => digest(user.password);",
        ["weak-hash"],
    ),
    (
        "const digest = (text) => crypto.createHash('md5').update(text).digest('hex');\nexports.f = (file) => digest(file.path);",
        [],
    ),
    ("exports.f = (input) => { const name = crypto.createHash('md5').update(input).digest('hex'); return name; };", []),
    ("exports.f = (x) => crypto.createHash('md5').update(x).digest('hex');", ["weak-hash?"]),
]


@pytest.mark.parametrize(("text", "found"), HASHES)
def test_what_a_function_hashes_is_told_by_its_callers(text: str, found: list[str]) -> None:
    assert facts("cryptography", JS, f"const crypto = require('crypto');\n{text}") == found


def test_members_of_a_record_of_the_module_are_left_behind() -> None:
    text = "let sessions = {};\nconst client = new Client();\nexports.handler = async (event) => { const input = JSON.parse(event.body); sessions.last = input.name; client.name = input.name; };"
    assert facts("left-behind", JS, text) == ["module-variable?"]
    text = "let last;\nexports.handler = async ({ body }) => { last = JSON.parse(body).name; };"
    assert facts("left-behind", JS, text) == ["module-variable"]


PAGE = "import axios from 'axios';\nimport React from 'react';\nexport const App = () => { axios.get(url).then((answer) => show(answer.data)); return <p/>; };"


def test_a_page_is_no_function() -> None:
    assert of_package({"src/App.jsx": PAGE}, "external") == []
    plain = "import axios from 'axios';\nexport const load = () => axios.get(url).then((answer) => localStorage.setItem('a', answer.data));"
    assert of_package({"src/load.js": plain}, "external") == []
    served = "import axios from 'axios';\nimport fs from 'fs';\nexport const load = () => axios.get(url).then((document) => document.title);"
    assert of_package({"src/load.js": served}, "external") != []


def test_lines_of_node_carry_the_id_of_the_request() -> None:
    answer = habits(
        program_of({"index.js": "exports.handler = async (event) => { console.log('x'); };"}, "index.handler"),
        Reading(lambda text: "0"),
    )
    [said] = [each["said"] for each in answer["facts"] if each["group"] == "logs"]
    assert said.endswith("to which the runtime of Lambda adds the id of the request")


def test_the_constants_that_checks_compare_gaps_with() -> None:
    assert Gap("lambda:ListFunctions", NOT_ASKED, "templates do not tell").state == NOT_ASKED


def test_a_path_that_is_called_makes_no_webhook() -> None:
    text = "const https = require('https');\nexports.run = async (event) => { https.request({ host: 'a.example', path: '/webhook', method: 'POST' }); };"
    assert facts("webhooks", JS, text) == []


def test_a_bundle_in_one_line_is_read() -> None:
    line = "".join(f"var a{each}=f({each});a{each}.b=g(a{each});" for each in range(6_000))
    assert facts("cryptography", JS, f"exports.handler=async(event)=>{{{line}}};") == []
