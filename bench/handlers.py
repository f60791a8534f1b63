"""Handler files of ordinary size and variety, in Python, JavaScript and TypeScript: made anew from the same seed, a twentieth of them with a defect."""

from __future__ import annotations

import random
from pathlib import Path
from string import Template

THINGS = (
    "order",
    "customer",
    "invoice",
    "parcel",
    "ticket",
    "booking",
    "device",
    "reading",
    "article",
    "refund",
    "coupon",
    "session",
    "report",
    "account",
    "task",
    "vehicle",
)
FIELDS = (
    "name",
    "status",
    "total",
    "email",
    "city",
    "priority",
    "quantity",
    "notes",
    "category",
    "currency",
    "createdAt",
    "owner",
    "weight",
    "due",
    "tags",
)
ALONE = 1_000
HARMLESS = "creating"  # what a handler without a defect says in its log

PYTHON_HEAD = '''"""Handles ${thing}s."""

import json
import logging
import os
import time
import uuid
from datetime import datetime, timezone

import boto3
from botocore.exceptions import ClientError

logger = logging.getLogger()
logger.setLevel(os.environ.get("LOG_LEVEL", "INFO"))
dynamodb = boto3.resource("dynamodb")
table = dynamodb.Table(os.environ["${upper}_TABLE"])
queue = boto3.client("sqs")

ALLOWED = {"open", "closed", "pending"}


class ${title}Error(Exception):
    def __init__(self, message, status=400):
        super().__init__(message)
        self.message = message
        self.status = status


def answer(status, body):
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps(body, default=str),
    }
'''

PYTHON_PARTS = (
    """
def parse_${thing}(event):
    try:
        body = json.loads(event.get("body") or "{}")
    except json.JSONDecodeError as error:
        raise ${title}Error("the body is no JSON") from error
    missing = [field for field in ("${one}", "${two}") if field not in body]
    if missing:
        raise ${title}Error(f"missing: {', '.join(missing)}")
    return body
""",
    """
def save_${thing}(body):
    item = {
        "id": str(uuid.uuid4()),
        "${one}": str(body["${one}"]),
        "${two}": int(body.get("${two}", 0)),
        "createdAt": datetime.now(timezone.utc).isoformat(),
    }
    table.put_item(Item=item, ConditionExpression="attribute_not_exists(id)")
    logger.info("saved %s", item["id"])
    return item
""",
    """
def list_${thing}s(event):
    params = event.get("queryStringParameters") or {}
    limit = min(int(params.get("limit", 20)), 100)
    arguments = {"Limit": limit}
    if params.get("cursor"):
        arguments["ExclusiveStartKey"] = {"id": params["cursor"]}
    found = table.scan(**arguments)
    items = []
    for each in found.get("Items", []):
        if each.get("${three}") in ALLOWED:
            items.append({key: value for key, value in each.items() if key != "secret"})
    return {"items": items, "cursor": found.get("LastEvaluatedKey", {}).get("id")}
""",
    """
def notify(item, retries=3):
    for attempt in range(retries):
        try:
            queue.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody=json.dumps(item, default=str))
            return True
        except ClientError as error:
            logger.warning("attempt %d failed: %s", attempt, error.response["Error"]["Code"])
            time.sleep(2**attempt / 10)
    return False
""",
    """
class ${title}Store:
    def __init__(self, source):
        self.source = source
        self.seen = {}

    def get(self, key):
        if key in self.seen:
            return self.seen[key]
        found = self.source.get_item(Key={"id": key}).get("Item")
        if found is None:
            raise ${title}Error("no such ${thing}", 404)
        self.seen[key] = found
        return found

    def change(self, key, **fields):
        names = {f"#{name}": name for name in fields}
        values = {f":{name}": value for name, value in fields.items()}
        expression = "SET " + ", ".join(f"#{name} = :{name}" for name in sorted(fields))
        return self.source.update_item(
            Key={"id": key},
            UpdateExpression=expression,
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=values,
        )
""",
    """
def summarise(items):
    totals = {}
    for each in items:
        group = each.get("${three}", "other")
        totals[group] = totals.get(group, 0) + float(each.get("${two}", 0))
    ordered = sorted(totals.items(), key=lambda pair: pair[1], reverse=True)
    return [{"group": group, "total": round(total, 2)} for group, total in ordered]
""",
)

PYTHON_HANDLER = """
def lambda_handler(event, context):
    logger.info("request %s", context.aws_request_id)
    method = event.get("httpMethod", "GET")
    try:
        if method == "POST":
            body = json.loads(event["body"])
            ${one} = body["${one}"]
            ${danger}
            item = {"id": str(uuid.uuid4()), "${one}": ${one}, "${two}": body.get("${two}")}
            table.put_item(Item=item)
            return answer(201, item)
        if method == "DELETE":
            table.delete_item(Key={"id": event["pathParameters"]["id"]})
            return answer(204, {})
        found = table.get_item(Key={"id": event["pathParameters"]["id"]}).get("Item")
        return answer(200, found) if found else answer(404, {"message": "not found"})
    except ${title}Error as error:
        return answer(error.status, {"message": error.message})
    except ClientError:
        logger.exception("store failed")
        return answer(502, {"message": "store failed"})
"""
PYTHON_DEFECTS = (
    'os.system("convert " + ${one})',
    'boto3.client("dynamodb").execute_statement(Statement=f"SELECT * FROM t WHERE a = \'{${one}}\'")',
    "eval(${one})",
)

JAVASCRIPT_HEAD = """'use strict';

const { DynamoDBClient } = require('@aws-sdk/client-dynamodb');
const { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, UpdateCommand, DeleteCommand } = require('@aws-sdk/lib-dynamodb');
const { SQSClient, SendMessageCommand } = require('@aws-sdk/client-sqs');
const { randomUUID } = require('crypto');
const { exec } = require('child_process');

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const queue = new SQSClient({});
const TABLE = process.env.${upper}_TABLE;
const ALLOWED = ['open', 'closed', 'pending'];

class ${title}Error extends Error {
  constructor(message, status = 400) {
    super(message);
    this.status = status;
  }
}

const answer = (statusCode, body) => ({
  statusCode,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});
"""

TYPESCRIPT_HEAD = """import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, UpdateCommand, DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
import { randomUUID } from 'node:crypto';
import { exec } from 'node:child_process';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const queue = new SQSClient({});
const TABLE: string = process.env.${upper}_TABLE!;
const ALLOWED = ['open', 'closed', 'pending'] as const;

interface ${title} {
  id: string;
  ${one}: string;
  ${two}?: number;
}

class ${title}Error extends Error {
  constructor(message: string, public readonly status: number = 400) {
    super(message);
  }
}

const answer = (statusCode: number, body: unknown): APIGatewayProxyResult => ({
  statusCode,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});
"""

JAVASCRIPT_PARTS = (
    """
function parse${title}(event) {
  let body;
  try {
    body = JSON.parse(event.body || '{}');
  } catch (error) {
    throw new ${title}Error('the body is no JSON');
  }
  const missing = ['${one}', '${two}'].filter((field) => !(field in body));
  if (missing.length) throw new ${title}Error(`missing: ${dollar}{missing.join(', ')}`);
  return body;
}
""",
    """
async function save${title}(body) {
  const item = {
    id: randomUUID(),
    ${one}: String(body.${one}),
    ${two}: Number(body.${two} ?? 0),
    createdAt: new Date().toISOString(),
  };
  await client.send(new PutCommand({ TableName: TABLE, Item: item, ConditionExpression: 'attribute_not_exists(id)' }));
  return item;
}
""",
    """
async function list${title}s({ queryStringParameters: params }) {
  const limit = Math.min(parseInt(params?.limit ?? '20', 10), 100);
  const found = await client.send(new QueryCommand({
    TableName: TABLE,
    KeyConditionExpression: '#owner = :owner',
    ExpressionAttributeNames: { '#owner': 'owner' },
    ExpressionAttributeValues: { ':owner': params?.owner },
    Limit: limit,
  }));
  return (found.Items || [])
    .filter((each) => ALLOWED.includes(each.${three}))
    .map(({ secret, ...rest }) => rest);
}
""",
    """
async function notify(item, retries = 3) {
  for (let attempt = 0; attempt < retries; attempt += 1) {
    try {
      await queue.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE_URL, MessageBody: JSON.stringify(item) }));
      return true;
    } catch (error) {
      console.warn(`attempt ${dollar}{attempt} failed`, error.name);
      await new Promise((resolve) => setTimeout(resolve, 2 ** attempt * 100));
    }
  }
  return false;
}
""",
    """
class ${title}Store {
  constructor(source) {
    this.source = source;
    this.seen = new Map();
  }

  async get(key) {
    if (this.seen.has(key)) return this.seen.get(key);
    const { Item: found } = await this.source.send(new GetCommand({ TableName: TABLE, Key: { id: key } }));
    if (!found) throw new ${title}Error('no such ${thing}', 404);
    this.seen.set(key, found);
    return found;
  }

  async change(key, fields) {
    const names = Object.fromEntries(Object.keys(fields).map((name) => [`#${dollar}{name}`, name]));
    const values = Object.fromEntries(Object.entries(fields).map(([name, value]) => [`:${dollar}{name}`, value]));
    return this.source.send(new UpdateCommand({
      TableName: TABLE,
      Key: { id: key },
      UpdateExpression: 'SET #status = :status',
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: values,
    }));
  }
}
""",
    """
const summarise = (items) => {
  const totals = items.reduce((sums, each) => {
    const group = each.${three} || 'other';
    return { ...sums, [group]: (sums[group] || 0) + Number(each.${two} || 0) };
  }, {});
  return Object.entries(totals)
    .sort(([, first], [, second]) => second - first)
    .map(([group, total]) => ({ group, total: Math.round(total * 100) / 100 }));
};
""",
)

JAVASCRIPT_HANDLER = """
${opening} => {
  console.log('request', context.awsRequestId);
  const method = event.httpMethod || 'GET';
  try {
    switch (method) {
      case 'POST': {
        const { ${one}, ${two} } = JSON.parse(event.body);
        ${danger}
        const item = { id: randomUUID(), ${one}, ${two} };
        await client.send(new PutCommand({ TableName: TABLE, Item: item }));
        return answer(201, item);
      }
      case 'DELETE':
        await client.send(new DeleteCommand({ TableName: TABLE, Key: { id: event.pathParameters.id } }));
        return answer(204, {});
      default: {
        const { Item } = await client.send(new GetCommand({ TableName: TABLE, Key: { id: event.pathParameters.id } }));
        return Item ? answer(200, Item) : answer(404, { message: 'not found' });
      }
    }
  } catch (error) {
    if (error instanceof ${title}Error) return answer(error.status, { message: error.message });
    console.error('store failed', error.name);
    return answer(502, { message: 'store failed' });
  }
};
"""
JAVASCRIPT_DEFECTS = (
    "exec(`convert ${dollar}{${one}}`);",
    "await client.send(new QueryCommand({ KeyConditionExpression: 'a = ' + ${one} }));",
    "eval(${one});",
)
OPENINGS = {
    "js": "exports.handler = async (event, context)",
    "ts": "export const handler = async (event: any, context: Context): Promise<APIGatewayProxyResult>",
}


def handler(number: int, kind: str) -> str:
    """The text of a handler: `py`, `js` or `ts`."""
    chance = random.Random(f"{kind} {number}")
    thing = chance.choice(THINGS)
    one, two, three = chance.sample(FIELDS, 3)
    defect = chance.random() < 0.05
    words = {
        "thing": thing,
        "title": thing.title(),
        "upper": thing.upper(),
        "one": one,
        "two": two,
        "three": three,
        "dollar": "$",
    }
    if kind == "py":
        parts, head, last, harmless = PYTHON_PARTS, PYTHON_HEAD, PYTHON_HANDLER, "logger.info('creating')"
        danger = chance.choice(PYTHON_DEFECTS)
    else:
        parts, last, harmless = JAVASCRIPT_PARTS, JAVASCRIPT_HANDLER, "console.log('creating');"
        head = TYPESCRIPT_HEAD if kind == "ts" else JAVASCRIPT_HEAD
        danger = chance.choice(JAVASCRIPT_DEFECTS)
        words["opening"] = OPENINGS[kind]
    words["danger"] = Template(danger).substitute(words) if defect else harmless
    chosen = chance.sample(parts, chance.randrange(1, len(parts) + 1))
    return "".join(Template(part).substitute(words) for part in (head, *chosen, last))


def write(folder: Path, count: int = ALONE) -> list[Path]:
    """So many files: half Python, a quarter each JavaScript and TypeScript, ten a folder."""
    made: list[Path] = []
    for number in range(count):
        kind = ("py", "js", "py", "ts")[number % 4]
        path = folder / f"service-{number // 10:03d}" / f"handler_{number}.{kind}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(handler(number, kind), encoding="utf-8")
        made.append(path)
    return made
