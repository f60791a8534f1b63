"""One control means one thing: the same handler in Python and in JavaScript gives the same flows."""

from __future__ import annotations

import pytest

from test_javascript_flows import kinds

PYTHON = "import json\n{imports}\ndef handler(event, context):\n    body = json.loads(event['body'])\n    name = event['queryStringParameters']['name']\n{lines}    return {{'statusCode': 200}}\n"
JAVASCRIPT = "{imports}\nexports.handler = async (event, context) => {{\n  const body = JSON.parse(event.body);\n  const name = event.queryStringParameters.name;\n{lines}  return {{ statusCode: 200 }};\n}};\n"

# What is imported and done in Python, and the same in JavaScript.
PAIRS: list[tuple[str, tuple[str, str], tuple[str, str]]] = [
    ("a command", ("import os", "os.system('ls ' + name)"), ("const { exec } = require('child_process');", "exec('ls ' + name);")),
    ("a command of a constant", ("import os", "os.system('ls')"), ("const { exec } = require('child_process');", "exec('ls');")),
    ("a command of a number", ("import os", "os.system('kill ' + str(int(name)))"), ("const { exec } = require('child_process');", "exec('kill ' + String(parseInt(name)));")),
    ("a command after a test", ("import os", "if name in ('a', 'b'):\n        os.system('ls ' + name)"), ("const { exec } = require('child_process');", "if (['a', 'b'].includes(name)) { exec('ls ' + name); }")),
    ("a shell with a list", ("import subprocess", "subprocess.run(['sh', '-c', 'ls ' + name])"), ("const { spawn } = require('child_process');", "spawn('sh', ['-c', 'ls ' + name]);")),
    ("a program with a list", ("import subprocess", "subprocess.run(['ls', name])"), ("const { execFile } = require('child_process');", "execFile('ls', [name]);")),
    ("code", ("", "eval(body['code'])"), ("", "eval(body.code);")),
    ("sql", ("import psycopg2\ncursor = psycopg2.connect('x').cursor()", "cursor.execute(f\"SELECT * FROM t WHERE a = '{name}'\")"), ("const { Pool } = require('pg');\nconst pool = new Pool();", "await pool.query(`SELECT * FROM t WHERE a = '${name}'`);")),
    ("sql with parameters", ("import psycopg2\ncursor = psycopg2.connect('x').cursor()", "cursor.execute('SELECT * FROM t WHERE a = %s', (name,))"), ("const { Pool } = require('pg');\nconst pool = new Pool();", "await pool.query('SELECT * FROM t WHERE a = $1', [name]);")),
    ("partiql", ("import boto3\nclient = boto3.client('dynamodb')", "client.execute_statement(Statement='SELECT * FROM t WHERE a = ' + name)"), ("const { DynamoDBClient, ExecuteStatementCommand } = require('@aws-sdk/client-dynamodb');\nconst client = new DynamoDBClient();", "await client.send(new ExecuteStatementCommand({ Statement: 'SELECT * FROM t WHERE a = ' + name }));")),
    ("a document filter", ("from pymongo import MongoClient\nusers = MongoClient('x').a.users", "users.find_one({'name': body['name']})"), ("const { MongoClient } = require('mongodb');\nconst users = new MongoClient('x').db('a').collection('users');", "await users.findOne({ name: body.name });")),
    ("a document filter of a text", ("from pymongo import MongoClient\nusers = MongoClient('x').a.users", "users.find_one({'name': name})"), ("const { MongoClient } = require('mongodb');\nconst users = new MongoClient('x').db('a').collection('users');", "await users.findOne({ name });")),
    ("a file", ("", "open('/tmp/' + name).read()"), ("const fs = require('fs');", "fs.readFileSync('/tmp/' + name);")),
    ("a file by its last part", ("import os", "open('/tmp/' + os.path.basename(name)).read()"), ("const fs = require('fs');\nconst path = require('path');", "fs.readFileSync('/tmp/' + path.basename(name));")),
    ("an address", ("import requests", "requests.get(body['url'], timeout=3)"), ("const axios = require('axios');", "await axios.get(body.url);")),
    ("an address of a constant host", ("import requests", "requests.get('https://api.example.com/' + name, timeout=3)"), ("const axios = require('axios');", "await axios.get('https://api.example.com/' + name);")),
    ("a template", ("import jinja2", "jinja2.Template(body['template']).render()"), ("const ejs = require('ejs');", "ejs.render(body.template, {});")),
    ("a pattern", ("import re", "re.search(name, 'x')"), ("", "new RegExp(name).test('x');")),
    ("the event in the log", ("", "print(event)"), ("", "console.log(event);")),
    ("a name in the log", ("", "print(name)"), ("", "console.log(name);")),
    ("a name that is reassigned", ("import os", "name = 'x'\n    os.system(name)"), ("const { exec } = require('child_process');", "let n = name; n = 'x'; exec(n);")),
]  # fmt: skip


@pytest.mark.parametrize(("said", "python", "javascript"), PAIRS)
def test_both_languages_alike(said: str, python: tuple[str, str], javascript: tuple[str, str]) -> None:
    ours = kinds({"app.py": PYTHON.format(imports=python[0], lines=f"    {python[1]}\n")}, "app.handler")
    theirs = kinds({"app.js": JAVASCRIPT.format(imports=javascript[0], lines=f"  {javascript[1]}\n")}, "app.handler")
    assert ours == theirs
