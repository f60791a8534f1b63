"""Where code gets the secrets that it needs: from a manager while it runs, or out of its environment."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .. import ir
from ..arguments import options
from ..naming import View
from ..scopes import Scope
from ..secrets import is_secret_name
from .credentials import variable_of
from .fact import SECRETS, Fact

# Reads from a manager. Sources: AWS Secrets Manager, "GetSecretValue" and "Using the Lambda extension" (localhost, port 2773); Systems Manager, "GetParameter"; Powertools, "Parameters";
# Azure Key Vault and Google Secret Manager client libraries; KMS, "Decrypt".
_READS = re.compile(
    r"get_secret_value$|batch_get_secret_value$|getSecretValue$|GetSecretValueCommand$|\(ssm\)\.get_parameters?(?:_by_path)?$|ssm.*\.getParameters?(?:ByPath)?$|GetParameters?(?:ByPath)?Command$|parameters\.get_secret$|"
    r"\.get_secret$|getSecret$|parameters\.get_parameters?$|access_secret_version$|accessSecretVersion$|SecretClient|\(kms\)\.decrypt$|DecryptCommand$|get_secret_string$|SecretCache\(\)|\(secretsmanager\)",
)
_EXTENSION = re.compile(r"localhost:2773|127\.0\.0\.1:2773|X-Aws-Parameters-Secrets-Token", re.IGNORECASE)
# The call, and the arguments under which it is given its secret (positions for those without a name).
_NEEDS: dict[str, tuple[tuple[str, ...], tuple[int, ...]]] = {
    "psycopg2.connect": (("password", "dsn"), (0,)),
    "psycopg.connect": (("password", "conninfo"), (0,)),
    "pymysql.connect": (("password", "passwd"), (2,)),
    "mysql.connector.connect": (("password", "passwd"), ()),
    "MySQLdb.connect": (("password", "passwd"), (2,)),
    "pyodbc.connect": (("PWD", "password", "connstring"), (0,)),
    "pymssql.connect": (("password",), (2,)),
    "asyncpg.connect": (("password", "dsn"), (0,)),
    "asyncpg.create_pool": (("password", "dsn"), (0,)),
    "cx_Oracle.connect": (("password",), (1,)),
    "oracledb.connect": (("password",), (1,)),
    "sqlalchemy.create_engine": (("url",), (0,)),
    "pymongo.MongoClient": (("host", "password"), (0,)),
    "redis.Redis": (("password",), ()),
    "redis.StrictRedis": (("password",), ()),
    "redis.from_url": (("url",), (0,)),
    "pg.Client": (("password", "connectionString"), (0,)),
    "pg.Pool": (("password", "connectionString"), (0,)),
    "mysql.createConnection": (("password",), (0,)),
    "mysql.createPool": (("password",), (0,)),
    "mysql2.createConnection": (("password",), (0,)),
    "mysql2.createPool": (("password",), (0,)),
    "mysql2/promise.createConnection": (("password",), (0,)),
    "mysql2/promise.createPool": (("password",), (0,)),
    "serverless-mysql": (("config.password", "password"), ()),
    "mssql.connect": (("password",), (0,)),
    "mongoose.connect": ((), (0,)),
    "mongodb.MongoClient": ((), (0,)),
    "mongodb.MongoClient.connect": ((), (0,)),
    "ioredis": (("password",), (0,)),
    "sequelize": (("password",), (2, 0)),
    "sequelize.Sequelize": (("password",), (2, 0)),
    "knex": (("connection.password",), ()),
    "stripe": (("apiKey",), (0,)),
    "stripe.StripeClient": (("api_key",), (0,)),
    "twilio": ((), (1,)),
    "twilio.rest.Client": (("password",), (1,)),
    "sendgrid.SendGridAPIClient": (("api_key",), (0,)),
    "@sendgrid/mail.setApiKey": ((), (0,)),
    "openai.OpenAI": (("api_key", "apiKey"), ()),
    "openai": (("api_key", "apiKey"), ()),
    "anthropic.Anthropic": (("api_key", "apiKey"), ()),
    "@anthropic-ai/sdk": (("apiKey",), ()),
    "slack_sdk.WebClient": (("token",), (0,)),
    "@slack/web-api.WebClient": ((), (0,)),
    "telegram.Bot": (("token",), (0,)),
    "nodemailer.createTransport": (("auth.pass",), ()),
    "smtplib.SMTP().login": (("password",), (1,)),
    "smtplib.SMTP_SSL().login": (("password",), (1,)),
}
_SET = frozenset({"stripe.api_key", "openai.api_key", "sendgrid.api_key"})
_HOLDS_SECRET = re.compile(
    r"(?:DATABASE|DB|MONGO(?:DB)?|REDIS|POSTGRES|MYSQL|PG|AMQP|SQL)\w*_?(?:URL|URI|DSN|CONN(?:ECTION)?(?:_?STR(?:ING)?)?)$|CONNECTION_?STRING$|^(?:MONGO_?URI|DATABASE_?URL)$",
    re.IGNORECASE,
)


def manager_reads(view: View) -> int:
    """How often the code of a package reads a secret from a manager."""
    count = 0
    for scope in view.scopes:
        for node in scope.nodes:
            if isinstance(node, ir.Call):
                count += bool(_READS.search(view.named(node.function, scope)))
            elif isinstance(node, ir.Constant) and isinstance(node.value, str):
                count += bool(_EXTENSION.search(node.value))
    return count


def secrets_use(view: View) -> Iterator[Fact]:
    """One fact for each driver or kit that is given a secret out of the environment, and one for each read from a manager."""
    reads = manager_reads(view)
    for scope in view.scopes:
        for node in scope.nodes:
            if isinstance(node, ir.Call):
                name = view.named(node.function, scope)
                if _READS.search(name):
                    yield Fact(
                        SECRETS,
                        "manager-read",
                        name,
                        node.place,
                        scope,
                        f"{name} reads a secret while the function runs",
                        details={"variable": ""},
                    )
                elif name.replace(".default", "") in _NEEDS:
                    yield from _given(view, node, scope, name.replace(".default", ""), reads)
            elif isinstance(node, ir.Assign) and node.value is not None:
                for target in node.targets:
                    name = view.named(target, scope) if isinstance(target, ir.Member) else ""
                    if name in _SET:
                        yield from _fact(view, node.value, scope, name, node.place, reads)


def _given(view: View, call: ir.Call, scope: Scope, name: str, reads: int) -> Iterator[Fact]:
    names, positions = _NEEDS[name]
    given = options(view, call, scope)
    for each in names:
        if each in given:
            yield from _fact(view, *given[each], name, call.place, reads)
            return
    plain = [each.value for each in call.arguments if not each.name]
    for at in positions:
        if at < len(plain):
            yield from _fact(view, plain[at], scope, name, call.place, reads)
            return


def _fact(view: View, value: ir.Expression, scope: Scope, name: str, place: ir.Place, reads: int) -> Iterator[Fact]:
    for variable in _variables(view, value, scope):
        if is_secret_name(variable) or _HOLDS_SECRET.search(variable):
            said = f"{name} is given its secret from the environment variable {variable}"
            yield Fact(
                SECRETS,
                "secret-from-environment",
                name,
                place,
                scope,
                said,
                # The address of a cache often holds no password.
                not reads and "redis" not in variable.lower(),
                {"variable": variable, "reads": reads},
            )
            return


def _variables(view: View, value: ir.Expression, scope: Scope, depth: int = 4) -> Iterator[str]:
    """The environment variables that a value is made of, also as a part of a text."""
    one = variable_of(view, value, scope)
    if one:
        yield one
        return
    found, where = view.once(value, scope)
    parts: tuple[ir.Expression, ...] = ()
    if isinstance(found, ir.Text):
        parts = found.parts
    elif isinstance(found, ir.Binary):
        parts = (found.left, found.right)
    for each in parts if depth else ():
        yield from _variables(view, each, where, depth - 1)
