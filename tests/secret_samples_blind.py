"""A second labelled set for the detector of secrets in files, written by somebody who had read neither the detector nor the first set.

Positives hold one secret each, as teaching apps and ordinary repositories write them; negatives hold none. Values are put together at run time, so that
this file holds no secret and no scanner trips over it.
"""

# ruff: noqa: E501
from __future__ import annotations

import base64
import json
import random
import string
import uuid
from collections.abc import Sequence

Sample = tuple[str, str, str]  # what it is, file name, text

UPPER = string.ascii_uppercase + string.digits
LOWER = string.ascii_lowercase + string.digits
MIXED = string.ascii_letters + string.digits
HEX = "0123456789abcdef"
BASE64 = MIXED + "+/"
URLSAFE = MIXED + "-_"


def chance(alphabet: str, length: int, seed: int) -> str:
    return "".join(random.Random(1000 + seed).choices(alphabet, k=length))


def j(*parts: str) -> str:
    return "".join(parts)


def key_id(seed: int) -> str:
    return j("AK", "IA", chance(string.ascii_uppercase + "234567", 16, seed))


def aws(seed: int) -> str:
    return chance(BASE64, 40, seed)


def pem(kind: str, seed: int, lines: int = 12) -> str:
    body = "\n".join(chance(BASE64, 64, seed + line) for line in range(lines))
    return j("-----BEGIN ", kind, "PRIVATE KEY-----\n", body, "\n-----END ", kind, "PRIVATE KEY-----\n")


def web_token(seed: int) -> str:
    head = base64.urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"}').decode().rstrip("=")
    body = (
        base64.urlsafe_b64encode(json.dumps({"sub": f"svc-{seed}", "iat": 1700000000 + seed}).encode())
        .decode()
        .rstrip("=")
    )
    return j(head, ".", body, ".", chance(URLSAFE, 43, seed))


def notebook(*sources: str) -> str:
    return json.dumps(
        {
            "cells": [
                {
                    "cell_type": "code",
                    "metadata": {},
                    "execution_count": None,
                    "outputs": [],
                    "source": source.splitlines(keepends=True),
                }
                for source in sources
            ],
            "metadata": {"kernelspec": {"name": "python3"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        },
        indent=1,
    )


def guid(seed: int) -> str:
    return str(uuid.UUID(int=random.Random(seed).getrandbits(128), version=4))


WORDY = [
    j("Passw0rd", "!"), j("admin", "123"), j("s3cr3t", "P4ss"), j("qwerty", "123456"), j("MyDb", "Pass#2023"), j("correct-horse", "-battery"),
    j("welcome", "1"), j("rootp", "assword"), j("Sup3r", "S3cret!"), j("dragon", "fly77"), j("super", "secret"), j("toor", "2020"),
]  # fmt: skip
PW = WORDY[0]

POSITIVE: Sequence[Sample] = [
    # Python
    ("pymysql keyword", "app/db.py", f"import pymysql\n\nconn = pymysql.connect(host=os.environ['DB_HOST'], user='admin', password='{WORDY[4]}', db='shop')\n"),
    ("constant in capitals", "src/config.py", f"DB_USER = 'root'\nDB_PASSWORD = '{WORDY[1]}'\n"),
    ("boto3 client keys", "lambda_function.py", f"import boto3\ns3 = boto3.client('s3', aws_access_key_id='{key_id(1)}', aws_secret_access_key=os.environ['SK'])\n"),
    ("boto3 secret only", "worker/main.py", f"session = boto3.Session(\n    aws_access_key_id=os.getenv('AK'),\n    aws_secret_access_key='{aws(2)}',\n)\n"),
    ("flask secret key", "api/app.py", f"app = Flask(__name__)\napp.config['SECRET_KEY'] = '{chance(HEX, 32, 3)}'\n"),
    ("flask attribute", "api/wsgi.py", f"app.secret_key = b'{chance(MIXED, 24, 4)}'\n"),
    ("jwt encode literal key", "auth/token.py", f"def issue(user):\n    return jwt.encode({{'user': user}}, '{WORDY[8]}', algorithm='HS256')\n"),
    ("jwt decode literal key", "auth/verify.py", f"claims = jwt.decode(token, key='{chance(MIXED, 20, 5)}', algorithms=['HS256'])\n"),
    ("environment default", "handlers/env.py", f"JWT_SECRET = os.environ.get('JWT_SECRET', '{WORDY[2]}')\n"),
    ("getenv default", "handlers/env2.py", f"api_key = os.getenv('SERVICE_API_KEY', '{chance(MIXED, 32, 6)}')\n"),
    ("dictionary entry", "settings.py", f"DATABASES = {{'default': {{'ENGINE': 'django.db.backends.postgresql', 'NAME': 'shop', 'USER': 'shop', 'PASSWORD': '{WORDY[9]}', 'HOST': 'db'}}}}\n"),
    ("bearer header", "client.py", f"headers = {{'Authorization': 'Bearer {chance(MIXED, 40, 7)}'}}\nrequests.get(URL, headers=headers)\n"),
    ("basic header", "basic.py", f"headers = {{'Authorization': 'Basic {base64.b64encode(j('svc:', WORDY[4]).encode()).decode()}'}}\n"),
    ("x-api-key header", "gateway.py", f"requests.post(url, headers={{'x-api-key': '{chance(MIXED, 40, 8)}'}}, json=body)\n"),
    ("sqlalchemy address", "models.py", f"engine = create_engine('postgresql://app:{WORDY[4].replace('#', '')}@db.internal:5432/shop')\n"),
    ("mongo address", "mongo.py", f"client = MongoClient('mongodb+srv://app:{chance(MIXED, 14, 9)}@cluster0.ab1cd.mongodb.net/shop?retryWrites=true')\n"),
    ("comparison with a password", "login.py", f"if event['password'] == '{WORDY[2]}':\n    return ok()\n"),
    ("smtp login", "mail.py", f"server.login('alerts@corp.io', '{WORDY[9]}')\n"),
    ("annotated constant", "consts.py", f"ADMIN_PASSWORD: Final[str] = '{WORDY[1]}'\n"),
    ("default argument", "connect.py", f"def connect(user='root', passwd='{WORDY[7]}'):\n    ...\n"),
    ("slack webhook", "notify.py", j("HOOK = 'https://hooks.slack", ".com/services/T", chance(UPPER, 8, 10), "/B", chance(UPPER, 8, 11), "/", chance(MIXED, 24, 12), "'\n")),
    ("fernet key", "crypt.py", f"f = Fernet(b'{base64.urlsafe_b64encode(random.Random(13).randbytes(32)).decode()}')\n"),
    ("aes key literal", "aes.py", f"ENCRYPTION_KEY = '{chance(HEX, 64, 14)}'\n"),
    ("openai assignment", "ask.py", j("openai.api_key = 'sk", "-proj-", chance(MIXED, 48, 15), "'\n")),
    ("password in a comment", "old.py", f"# legacy login: password = '{WORDY[4]}'\nconnect()\n"),
    ("paramiko", "ssh.py", f"ssh.connect('10.0.0.4', username='ubuntu', password='{WORDY[3]}')\n"),
    # JavaScript and TypeScript
    ("mysql options", "index.js", f"const con = mysql.createConnection({{\n  host: process.env.HOST,\n  user: 'root',\n  password: '{WORDY[1]}'\n}});\n"),
    ("const secret", "auth.js", f"const JWT_SECRET = '{WORDY[10]}';\nmodule.exports = {{ JWT_SECRET }};\n"),
    ("jwt sign", "sign.js", f"const token = jwt.sign({{ id: user.id }}, '{WORDY[2]}', {{ expiresIn: '1h' }});\n"),
    ("jwt verify", "verify.ts", f'export const who = (t: string) => jwt.verify(t, "{chance(MIXED, 22, 16)}");\n'),
    ("environment or literal", "conf.js", f"const secret = process.env.SESSION_SECRET || '{WORDY[5]}';\n"),
    ("nullish literal", "conf.ts", f"export const apiKey: string = process.env.API_KEY ?? '{chance(HEX, 32, 17)}';\n"),
    ("aws sdk config", "aws.js", f"AWS.config.update({{ accessKeyId: '{key_id(18)}', secretAccessKey: secret, region: 'eu-west-1' }});\n"),
    ("aws secret in object", "aws.ts", f"new S3Client({{ credentials: {{ accessKeyId: process.env.A!, secretAccessKey: '{aws(19)}' }} }});\n"),
    ("session middleware", "server.js", f"app.use(session({{ secret: '{j('keyboard', ' cat')}', resave: false }}));\n"),
    ("stripe", "pay.js", j("const stripe = require('stripe')('sk", "_live_", chance(MIXED, 24, 20), "');\n")),
    ("github token", "gh.ts", j('const octokit = new Octokit({ auth: "gh', "p_", chance(MIXED, 36, 21), '" });\n')),
    ("sendgrid", "mailer.js", j("sgMail.setApiKey('SG", ".", chance(URLSAFE, 22, 22), ".", chance(URLSAFE, 43, 23), "');\n")),
    ("mongoose address", "store.js", f"mongoose.connect('mongodb://root:{WORDY[3]}@mongo:27017/app');\n"),
    ("redis address", "cache.ts", f"const client = createClient({{ url: 'redis://default:{chance(MIXED, 18, 24)}@redis-123.c1.cloud.redislabs.com:12345' }});\n"),
    ("axios header", "call.js", f"axios.get(url, {{ headers: {{ 'X-Api-Key': '{chance(MIXED, 36, 25)}' }} }});\n"),
    ("template bearer", "call.ts", f"const headers = {{ authorization: `Bearer {web_token(26)}` }};\n"),
    ("json web token constant", "probe.js", f"const adminToken = '{web_token(27)}';\n"),
    ("google key", "maps.js", j("const MAPS = 'AI", "za", chance(URLSAFE, 35, 28), "';\n")),
    ("slack bot token", "bot.ts", j("const web = new WebClient('xo", "xb-", chance(string.digits, 12, 29), "-", chance(string.digits, 12, 30), "-", chance(MIXED, 24, 31), "');\n")),
    ("hmac key", "hook.js", f"const digest = crypto.createHmac('sha256', '{WORDY[8]}').update(body).digest('hex');\n"),
    ("cipher key", "enc.js", f"const cipher = crypto.createCipheriv('aes-256-cbc', '{chance(MIXED, 32, 32)}', iv);\n"),
    ("cdk environment", "lib/stack.ts", f"new lambda.Function(this, 'F', {{\n  environment: {{ DB_PASSWORD: '{WORDY[4]}', TABLE: table.tableName }},\n}});\n"),
    ("unquoted key camel case", "db.ts", f"export default {{ dbPassword: '{WORDY[9]}', dbUser: 'app' }};\n"),
    ("firebase private key", "fb.js", f"admin.initializeApp({{ credential: cert({{ privateKey: '{pem('', 33, 4).replace(chr(10), chr(92) + 'n')}' }}) }});\n"),
    # YAML
    ("sam environment", "template.yaml", f"Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Environment:\n        Variables:\n          DB_PASSWORD: {WORDY[1]}\n          TABLE: !Ref T\n"),
    ("sam api key", "template.yml", f"Globals:\n  Function:\n    Environment:\n      Variables:\n        STRIPE_KEY: {j('sk', '_test_', chance(MIXED, 24, 34))}\n"),
    ("rds master password", "rds.yaml", f"Resources:\n  Db:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      MasterUsername: admin\n      MasterUserPassword: {WORDY[4]}\n"),
    ("parameter default", "params.yaml", f"Parameters:\n  DBPassword:\n    Type: String\n    NoEcho: true\n    Default: {WORDY[9]}\n"),
    ("secret string", "secret.yaml", f"Resources:\n  S:\n    Type: AWS::SecretsManager::Secret\n    Properties:\n      SecretString: '{{\"username\":\"admin\",\"password\":\"{WORDY[2]}\"}}'\n"),
    ("serverless environment", "serverless.yml", f"service: shop\nprovider:\n  name: aws\n  environment:\n    JWT_SECRET: {WORDY[10]}{chance(LOWER, 6, 35)}\n"),
    ("serverless access key", "svc/serverless.yml", f"functions:\n  f:\n    handler: a.b\n    environment:\n      AWS_ACCESS: {key_id(36)}\n"),
    ("serverless custom", "api/serverless.yaml", f"custom:\n  mongo: mongodb://admin:{WORDY[8].replace('!', '')}@10.0.0.9/app\n"),
    ("kubernetes secret data", "k8s/secret.yaml", f"apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ntype: Opaque\ndata:\n  password: {base64.b64encode(WORDY[2].encode()).decode()}\n"),
    ("kubernetes string data", "k8s/string.yaml", f"apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\nstringData:\n  db-password: {WORDY[4]}\n"),
    ("kubernetes env value", "k8s/deploy.yaml", f"      containers:\n        - name: web\n          env:\n            - name: DB_PASSWORD\n              value: \"{WORDY[3]}\"\n"),
    ("compose environment map", "docker-compose.yml", f"services:\n  db:\n    image: mysql:8\n    environment:\n      MYSQL_ROOT_PASSWORD: {WORDY[7]}\n"),
    ("compose environment list", "compose.yaml", f"services:\n  db:\n    image: postgres\n    environment:\n      - POSTGRES_USER=app\n      - POSTGRES_PASSWORD={WORDY[9]}\n"),
    ("workflow token", ".github/workflows/deploy.yml", f"env:\n  NPM_TOKEN: {j('np', 'm_', chance(MIXED, 36, 37))}\n"),
    ("workflow password", ".github/workflows/test.yml", f"    steps:\n      - run: docker login -u ci -p {WORDY[4]} registry.corp.io\n"),
    ("ansible variable", "group_vars/all.yml", f"mysql_password: \"{WORDY[8]}\"\nmysql_user: app\n"),
    ("helm values", "chart/values.yaml", f"postgresql:\n  auth:\n    postgresPassword: {chance(MIXED, 12, 38)}\n"),
    ("spring yaml", "src/main/resources/application.yml", f"spring:\n  datasource:\n    username: sa\n    password: {WORDY[3]}\n"),
    ("function azure setting", "main.bicep.yaml", f"settings:\n  storageConnection: DefaultEndpointsProtocol=https;AccountName=shopstore;AccountKey={chance(BASE64, 86, 39)}==;EndpointSuffix=core.windows.net\n"),
    ("openapi example key", "buildspec.yml", f"env:\n  variables:\n    SONAR_TOKEN: {chance(HEX, 40, 40)}\n"),
    ("circleci", ".circleci/config.yml", f"      - run: aws configure set aws_secret_access_key {aws(41)}\n"),
    ("user pool password", "cognito.yaml", f"  TestUser:\n    Properties:\n      TemporaryPassword: {WORDY[0]}\n"),
    # Terraform
    ("rds password", "rds.tf", f'resource "aws_db_instance" "db" {{\n  username = "admin"\n  password = "{WORDY[4]}"\n}}\n'),
    ("provider keys", "provider.tf", f'provider "aws" {{\n  access_key = "{key_id(42)}"\n  secret_key = var.secret\n}}\n'),
    ("provider secret key", "main.tf", f'provider "aws" {{\n  region     = "eu-west-1"\n  secret_key = "{aws(43)}"\n}}\n'),
    ("lambda environment", "lambda.tf", f'  environment {{\n    variables = {{\n      API_TOKEN = "{chance(MIXED, 28, 44)}"\n      TABLE     = aws_dynamodb_table.t.name\n    }}\n  }}\n'),
    ("variable default", "variables.tf", f'variable "db_password" {{\n  type    = string\n  default = "{WORDY[2]}"\n}}\n'),
    ("tfvars", "prod.tfvars", f'db_password = "{WORDY[8]}"\nregion = "us-east-1"\n'),
    ("secret version", "secret.tf", f'resource "aws_secretsmanager_secret_version" "v" {{\n  secret_id     = aws_secretsmanager_secret.s.id\n  secret_string = "{chance(MIXED, 20, 45)}"\n}}\n'),
    ("azure client secret", "azure.tf", f'provider "azurerm" {{\n  client_secret = "{j(chance(MIXED, 3, 46), "8Q~", chance(MIXED, 34, 47))}"\n}}\n'),
    ("ssm parameter", "ssm.tf", f'resource "aws_ssm_parameter" "p" {{\n  name  = "/app/db_password"\n  type  = "SecureString"\n  value = "{WORDY[4]}"\n}}\n'),
    ("local token", "locals.tf", f'locals {{\n  github_token = "{j("gh", "p_", chance(MIXED, 36, 48))}"\n}}\n'),
    # JSON
    ("config json", "config/default.json", json.dumps({"db": {"user": "app", "password": WORDY[3]}}, indent=2)),
    ("local settings", "local.settings.json", json.dumps({"Values": {"CosmosKey": chance(BASE64, 86, 49) + "=="}}, indent=2)),
    ("appsettings", "appsettings.json", json.dumps({"ConnectionStrings": {"Default": f"Server=tcp:sql;Database=shop;User Id=sa;Password={WORDY[4]};"}}, indent=2)),
    ("service account", "service-account.json", json.dumps({"type": "service_account", "project_id": "shop", "private_key": pem("", 50, 6), "client_email": "a@b.iam.gserviceaccount.com"}, indent=2)),
    ("environment json", "env.json", json.dumps({"Function": {"DB_PASS": WORDY[9], "STAGE": "dev"}}, indent=2)),
    ("postman", "shop.postman_collection.json", json.dumps({"item": [{"request": {"header": [{"key": "x-api-key", "value": chance(MIXED, 40, 51)}]}}]}, indent=2)),
    ("package script", "package.json", json.dumps({"scripts": {"seed": f"mysql -u root -p{WORDY[4]} shop < seed.sql"}}, indent=2)),
    ("docker auth", ".docker/config.json", json.dumps({"auths": {"registry.corp.io": {"auth": base64.b64encode(j("ci:", WORDY[2]).encode()).decode()}}}, indent=2)),
    ("template json", "template.json", json.dumps({"Resources": {"F": {"Properties": {"Environment": {"Variables": {"SECRET_TOKEN": chance(MIXED, 24, 52)}}}}}}, indent=2)),
    ("client secret", "client_secrets.json", json.dumps({"web": {"client_id": "1.apps.googleusercontent.com", "client_secret": j("GOC", "SPX-", chance(URLSAFE, 28, 53))}}, indent=2)),
    # settings
    ("dotenv password", ".env", f"DB_HOST=localhost\nDB_PASSWORD={WORDY[3]}\n"),
    ("dotenv aws", ".env.production", f"AWS_SECRET_ACCESS_KEY={aws(54)}\n"),
    ("dotenv quoted", "dev.env", f'export API_SECRET="{chance(MIXED, 30, 55)}"\n'),
    ("dotenv mail", ".env.local", f"MAIL_PASS={WORDY[5]}\n"),
    ("ini", "setup.ini", f"[database]\nuser = root\npassword = {WORDY[7]}\n"),
    ("credentials file", ".aws/credentials", f"[default]\naws_access_key_id = {key_id(56)}\nregion = eu-west-1\n"),
    ("properties", "application.properties", f"spring.datasource.username=sa\nspring.datasource.password={WORDY[1]}\n"),
    ("properties key", "app.properties", f"stripe.apiKey={j('sk', '_live_', chance(MIXED, 24, 57))}\n"),
    ("npmrc", ".npmrc", f"//npm.corp.example/:_authToken={j('np', 'm_', chance(MIXED, 36, 58))}\n"),
    ("pypirc", ".pypirc", j("[pypi]\nusername = __token__\npassword = py", "pi-AgEI", chance(URLSAFE, 80, 59), "\n")),
    ("netrc", ".netrc", f"machine git.corp.io login ci password {chance(MIXED, 16, 60)}\n"),
    ("toml", "config.toml", f'[redis]\nhost = "cache"\nauth_token = "{chance(MIXED, 24, 61)}"\n'),
    ("samconfig", "samconfig.toml", f'[default.deploy.parameters]\nparameter_overrides = "Stage=\\"dev\\" DbPassword=\\"{WORDY[4]}\\""\n'),
    # shell, Dockerfile
    ("export", "deploy.sh", f"#!/bin/bash\nexport AWS_ACCESS_KEY_ID={key_id(62)}\nsam deploy\n"),
    ("curl user", "probe.sh", f"curl -u admin:{WORDY[8]} https://api.corp.io/health\n"),
    ("curl header", "call.sh", f'curl -H "x-api-key: {chance(MIXED, 40, 63)}" https://abc.execute-api.eu-west-1.amazonaws.com/prod\n'),
    ("environment of psql", "load.sh", f"PGPASSWORD={WORDY[9]} psql -h db -U app -f schema.sql\n"),
    ("docker environment", "Dockerfile", f"FROM python:3.12\nENV DB_PASSWORD={WORDY[1]}\nCOPY . .\n"),
    ("docker argument", "app/Dockerfile", f"FROM node:20\nARG NPM_TOKEN={j('np', 'm_', chance(MIXED, 36, 64))}\n"),
    ("docker old form", "api/Dockerfile", f"FROM node:20\nENV JWT_SECRET {WORDY[5]}\n"),
    # the rest
    ("notebook", "explore.ipynb", notebook(f"import boto3\ns = boto3.Session(aws_access_key_id='{key_id(65)}')\n")),
    ("notebook password", "report.ipynb", notebook("x = 1\n", f"conn = psycopg2.connect(host='db', password='{WORDY[2]}')\n")),
    ("readme key", "README.md", f"Call it:\n\n    curl -H 'Authorization: Bearer {chance(MIXED, 40, 66)}' https://api.corp.io\n"),
    ("pem file", "certs/server.key", pem("RSA ", 67)),
    ("open ssh key", "deploy_key", pem("OPENSSH ", 90)),
    ("java constant", "src/main/java/App.java", f'public class App {{\n  private static final String DB_PASSWORD = "{WORDY[3]}";\n}}\n'),
    ("java driver manager", "src/main/java/Db.java", f'Connection c = DriverManager.getConnection(url, "root", "{WORDY[4]}");\n'),
    ("java basic credentials", "src/main/java/Aws.java", f'new BasicAWSCredentials("{key_id(68)}", secret);\n'),
    ("go constant", "main.go", f'package main\n\nconst apiSecret = "{chance(MIXED, 26, 69)}"\n'),
    ("go address", "db.go", f'db, err := sql.Open("mysql", "root:{WORDY[1]}@tcp(127.0.0.1:3306)/shop")\n'),
    ("cs connection", "Startup.cs", f'var cs = "Server=sql;Database=shop;User Id=sa;Password={WORDY[8]};";\n'),
    ("cs field", "Function.cs", f'private const string ApiKey = "{chance(MIXED, 32, 70)}";\n'),
    ("php define", "config.php", f"<?php\ndefine('DB_PASSWORD', '{WORDY[4]}');\n"),
    ("ruby", "app.rb", f"Aws.config.update(credentials: Aws::Credentials.new('{key_id(71)}', ENV['S']))\n"),
    ("sql user", "seed.sql", f"CREATE USER 'app'@'%' IDENTIFIED BY '{WORDY[9]}';\n"),
]  # fmt: skip

NEGATIVE: Sequence[Sample] = [
    # Python
    ("from environment", "a.py", "DB_PASSWORD = os.environ['DB_PASSWORD']\nAPI_KEY = os.environ.get('API_KEY')\n"),
    ("environment with empty default", "a2.py", "token = os.getenv('TOKEN', '')\n"),
    ("secrets manager", "b.py", "secret = client.get_secret_value(SecretId='prod/shop/database-password')['SecretString']\n"),
    ("name of a parameter", "c.py", "PASSWORD_PARAMETER = '/shop/prod/db-password'\nvalue = ssm.get_parameter(Name='/shop/prod/db-password', WithDecryption=True)\n"),
    ("name of a header", "d.py", "API_KEY_HEADER = 'x-api-key'\nTOKEN_FIELD = 'access_token'\n"),
    ("error message", "e.py", "raise ValueError('password must have at least 12 characters')\n"),
    ("password message", "e2.py", "INVALID_PASSWORD = 'Invalid username or password'\n"),
    ("form label", "f.py", "fields = {'password': 'Password', 'token': 'Token'}\n"),
    ("schema", "g.py", "schema = {'properties': {'password': {'type': 'string', 'minLength': 8}}, 'required': ['password']}\n"),
    ("partition key", "h.py", "primary_key = 'customer_id'\nsort_key = 'order_date#id'\nTABLE_KEY = 'pk'\n"),
    ("object key", "i.py", "KEY = 'uploads/2024/01/report-final.csv'\ns3.get_object(Bucket=B, Key='config/settings.json')\n"),
    ("hash constant", "j.py", f"EXPECTED_SHA256 = '{chance(HEX, 64, 200)}'\n"),
    ("md5 etag", "k.py", f"etag = '{chance(HEX, 32, 201)}'\n"),
    ("uuid", "l.py", f"REQUEST_ID = '{guid(1)}'\nuser_pool_client = '{chance(LOWER, 26, 202)}'\n"),
    ("arn of a secret", "m.py", "SECRET_ARN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf'\n"),
    ("kms key id", "n.py", f"KMS_KEY_ID = '{guid(2)}'\nkey_alias = 'alias/shop'\n"),
    ("token address", "o.py", "TOKEN_URL = 'https://auth.corp.io/oauth2/token'\ntoken_endpoint = 'https://login.corp.io/v2/token'\n"),
    ("grant type", "p.py", "data = {'grant_type': 'client_credentials', 'token_type': 'Bearer'}\n"),
    ("test of emptiness", "q.py", "if password == '' or password == 'None':\n    raise Denied\n"),
    ("placeholder", "r.py", "API_KEY = '<your-api-key>'\nPASSWORD = 'YOUR_PASSWORD_HERE'\n"),
    ("placeholder x", "r2.py", "api_key = 'xxxxxxxxxxxxxxxxxxxxxxxx'\nsecret = '************'\n"),
    ("format string", "s.py", "url = f'postgresql://{user}:{password}@{host}/shop'\n"),
    ("percent format", "s2.py", "dsn = 'mysql://%s:%s@%s/shop' % (user, password, host)\n"),
    ("token from call", "t.py", "token = generate_token(user)\npassword = getpass.getpass('Password: ')\n"),
    ("next token", "u.py", "kwargs['NextToken'] = page['NextToken']\npaginator_token = 'NextToken'\n"),
    ("tokenizer", "v.py", "tokenizer = AutoTokenizer.from_pretrained('bert-base-uncased')\npad_token = '[PAD]'\neos_token = '<|endoftext|>'\n"),
    ("alphabet", "w.py", "chars = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'\n"),
    ("docs key id", "x.py", "# example: AKIA" + "IOSFODNN7" + "EXAMPLE\nregion = 'us-east-1'\n"),
    ("password regular expression", "y.py", r"PASSWORD_PATTERN = r'^(?=.*[A-Z])(?=.*\d)[A-Za-z\d@$!%*?&]{8,}$'" + "\n"),
    ("masking", "z.py", "log.info('password=%s', '***')\nrow['password'] = '[REDACTED]'\n"),
    ("base64 picture", "img.py", f"LOGO = 'data:image/png;base64,{chance(BASE64, 200, 203)}'\n"),
    ("prompt text", "ask.py", "parser.add_argument('--password', help='password of the database user', default=None)\n"),
    ("enum", "kinds.py", "class Auth(Enum):\n    PASSWORD = 'password'\n    TOKEN = 'token'\n    API_KEY = 'api_key'\n"),
    ("moto test credentials", "tests/conftest.py", "os.environ['AWS_ACCESS_KEY_ID'] = 'testing'\nos.environ['AWS_SECRET_ACCESS_KEY'] = 'testing'\nos.environ['AWS_SESSION_TOKEN'] = 'testing'\n"),
    ("dictionary lookup", "look.py", "password = body['password']\nsecret = config['secret_key']\n"),
    ("cache key", "cachekey.py", "cache_key = 'product-list-v2'\nidempotency_key = 'payment-id'\n"),
    ("partition token names", "col.py", "COLUMNS = ['id', 'password_hash', 'reset_token', 'created_at']\n"),
    # JavaScript
    ("process environment", "a.js", "const secret = process.env.JWT_SECRET;\nconst password = process.env.DB_PASSWORD || '';\n"),
    ("destructured", "b.js", "const { password, token } = JSON.parse(event.body);\n"),
    ("jwt with variable", "c.js", "jwt.verify(token, process.env.JWT_SECRET, { algorithms: ['HS256'] });\n"),
    ("translation", "en.js", "export default { password: 'Password', forgotPassword: 'Forgot your password?', token: 'Token' };\n"),
    ("action types", "d.ts", "export const RESET_PASSWORD = 'RESET_PASSWORD';\nexport const SET_TOKEN = 'auth/setToken';\n"),
    ("type declaration", "e.ts", "interface Login { username: string; password: string; apiKey?: string }\n"),
    ("storage key", "f.ts", "localStorage.getItem('accessToken');\nconst TOKEN_KEY = 'shop.auth.token';\n"),
    ("html input", "form.jsx", "<input type=\"password\" name=\"password\" placeholder=\"Enter your password\" autoComplete=\"new-password\" />\n"),
    ("integrity", "g.html", f'<script src="https://cdn.io/x.js" integrity="sha384-{chance(BASE64, 64, 204)}" crossorigin="anonymous"></script>\n'),
    ("cdk secret reference", "h.ts", "const password = secretsmanager.Secret.fromSecretNameV2(this, 'Secret', 'prod/db').secretValueFromJson('password');\n"),
    ("cdk secret name", "h2.ts", "environment: { SECRET_NAME: 'prod/shop/db', SECRET_ARN: secret.secretArn, API_KEY_ID: apiKey.keyId },\n"),
    ("template literal", "i.js", "const url = `mongodb://${user}:${pass}@${host}/app`;\n"),
    ("joi", "j.js", "const schema = Joi.object({ password: Joi.string().min(8).required(), token: Joi.string().guid() });\n"),
    ("fake test user", "k.test.js", "await login({ username: 'x', password: undefined });\nexpect(res.token).toBe('token');\n"),
    ("s3 key", "l.js", "const params = { Bucket: bucket, Key: 'images/products/catalogue-2024.json' };\n"),
    ("public stripe", "m.js", j("const stripe = Stripe('pk", "_test_", chance(MIXED, 24, 205), "');\n")),
    ("webpack hash", "main.4f3a9b2c.js", f"// chunk\nvar hash='{chance(HEX, 20, 206)}';\n"),
    ("angular selector", "n.ts", "@Component({ selector: 'app-password-reset', templateUrl: './password-reset.component.html' })\n"),
    ("route", "o.js", "router.post('/password/reset/:token', resetPassword);\nconst passwordResetPath = '/auth/password-reset';\n"),
    ("cookie name", "p.js", "res.cookie('session_token', token, { httpOnly: true });\nconst sessionCookieName = 'connect.sid';\n"),
    ("graphql", "q.js", "const LOGIN = gql`mutation Login($password: String!) { login(password: $password) { token } }`;\n"),
    ("hasher", "r.js", "const hash = await bcrypt.hash(password, 10);\nconst secretName = 'shop/production/stripe';\n"),
    ("token from cognito", "s.ts", "const token = (await Auth.currentSession()).getIdToken().getJwtToken();\n"),
    ("key codes", "t.ts", "if (e.key === 'ArrowDown' || e.key === 'Enter') next();\n"),
    ("i18n sentence", "de.json", json.dumps({"login.password": "Passwort", "login.password.hint": "Bitte Passwort eingeben", "error.token": "Token abgelaufen"}, indent=1)),
    # YAML
    ("dynamic reference", "rds.yaml", "      MasterUserPassword: '{{resolve:secretsmanager:shop/db:SecretString:password}}'\n"),
    ("ref", "ref.yaml", "      MasterUserPassword: !Ref DBPassword\n      Token: !GetAtt T.Arn\n"),
    ("sub of a reference", "sub.yaml", "          DB_PASSWORD: !Sub '{{resolve:ssm-secure:/shop/${Stage}/db:1}}'\n"),
    ("parameter without default", "p.yaml", "Parameters:\n  DBPassword:\n    Type: String\n    NoEcho: true\n    MinLength: 8\n    Description: Password of the database administrator\n"),
    ("parameter pattern", "p2.yaml", "  DbPassword:\n    Type: String\n    AllowedPattern: '[a-zA-Z0-9]+'\n    ConstraintDescription: must contain only alphanumeric characters.\n"),
    ("generate secret", "gen.yaml", "      GenerateSecretString:\n        SecretStringTemplate: '{\"username\": \"admin\"}'\n        GenerateStringKey: password\n        PasswordLength: 32\n"),
    ("password policy", "pool.yaml", "      Policies:\n        PasswordPolicy:\n          MinimumLength: 12\n          RequireSymbols: true\n          TemporaryPasswordValidityDays: 7\n"),
    ("serverless ssm", "sls.yml", "    environment:\n      JWT_SECRET: ${ssm:/shop/jwt}\n      API_KEY: ${env:API_KEY}\n      TOKEN: ${self:custom.token}\n"),
    ("serverless file", "sls2.yml", "custom:\n  secrets: ${file(secrets.${opt:stage}.yml)}\n"),
    ("workflow secret", "wf.yml", "env:\n  AWS_SECRET_ACCESS_KEY: ${{ secrets.AWS_SECRET_ACCESS_KEY }}\n  GITHUB_TOKEN: ${{ github.token }}\n"),
    ("workflow permission", "wf2.yml", "permissions:\n  id-token: write\n  contents: read\n"),
    ("action pinned", "wf3.yml", f"      - uses: actions/checkout@{chance(HEX, 40, 207)} # v4\n"),
    ("kubernetes reference", "k.yaml", "            - name: DB_PASSWORD\n              valueFrom:\n                secretKeyRef:\n                  name: db\n                  key: password\n"),
    ("secret mount", "k2.yaml", "      volumes:\n        - name: db-password\n          secret:\n            secretName: db-password-prod\n"),
    ("compose variable", "dc.yml", "      MYSQL_ROOT_PASSWORD: ${MYSQL_ROOT_PASSWORD}\n      POSTGRES_PASSWORD_FILE: /run/secrets/db_password\n"),
    ("compose secret", "dc2.yml", "secrets:\n  db_password:\n    file: ./db_password.txt\n"),
    ("image digest", "img.yaml", f"image: nginx@sha256:{chance(HEX, 64, 208)}\n"),
    ("authoriser", "auth.yaml", "      Auth:\n        ApiKeyRequired: true\n        DefaultAuthorizer: TokenAuthorizer\n        Authorizers:\n          TokenAuthorizer:\n            Identity:\n              Header: Authorization\n"),
    ("key schema", "ddb.yaml", "      KeySchema:\n        - AttributeName: customerId\n          KeyType: HASH\n      AttributeDefinitions:\n        - AttributeName: token\n          AttributeType: S\n"),
    ("output", "out.yaml", "Outputs:\n  ApiKeySecretArn:\n    Description: ARN of the secret with the API key\n    Value: !Ref Secret\n    Export:\n      Name: shop-api-key-secret\n"),
    ("openapi", "api.yaml", "components:\n  securitySchemes:\n    api_key:\n      type: apiKey\n      name: x-api-key\n      in: header\n  schemas:\n    Login:\n      properties:\n        password:\n          type: string\n          format: password\n"),
    ("ansible vault", "vault.yml", "db_password: \"{{ vault_db_password }}\"\napi_token: \"{{ lookup('env', 'API_TOKEN') }}\"\n"),
    ("sealed secret", "sealed.yaml", f"apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nspec:\n  encryptedData:\n    password: AgB{chance(BASE64, 120, 209)}\n"),
    ("function name", "fn.yaml", "  ResetPasswordFunction:\n    Type: AWS::Serverless::Function\n    Properties:\n      Handler: src/reset_password.handler\n      FunctionName: reset-password-prod\n"),
    ("secret name property", "sn.yaml", "  DbSecret:\n    Type: AWS::SecretsManager::Secret\n    Properties:\n      Name: prod/shop/database-credentials\n      Description: Credentials of the database\n"),
    ("helm existing secret", "values.yaml", "auth:\n  existingSecret: shop-postgres\n  secretKeys:\n    adminPasswordKey: postgres-password\n  password: \"\"\n"),
    # Terraform
    ("variable", "v.tf", 'variable "db_password" {\n  type        = string\n  sensitive   = true\n  description = "Password of the database"\n}\n'),
    ("from variable", "v2.tf", '  password = var.db_password\n  token    = data.vault_generic_secret.t.data["token"]\n'),
    ("random password", "v3.tf", 'resource "random_password" "db" {\n  length           = 24\n  override_special = "!#$%&*()-_=+[]{}<>:?"\n}\n'),
    ("reference in text", "v4.tf", '  secret_string = "${random_password.db.result}"\n  value = "${aws_kms_key.k.arn}"\n'),
    ("managed password", "v5.tf", "  manage_master_user_password = true\n  master_user_secret_kms_key_id = aws_kms_key.k.key_id\n"),
    ("secret name", "v6.tf", 'resource "aws_secretsmanager_secret" "s" {\n  name = "prod/shop/db-password"\n}\n'),
    ("hash key", "v7.tf", 'hash_key = "LockID"\nrange_key = "createdAt"\n'),
    ("source hash", "v8.tf", '  source_code_hash = filebase64sha256("lambda.zip")\n  etag = "' + chance(HEX, 32, 210) + '"\n'),
    ("lock file", ".terraform.lock.hcl", f'    "h1:{chance(BASE64, 43, 211)}=",\n    "zh:{chance(HEX, 64, 212)}",\n'),
    ("token lifetime", "v9.tf", '  access_token_validity = 60\n  token_validity_units {\n    access_token = "minutes"\n    refresh_token = "days"\n  }\n'),
    # JSON
    ("package lock", "package-lock.json", json.dumps({"packages": {"node_modules/x": {"version": "1.0.0", "integrity": f"sha512-{chance(BASE64, 86, 213)}=="}}}, indent=1)),
    ("policy", "policy.json", json.dumps({"Statement": [{"Effect": "Allow", "Action": ["secretsmanager:GetSecretValue", "iam:UpdateLoginProfile"], "Resource": "*"}]}, indent=1)),
    ("event", "events/event.json", json.dumps({"headers": {"Host": "a.io"}, "requestContext": {"requestId": guid(3), "accountId": "123456789012", "apiId": "abc123def4"}, "eTag": chance(HEX, 32, 214), "sequencer": chance(UPPER, 18, 215)}, indent=1)),
    ("kinesis event", "events/kinesis.json", json.dumps({"Records": [{"kinesis": {"partitionKey": "partitionKey-03", "data": base64.b64encode(b"Hello, this is a test 123.").decode()}}]}, indent=1)),
    ("sqs event", "events/sqs.json", json.dumps({"Records": [{"messageId": guid(4), "receiptHandle": "MessageReceiptHandle", "md5OfBody": chance(HEX, 32, 216)}]}, indent=1)),
    ("cognito public ids", "aws-exports.json", json.dumps({"aws_user_pools_id": "eu-west-1_AbCdEfGhI", "aws_user_pools_web_client_id": chance(LOWER, 26, 217), "aws_cognito_identity_pool_id": f"eu-west-1:{guid(5)}"}, indent=1)),
    ("composer", "composer.json", json.dumps({"require": {"lcobucci/jwt": "^4.0", "php-password-lib/secret": "^1.2"}}, indent=1)),
    ("swagger", "swagger.json", json.dumps({"definitions": {"User": {"properties": {"password": {"type": "string", "example": "string"}}}}}, indent=1)),
    ("appsettings empty", "appsettings.Development.json", json.dumps({"Jwt": {"Key": "", "Issuer": "shop"}, "Password": None}, indent=1)),
    ("development storage", "local.settings.json", json.dumps({"Values": {"AzureWebJobsStorage": "UseDevelopmentStorage=true", "FUNCTIONS_WORKER_RUNTIME": "node"}}, indent=1)),
    # settings
    ("dotenv example", ".env.example", "DB_PASSWORD=\nAPI_KEY=your_api_key_here\nJWT_SECRET=<generate one>\n"),
    ("dotenv reference", ".env", "DB_PASSWORD=${DB_PASSWORD}\nSECRET_NAME=prod/db\nAPI_KEY_HEADER=x-api-key\n"),
    ("npmrc variable", ".npmrc", "//npm.corp.example/:_authToken=${NPM_TOKEN}\nalways-auth=true\n"),
    ("properties placeholder", "application.properties", "spring.datasource.password=${DB_PASSWORD}\nserver.ssl.key-store-password=@keystore.password@\n"),
    ("ini no value", "app.ini", "[auth]\npassword_hashing = bcrypt\ntoken_lifetime = 3600\nsecret_backend = aws-secrets-manager\n"),
    ("messages", "messages.properties", "login.password=Password\nerror.password.weak=The password is too weak\ntoken.expired=Your token has expired\n"),
    # shell and Docker
    ("shell variable", "d.sh", 'export DB_PASSWORD="$1"\nTOKEN=$(aws secretsmanager get-secret-value --secret-id prod/db --query SecretString --output text)\n'),
    ("curl variable", "d2.sh", 'curl -u "$USER:$PASS" -H "Authorization: Bearer ${TOKEN}" https://api.corp.io\n'),
    ("read password", "d3.sh", 'read -s -p "Password: " PASSWORD\nif [ -z "$PASSWORD" ]; then echo "password missing"; fi\n'),
    ("docker argument", "Dockerfile", "FROM node:20\nARG NPM_TOKEN\nENV TOKEN_PATH=/run/secrets/token\nRUN --mount=type=secret,id=npm_token npm ci\n"),
    ("checksum", "app/Dockerfile", f"RUN echo \"{chance(HEX, 64, 218)}  tini\" | sha256sum -c -\n"),
    # the rest
    ("notebook output", "n.ipynb", notebook("password = os.environ['PW']\n", f"# run {guid(6)}\nprint('token count', tokens)\n")),
    ("readme", "README.md", "Set `DB_PASSWORD=<password>` and `API_KEY=...`, then run `export TOKEN=your-token`.\n"),
    ("readme table", "docs/config.md", "| `JWT_SECRET` | secret that signs tokens | required |\n| password | Password of the user | string |\n"),
    ("public certificate", "ca.pem", j("-----BEGIN ", "CERTIFICATE-----\n", "\n".join(chance(BASE64, 64, 300 + n) for n in range(8)), "\n-----END CERTIFICATE-----\n")),
    ("public key", "key.pub", f"ssh-rsa AAAAB3NzaC1yc2E{chance(BASE64, 200, 219)} dev@laptop\n"),
    ("java environment", "A.java", 'String password = System.getenv("DB_PASSWORD");\nprivate static final String SECRET_NAME = "prod/shop/db";\n'),
    ("java property", "B.java", '@Value("${spring.datasource.password}")\nprivate String password;\n'),
    ("go environment", "a.go", 'token := os.Getenv("TOKEN")\nconst tokenHeader = "X-Auth-Token"\nreturn errors.New("token is invalid or expired")\n'),
    ("go struct tag", "b.go", 'type Login struct {\n\tPassword string `json:"password" validate:"required,min=8"`\n}\n'),
    ("cs configuration", "A.cs", 'var key = configuration["Jwt:Key"];\npublic string Password { get; set; } = string.Empty;\n'),
    ("cs attribute", "B.cs", '[DataType(DataType.Password)]\n[Display(Name = "Confirm password")]\n'),
    ("go sum", "go.sum", f"github.com/golang-jwt/jwt v3.2.2+incompatible h1:{chance(BASE64, 43, 220)}=\n"),
    ("requirements hashes", "requirements.txt", f"pyjwt==2.8.0 \\\n    --hash=sha256:{chance(HEX, 64, 221)}\n"),
    ("css", "style.css", ".password-field, #token { color: #a1b2c3; background: url(data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7); }\n"),
    ("sql column", "schema.sql", "CREATE TABLE users (id INT, password VARCHAR(255) NOT NULL, api_token CHAR(64));\n"),
    ("php environment", "a.php", "<?php $password = getenv('DB_PASSWORD'); $token = $_POST['token'];\n"),
]  # fmt: skip
