"""Untrusted data in JavaScript and TypeScript: for each kind of harm handlers that do it, and twins that do not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from textwrap import indent
from typing import Any

import pytest

from assaybook.code.flow.extract import flows
from assaybook.code.package import Entry, Package, Reading
from assaybook.code.program import read_program
from test_javascript_source import SAMPLE, mutations

READING = Reading(fingerprint=lambda value: "0" * 16)


def found(files: Mapping[str, str], handler: str = "index.handler", provider: str = "aws") -> list[dict[str, Any]]:
    """The flows of a package."""
    contents = {path: text.encode() for path, text in sorted(files.items())}
    package = Package(
        "sample",
        "folder",
        {path: (lambda held=content: held) for path, content in contents.items()},
        "0" * 64,
        (Entry("arn", handler, "nodejs22.x", provider),) if handler else (),
    )
    program = read_program(package)
    assert not program.unparsed
    assert not program.notes
    return list(flows(program, READING)["flows"])


def kinds(files: Mapping[str, str], handler: str = "index.handler", provider: str = "aws") -> set[tuple[str, bool]]:
    """The kind of each flow, and whether it is certain."""
    return {(each["kind"], each["certain"]) for each in found(files, handler, provider)}


WRAPPED = """{head}
exports.handler = async (event, context) => {{
  const body = JSON.parse(event.body);
  const name = event.queryStringParameters.name;
{lines}
  return {{ statusCode: 200, body: 'done' }};
}};
"""


def as_typescript(source: str) -> str:
    """The same handler as a module of TypeScript."""
    source = re.sub(
        r"const \{([^}]*)\} = require\(('[^']*')\);",
        lambda m: f"import {{{m[1].replace(':', ' as')}}} from {m[2]};",
        source,
    )
    source = re.sub(r"const (\w+) = require\(('[^']*')\);", r"import \1 from \2;", source)
    source = source.replace(
        "exports.handler = async (event, context) =>",
        "export const handler = async (event: APIGatewayProxyEvent, context: Context): Promise<APIGatewayProxyResult> =>",
    )
    return source.replace("JSON.parse(event.body)", "JSON.parse(event.body!) as Record<string, any>").replace(
        "queryStringParameters.name", "queryStringParameters?.name as string"
    )


# Kind, what is imported, what does harm, and what looks like it and does none (a line that starts with `?` may be told as uncertain).
CASES: list[tuple[str, str, list[str], list[str]]] = [
    (
        "command",
        "const { exec, execSync, spawn, execFile } = require('child_process');\nconst util = require('util');\nconst run = util.promisify(exec);",
        [
            "exec('ls ' + name);",
            "execSync(`convert ${body.file} out.png`, { stdio: 'inherit' });",
            "exec(name, (error, out) => console.log('done'));",
            "await run(`ping -c 1 ${body.host}`);",
            "spawn('ls ' + name, { shell: true });",
            "spawn('sh', ['-c', 'ls ' + name]);",
            "spawn('/bin/bash', ['-c', `ls ${name}`]);",
            "spawn(body.program, ['-l']);",
            "execFile(name, []);",
            "require('child_process').execSync('tar xf ' + body.archive);",
            "const command = ['convert', name, 'x.png'].join(' '); exec(command);",
            "const parts = []; parts.push('ls'); parts.push(name); exec(parts.join(' '));",
            "const { dir = '/tmp', ...rest } = body; exec(`ls ${dir}`);",
            "let command = 'ls'; if (name) { command += ' ' + name; } exec(command);",
            "for (const each of body.names) { exec('rm ' + each); }",
            "body.names.forEach((each) => exec('rm ' + each));",
            "await Promise.all(body.names.map(async (each) => run('rm ' + each)));",
            "exec(decodeURIComponent(name));",
            "exec(Buffer.from(event.body, 'base64').toString('utf8'));",
            "exec(body.name.trim().toLowerCase());",
            "exec(body.flag ? name : 'ls');",
            "exec(name || 'ls');",
            "exec(event['queryStringParameters']['name']);",
            "exec(event.pathParameters?.id ?? '');",
            "exec(event.headers['User-Agent']);",
            "try { exec(name); } catch (error) { console.error('bad'); }",
            "switch (body.kind) { case 'a': exec('a ' + name); break; default: break; }",
        ],
        [
            "exec('ls /tmp');",
            "let command = name; command = 'ls'; exec(command);",
            "exec('kill ' + parseInt(name, 10));",
            "exec(`kill ${Number(body.pid)}`);",
            "exec(`convert /tmp/${require('crypto').randomUUID()} x.png`);",
            "if (!/^[a-z0-9]+$/.test(name)) { return { statusCode: 400 }; } exec('ls ' + name);",
            "if (['a', 'b'].includes(name)) { exec('ls ' + name); }",
            "const ALLOWED = new Set(['a', 'b']); if (!ALLOWED.has(name)) throw new Error('no'); exec('ls ' + name);",
            "const COMMANDS = { list: 'ls', size: 'du' }; exec(COMMANDS[name]);",
            "switch (name) { case 'a': case 'b': exec('ls ' + name); break; default: return { statusCode: 400 }; }",
            "if (name === 'all') exec('ls ' + name);",
            "exec('ls ' + process.env.FOLDER);",
            "exec('ls ' + event.requestContext.requestId);",
            "?execFile('ls', ['-l', '--', name]);",
            "?spawn('convert', [name, 'out.png']);",
            "const n = body.names.length; exec('seq ' + n);",
        ],
    ),
    (
        "code",
        "const vm = require('vm');",
        [
            "eval(body.expression);",
            "eval('(' + event.body + ')');",
            "new Function('x', body.code)(1);",
            "Function('return ' + name)();",
            "vm.runInThisContext(body.code);",
            "vm.runInNewContext(`x = ${name}`, {});",
            "new vm.Script(body.code).runInThisContext();",
            "require(body.plugin).run();",
        ],
        [
            "eval('1 + 1');",
            "new Function('return 1')();",
            "vm.runInNewContext('a + 1', { a: body.a });",
            "setTimeout(() => console.log('x'), 10);",
            "const key = body.key; eval('2');",
            "?require('./plugins/' + name).run();",
        ],
    ),
    (
        "sql",
        "const mysql = require('mysql2/promise');\nconst { Pool, Client } = require('pg');\nconst pool = new Pool();\nconst db = mysql.createPool({});",
        [
            "await pool.query(`SELECT * FROM users WHERE name = '${name}'`);",
            "await pool.query('SELECT * FROM users WHERE name = ' + name, []);",
            "await pool.query({ text: 'SELECT * FROM users WHERE id = ' + body.id, values: [] });",
            "const [rows] = await db.execute(\"SELECT * FROM a WHERE b = '\" + body.b + \"'\");",
            "const connection = await mysql.createConnection({}); await connection.query('SELECT * FROM t ORDER BY ' + name);",
            "const client = new Client(); await client.connect(); const result = await client.query(`DELETE FROM t WHERE id = ${body.id}`);",
            "const client = await pool.connect(); await client.query('UPDATE t SET a = ' + body.a);",
            "let sql = 'SELECT * FROM t WHERE 1 = 1'; if (body.x) sql += ` AND x = '${body.x}'`; await pool.query(sql);",
            "pool.query(`SELECT ${name} FROM t`, (error, result) => { console.log('x'); });",
            "const columns = Object.keys(body).join(', '); await pool.query(`INSERT INTO t (${columns}) VALUES (1)`);",
            "await pool.query(event.body);",
        ],
        [
            "await pool.query('SELECT * FROM users WHERE name = $1', [name]);",
            "await pool.query({ text: 'SELECT * FROM users WHERE id = $1', values: [body.id] });",
            "await db.execute('SELECT * FROM a WHERE b = ?', [body.b]);",
            "await db.query('INSERT INTO a SET ?', body);",
            "await pool.query('SELECT * FROM t LIMIT ' + parseInt(name, 10));",
            "await db.query('SELECT * FROM t WHERE a = ' + mysql.escape(name));",
            "const order = name === 'asc' ? 'ASC' : 'DESC'; await pool.query(`SELECT * FROM t ORDER BY a ${order}`, []);",
            "const COLUMNS = ['a', 'b']; if (!COLUMNS.includes(body.sort)) throw new Error('bad'); await pool.query(`SELECT * FROM t ORDER BY ${body.sort}`);",
            "await pool.query(`SELECT * FROM ${process.env.TABLE} WHERE id = $1`, [name]);",
            "const marks = body.ids.map((_, index) => `$${index + 1}`).join(','); await pool.query(`SELECT * FROM t WHERE id IN (${marks})`, body.ids);",
        ],
    ),
    (
        "sql",
        "const { RDSDataClient, ExecuteStatementCommand } = require('@aws-sdk/client-rds-data');\n"
        "const { DynamoDBClient, ExecuteStatementCommand: Partiql } = require('@aws-sdk/client-dynamodb');\n"
        "const AWS = require('aws-sdk');\n"
        "const knex = require('knex')({ client: 'pg' });\n"
        "const { Sequelize } = require('sequelize');\n"
        "const sequelize = new Sequelize('x');\n"
        "const { PrismaClient } = require('@prisma/client');\n"
        "const prisma = new PrismaClient();\n"
        "const rds = new RDSDataClient({});\n"
        "const dynamo = new DynamoDBClient({});\n"
        "const sqlite3 = require('sqlite3');\n"
        "const lite = new sqlite3.Database(':memory:');",
        [
            "await rds.send(new ExecuteStatementCommand({ sql: `SELECT * FROM t WHERE a = '${name}'`, resourceArn: 'x' }));",
            "const params = { Statement: `SELECT * FROM t WHERE a = '${name}'` }; await dynamo.send(new Partiql(params));",
            "const data = new AWS.RDSDataService(); await data.executeStatement({ sql: 'SELECT ' + name }).promise();",
            "await new AWS.DynamoDB().executeStatement({ Statement: 'SELECT * FROM ' + body.table }).promise();",
            "await new AWS.Athena().startQueryExecution({ QueryString: 'SELECT * FROM t WHERE a = ' + name }).promise();",
            "await knex.raw('SELECT * FROM t WHERE a = ' + name);",
            "await sequelize.query(`SELECT * FROM t WHERE a = '${name}'`);",
            "await prisma.$queryRawUnsafe(`SELECT * FROM t WHERE a = '${name}'`);",
            "lite.all(`SELECT * FROM t WHERE a = '${name}'`, (error, rows) => {});",
        ],
        [
            "await rds.send(new ExecuteStatementCommand({ sql: 'SELECT * FROM t WHERE a = :a', parameters: [{ name: 'a', value: { stringValue: name } }] }));",
            "await dynamo.send(new Partiql({ Statement: 'SELECT * FROM t WHERE a = ?', Parameters: [{ S: name }] }));",
            "await knex.raw('SELECT * FROM t WHERE a = ?', [name]);",
            "await knex('t').where({ a: name }).select('*');",
            "await sequelize.query('SELECT * FROM t WHERE a = :a', { replacements: { a: name } });",
            "await prisma.$queryRaw`SELECT * FROM t WHERE a = ${name}`;",
            "lite.all('SELECT * FROM t WHERE a = ?', [name], (error, rows) => {});",
        ],
    ),
    (
        "nosql",
        "const { MongoClient } = require('mongodb');\nconst client = new MongoClient('x');\nconst users = client.db('a').collection('users');",
        ["await users.findOne({ name: body.name });", "await users.find(body.filter).toArray();", "await users.deleteMany(body);", "await users.find({ $where: 'this.a == ' + name }).toArray();"],
        [
            "await users.findOne({ name: String(body.name) });",
            "await users.findOne({ name });",
            "await users.findOne({ name: `${body.name}` });",
            "if (typeof body.name !== 'string') throw new Error('x'); await users.findOne({ name: body.name });",
            "await users.find({}).toArray();",
        ],
    ),
    (
        "nosql",
        "const { DynamoDBDocumentClient, QueryCommand, ScanCommand, PutCommand } = require('@aws-sdk/lib-dynamodb');\nconst client = DynamoDBDocumentClient.from({});",
        [
            "await client.send(new ScanCommand({ TableName: 't', FilterExpression: 'a = ' + name }));",
            "await client.send(new QueryCommand({ TableName: 't', KeyConditionExpression: `${body.field} = :v` }));",
        ],
        [
            "await client.send(new QueryCommand({ TableName: 't', KeyConditionExpression: 'a = :a', ExpressionAttributeValues: { ':a': name } }));",
            "await client.send(new PutCommand({ TableName: 't', Item: { id: '1', ...body } }));",
        ],
    ),
    (
        "deserialisation",
        "const serialize = require('node-serialize');\nconst yaml = require('js-yaml');",
        ["serialize.unserialize(event.body);", "const cookie = Buffer.from(name, 'base64').toString(); serialize.unserialize(cookie);"],
        ["JSON.parse(event.body);", "serialize.serialize(body);", "?yaml.load(event.body);"],
    ),
    (
        "template",
        "const ejs = require('ejs');\nconst Handlebars = require('handlebars');\nconst nunjucks = require('nunjucks');\nconst _ = require('lodash');\nconst pug = require('pug');",
        ["ejs.render(body.template, {});", "Handlebars.compile('Hello ' + name)({});", "nunjucks.renderString(body.template, {});", "_.template(body.template)({});", "pug.render(`p ${name}`);"],
        ["ejs.render('<p><%= name %></p>', { name });", "Handlebars.compile('{{name}}')({ name });", "nunjucks.renderString('{{ name }}', { name });"],
    ),
    (
        "path",
        "const fs = require('fs');\nconst path = require('path');\nconst { readFile } = require('fs/promises');",
        [
            "fs.readFileSync('/var/task/' + name);",
            "await readFile(path.join('/tmp', body.file));",
            "fs.createReadStream(`./files/${name}`);",
            "fs.writeFileSync(path.resolve('/tmp', name), 'x');",
            "await fs.promises.unlink('/tmp/' + body.file);",
            "fs.readFile(name, 'utf8', (error, data) => {});",
        ],
        [
            "fs.readFileSync('/var/task/a.txt');",
            "fs.writeFileSync('/tmp/out.json', JSON.stringify(body));",
            "fs.readFileSync(path.join('/tmp', path.basename(name)));",
            "fs.writeFileSync('/tmp/' + Number(body.id), 'x');",
        ],
    ),
    (
        "ssrf",
        "const axios = require('axios');\nconst https = require('https');\nconst fetch = require('node-fetch');\nconst got = require('got');",
        [
            "await axios.get(body.url);",
            "await axios({ method: 'get', url: body.url });",
            "await axios.post(`http://${body.host}/api`, {});",
            "await fetch(name);",
            "https.get(body.url, (response) => {});",
            "https.request({ host: body.host, path: '/' }, (response) => {});",
            "await got(body.url).json();",
            "const url = new URL(body.url); await fetch(url);",
            "const api = axios.create({ baseURL: body.base }); await api.get('/x');",
            "await axios.request({ url: '/x', baseURL: body.base });",
        ],
        [
            "await axios.get('https://api.example.com/items/' + name);",
            "await axios.get('https://api.example.com/items', { params: { name } });",
            "await fetch(`https://api.example.com/${encodeURIComponent(name)}`);",
            "await axios.post(process.env.API_URL, body);",
            "await fetch(`${process.env.API_URL}/items/${name}`);",
            "const HOSTS = ['a.example.com']; const url = new URL(body.url); if (!HOSTS.includes(url.hostname)) return { statusCode: 400 }; await fetch(url);",
        ],
    ),
    (
        "xml",
        "const libxmljs = require('libxmljs');\nconst { parseStringPromise } = require('xml2js');",
        ["libxmljs.parseXml(event.body, { noent: true });", "const options = { noent: true, nonet: false }; libxmljs.parseXmlString(body.xml, options);"],
        ["libxmljs.parseXml(event.body);", "libxmljs.parseXml(event.body, { noent: false });", "await parseStringPromise(event.body);"],
    ),
    (
        "regex",
        "const _ = require('lodash');",
        ["new RegExp(name).test('x');", "const pattern = RegExp(`^${body.prefix}`, 'i'); pattern.test('a');"],
        ["/^a+$/.test(name);", "new RegExp(_.escapeRegExp(name)).test('x');", "new RegExp('^[a-z]+$').test(name);"],
    ),
    (
        "log",
        "const { Logger } = require('@aws-lambda-powertools/logger');\nconst logger = new Logger();",
        [
            "console.log(event);",
            "console.log('event', JSON.stringify(event));",
            "console.info(`Received: ${JSON.stringify(event, null, 2)}`);",
            "logger.info('event', { event });",
            "console.log(event.headers);",
            "console.log(body.password);",
        ],
        ["console.log('start');", "console.log(event.requestContext.requestId);", "console.log(name);", "console.log(Object.keys(event).length);", "logger.info('done', { count: 1 });"],
    ),
]  # fmt: skip

BAD = [(kind, head, line) for kind, head, lines, _ in CASES for line in lines]
GOOD = [(kind, head, line) for kind, head, _, lines in CASES for line in lines]


def sample(head: str, line: str) -> str:
    return WRAPPED.format(head=head, lines=indent(line, "  "))


@pytest.mark.parametrize(("kind", "head", "line"), BAD)
def test_harm_in_javascript(kind: str, head: str, line: str) -> None:
    assert (kind, True) in kinds({"index.js": sample(head, line)})


@pytest.mark.parametrize(("kind", "head", "line"), BAD)
def test_harm_in_typescript(kind: str, head: str, line: str) -> None:
    assert (kind, True) in kinds({"index.ts": as_typescript(sample(head, line))})


@pytest.mark.parametrize(("kind", "head", "line"), GOOD)
def test_no_harm(kind: str, head: str, line: str) -> None:
    for path, source in (("index.js", sample(head, line.lstrip("?"))), ("index.ts", as_typescript(sample(head, line.lstrip("?"))))):  # fmt: skip
        told = {(each, certain) for each, certain in kinds({path: source}) if each == kind}
        assert told <= ({(kind, False)} if line.startswith("?") else set())


@pytest.mark.parametrize("seed", range(4))
def test_mutated_handlers_never_crash(seed: int) -> None:
    for each in mutations(sample(CASES[0][1], CASES[0][2][16]) + SAMPLE, seed):
        package = Package("sample", "folder", {"index.js": lambda held=each: held.encode()}, "0" * 64)
        assert flows(read_program(package), READING)["flows"] == flows(read_program(package), READING)["flows"]
