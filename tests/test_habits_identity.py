"""Facts of code about identities: tokens, authorizers, objects of others, keys and credentials; each with what looks alike and is none."""

from __future__ import annotations

import pytest

from habit_facts import JS, PY, TS, details, facts

KEY = "AK" + "IA" + "QWERTYUIOPASDFGH"
TEMPORARY = "AS" + "IA" + "QWERTYUIOPASDFGH"
POLICY = """
def policy(effect, resource):
    return {"principalId": "user", "policyDocument": {"Version": "2012-10-17", "Statement": [{"Action": "execute-api:Invoke", "Effect": effect, "Resource": resource}]}}
"""
JS_POLICY = """
const policy = (effect, resource) => ({ principalId: "user", policyDocument: { Version: "2012-10-17", Statement: [{ Action: "execute-api:Invoke", Effect: effect, Resource: resource }] } });
"""

TOKENS = [
    (PY, "import jwt\ndef f(t):\n    return jwt.decode(t, options={'verify_signature': False})", ["not-verified"]),
    (PY, "import jwt\ndef f(t):\n    return jwt.decode(t, verify=False)", ["not-verified"]),
    (
        PY,
        "import jwt\nOPTIONS = {'verify_signature': False}\ndef f(t):\n    return jwt.decode(t, options=OPTIONS)",
        ["not-verified"],
    ),
    (PY, "from jose import jwt\ndef f(t):\n    return jwt.get_unverified_claims(t)", ["not-verified"]),
    (PY, "import jwt\ndef f(t):\n    return jwt.decode(t, key, algorithms=['HS256', 'none'])", ["algorithm-none"]),
    (
        PY,
        "import jwt\ndef f(t):\n    return jwt.decode(t, key, algorithms=['RS256'], options={'verify_exp': False})",
        ["claim-not-checked"],
    ),
    (
        PY,
        "import jwt\ndef f(t):\n    return jwt.decode(t, key, algorithms=['RS256'], options={'verify_aud': False})",
        ["claim-not-checked?"],
    ),
    (
        PY,
        "import base64, json\ndef f(token):\n    return json.loads(base64.b64decode(token.split('.')[1] + '=='))",
        ["not-verified?"],
    ),
    (
        JS,
        "const jwt = require('jsonwebtoken');\nexports.handler = async (event) => { const c = jwt.decode(event.headers.Authorization); return c.sub; };",
        ["not-verified"],
    ),
    (JS, "import { jwtDecode } from 'jwt-decode';\nexport const f = (t) => jwtDecode(t);", ["not-verified"]),
    (JS, "import jwt_decode from 'jwt-decode';\nexport const f = (t) => jwt_decode(t);", ["not-verified"]),
    (
        JS,
        "const jwt = require('jsonwebtoken');\njwt.verify(t, key, { ignoreExpiration: true });",
        ["claim-not-checked"],
    ),
    (
        JS,
        "const jwt = require('jsonwebtoken');\njwt.verify(t, key, { algorithms: ['HS256', 'none'] });",
        ["algorithm-none"],
    ),
    (JS, "const jwt = require('jwt-simple');\njwt.decode(t, key, true);", ["not-verified"]),
    (JS, "const f = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64').toString());", ["not-verified?"]),
    (
        TS,
        "import * as jwt from 'jsonwebtoken';\nexport const f = (t: string) => jwt.decode(t) as any;",
        ["not-verified"],
    ),
    # authorizers
    (PY, POLICY + "def handler(event, context):\n    return policy('Allow', event['methodArn'])", []),
    (
        PY,
        "def handler(event, context):\n    return {'principalId': 'u', 'policyDocument': {'Statement': [{'Action': 'execute-api:Invoke', 'Effect': 'Allow', 'Resource': event['methodArn']}]}}",
        ["allows-everyone"],
    ),
    (PY, "def handler(event, context):\n    return {'isAuthorized': True}", ["allows-everyone"]),
    (
        JS,
        "exports.handler = async (event) => ({ principalId: 'u', policyDocument: { Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: '*' }] } });",
        ["allows-every-route?", "allows-everyone"],
    ),
    (
        JS,
        JS_POLICY
        + "exports.handler = async (event) => event.authorizationToken === 'letmein' ? policy('Allow', event.methodArn) : policy('Deny', event.methodArn);",
        ["fixed-token"],
    ),
    (
        PY,
        POLICY
        + "def handler(event, context):\n    if event['authorizationToken'] == 'abc123':\n        return policy('Allow', event['methodArn'])\n    raise Exception('Unauthorized')",
        ["fixed-token"],
    ),
    (
        PY,
        "import os\n"
        + POLICY
        + "def handler(event, context):\n    token = event['authorizationToken']\n    if token == os.environ['API_TOKEN']:\n        return policy('Allow', event['methodArn'])\n    return policy('Deny', event['methodArn'])",  # noqa: E501
        ["compare-not-constant-time?"],
    ),
    # near misses
    (PY, "import jwt\ndef f(t):\n    return jwt.decode(t, key, algorithms=['RS256'], audience='a', issuer='i')", []),
    (
        PY,
        "import jwt\ndef f(t):\n    kid = jwt.get_unverified_header(t)['kid']\n    return jwt.decode(t, keys[kid], algorithms=['RS256'])",
        [],
    ),
    (
        PY,
        "import jwt\ndef f(t):\n    i = jwt.decode(t, options={'verify_signature': False})['iss']\n    return jwt.decode(t, keys[i], algorithms=['RS256'])",
        ["not-verified?"],
    ),
    (PY, "import json\njson.loads(path.split('.')[1])", []),
    (
        JS,
        "const jwt = require('jsonwebtoken');\nconst d = jwt.decode(t, { complete: true });\njwt.verify(t, keys[d.header.kid]);",
        [],
    ),
    (JS, "const jwt = require('jsonwebtoken');\njwt.verify(t, key, { algorithms: ['RS256'] });", []),
    (
        JS,
        "const { CognitoJwtVerifier } = require('aws-jwt-verify');\nconst v = CognitoJwtVerifier.create({});\nconst p = JSON.parse(atob(token.split('.')[1]));",
        [],
    ),
    (PY, "def handler(event, context):\n    return {'isAuthorized': check(event)}", []),
    (
        PY,
        "def handler(event, context):\n    return {'Statement': [{'Effect': 'Allow', 'Action': 's3:GetObject', 'Resource': '*'}]}",
        [],
    ),
]


@pytest.mark.parametrize(("path", "text", "expected"), TOKENS)
def test_tokens(path: str, text: str, expected: list[str]) -> None:
    assert facts("tokens", path, text) == expected


PY_TABLE = "import boto3\ntable = boto3.resource('dynamodb').Table('orders')\n"
JS_TABLE = "const { DynamoDBDocumentClient, GetCommand, DeleteCommand } = require('@aws-sdk/lib-dynamodb');\nconst ddb = DynamoDBDocumentClient.from(client);\n"
OBJECTS = [
    (
        PY,
        PY_TABLE + "def handler(event, context):\n    return table.get_item(Key={'id': event['pathParameters']['id']})",
        ["owner-not-checked?"],
    ),
    (
        PY,
        PY_TABLE
        + "def handler(event, context):\n    id = event['pathParameters'].get('orderId')\n    table.delete_item(Key={'id': id})",
        ["owner-not-checked?"],
    ),
    (
        PY,
        PY_TABLE
        + "def load(id):\n    return table.get_item(Key={'id': id})\ndef handler(event, context):\n    return load(event['pathParameters']['id'])",
        ["owner-not-checked?"],
    ),
    (
        PY,
        "@app.get('/orders/<order_id>')\ndef order(order_id):\n    return table.get_item(Key={'id': order_id})",
        ["owner-not-checked?"],
    ),
    (
        JS,
        JS_TABLE
        + "exports.handler = async (event) => { const { id } = event.pathParameters; return ddb.send(new GetCommand({ Key: { id } })); };",
        ["owner-not-checked?"],
    ),
    (
        JS,
        JS_TABLE
        + "exports.handler = async (event) => ddb.send(new DeleteCommand({ Key: { id: event.pathParameters.id } }));",
        ["owner-not-checked?"],
    ),
    (
        JS,
        "app.get('/users/:id', async (req, res) => { res.json(await User.findById(req.params.id)); });",
        ["owner-not-checked?"],
    ),
    # near misses
    (
        PY,
        PY_TABLE
        + "def handler(event, context):\n    me = event['requestContext']['authorizer']['claims']['sub']\n    return table.get_item(Key={'id': event['pathParameters']['id'], 'owner': me})",
        [],
    ),
    (PY, PY_TABLE + "def handler(event, context):\n    return table.get_item(Key={'id': event['id']})", []),
    (PY, "def handler(event, context):\n    return {'id': event['pathParameters']['id']}", []),
    (
        PY,
        "@app.get('/orders/<order_id>')\n@login_required\ndef order(order_id):\n    return table.get_item(Key={'id': order_id})",
        [],
    ),
    (
        JS,
        JS_TABLE
        + "exports.handler = async (event) => { const { id } = event.pathParameters; const tenantId = event.requestContext.authorizer.tenantId; return ddb.send(new GetCommand({ Key: { id, tenantId } })); };",  # noqa: E501
        [],
    ),
    (
        JS,
        "app.get('/users/:id', async (req, res) => { if (req.params.id !== req.user.id) return res.status(403).end(); res.json(await User.findById(req.params.id)); });",
        [],
    ),
]


@pytest.mark.parametrize(("path", "text", "expected"), OBJECTS)
def test_objects(path: str, text: str, expected: list[str]) -> None:
    assert facts("objects", path, text) == expected


CREDENTIALS = [
    (
        PY,
        f"import boto3\ns3 = boto3.client('s3', aws_access_key_id='{KEY}', aws_secret_access_key='abc')",
        ["static-key"],
    ),
    (
        PY,
        f"import boto3\nID = '{KEY}'\nSECRET = 'abc'\nsession = boto3.Session(aws_access_key_id=ID, aws_secret_access_key=SECRET)",
        ["static-key"],
    ),
    (
        PY,
        "import boto3, os\ns3 = boto3.client('s3', aws_access_key_id=os.environ['KEY_ID'], aws_secret_access_key=os.getenv('KEY_SECRET'))",
        ["key-from-environment"],
    ),
    (
        PY,
        "from google.oauth2 import service_account\nc = service_account.Credentials.from_service_account_file('key.json')",
        ["static-key"],
    ),
    (
        PY,
        "from azure.identity import ClientSecretCredential\nc = ClientSecretCredential('t', 'c', 'abc')",
        ["static-key"],
    ),
    (
        JS,
        f"const AWS = require('aws-sdk');\nconst s3 = new AWS.S3({{ accessKeyId: '{KEY}', secretAccessKey: 'abc' }});",
        ["static-key"],
    ),
    (
        JS,
        f"const AWS = require('aws-sdk');\nAWS.config.update({{ accessKeyId: '{KEY}', secretAccessKey: 'abc', region: 'x' }});",
        ["static-key"],
    ),
    (
        JS,
        f"const AWS = require('aws-sdk');\nAWS.config.credentials = new AWS.Credentials('{KEY}', 'abc');",
        ["static-key"],
    ),
    (
        JS,
        f"const {{ S3Client }} = require('@aws-sdk/client-s3');\nconst c = new S3Client({{ credentials: {{ accessKeyId: '{KEY}', secretAccessKey: 'abc' }} }});",
        ["static-key"],
    ),
    (
        TS,
        "import { S3Client } from '@aws-sdk/client-s3';\nconst c = new S3Client({ credentials: { accessKeyId: process.env.MY_KEY!, secretAccessKey: process.env.MY_SECRET! } });",
        ["key-from-environment"],
    ),
    (
        JS,
        "const { Storage } = require('@google-cloud/storage');\nconst s = new Storage({ keyFilename: 'key.json' });",
        ["static-key"],
    ),
    (PY, "import os\ndef handler(event, context):\n    print(os.environ)", ["logged"]),
    (
        PY,
        "import os, json, logging\nlogger = logging.getLogger()\ndef handler(event, context):\n    logger.info(json.dumps(dict(os.environ)))",
        ["logged"],
    ),
    (
        PY,
        "import boto3\nsts = boto3.client('sts')\ndef handler(event, context):\n    r = sts.assume_role(RoleArn='x', RoleSessionName='y')\n    print(r['Credentials'])",
        ["logged"],
    ),
    (
        PY,
        "import boto3\nsts = boto3.client('sts')\ndef handler(event, context):\n    r = sts.get_session_token()\n    return {'statusCode': 200, 'body': r['Credentials']['SessionToken']}",
        ["answered"],
    ),
    (PY, "import os\ndef handler(event, context):\n    print(os.environ['AWS_SESSION_TOKEN'])", ["logged"]),
    (JS, "exports.handler = async () => { console.log(process.env); };", ["logged"]),
    (JS, "exports.handler = async () => { console.log(JSON.stringify(process.env)); };", ["logged"]),
    (JS, "exports.handler = async () => { console.log(`env: ${JSON.stringify(process.env)}`); };", ["logged"]),
    (
        JS,
        "const { STSClient, AssumeRoleCommand } = require('@aws-sdk/client-sts');\nexports.handler = async () => { const r = await sts.send(new AssumeRoleCommand({})); return { statusCode: 200, body: JSON.stringify(r.Credentials) }; };",  # noqa: E501
        ["answered"],
    ),
    # near misses
    (PY, "import boto3\ns3 = boto3.client('s3')", []),
    (
        PY,
        f"import boto3\ns3 = boto3.client('s3', aws_access_key_id='{TEMPORARY}', aws_secret_access_key='abc', aws_session_token='t')",
        [],
    ),
    (
        PY,
        "import boto3\nd = boto3.client('dynamodb', endpoint_url='http://localhost:8000', aws_access_key_id='test', aws_secret_access_key='test')",
        [],
    ),
    (
        PY,
        "import boto3, os\ns3 = boto3.client('s3', aws_access_key_id=os.environ['AWS_ACCESS_KEY_ID'], aws_secret_access_key=os.environ['AWS_SECRET_ACCESS_KEY'])",
        [],
    ),
    (
        PY,
        "import boto3\nr = boto3.client('sts').assume_role(RoleArn='x', RoleSessionName='y')['Credentials']\ns3 = boto3.client('s3', aws_access_key_id=r['AccessKeyId'], aws_secret_access_key=r['SecretAccessKey'], aws_session_token=r['SessionToken'])",  # noqa: E501
        [],
    ),
    (
        JS,
        "const c = new S3Client({ credentials: { accessKeyId: r.Credentials.AccessKeyId, secretAccessKey: r.Credentials.SecretAccessKey, sessionToken: r.Credentials.SessionToken } });",
        [],
    ),
    (PY, "import os\nprint(os.environ['TABLE'])\nprint(os.environ.get('AWS_REGION'))", []),
    (PY, "import os\nprint(len(os.environ))", []),
    (JS, "console.log(process.env.TABLE);", []),
    (JS, "console.log(Object.keys(process.env));", []),
    (PY, "r = sts.assume_role(RoleArn='x')\nprint(r['Credentials']['Expiration'])", []),
]


@pytest.mark.parametrize(("path", "text", "expected"), CREDENTIALS)
def test_credentials(path: str, text: str, expected: list[str]) -> None:
    assert facts("credentials", path, text) == expected


@pytest.mark.parametrize(
    ("path", "text", "seconds"),
    [
        (
            PY,
            "import boto3\ns3 = boto3.client('s3')\nu = s3.generate_presigned_url('get_object', Params={}, ExpiresIn=604800)",
            604800,
        ),
        (
            PY,
            "import boto3\ns3 = boto3.client('s3')\nWEEK = 7 * 24 * 3600\nu = s3.generate_presigned_post('b', 'k', ExpiresIn=WEEK)",
            604800,
        ),
        (PY, "import boto3\ns3 = boto3.client('s3')\nu = s3.generate_presigned_url('get_object', Params={})", 3600),
        (
            PY,
            "import boto3\ns3 = boto3.client('s3')\ndef f(n):\n    return s3.generate_presigned_url('get_object', Params={}, ExpiresIn=n)",
            None,
        ),
        (
            PY,
            "from datetime import timedelta\nu = blob.generate_signed_url(version='v4', expiration=timedelta(days=7))",
            604800,
        ),
        (
            JS,
            "const { getSignedUrl } = require('@aws-sdk/s3-request-presigner');\ngetSignedUrl(c, cmd, { expiresIn: 86400 });",
            86400,
        ),
        (JS, "const { getSignedUrl } = require('@aws-sdk/s3-request-presigner');\ngetSignedUrl(c, cmd);", 900),
        (
            JS,
            "const AWS = require('aws-sdk');\nconst s3 = new AWS.S3();\ns3.getSignedUrl('getObject', { Bucket: 'b', Expires: 60 * 60 * 24 });",
            86400,
        ),
        (
            JS,
            "const AWS = require('aws-sdk');\nconst s3 = new AWS.S3();\ns3.getSignedUrl('getObject', { Bucket: 'b', Expires: Number(process.env.TTL) });",
            None,
        ),
    ],
)
def test_the_life_of_presigned_urls(path: str, text: str, seconds: int | None) -> None:
    assert details("credentials", path, text) == [{"seconds": seconds}]
