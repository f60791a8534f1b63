"""How untrusted data comes in and goes on in programs of JavaScript: platforms, frameworks, modules, classes, callbacks, promises, wrappers."""

from __future__ import annotations

import pytest
from test_javascript_flows import kinds

EXEC = "const { exec } = require('child_process');\n"
IMPORT = "import { exec } from 'node:child_process';\n"
COMMAND = {("command", True)}

# Each reaches a shell with untrusted data for certain. One file is `index.js`; several are a mapping.
REACHED: list[tuple[str, str | dict[str, str], str, str]] = [
    ("callback handler", EXEC + "exports.handler = (event, context, callback) => { exec('ls ' + event.name); callback(null, 'x'); };", "index.handler", "aws"),
    ("function declaration", EXEC + "async function handler(event) { exec(event.name); }\nmodule.exports = { handler };", "index.handler", "aws"),
    ("property of an object", EXEC + "module.exports = { async run(event) { exec(event.name); } };", "index.run", "aws"),
    ("destructured event", EXEC + "exports.handler = async ({ body, pathParameters: { id } = {} }) => { exec('x ' + id); };", "index.handler", "aws"),
    ("destructured twice", EXEC + "exports.handler = async ({ Records }) => { for (const { s3: { object: { key } } } of Records) exec('x ' + key); };", "index.handler", "aws"),
    ("module of ECMAScript", {"index.mjs": IMPORT + "export const handler = async (event) => { exec(event.name); };"}, "index.handler", "aws"),
    ("default export", {"index.mjs": IMPORT + "export default async function (event) { exec(event.name); }"}, "index.default", "aws"),
    ("exported apart", {"index.mjs": IMPORT + "const run = async (event) => { exec(event.name); };\nexport { run as handler };"}, "index.handler", "aws"),
    ("in a folder", {"src/handlers/create.ts": IMPORT + "export const handler = async (event: any): Promise<void> => { exec(event.name); };"}, "src/handlers/create.handler", "aws"),
    ("guessed", EXEC + "exports.handler = async (event) => { exec(event.name); };", "", "aws"),
    ("guessed by its parameter", EXEC + "module.exports.createUser = async (event, context) => { exec(event.name); };", "", "aws"),
    ("renamed import", {"index.mjs": "import * as cp from 'child_process';\nexport const handler = async (event) => { cp.exec(event.name); };"}, "index.handler", "aws"),
    ("default import", {"index.mjs": "import cp from 'node:child_process';\nexport const handler = async (event) => { cp.exec(event.name); };"}, "index.handler", "aws"),
    ("import within", {"index.mjs": "export const handler = async (event) => { const { exec } = await import('child_process'); exec(event.name); };"}, "index.handler", "aws"),
    (
        "compiled typescript",
        '"use strict";\nvar __importStar = (this && this.__importStar) || function (mod) { return mod; };\nvar __awaiter = (this && this.__awaiter) || function (a, b, c, d) { return d; };\nObject.defineProperty(exports, "__esModule", { value: true });\nexports.handler = void 0;\nconst child_process_1 = require("child_process");\nconst handler = (event) => __awaiter(void 0, void 0, void 0, function* () {\n    (0, child_process_1.exec)(event.name);\n});\nexports.handler = handler;\n',
        "index.handler",
        "aws",
    ),
    (
        "bundled by esbuild",
        'var __defProp = Object.defineProperty;\nvar __export = (target, all) => { for (var name in all) __defProp(target, name, { get: all[name], enumerable: true }); };\nvar __toCommonJS = (mod) => mod;\nvar src_exports = {};\n__export(src_exports, { handler: () => handler });\nmodule.exports = __toCommonJS(src_exports);\nvar import_child_process = require("child_process");\nvar handler = async (event) => { (0, import_child_process.exec)("ls " + event.name); };\n0 && (module.exports = { handler });\n',
        "index.handler",
        "aws",
    ),
    ("another function", EXEC + "const run = (what) => exec(`ls ${what}`);\nexports.handler = async (event) => { run(event.name); };", "index.handler", "aws"),
    ("a function that is declared later", EXEC + "exports.handler = async (event) => run(event.name);\nfunction run(what) { exec('ls ' + what); }", "index.handler", "aws"),
    ("what a function gives", EXEC + "function named(e) { return JSON.parse(e.body).name; }\nexports.handler = async (event) => { exec('ls ' + named(event)); };", "index.handler", "aws"),
    ("what a promise gives", EXEC + "async function named(e) { return JSON.parse(e.body).name; }\nexports.handler = (event) => named(event).then((n) => exec('ls ' + n)).catch((e) => console.error('x'));", "index.handler", "aws"),
    ("a chain of promises", EXEC + "exports.handler = (event) => Promise.resolve(event.body).then(JSON.parse).then((b) => b.name).then((n) => exec(n));", "index.handler", "aws"),
    ("a promise that is made", EXEC + "const run = (c) => new Promise((resolve, reject) => { exec(c, (e, out) => (e ? reject(e) : resolve(out))); });\nexports.handler = async (event) => { await run('ls ' + event.name); };", "index.handler", "aws"),
    ("promisified", "const util = require('util');\nconst exec = util.promisify(require('child_process').exec);\nexports.handler = async (event) => { await exec('ls ' + event.name); };", "index.handler", "aws"),
    ("default parameter", EXEC + "const run = (c, shell = exec) => shell('ls ' + c);\nexports.handler = async (event) => run(event.name);", "index.handler", "aws"),
    ("options with a spread", EXEC + "const run = ({ name, ...rest }) => exec('ls ' + name);\nexports.handler = async (event) => run({ a: 1, ...JSON.parse(event.body) });", "index.handler", "aws"),
    ("another file", {"index.js": "const { run } = require('./lib/shell');\nexports.handler = async (event) => run(event.name);", "lib/shell.js": EXEC + "exports.run = (c) => exec('ls ' + c);"}, "index.handler", "aws"),
    ("the index of a folder", {"index.js": "const lib = require('./lib');\nexports.handler = async (event) => lib.run(event.name);", "lib/index.js": "module.exports = { ...require('./shell') };", "lib/shell.js": EXEC + "const run = (c) => exec('ls ' + c);\nmodule.exports = { run };"}, "index.handler", "aws"),
    ("passed on", {"index.mjs": "import { run } from './lib/index.js';\nexport const handler = async (event) => run(event.name);", "lib/index.js": "export * from './shell.js';", "lib/shell.js": IMPORT + "export function run(c) { exec('ls ' + c); }"}, "index.handler", "aws"),
    ("passed on under a name", {"index.mjs": "import { go } from './lib/index.js';\nexport const handler = async (event) => go(event.name);", "lib/index.js": "export { run as go } from './shell.js';", "lib/shell.js": IMPORT + "export function run(c) { exec('ls ' + c); }"}, "index.handler", "aws"),
    ("typescript without an ending", {"src/index.ts": "import run from './shell';\nexport const handler = async (event: any) => run(event.name);", "src/shell.ts": IMPORT + "export default (c: string): void => { exec('ls ' + c); };"}, "src/index.handler", "aws"),
    ("a class of another file", {"index.ts": "import { Shell } from './shell.js';\nconst shell = new Shell('ls');\nexport const handler = async (event: any) => shell.run(event.name);", "shell.ts": IMPORT + "export class Shell { constructor(private readonly program: string) {} run(c: string) { exec(`${this.program} ${c}`); } }"}, "index.handler", "aws"),
    ("module.exports is a class", {"index.js": "const Shell = require('./shell');\nexports.handler = async (event) => new Shell(event.name).run();", "shell.js": EXEC + "class Shell { constructor(name) { this.name = name; } run() { exec('ls ' + this.name); } }\nmodule.exports = Shell;"}, "index.handler", "aws"),
    ("module.exports is a function", {"index.js": "const run = require('./run');\nexports.handler = async (event) => run(event.name);", "run.js": EXEC + "module.exports = function (c) { exec('ls ' + c); };"}, "index.handler", "aws"),
    ("a class with an arrow", EXEC + "class H { handle = async (event) => { this.run(event.name); }; run(c) { exec('ls ' + c); } }\nconst h = new H();\nexports.handler = h.handle;", "index.handler", "aws"),
    ("a method that is bound", EXEC + "class H { async handle(event) { exec(event.name); } }\nconst h = new H();\nexports.handler = h.handle.bind(h);", "index.handler", "aws"),
    ("a static method", EXEC + "class H { static run(c) { exec('ls ' + c); } }\nexports.handler = async (event) => H.run(event.name);", "index.handler", "aws"),
    ("a base class", EXEC + "class B { run(c) { exec('ls ' + c); } }\nclass H extends B { go(c) { super.run(c); } }\nexports.handler = async (event) => new H().go(event.name);", "index.handler", "aws"),
    ("injected", EXEC + "class S { constructor({ shell }) { this.shell = shell; } run(c) { this.shell('ls ' + c); } }\nconst s = new S({ shell: exec });\nexports.handler = async (event) => s.run(event.name);", "index.handler", "aws"),
    ("map and join", EXEC + "exports.handler = async (event) => { exec('ls ' + event.names.map((n) => n.trim()).filter(Boolean).join(' ')); };", "index.handler", "aws"),
    ("reduce", EXEC + "exports.handler = async (event) => { const all = event.names.reduce((sum, n) => sum + ' ' + n, ''); exec('ls ' + all); };", "index.handler", "aws"),
    ("entries", EXEC + "exports.handler = async (event) => { for (const [k, v] of Object.entries(event.options)) exec(`x --a=${v}`); };", "index.handler", "aws"),
    ("keys", EXEC + "exports.handler = async (event) => { for (const k in JSON.parse(event.body)) exec(`x --${k}`); };", "index.handler", "aws"),
    ("records of a queue", EXEC + "exports.handler = async (event) => { for (const record of event.Records) { const { file } = JSON.parse(record.body); exec('x ' + file); } };", "index.handler", "aws"),
    ("records of a topic", EXEC + "exports.handler = async (event) => { const message = event.Records[0].Sns.Message; exec('x ' + message); };", "index.handler", "aws"),
    ("records of a stream", EXEC + "exports.handler = async (event) => { const text = Buffer.from(event.Records[0].kinesis.data, 'base64').toString('ascii'); exec('x ' + text); };", "index.handler", "aws"),
    ("key of an object", EXEC + "exports.handler = async (event) => { const key = decodeURIComponent(event.Records[0].s3.object.key.replace(/\\+/g, ' ')); exec('x ' + key); };", "index.handler", "aws"),
    ("immediately called", EXEC + "exports.handler = async (event) => { await (async () => { exec(event.name); })(); };", "index.handler", "aws"),
    ("middy", "const middy = require('@middy/core');\n" + EXEC + "const base = async (event) => { exec(event.body.name); };\nexports.handler = middy(base).use(require('@middy/http-json-body-parser')());", "index.handler", "aws"),
    ("middy in place", {"index.ts": "import middy from '@middy/core';\n" + IMPORT + "export const handler = middy().use(x()).handler(async (event: any) => { exec(event.name); });"}, "index.handler", "aws"),
    ("a wrapper of one's own", EXEC + "const wrap = (fn) => async (event, context) => { try { return await fn(event, context); } catch (e) { return { statusCode: 500 }; } };\nexports.handler = wrap(async (event) => { exec(event.name); });", "index.handler", "aws"),
    ("a wrapper of another file", {"index.js": EXEC + "const { wrap } = require('./wrap');\nexports.handler = wrap(async (event) => { exec(event.name); });", "wrap.js": "exports.wrap = (fn) => (event, context) => fn(event, context);"}, "index.handler", "aws"),
    ("a wrapper that is not known", "const { wrap } = require('some-wrapper');\n" + EXEC + "exports.handler = wrap(async (event) => { exec(event.name); });", "index.handler", "aws"),
    ("sentry", "const Sentry = require('@sentry/serverless');\n" + EXEC + "exports.handler = Sentry.AWSLambda.wrapHandler(async (event) => { exec(event.name); });", "index.handler", "aws"),
    ("streamed", {"index.mjs": IMPORT + "export const handler = awslambda.streamifyResponse(async (event, stream, context) => { exec(event.body); stream.end(); });"}, "index.handler", "aws"),
    ("a table of routes", EXEC + "const routes = { list: (e) => exec('ls ' + e.name), other: () => 1 };\nexports.handler = async (event) => routes[event.action](event);", "index.handler", "aws"),
    ("express", "const express = require('express');\nconst serverless = require('serverless-http');\n" + EXEC + "const app = express();\napp.get('/x/:id', (req, res) => { exec('ls ' + req.params.id); res.send('x'); });\nmodule.exports.handler = serverless(app);", "index.handler", "aws"),
    ("express body", {"app.ts": "import express, { Request, Response } from 'express';\n" + IMPORT + "const app = express();\napp.use(express.json());\napp.post('/x', async (req: Request, res: Response) => { const { name } = req.body; exec('ls ' + name); });\nexport default app;"}, "", "aws"),
    ("express router", {"index.js": "const app = require('express')();\napp.use('/a', require('./routes'));\nmodule.exports.handler = require('serverless-http')(app);", "routes.js": EXEC + "const { Router } = require('express');\nconst router = Router();\nconst check = (req, res, next) => next();\nrouter.get('/', check, (req, res) => { exec(req.query.q); });\nmodule.exports = router;"}, "index.handler", "aws"),
    ("express controller", {"index.js": "const express = require('express');\nconst app = express();\nconst c = require('./controller');\napp.get('/', c.list);", "controller.js": EXEC + "exports.list = (req, res) => { exec(req.get('X-Name')); };"}, "", "aws"),
    ("koa", "const Koa = require('koa');\nconst Router = require('@koa/router');\n" + EXEC + "const router = new Router();\nrouter.post('/x', async (ctx) => { exec(ctx.request.body.name); });", "", "aws"),
    ("fastify", "const fastify = require('fastify')();\n" + EXEC + "fastify.get('/x', async (request, reply) => { exec('ls ' + request.query.name); });", "", "aws"),
    ("hono", {"index.ts": "import { Hono } from 'hono';\nimport { handle } from 'hono/aws-lambda';\n" + IMPORT + "const app = new Hono();\napp.get('/x', (c) => { exec('ls ' + c.req.query('name')); return c.text('x'); });\nexport const handler = handle(app);"}, "index.handler", "aws"),
    ("nest", {"a.controller.ts": "import { Controller, Get, Query, Body, Post } from '@nestjs/common';\n" + IMPORT + "@Controller('a')\nexport class AController { constructor(private readonly service: AService) {}\n @Get('x') find(@Query('name') name: string) { exec('ls ' + name); } }"}, "", "aws"),
    ("azure, version 3", {"Run/index.js": EXEC + "module.exports = async function (context, req) { exec('ls ' + (req.query.name || req.body.name)); context.res = { body: 'x' }; };"}, "Run/index", "azure"),
    ("azure, version 3, context", {"Run/index.ts": IMPORT + "const run = async function (context: Context, req: HttpRequest): Promise<void> { exec('ls ' + context.req.query.name); };\nexport default run;"}, "Run/index", "azure"),
    ("azure, version 3, queue", {"Run/index.js": EXEC + "module.exports = async function (context, myQueueItem) { exec('ls ' + myQueueItem.name); };"}, "Run/index", "azure"),
    ("azure, version 4", {"src/functions/run.js": "const { app } = require('@azure/functions');\n" + EXEC + "app.http('run', { methods: ['GET'], handler: async (request, context) => { exec('ls ' + request.query.get('name')); return { body: 'x' }; } });"}, "", "azure"),
    ("azure, version 4, body", {"src/functions/run.ts": "import { app, HttpRequest, InvocationContext } from '@azure/functions';\n" + IMPORT + "export async function run(request: HttpRequest, context: InvocationContext) { const body = await request.json() as any; exec('ls ' + body.name); return {}; }\napp.http('run', { handler: run });"}, "", "azure"),
    ("azure, version 4, queue", {"src/functions/run.js": "const { app } = require('@azure/functions');\n" + EXEC + "app.storageQueue('run', { queueName: 'x', handler: (item, context) => { exec('ls ' + item); } });"}, "", "azure"),
    ("google http", EXEC + "exports.run = (req, res) => { exec('ls ' + req.query.name); res.send('x'); };", "index.run", "google"),
    ("google framework", "const functions = require('@google-cloud/functions-framework');\n" + EXEC + "functions.http('run', (req, res) => { exec('ls ' + req.body.name); });", "", "google"),
    ("google event", EXEC + "exports.run = (message, context) => { exec('ls ' + Buffer.from(message.data, 'base64').toString()); };", "index.run", "google"),
    ("google cloud event", "const functions = require('@google-cloud/functions-framework');\n" + EXEC + "functions.cloudEvent('run', (cloudEvent) => { exec('ls ' + cloudEvent.data.name); });", "", "google"),
    ("firebase", "const functions = require('firebase-functions');\n" + EXEC + "exports.run = functions.https.onRequest((req, res) => { exec('ls ' + req.query.name); });", "", "google"),
    ("appsync", EXEC + "exports.handler = async (event) => { const { name } = event.arguments; exec('ls ' + name); };", "index.handler", "aws"),
    ("cognito", EXEC + "exports.handler = async (event) => { exec('ls ' + event.request.userAttributes.email); return event; };", "index.handler", "aws"),
    ("eventbridge", EXEC + "exports.handler = async (event) => { exec('ls ' + event.detail.name); };", "index.handler", "aws"),
]  # fmt: skip

# Nothing untrusted reaches a shell for certain.
NOT_REACHED: list[tuple[str, str | dict[str, str], str, str]] = [
    ("context", EXEC + "exports.handler = async (event, context) => { exec('ls ' + context.awsRequestId); };", "index.handler", "aws"),
    ("claims", EXEC + "exports.handler = async (event) => { exec('ls ' + event.requestContext.authorizer.claims.sub); };", "index.handler", "aws"),
    ("another parameter", EXEC + "const run = (a, b) => exec('ls ' + b);\nexports.handler = async (event) => run(event.name, 'x');", "index.handler", "aws"),
    ("another member", EXEC + "exports.handler = async (event) => { const o = { a: event.name, b: 'x' }; exec('ls ' + o.b); };", "index.handler", "aws"),
    ("another item", EXEC + "exports.handler = async (event) => { const [a, b] = [event.name, 'x']; exec('ls ' + b); };", "index.handler", "aws"),
    ("another function of the same name", EXEC + "exports.handler = async (event) => { const exec = (c) => console.log('x'); exec(event.name); };", "index.handler", "aws"),
    ("exec of a regular expression", EXEC + "exports.handler = async (event) => { const m = /^(a+)$/.exec(event.name); return m; };", "index.handler", "aws"),
    ("exec of a query", "const mongoose = require('mongoose');\nexports.handler = async (event) => { await M.find({ a: String(event.name) }).exec(); };", "index.handler", "aws"),
    ("never called", EXEC + "const run = (e) => exec(e.name);\nexports.handler = async (event) => ({ statusCode: 200 });", "index.handler", "aws"),
    ("timer", {"Run/index.js": EXEC + "module.exports = async function (context, myTimer) { exec('ls'); };"}, "Run/index", "azure"),
    ("numbers of a schema", {"index.ts": "import { z } from 'zod';\n" + IMPORT + "const Body = z.object({ id: z.number(), kind: z.enum(['a', 'b']) });\nexport const handler = async (event: any) => { const body = Body.parse(JSON.parse(event.body)); exec('x ' + body.id + body.kind); };"}, "index.handler", "aws"),
    ("validated", {"index.ts": "import { z } from 'zod';\n" + IMPORT + "const Body = z.object({ name: z.string().max(20) });\nexport const handler = async (event: any) => { const { name } = Body.parse(JSON.parse(event.body)); exec('x ' + name); };"}, "index.handler", "aws"),
    ("validated by ajv", "const Ajv = require('ajv');\nconst ajv = new Ajv();\nconst validate = ajv.compile({});\n" + EXEC + "exports.handler = async (event) => { const body = JSON.parse(event.body); if (!validate(body)) return { statusCode: 400 }; exec('x ' + body.name); };", "index.handler", "aws"),
    ("validated by joi", "const Joi = require('joi');\nconst schema = Joi.object({ name: Joi.string() });\n" + EXEC + "exports.handler = async (event) => { const { error, value } = schema.validate(JSON.parse(event.body)); if (error) return { statusCode: 400 }; exec('x ' + value.name); };", "index.handler", "aws"),
    ("a test", {"index.js": "exports.handler = async (event) => 1;", "test/index.test.js": EXEC + "exports.handler = async (event) => { exec(event.name); };"}, "index.handler", "aws"),
]  # fmt: skip


def files(written: str | dict[str, str]) -> dict[str, str]:
    return written if isinstance(written, dict) else {"index.js": written}


@pytest.mark.parametrize(("said", "written", "handler", "provider"), REACHED)
def test_reached(said: str, written: str | dict[str, str], handler: str, provider: str) -> None:
    assert kinds(files(written), handler, provider) >= COMMAND


@pytest.mark.parametrize(("said", "written", "handler", "provider"), NOT_REACHED)
def test_not_reached(said: str, written: str | dict[str, str], handler: str, provider: str) -> None:
    assert not kinds(files(written), handler, provider) & COMMAND
