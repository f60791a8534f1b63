"""Facts of code: transport, cryptography, what is left behind, and errors that callers see; each with what looks alike and is none."""

from __future__ import annotations

import pytest

from habit_facts import JS, PY, TS, facts

KEY = "AK" + "IA" + "QWERTYUIOPASDFGH"

TRANSPORT = [
    (PY, "import requests\nrequests.get('https://a.example.com', verify=False, timeout=3)", ["verification-off"]),
    (PY, "import requests as r\nr.post('https://a.example.com', verify = False)", ["verification-off"]),
    (PY, "from requests import get\nget('https://a.example.com', verify=False)", ["verification-off"]),
    (PY, "import requests\ns = requests.Session()\ns.verify = False", ["verification-off"]),
    (
        PY,
        "import requests\nwith requests.Session() as s:\n    s.get('https://x.example.com', verify=False)",
        ["verification-off"],
    ),
    (PY, "import httpx\nc = httpx.Client(verify=False)", ["verification-off"]),
    (
        PY,
        "import httpx\nasync def f():\n    async with httpx.AsyncClient(verify=False) as c:\n        await c.get('https://x.example.com')",
        ["verification-off"],
    ),
    (PY, "import boto3\ns3 = boto3.client('s3', verify=False)", ["verification-off"]),
    (PY, "import boto3\ns3 = boto3.client('s3', use_ssl=False)", ["plaintext"]),
    (PY, "import ssl\nssl._create_default_https_context = ssl._create_unverified_context", ["verification-off"]),
    (
        PY,
        "import ssl, urllib.request\nurllib.request.urlopen('https://x.example.com', context=ssl._create_unverified_context())",
        ["verification-off"],
    ),
    (
        PY,
        "import ssl\nc = ssl.create_default_context()\nc.check_hostname = False\nc.verify_mode = ssl.CERT_NONE",
        ["verification-off"],
    ),
    (PY, "import urllib3\nh = urllib3.PoolManager(cert_reqs='CERT_NONE')", ["verification-off"]),
    (PY, "import urllib3, ssl\nh = urllib3.PoolManager(cert_reqs=ssl.CERT_NONE)", ["verification-off"]),
    (PY, "import aiohttp\nc = aiohttp.TCPConnector(ssl=False)", ["verification-off"]),
    (PY, "import aiohttp\nc = aiohttp.TCPConnector(verify_ssl=False)", ["verification-off"]),
    (PY, "import pymongo\nc = pymongo.MongoClient(uri, tlsAllowInvalidCertificates=True)", ["verification-off"]),
    (PY, "import psycopg2\nc = psycopg2.connect(host=h, sslmode='disable')", ["plaintext"]),
    (PY, "import ssl\nc = ssl.SSLContext(ssl.PROTOCOL_TLSv1)", ["old-protocol"]),
    (PY, "import ssl\nc = ssl.create_default_context()\nc.minimum_version = ssl.TLSVersion.TLSv1", ["old-protocol"]),
    (PY, "import os\nos.environ['PYTHONHTTPSVERIFY'] = '0'", ["verification-off"]),
    (PY, "import requests\nrequests.get('http://api.example.com/v1')", ["plain-http"]),
    (
        PY,
        "import requests\nBASE = 'http://api.example.com'\ndef f(x):\n    return requests.get(f'{BASE}/v1/{x}')",
        ["plain-http"],
    ),
    (
        PY,
        "import requests\nBASE = 'http://api.example.com'\ndef f(x):\n    return requests.get(BASE + '/v1/' + x)",
        ["plain-http"],
    ),
    (PY, "import requests\nrequests.request('GET', 'http://api.example.com/v1')", ["plain-http"]),
    (PY, "import requests\nrequests.get(url='http://api.example.com/v1')", ["plain-http"]),
    (PY, "import requests\nrequests.get('http://api.example.com/%s' % x)", ["plain-http"]),
    (PY, "import requests\nrequests.get('http://api.example.com/{}'.format(x))", ["plain-http"]),
    (PY, "from urllib import request\nrequest.urlopen('http://api.example.com/v1')", ["plain-http"]),
    (PY, "from urllib.request import urlopen, Request\nurlopen(Request('http://api.example.com/v1'))", ["plain-http"]),
    (
        PY,
        "import urllib3\nhttp = urllib3.PoolManager()\nhttp.request('GET', 'http://api.example.com/v1')",
        ["plain-http"],
    ),
    (PY, "import http.client\nc = http.client.HTTPConnection('api.example.com')", ["plain-http"]),
    (PY, "import boto3\nc = boto3.client('s3', endpoint_url='http://storage.example.com')", ["plain-http"]),
    (
        JS,
        "const https = require('https');\nconst a = new https.Agent({ rejectUnauthorized: false });",
        ["verification-off"],
    ),
    (
        JS,
        "import https from 'node:https';\nconst a = new https.Agent({ keepAlive: true, rejectUnauthorized: false });",
        ["verification-off"],
    ),
    (JS, "process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';", ["verification-off"]),
    (JS, "process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = 0;", ["verification-off"]),
    (
        JS,
        "const request = require('request');\nrequest({ url: 'https://x.example.com', strictSSL: false });",
        ["verification-off"],
    ),
    (
        JS,
        "const { Pool } = require('pg');\nconst p = new Pool({ ssl: { rejectUnauthorized: false } });",
        ["verification-off"],
    ),
    (
        JS,
        "const sql = require('mssql');\nsql.connect({ options: { trustServerCertificate: true } });",
        ["verification-off"],
    ),
    (JS, "const tls = require('tls');\ntls.connect(443, h, { minVersion: 'TLSv1' });", ["old-protocol"]),
    (JS, "const https = require('https');\nhttps.request({ secureProtocol: 'SSLv3_method' });", ["old-protocol"]),
    (
        JS,
        "const https = require('https');\nhttps.get('https://x.example.com', { checkServerIdentity: () => undefined });",
        ["verification-off"],
    ),
    (JS, "const axios = require('axios');\naxios.get('http://api.example.com/v1');", ["plain-http"]),
    (JS, "import axios from 'axios';\naxios({ method: 'post', url: 'http://api.example.com/v1' });", ["plain-http"]),
    (
        JS,
        "import axios from 'axios';\nconst c = axios.create({ baseURL: 'http://api.example.com' });\nc.get('/v1');",
        ["plain-http"],
    ),
    (JS, "const r = await fetch(`http://api.example.com/v1/${id}`);", ["plain-http"]),
    (JS, "const http = require('http');\nhttp.get('http://api.example.com/v1', cb);", ["plain-http"]),
    (
        JS,
        "const http = require('http');\nhttp.request({ hostname: 'api.example.com', path: '/v1' }, cb);",
        ["plain-http"],
    ),
    (
        TS,
        "import got from 'got';\nexport const f = async (id: string) => got(`http://api.example.com/${id}`).json();",
        ["plain-http"],
    ),
    # near misses
    (PY, "import requests\nrequests.get('https://a.example.com', verify=True)", []),
    (PY, "import requests\nrequests.get('https://a.example.com', verify='/etc/ca.pem')", []),
    (PY, "import requests\ndef f(v):\n    requests.get('https://a.example.com', verify=v)", []),
    (PY, "import urllib3\nurllib3.disable_warnings()", []),
    (PY, "import requests\nrequests.get('http://localhost:2773/secretsmanager/get')", []),
    (PY, "import requests\nrequests.get('http://127.0.0.1:8080/x')", []),
    (PY, "import requests\nrequests.get('http://169.254.170.2' + path)", []),
    (PY, "import requests\nrequests.get('http://169.254.169.254/latest/meta-data')", []),
    (PY, "import requests\nrequests.get('http://backend:8080/x')", []),
    (PY, "import requests\nrequests.get('http://orders.internal/x')", []),
    (PY, "import requests\nrequests.get(f'http://{host}/x')", []),
    (PY, "NS = 'http://www.w3.org/2001/XMLSchema'\nroot.find('{' + NS + '}a')", []),
    (PY, "SCHEMA = {'$schema': 'http://json-schema.org/draft-07/schema#'}", []),
    (PY, "import jwt\njwt.decode(t, k, verify=False)", []),
    (PY, "# requests.get('http://x.example.com', verify=False)\nx = 1", []),
    (PY, "import ssl\nc = ssl.create_default_context()\nc.minimum_version = ssl.TLSVersion.TLSv1_2", []),
    (PY, "import boto3\nc = boto3.client('dynamodb', endpoint_url='http://localhost:8000')", []),
    (JS, "const a = new https.Agent({ rejectUnauthorized: true });", []),
    (JS, "const a = new https.Agent({ rejectUnauthorized: process.env.STAGE !== 'local' });", []),
    (JS, "process.env.NODE_TLS_REJECT_UNAUTHORIZED = '1';", []),
    (JS, "fetch('http://localhost:3000/x'); fetch('http://dynamodb:8000');", []),
    (JS, "const svg = '<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>';", []),
    (JS, "const t = { minVersion: 'TLSv1.2' };", []),
    (PY, "def check(x, verify): pass\ncheck(1, verify=False)", ["verification-off?"]),
]


@pytest.mark.parametrize(("path", "text", "expected"), TRANSPORT)
def test_transport(path: str, text: str, expected: list[str]) -> None:
    assert facts("transport", path, text) == expected


CRYPTOGRAPHY = [
    (PY, "import hashlib\ndef f(password):\n    return hashlib.md5(password.encode()).hexdigest()", ["weak-hash"]),
    (PY, "from hashlib import sha1\ntoken = sha1(seed).hexdigest()", ["weak-hash"]),
    (PY, "import hashlib\nh = hashlib.new('md5')\nh.update(user_password)", ["weak-hash"]),
    (PY, "import hashlib\ndef verify_signature(b, s):\n    return hashlib.sha1(b).hexdigest() == s", ["weak-hash"]),
    (PY, "import hashlib\nx = hashlib.md5(data).hexdigest()", ["weak-hash?"]),
    (PY, "from Crypto.Cipher import DES\nc = DES.new(key)", ["weak-cipher"]),
    (PY, "from Crypto.Cipher import ARC4\nc = ARC4.new(key)", ["weak-cipher"]),
    (PY, "from Crypto.Cipher import AES\nc = AES.new(key, AES.MODE_ECB)", ["weak-cipher"]),
    (
        PY,
        "from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes\nc = Cipher(algorithms.AES(key), modes.ECB())",
        ["weak-cipher"],
    ),
    (
        PY,
        "from cryptography.hazmat.primitives.ciphers import algorithms\na = algorithms.TripleDES(key)",
        ["weak-cipher"],
    ),
    (
        PY,
        "from Crypto.Cipher import AES\nIV = b'0123456789abcdef'\ndef f(k):\n    return AES.new(k, AES.MODE_CBC, IV)",
        ["fixed-initial-value"],
    ),
    (
        PY,
        "from Crypto.Cipher import AES\ndef f(k):\n    return AES.new(k, AES.MODE_CBC, iv=b'\\0' * 16)",
        ["fixed-initial-value"],
    ),
    (PY, "from Crypto.Cipher import AES\nc = AES.new('Sixteen byte key'.encode(), AES.MODE_GCM)", ["fixed-key"]),
    (
        PY,
        "from cryptography.fernet import Fernet\nf = Fernet('c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U=')",
        ["fixed-key"],
    ),
    (PY, "import jwt\nSECRET = 'abc'\ndef f(c):\n    return jwt.encode(c, SECRET, algorithm='HS256')", ["fixed-key"]),
    (PY, "import jwt\ndef f(t):\n    return jwt.decode(t, 'abc', algorithms=['HS256'])", ["fixed-key"]),
    (PY, "import hmac, hashlib\nhmac.new(b'abc', body, hashlib.sha256)", ["fixed-key"]),
    (PY, "import jwt, os\njwt.encode(c, os.environ.get('SECRET', 'fallback'), algorithm='HS256')", ["fixed-key?"]),
    (PY, "from flask import Flask\napp = Flask(__name__)\napp.secret_key = 'abc'", ["fixed-key"]),
    (PY, "app.config['SECRET_KEY'] = 'abc'", ["fixed-key"]),
    (
        PY,
        "import random\ndef make_token(n):\n    return ''.join(random.choice(A) for _ in range(n))",
        ["predictable-random"],
    ),
    (PY, "import random\notp = random.randint(100000, 999999)", ["predictable-random"]),
    (PY, "import random\nfrom random import choices\npassword = ''.join(choices(A, k=8))", ["predictable-random"]),
    (PY, "import hashlib\nhashlib.pbkdf2_hmac('sha256', pw, os.urandom(16), 1000)", ["few-rounds"]),
    (PY, "import hashlib\nhashlib.pbkdf2_hmac('sha256', pw, b'salt', 600000)", ["fixed-salt"]),
    (PY, "import bcrypt\nbcrypt.gensalt(rounds=4)", ["few-rounds"]),
    (
        PY,
        "from cryptography.hazmat.primitives.asymmetric import rsa\nk = rsa.generate_private_key(public_exponent=65537, key_size=1024)",
        ["short-key"],
    ),
    (PY, "import jwt\njwt.encode(c, None, algorithm='none')", ["unsigned-token"]),
    (
        JS,
        "const { createHash } = require('crypto');\nconst f = (password) => createHash('md5').update(password).digest('hex');",
        ["weak-hash"],
    ),
    (
        JS,
        "import crypto from 'crypto';\nconst passwordHash = crypto.createHash('sha1').update(p).digest('hex');",
        ["weak-hash"],
    ),
    (
        JS,
        "import * as crypto from 'node:crypto';\nconst signature = crypto.createHash('md5').update(p).digest('hex');",
        ["weak-hash"],
    ),
    (JS, "const CryptoJS = require('crypto-js');\nconst h = CryptoJS.MD5(password).toString();", ["weak-hash"]),
    (JS, "const crypto = require('crypto');\ncrypto.createCipheriv('des-ede3-cbc', key, iv);", ["weak-cipher"]),
    (JS, "const crypto = require('crypto');\ncrypto.createCipheriv('aes-128-ecb', key, null);", ["weak-cipher"]),
    (JS, "const crypto = require('crypto');\ncrypto.createCipher('aes-256-cbc', key);", ["weak-cipher"]),
    (
        JS,
        "const crypto = require('crypto');\ncrypto.createCipheriv('aes-256-cbc', key, Buffer.alloc(16, 0));",
        ["fixed-initial-value"],
    ),
    (
        JS,
        "const crypto = require('crypto');\nconst iv = '1234567890123456';\ncrypto.createCipheriv('aes-256-cbc', key, iv);",
        ["fixed-initial-value"],
    ),
    (
        JS,
        "const crypto = require('crypto');\nconst KEY = Buffer.from('abcdefabcdefabcd', 'utf8');\ncrypto.createCipheriv('aes-256-gcm', KEY, crypto.randomBytes(12));",
        ["fixed-key"],
    ),
    (JS, "const jwt = require('jsonwebtoken');\njwt.sign({ id }, 'shhh');", ["fixed-key"]),
    (JS, "import jwt from 'jsonwebtoken';\njwt.verify(token, 'shhh');", ["fixed-key"]),
    (JS, "const jwt = require('jsonwebtoken');\njwt.sign({ id }, process.env.SECRET || 'shhh');", ["fixed-key?"]),
    (JS, "const token = Math.random().toString(36).substring(2);", ["predictable-random"]),
    (JS, "function generatePassword() { return Math.random().toString(36).slice(-8); }", ["predictable-random"]),
    (JS, "const item = { resetToken: Math.floor(Math.random() * 1e6) };", ["predictable-random"]),
    (
        JS,
        "const crypto = require('crypto');\ncrypto.generateKeyPairSync('rsa', { modulusLength: 1024 });",
        ["short-key"],
    ),
    (
        JS,
        "const crypto = require('crypto');\ncrypto.pbkdf2Sync(p, crypto.randomBytes(16), 1000, 64, 'sha512');",
        ["few-rounds"],
    ),
    (JS, "const crypto = require('crypto');\ncrypto.pbkdf2Sync(p, 'salt', 210000, 64, 'sha512');", ["fixed-salt"]),
    (TS, "import * as bcrypt from 'bcrypt';\nexport const h = (p: string) => bcrypt.hashSync(p, 5);", ["few-rounds"]),
    # near misses
    (PY, "import hashlib\ndef etag(body):\n    return hashlib.md5(body).hexdigest()", []),
    (PY, "import hashlib\ncache_key = hashlib.md5(url.encode()).hexdigest()", []),
    (PY, "import hashlib\nchecksum = hashlib.sha1(data).hexdigest()", []),
    (PY, "import hashlib\ndef f(token):\n    return hashlib.md5(token, usedforsecurity=False).hexdigest()", []),
    (PY, "import hashlib\nd = hashlib.sha256(password).hexdigest()", []),
    (PY, "import hmac, hashlib, os\nhmac.new(os.environ['KEY'].encode(), body, hashlib.sha1)", []),
    (PY, "import random\ntime.sleep(random.random())", []),
    (PY, "import random\nwinner = random.choice(entries)", []),
    (PY, "import random\nrng = random.SystemRandom()\ntoken = rng.choice(A)", []),
    (PY, "import secrets\ntoken = secrets.token_hex(16)", []),
    (PY, "import jwt, os\njwt.encode(c, os.environ['SECRET'], algorithm='HS256')", []),
    (PY, "import jwt\nPUBLIC = '-----BEGIN PUBLIC KEY-----\\nabc'\njwt.decode(t, PUBLIC, algorithms=['RS256'])", []),
    (PY, "from Crypto.Cipher import AES\nimport os\nc = AES.new(get_key(), AES.MODE_CBC, os.urandom(16))", []),
    (PY, "import hashlib, os\nhashlib.pbkdf2_hmac('sha256', pw, os.urandom(16), 600000)", []),
    (JS, "const crypto = require('crypto');\nconst etag = crypto.createHash('md5').update(body).digest('hex');", []),
    (
        JS,
        "const crypto = require('crypto');\nconst h = crypto.createHash('sha256').update(password).digest('hex');",
        [],
    ),
    (JS, "const delay = Math.random() * 1000;", []),
    (JS, "const id = items[Math.floor(Math.random() * items.length)];", []),
    (JS, "const crypto = require('crypto');\nconst token = crypto.randomBytes(32).toString('hex');", []),
    (
        JS,
        "const crypto = require('crypto');\nconst iv = crypto.randomBytes(16);\ncrypto.createCipheriv('aes-256-cbc', key, iv);",
        [],
    ),
    (JS, "const jwt = require('jsonwebtoken');\njwt.sign({ id }, process.env.SECRET);", []),
    (JS, "const bcrypt = require('bcryptjs');\nbcrypt.hash(p, 12);", []),
]


@pytest.mark.parametrize(("path", "text", "expected"), CRYPTOGRAPHY)
def test_cryptography(path: str, text: str, expected: list[str]) -> None:
    assert facts("cryptography", path, text) == expected


LEFT = [
    (PY, "user = None\ndef handler(event, context):\n    global user\n    user = event['user']", ["module-variable"]),
    (
        PY,
        "import json\nbody = {}\ndef handler(event, context):\n    global body\n    body = json.loads(event['body'])",
        ["module-variable"],
    ),
    (PY, "orders = []\ndef handler(event, context):\n    orders.append(event['body'])", ["module-variable"]),
    (PY, "state = {}\ndef handler(event, context):\n    state['user'] = event['user']", ["module-variable?"]),
    (PY, "cache = {}\ndef handler(event, context):\n    cache[event['id']] = event['body']", ["module-variable?"]),
    (
        PY,
        "def handler(event, context):\n    with open('/tmp/private_key.pem', 'w') as f:\n        f.write(event['key'])",
        ["temporary-file"],
    ),
    (PY, "def handler(event, context):\n    open('/tmp/out.txt', 'w').write('x')", ["temporary-file?"]),
    (
        PY,
        "import boto3\ns3 = boto3.client('s3')\ndef handler(event, context):\n    s3.download_file('b', 'k', '/tmp/customers.csv')",
        ["temporary-file"],
    ),
    (JS, "let user;\nexports.handler = async (event) => { user = event.user; };", ["module-variable"]),
    (
        JS,
        "let currentUser = null;\nexports.handler = async (event) => { currentUser = JSON.parse(event.body).user; };",
        ["module-variable"],
    ),
    (JS, "const seen = [];\nexports.handler = async (event) => { seen.push(event.body); };", ["module-variable"]),
    (
        JS,
        "const fs = require('fs');\nexports.handler = async (event) => { fs.writeFileSync('/tmp/token.txt', event.body); };",
        ["temporary-file"],
    ),
    (
        JS,
        "const fs = require('fs');\nexports.handler = async (event) => { fs.writeFileSync(`/tmp/${event.id}.csv`, 'x'); };",
        ["temporary-file?"],
    ),
    # near misses
    (
        PY,
        "import boto3\nclient = None\ndef handler(event, context):\n    global client\n    if client is None:\n        client = boto3.client('s3')",
        [],
    ),
    (PY, "def handler(event, context):\n    user = event['user']\n    return user", []),
    (PY, "config = None\ndef handler(event, context):\n    global config\n    config = load_config()", []),
    (
        PY,
        "table = boto3.resource('dynamodb').Table('t')\ndef handler(event, context):\n    table.put_item(Item=event)",
        [],
    ),
    (PY, "def handler(event, context):\n    items = []\n    items.append(event['body'])", []),
    (
        PY,
        "import os\ndef handler(event, context):\n    try:\n        open('/tmp/key.pem', 'w').write('x')\n    finally:\n        os.remove('/tmp/key.pem')",
        [],
    ),
    (
        PY,
        "import tempfile\ndef handler(event, context):\n    with tempfile.TemporaryDirectory() as d:\n        open('/tmp/a', 'w').write('x')",
        [],
    ),
    (PY, "def handler(event, context):\n    return open('/tmp/model.bin').read()", []),
    (PY, "def handler(event, context):\n    open('/mnt/efs/x', 'w').write('x')", []),
    (JS, "let db;\nexports.handler = async (event) => { if (!db) db = await connect(); };", []),
    (JS, "exports.handler = async (event) => { let user = event.user; user = user.trim(); };", []),
    (JS, "const user = 'x';\nexports.handler = async (event) => { const user = event.user; return user; };", []),
    (
        JS,
        "const fs = require('fs');\nexports.handler = async () => { fs.writeFileSync('/tmp/key', 'x'); fs.unlinkSync('/tmp/key'); };",
        [],
    ),
]


@pytest.mark.parametrize(("path", "text", "expected"), LEFT)
def test_left_behind(path: str, text: str, expected: list[str]) -> None:
    assert facts("left-behind", path, text) == expected


ERRORS = [
    (
        PY,
        "import traceback, json\ndef handler(event, context):\n    try:\n        run()\n    except Exception:\n        return {'statusCode': 500, 'body': traceback.format_exc()}",
        ["stack"],
    ),
    (
        PY,
        "import traceback, json\ndef handler(event, context):\n    try:\n        run()\n    except Exception as e:\n        tb = traceback.format_exc()\n        body = json.dumps({'trace': tb})\n        return {'statusCode': 500, 'body': body}",  # noqa: E501
        ["stack"],
    ),
    (
        PY,
        "import json\ndef handler(event, context):\n    try:\n        run()\n    except Exception as e:\n        return {'statusCode': 500, 'body': json.dumps({'error': str(e)})}",
        ["message?"],
    ),
    (
        PY,
        "def handler(event, context):\n    try:\n        run()\n    except Exception as e:\n        return {'statusCode': 500, 'body': f'failed: {e}'}",
        ["message?"],
    ),
    (
        PY,
        "def respond(code, body):\n    return {'statusCode': code, 'body': body}\ndef handler(event, context):\n    try:\n        run()\n    except Exception as e:\n        return respond(500, repr(e))",  # noqa: E501
        ["message?"],
    ),
    (
        PY,
        "from flask import jsonify\n@app.route('/x')\ndef x():\n    try:\n        run()\n    except Exception as e:\n        return jsonify(error=str(e)), 500",
        ["message?"],
    ),
    (
        PY,
        "import azure.functions as func, traceback\ndef main(req):\n    try:\n        run()\n    except Exception:\n        return func.HttpResponse(traceback.format_exc(), status_code=500)",
        ["stack"],
    ),
    (
        PY,
        "import os, json\ndef handler(event, context):\n    return {'statusCode': 200, 'body': json.dumps(dict(os.environ))}",
        ["environment"],
    ),
    (PY, "from flask import Flask\napp = Flask(__name__)\napp.debug = True", ["debug"]),
    (PY, "from flask import Flask\napp = Flask(__name__)\napp.config['DEBUG'] = True", ["debug"]),
    (PY, "if __name__ == '__main__':\n    app.run(debug=True)", ["debug?"]),
    (
        JS,
        "exports.handler = async () => { try { await run(); } catch (e) { return { statusCode: 500, body: e.stack }; } };",
        ["stack"],
    ),
    (
        JS,
        "exports.handler = async () => { try { await run(); } catch (err) { return { statusCode: 500, body: JSON.stringify(err) }; } };",
        ["message?"],
    ),
    (
        JS,
        "exports.handler = async () => { try { await run(); } catch ({ message, stack }) { return { statusCode: 500, body: '' }; } };",
        [],
    ),
    (
        JS,
        "exports.handler = (event, context, callback) => { run((err, data) => { if (err) callback(null, { statusCode: 500, body: JSON.stringify({ error: err.message }) }); }); };",
        ["message?"],
    ),
    (JS, "app.use((err, req, res, next) => { res.status(500).send(err.stack); });", ["stack"]),
    (
        JS,
        "app.get('/x', async (req, res) => { try { await run(); } catch (err) { res.status(500).json({ error: err.message }); } });",
        ["message?"],
    ),
    (JS, "exports.handler = async () => ({ statusCode: 200, body: JSON.stringify(process.env) });", ["environment"]),
    (
        TS,
        "export const handler = async (): Promise<any> => { try { await run(); } catch (err: any) { return { statusCode: 500, body: (err as Error).stack }; } };",
        ["stack"],
    ),
    # near misses
    (
        PY,
        "import traceback\ndef handler(event, context):\n    try:\n        run()\n    except Exception:\n        print(traceback.format_exc())\n        return {'statusCode': 500, 'body': 'internal error'}",  # noqa: E501
        [],
    ),
    (
        PY,
        "import logging\ndef handler(event, context):\n    try:\n        run()\n    except Exception as e:\n        logging.error(str(e))\n        return {'statusCode': 500, 'body': '{}'}",
        [],
    ),
    (
        PY,
        "import json, os\ndef handler(event, context):\n    return {'statusCode': 200, 'body': json.dumps({'table': os.environ['TABLE']})}",
        [],
    ),
    (
        PY,
        "def handler(event, context):\n    try:\n        run()\n    except ValidationError as e:\n        return {'statusCode': 400, 'body': str(e)}",
        [],
    ),
    (
        PY,
        "def handler(event, context):\n    try:\n        run()\n    except Exception as e:\n        return {'statusCode': 500, 'body': type(e).__name__}",
        [],
    ),
    (
        PY,
        "def handler(event, context):\n    try:\n        run()\n    except Exception as e:\n        raise RuntimeError(str(e))",
        [],
    ),
    (
        JS,
        "exports.handler = async () => { try { await run(); } catch (err) { console.error(err.stack); return { statusCode: 500, body: 'x' }; } };",
        [],
    ),
    (
        JS,
        "exports.handler = async () => { try { await run(); } catch (err) { return { statusCode: err.statusCode || 500, body: 'x' }; } };",
        [],
    ),
    (JS, "const r = { statusCode: 200, body: JSON.stringify({ region: process.env.AWS_REGION }) };", []),
]


@pytest.mark.parametrize(("path", "text", "expected"), ERRORS)
def test_errors(path: str, text: str, expected: list[str]) -> None:
    assert facts("errors", path, text) == expected
