"""A labelled set for the detector of secrets in files: (file name, text) with one secret each, and hard negatives without any.

Values are put together here, so that this file holds no secret and no scanner trips over it. Written before the detector was measured on it; what it got
wrong then was mended in the detector, not here, so the figures flatter it a little.
"""

from __future__ import annotations

import random
import string
from collections.abc import Sequence

UPPER = string.ascii_uppercase + string.digits
MIXED = string.ascii_letters + string.digits
HEX = "0123456789abcdef"
BASE64 = MIXED + "+/"
Sample = tuple[str, str, str]  # what it is, file name, text


def made(alphabet: str, length: int, seed: int) -> str:
    return "".join(random.Random(seed).choices(alphabet, k=length))


def _word(*parts: str) -> str:
    return "".join(parts)


WEAK = _word("Summer", "2026")
SILLY = _word("hunter", "22")
LONG = _word("Tr0ub4", "dor&3x")
PLAIN = _word("letme", "in")
AKID = "AK" + "IA" + made(UPPER, 16, 1)
SECRET40 = made(BASE64, 40, 2)
HEX32 = made(HEX, 32, 3)
MIX24 = made(MIXED, 24, 4)
MIX32 = made(MIXED, 32, 5)
PEM = (
    "-----BEGIN RSA "
    + "PRIVATE KEY-----\n"
    + "\n".join(made(BASE64, 64, seed) for seed in range(6))
    + "\n-----END RSA "
    + "PRIVATE KEY-----\n"
)
TOKEN = "eyJ" + made(MIXED, 33, 6) + ".eyJ" + made(MIXED, 60, 7) + "." + made(MIXED, 43, 8)

POSITIVE: Sequence[Sample] = (
    ("access key id", "app.py", f'KEY = "{AKID}"\n'),
    ("access key id in a template", "template.yaml", f"Resources:\n  F:\n    Properties:\n      Key: {AKID}\n"),
    ("access key id in JSON", "config.json", f'{{"accessKeyId": "{AKID}"}}\n'),
    ("secret access key", "app.py", f'aws_secret_access_key = "{SECRET40}"\n'),
    (
        "secret access key as an argument",
        "app.py",
        f'boto3.client("s3", aws_access_key_id=key, aws_secret_access_key="{SECRET40}")\n',
    ),
    (
        "secret access key in JavaScript",
        "aws.js",
        f"AWS.config.update({{ accessKeyId: id, secretAccessKey: '{SECRET40}' }});\n",
    ),
    ("secret access key in credentials", ".aws/credentials", f"[default]\naws_secret_access_key = {SECRET40}\n"),
    ("secret access key in an env file", ".env", f"AWS_SECRET_ACCESS_KEY={SECRET40}\n"),
    ("secret access key exported", "deploy.sh", f"export AWS_SECRET_ACCESS_KEY={SECRET40}\n"),
    (
        "secret access key in serverless.yml",
        "serverless.yml",
        f"provider:\n  environment:\n    AWS_SECRET_KEY: {SECRET40}\n",
    ),
    ("session token", "run.sh", f'export AWS_SESSION_TOKEN="{made(BASE64, 200, 9)}"\n'),
    ("password literal", "db.py", f'PASSWORD = "{SILLY}"\n'),
    ("password literal, lower case", "db.py", f"password = '{WEAK}'\n"),
    ("plain word as password", "db.py", f'db_password = "{PLAIN}"\n'),
    (
        "password of a connection",
        "db.py",
        f'conn = pymysql.connect(host="db", user="app", password="{LONG}", db="shop")\n',
    ),
    ("passwd argument", "db.py", f'MySQLdb.connect(host="db", user="app", passwd="{SILLY}")\n'),
    ("positional password", "db.py", f'conn = pymysql.connect("db.internal", "app", "{LONG}", "shop")\n'),
    ("typed constant", "settings.py", f'DB_PASSWORD: str = "{WEAK}"\n'),
    ("default of a missing variable", "settings.py", f'PASSWORD = os.environ.get("DB_PASSWORD", "{LONG}")\n'),
    ("getenv default", "settings.py", f"os.getenv('API_KEY', '{MIX24}')\n"),
    ("password compared", "login.py", f'if body["password"] == "{SILLY}":\n    return True\n'),
    ("token compared", "auth.py", f'if token == "{MIX32}":\n    allow()\n'),
    ("entry of a dict", "settings.py", f'CONFIG = {{"user": "app", "password": "{SILLY}"}}\n'),
    ("item assigned", "settings.py", f'config["db_password"] = "{LONG}"\n'),
    ("attribute assigned", "settings.py", f'self.api_secret = "{MIX32}"\n'),
    ("default parameter", "db.py", f'def connect(user, password="{SILLY}"):\n    pass\n'),
    ("Flask key", "app.py", f'app.secret_key = "{_word("so", "secretive")}"\n'),
    ("Flask configuration", "app.py", f"app.config['SECRET_KEY'] = '{_word('deve', 'lopment99')}'\n"),
    (
        "signing key of a web token",
        "auth.py",
        f'jwt.encode({{"sub": user}}, "{_word("super", "secret1")}", algorithm="HS256")\n',
    ),
    ("verifying key of a web token", "auth.js", f"const claims = jwt.verify(token, '{_word('shh', 'hhhhh1')}');\n"),
    ("JWT_SECRET in code", "auth.js", f'const JWT_SECRET = "{_word("keyboard", "cat99")}";\n'),
    ("HMAC key", "sign.py", f'hmac.new(b"{MIX24}", body, hashlib.sha256)\n'),
    ("HMAC key in JavaScript", "sign.js", f"crypto.createHmac('sha256', '{MIX24}').update(body)\n"),
    ("cipher key", "crypt.js", f"crypto.createCipheriv('aes-256-cbc', '{MIX32}', iv)\n"),
    ("Fernet key", "crypt.py", f'Fernet(b"{made(MIXED + "-_", 43, 10)}=")\n'),
    ("basic authentication", "call.py", f'requests.get(url, auth=("admin", "{LONG}"))\n'),
    ("HTTPBasicAuth", "call.py", f'auth = HTTPBasicAuth("admin", "{SILLY}")\n'),
    ("mail login", "mail.py", f'server.login("me@corp.example", "{LONG}")\n'),
    ("const in JavaScript", "db.js", f"const password = '{SILLY}';\n"),
    ("let in TypeScript", "db.ts", f'let dbPassword: string = "{WEAK}";\n'),
    ("member of a class in TypeScript", "db.ts", f'  private readonly apiKey: string = "{MIX32}";\n'),
    (
        "object in JavaScript",
        "db.js",
        f"mysql.createConnection({{ host: 'db', user: 'root', password: '{PLAIN}' }});\n",
    ),
    ("fallback in JavaScript", "db.js", f"const secret = process.env.JWT_SECRET || '{_word('fall', 'back42')}';\n"),
    ("nullish fallback", "db.ts", f"const key = process.env.API_KEY ?? '{MIX24}';\n"),
    ("header set", "call.js", f"headers.set('x-api-key', '{MIX32}');\n"),
    ("header in an object", "call.js", f"fetch(url, {{ headers: {{ 'x-api-key': '{MIX32}' }} }});\n"),
    ("template literal", "db.js", f"const apiSecret = `{MIX32}`;\n"),
    ("postgres address", "db.py", f'psycopg2.connect("postgresql://app:{SILLY}x@db.internal:5432/shop")\n'),
    ("mongo address", "db.js", f"mongoose.connect('mongodb+srv://app:{MIX24}@cluster0.mongodb.net/shop');\n"),
    ("redis address", ".env", f"REDIS_URL=redis://:{MIX24}@cache.internal:6379/0\n"),
    ("amqp address", "config.yml", f"broker: amqp://app:{MIX24}@mq.internal:5672\n"),
    (
        "mysql address in serverless.yml",
        "serverless.yml",
        f"environment:\n  DATABASE_URL: mysql://root:{SILLY}z@db.internal/shop\n",
    ),
    (
        "ADO connection string",
        "appsettings.json",
        f'{{"ConnectionStrings": {{"Shop": "Server=db;Database=shop;User Id=sa;Password={LONG};"}}}}\n',
    ),
    ("libpq string", "db.py", f'dsn = "host=db.internal user=app password={SILLY}q dbname=shop"\n'),
    ("JDBC string", "application.properties", f"spring.datasource.password={LONG}\n"),
    (
        "Azure storage",
        "local.settings.json",
        '{"Values": {"AzureWebJobsStorage": "DefaultEndpointsProtocol=https;AccountName=shop;AccountKey='
        + made(BASE64, 86, 11)
        + '==;EndpointSuffix=core.windows.net"}}\n',
    ),
    (
        "Azure service bus",
        "local.settings.json",
        '{"Values": {"Bus": "Endpoint=sb://shop.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey='
        + made(BASE64, 43, 12)
        + '="}}\n',
    ),
    ("GitHub token", "ci.sh", "TOKEN=" + "ghp_" + made(MIXED, 36, 13) + "\n"),
    ("GitLab token", "ci.yml", "token: " + "glpat-" + made(MIXED, 20, 14) + "\n"),
    (
        "Slack token",
        "notify.py",
        'client = WebClient("xox' + "b-" + made(string.digits, 12, 15) + "-" + made(MIXED, 24, 16) + '")\n',
    ),
    (
        "Slack webhook",
        "notify.js",
        "post('https://hooks.slack."
        + "com/services/T"
        + made(UPPER, 8, 17)
        + "/B"
        + made(UPPER, 8, 18)
        + "/"
        + made(MIXED, 24, 19)
        + "');\n",
    ),
    ("Stripe live key", "pay.js", "const stripe = require('stripe')('sk_" + "live_" + made(MIXED, 24, 20) + "');\n"),
    ("Stripe test key", "pay.py", 'stripe.api_key = "sk_' + "test_" + made(MIXED, 24, 21) + '"\n'),
    (
        "Stripe in Terraform",
        "main.tf",
        'variable "stripe" {\n  default = "sk_' + "live_" + made(MIXED, 24, 22) + '"\n}\n',
    ),
    ("OpenAI key", "ai.py", 'openai.api_key = "sk-' + "proj-" + made(MIXED, 48, 23) + '"\n'),
    ("SendGrid key", "mail.js", "sgMail.setApiKey('SG." + made(MIXED, 22, 24) + "." + made(MIXED, 43, 25) + "');\n"),
    ("Twilio token", "sms.py", f'TWILIO_AUTH_TOKEN = "{HEX32}"\n'),
    ("Google key", "maps.js", "const key = 'AIza" + made(MIXED, 35, 26) + "';\n"),
    ("Datadog key", ".env", f"DATADOG_API_KEY={HEX32}\n"),
    ("npm token", ".npmrc", "//npm.corp.example/:_authToken=" + "npm_" + made(MIXED, 36, 27) + "\n"),
    ("PyPI password", ".pypirc", "[pypi]\npassword = pypi-AgE" + made(MIXED, 60, 28) + "\n"),
    ("web token", "call.py", f'headers = {{"Authorization": "Bearer {TOKEN}"}}\n'),
    ("private key in a file", "key.pem", PEM),
    ("private key in code", "sign.js", f"const privateKey = `{PEM}`;\n"),
    ("private key in JSON", "service-account.json", '{"private_key": "' + PEM.replace("\n", "\\n") + '"}\n'),
    ("key store", "certs/server.p12", "\n"),
    (
        "parameter default",
        "template.yaml",
        f"AWSTemplateFormatVersion: '2010-09-09'\nParameters:\n  DbPassword:\n    Type: String\n    NoEcho: true\n    Default: {WEAK}\n",
    ),
    (
        "parameter default in JSON",
        "template.json",
        f'{{"AWSTemplateFormatVersion": "2010-09-09",\n "Parameters": {{\n  "MasterUserPassword": {{\n   "Type": "String",\n   "NoEcho": true,\n   "Default": "{WEAK}"\n  }}\n }}\n}}\n',
    ),
    (
        "property in a template",
        "template.yaml",
        f"Resources:\n  Db:\n    Type: AWS::RDS::DBInstance\n    Properties:\n      MasterUserPassword: {WEAK}\n",
    ),
    (
        "environment in a template",
        "template.yaml",
        f"Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Environment:\n        Variables:\n          DB_PASSWORD: {SILLY}\n",
    ),
    (
        "quoted environment in a template",
        "template.yaml",
        f'Resources:\n  F:\n    Type: AWS::Serverless::Function\n    Properties:\n      Environment:\n        Variables:\n          API_TOKEN: "{MIX32}"\n',
    ),
    (
        "environment in Terraform",
        "main.tf",
        f'resource "aws_lambda_function" "f" {{\n  environment {{\n    variables = {{\n      DB_PASSWORD = "{LONG}"\n    }}\n  }}\n}}\n',
    ),
    (
        "variable in Terraform",
        "variables.tf",
        f'variable "db_password" {{\n  type    = string\n  default = "{WEAK}"\n}}\n',
    ),
    ("tfvars", "prod.tfvars", f'db_password = "{LONG}"\n'),
    (
        "resource in Terraform",
        "main.tf",
        f'resource "aws_db_instance" "d" {{\n  username = "app"\n  password = "{SILLY}"\n}}\n',
    ),
    ("build variable", "buildspec.yml", f"env:\n  variables:\n    NPM_TOKEN: {MIX32}\n"),
    ("container", "Dockerfile", f"FROM python:3.12\nENV DB_PASSWORD={SILLY}\n"),
    ("container, old form", "Dockerfile", f"FROM node:20\nENV API_SECRET {MIX32}\n"),
    ("compose list", "docker-compose.yml", f"services:\n  db:\n    environment:\n      - POSTGRES_PASSWORD={SILLY}\n"),
    ("compose map", "docker-compose.yml", f"services:\n  db:\n    environment:\n      MYSQL_ROOT_PASSWORD: {PLAIN}\n"),
    ("name and value", "task.yaml", f"env:\n  - name: DB_PASSWORD\n    value: {SILLY}\n"),
    ("name and value in JSON", "task.json", f'[\n {{\n  "name": "DB_PASSWORD",\n  "value": "{SILLY}"\n }}\n]\n'),
    ("curl", "deploy.sh", f"curl -u admin:{LONG} https://repo.corp.example/x\n"),
    ("commented out", "db.py", f'# password = "{made(MIXED, 16, 29)}"\n'),
    ("ini", "settings.ini", f"[db]\npassword = {SILLY}\n"),
    ("TOML", "config.toml", f'[db]\npassword = "{SILLY}"\n'),
    ("Ruby", "app.rb", f"config.password = '{SILLY}'\n"),
    ("Go", "main.go", f'dbPassword := "{LONG}"\n'),
    ("Java", "App.java", f'private static final String DB_PASSWORD = "{LONG}";\n'),
    ("C#", "App.cs", f'string apiKey = "{MIX32}";\n'),
    ("PHP", "index.php", f"$db_password = '{SILLY}';\n"),
    ("PHP array", "config.php", f"'password' => '{SILLY}',\n"),
    ("Kotlin", "App.kt", f'val clientSecret = "{MIX32}"\n'),
    ("Rust", "main.rs", f'let api_key = "{MIX32}";\n'),
    ("client secret", "oauth.js", f"clientSecret: '{MIX32}',\n"),
    ("encryption key", "crypt.py", f'ENCRYPTION_KEY = "{MIX32}"\n'),
    ("session secret", "app.js", f"app.use(session({{ secret: '{_word('keyboard', '-cat-1')}' }}));\n"),
    ("webhook secret", "hook.py", f'WEBHOOK_SECRET = "{MIX24}"\n'),
    ("state machine", "machine.asl.json", f'{{"Parameters": {{"Password": "{LONG}"}}}}\n'),
    ("notebook", "explore.ipynb", f'{{"source": ["api_key = \\"{MIX32}\\"\\n"]}}\n'),
    ("password with symbols", "db.py", 'password = "p@$$' + 'w0rd!"\n'),
    ("admin password", "users.py", f'ADMIN_PASSWORD = "{_word("admin", "123")}"\n'),
    ("root password in a map", "users.js", f'const users = {{ root: {{ password: "{_word("toor", "toor1")}" }} }};\n'),
    (
        "output of a secret parameter",
        "template.yaml",
        "AWSTemplateFormatVersion: '2010-09-09'\nParameters:\n  DbPassword:\n    Type: String\n    NoEcho: true\nOutputs:\n  Password:\n    Value: !Ref DbPassword\n",
    ),
)

NEGATIVE: Sequence[Sample] = (
    ("variable of the environment", "a.py", 'PASSWORD = os.environ["DB_PASSWORD"]\n'),
    ("environ.get without default", "a.py", 'PASSWORD = os.environ.get("DB_PASSWORD")\n'),
    ("empty default", "a.py", 'PASSWORD = os.environ.get("DB_PASSWORD", "")\n'),
    ("from the event", "a.py", 'password = event["body"]["password"]\n'),
    ("from a function", "a.py", "password = get_password()\n"),
    ("process.env", "a.js", "const secret = process.env.JWT_SECRET;\n"),
    ("documentation's key", "a.py", 'key = "AK' + 'IAIOSFODNN7EXAMPLE"\n'),
    ("documentation's secret", "a.py", 'aws_secret_access_key = "wJalrXUtnFEMI/K7MDENG/bPxRfi' + 'CYEXAMPLEKEY"\n'),
    ("secret's ARN", "a.yaml", "SecretArn: arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf\n"),
    (
        "secret's ARN under a secret's name",
        "a.yaml",
        "DB_SECRET: arn:aws:secretsmanager:eu-west-1:111122223333:secret:prod/db-AbCdEf\n",
    ),
    (
        "resolve of Secrets Manager",
        "a.yaml",
        "MasterUserPassword: '{{resolve:secretsmanager:prod/db:SecretString:password}}'\n",
    ),
    ("resolve of SSM", "a.yaml", "Password: '{{resolve:ssm-secure:/prod/db/password:1}}'\n"),
    ("Ref", "a.yaml", "MasterUserPassword: !Ref DbPassword\n"),
    ("Ref in JSON", "a.json", '{"MasterUserPassword": {"Ref": "DbPassword"}}\n'),
    ("Sub", "a.yaml", 'Password: !Sub "${DbPassword}"\n'),
    ("Sub of a resolve", "a.yaml", "Password: !Sub '{{resolve:secretsmanager:${Secret}:SecretString:password}}'\n"),
    ("placeholder", "a.py", 'API_KEY = "changeme"\n'),
    ("your key here", "a.js", "const apiKey = 'YOUR_API_KEY';\n"),
    ("your-key", ".env.example", "API_KEY=your-api-key-here\n"),
    ("angle brackets", "a.py", 'TOKEN = "<your token>"\n'),
    ("crosses", "a.yaml", "password: xxxxxxxx\n"),
    ("stars", "a.yaml", "password: '********'\n"),
    ("name of a variable", "a.py", 'PASSWORD_VAR = "DB_PASSWORD"\n'),
    ("name of a variable as a value", "a.py", 'password = "DB_PASSWORD"\n'),
    ("name of a secret", "a.py", 'SECRET_NAME = "prod/orders/db"\n'),
    ("id of a secret", "a.py", 'client.get_secret_value(SecretId="prod/orders/db")\n'),
    ("id of a secret under secret", "a.py", 'secret = "prod/orders/db"\n'),
    ("kebab name of a secret", "a.yaml", "secret: orders-db-credentials\n"),
    ("parameter's path", "a.py", 'token_path = "/prod/github/token"\n'),
    ("parameter's path under token", "a.py", 'token = "/prod/github/token"\n'),
    ("message", "a.py", 'password = "Password must have 8 characters"\n'),
    ("message with a colon", "a.js", 'throw new Error("Invalid password: must have at least one digit");\n'),
    ("message in a map", "a.json", '{"password": "The password is required"}\n'),
    ("label", "a.json", '{"passwordLabel": "Your password"}\n'),
    ("i18n key", "a.ts", "password: 'errors.password.invalid',\n"),
    ("input type", "a.html", '<input type="password" name="password">\n'),
    ("schema", "a.json", '{"properties": {"password": {"type": "string"}}}\n'),
    ("schema type as a value", "a.js", "const schema = { password: 'string', token: 'string' };\n"),
    ("type annotation", "a.ts", "interface User { password: string; token?: string }\n"),
    ("parameter without default", "a.py", "def login(user: str, password: str) -> bool: ...\n"),
    ("field name", "a.py", 'password_field = "password"\n'),
    ("same as its name", "a.py", 'password = "password"\n'),
    ("token type", "a.js", "const tokenType = 'Bearer';\n"),
    ("token use", "a.js", "if (claims.token_use === 'access') {}\n"),
    ("token equals a kind", "a.js", "if (token === 'refresh') {}\n"),
    ("authorization scheme", "a.js", "headers.Authorization = `Bearer ${token}`;\n"),
    ("f-string", "a.py", 'headers = {"Authorization": f"Bearer {token}"}\n'),
    ("URL of a token", "a.py", 'token_url = "https://auth.example.com/oauth2/token"\n'),
    ("URL under token", "a.py", 'TOKEN = "https://auth.example.com/oauth2/token"\n'),
    ("URL with a user only", "a.py", 'u = "https://git@github.com/org/repo"\n'),
    ("URL with a place for a password", "a.py", 'u = f"postgresql://{user}:{password}@{host}/db"\n'),
    ("URL with variables", "a.yaml", "url: postgresql://${USER}:${PASS}@db/x\n"),
    ("URL with placeholders", "a.py", "# postgresql://user:password@host:5432/db\n"),
    ("sha256", "a.py", f'digest = "{made(HEX, 64, 40)}"\n'),
    ("sha1 commit", "a.yaml", f"uses: actions/checkout@{made(HEX, 40, 41)}\n"),
    ("integrity", "package-lock.json", f'{{"integrity": "sha512-{made(BASE64, 86, 42)}=="}}\n'),
    ("integrity in a page", "a.html", f'<script integrity="sha384-{made(BASE64, 64, 43)}"></script>\n'),
    ("hash of pip", "requirements.txt", f"boto3==1.34.0 --hash=sha256:{made(HEX, 64, 44)}\n"),
    ("UUID", "a.py", 'request_id = "3f2504e0-4f89-11d3-9a0c-0305e82c3301"\n'),
    ("UUID under token", "a.py", 'CLIENT_TOKEN = "3f2504e0-4f89-11d3-9a0c-0305e82c3301"\n'),
    ("account id", "a.yaml", "Account: '111122223333'\n"),
    ("base64 picture", "a.css", f"background: url(data:image/png;base64,{made(BASE64, 200, 45)})\n"),
    ("public key", "a.pem", "-----BEGIN PUBLIC KEY-----\n" + made(BASE64, 64, 46) + "\n-----END PUBLIC KEY-----\n"),
    ("certificate", "a.crt", "-----BEGIN CERTIFICATE-----\n" + made(BASE64, 64, 47) + "\n-----END CERTIFICATE-----\n"),
    ("ssh public key", "a.pub", "ssh-rsa " + made(BASE64, 200, 48) + " me@host\n"),
    ("Sentry DSN", "a.py", f'SENTRY_DSN = "https://{made(HEX, 32, 49)}@o1.ingest.sentry.io/12345"\n'),
    ("publishable key", "a.js", "const publishableKey = 'pk_" + "live_" + made(MIXED, 24, 50) + "';\n"),
    ("minimum length", "a.yaml", "PasswordPolicy:\n  MinimumLength: 8\n  RequireNumbers: true\n"),
    ("password policy", "a.tf", "password_policy {\n  minimum_length = 12\n}\n"),
    ("length", "a.py", "PASSWORD_LENGTH = 16\n"),
    ("expiry", "a.py", 'TOKEN_EXPIRY = "3600"\n'),
    ("hours", "a.yaml", "token_validity_hours: 24\n"),
    ("switch", "a.yaml", "generate_secret: true\n"),
    ("switch as text", "a.env", "USE_TOKEN=true\n"),
    ("random by Terraform", "a.tf", 'resource "aws_db_instance" "d" {\n  password = random_password.db.result\n}\n'),
    ("variable of Terraform", "a.tf", "password = var.db_password\n"),
    ("interpolation of Terraform", "a.tf", 'password = "${var.db_password}"\n'),
    ("data of Terraform", "a.tf", "password = data.aws_secretsmanager_secret_version.db.secret_string\n"),
    ("empty variable of Terraform", "a.tf", 'variable "db_password" {\n  type      = string\n  sensitive = true\n}\n'),
    ("secret of GitHub", "a.yml", "token: ${{ secrets.GITHUB_TOKEN }}\n"),
    ("serverless ssm", "serverless.yml", "environment:\n  DB_PASSWORD: ${ssm:/prod/db/password}\n"),
    ("serverless env", "serverless.yml", "environment:\n  API_KEY: ${env:API_KEY}\n"),
    ("shell variable", "a.sh", 'export DB_PASSWORD="$PASSWORD"\n'),
    ("shell command", "a.sh", "export TOKEN=$(aws ssm get-parameter --name /x)\n"),
    ("shell braces", "a.sh", "PASSWORD=${PASSWORD:-}\n"),
    ("Docker argument", "Dockerfile", "ARG NPM_TOKEN\nENV TOKEN=$NPM_TOKEN\n"),
    (
        "Key Vault reference",
        "a.json",
        '{"DbPassword": "@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/db)"}\n',
    ),
    ("Google secret", "a.yaml", "secret: projects/p/secrets/db/versions/latest\n"),
    ("file of a key", "a.py", 'private_key = "certs/server.key"\n'),
    ("file of a secret", "a.js", "const secretFile = 'secret.json';\n"),
    ("import of a module", "a.js", "const secrets = require('./secrets');\n"),
    ("import of a class", "a.py", "from aws_cdk import aws_secretsmanager as secretsmanager\n"),
    ("name of a class", "a.ts", "const token = 'AuthorizationToken';\n"),
    ("header's name", "a.py", 'TOKEN_HEADER = "x-auth-token"\n'),
    ("header's name under token", "a.ts", "token: 'X-Amz-Security-Token',\n"),
    ("claim", "a.py", 'claims = {"token_use": "id"}\n'),
    ("CSS class", "a.js", "className = 'sk-button-primary-large-token'\n"),
    ("pagination", "a.py", 'next_token = response.get("NextToken")\n'),
    ("pagination literal", "a.py", 'kwargs["NextToken"] = token\n'),
    ("constant of a dictionary", "a.py", 'KEYS = {"token": "accessToken", "secret": "clientSecret"}\n'),
    ("jsonpath", "a.json", '{"password.$": "$.body.password"}\n'),
    ("VTL", "a.yaml", "password: $input.path('$.password')\n"),
    ("template of a mail", "a.html", "<p>Your password: {{ password }}</p>\n"),
    ("format string", "a.py", 'line = "password=%s" % password\n'),
    ("query built", "a.js", "const q = `token=${token}`;\n"),
    ("log", "a.py", 'logger.info("token: %s", mask(token))\n'),
    ("prose", "README.md", "Set `password: hunter2` in your settings to try it.\n"),
    ("comment about a password", "a.py", "# the password: see the vault\n"),
    ("localised word", "a.json", '{"password": "Passwort", "token": "Zeichen"}\n'),
    ("enumeration", "a.ts", "enum Kind { Password = 'PASSWORD', Token = 'TOKEN' }\n"),
    ("mode of a key", "a.yaml", "ApiKeySourceType: HEADER\napi_key: required\n"),
    ("algorithm", "a.yaml", "signing_key_algorithm: RS256\n"),
    ("alias of a key", "a.yaml", "EncryptionKey: alias/orders\n"),
    ("key of a table", "a.py", 'table.get_item(Key={"pk": "USER#1", "sk": "TOKEN#1"})\n'),
    ("partition key", "a.yaml", "PartitionKey: customerId\nprimary_key: orderId\n"),
    ("test id", "a.tsx", '<input data-testid="password-input" />\n'),
    ("word in a name", "a.py", 'compass_heading = "north-west"\nmonkey = "banana99"\n'),
    ("tokenizer", "a.py", 'tokenizer = "bert-base-uncased"\n'),
    ("version tag", "a.yaml", "image: repo/secret-service:v1.2.3\n"),
    ("lock file", "yarn.lock", f'  resolved "https://registry.yarnpkg.com/x/-/x-1.0.0.tgz#{made(HEX, 40, 51)}"\n'),
)
