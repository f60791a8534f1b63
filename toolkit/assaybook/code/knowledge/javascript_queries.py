"""Where untrusted data becomes a query in JavaScript: SQL in its dialects, and the objects and expressions of stores without it."""

from __future__ import annotations

from collections.abc import Iterable

from .terms import NOSQL, SQL, Sink

_SQL = "runs it as SQL"
_STATEMENT = "runs it as a statement"
_QUERY = ("sql", "text")  # as keys of a query that is an object: mysql and pg
_DRIVERS = (
    "mysql",
    "mysql2",
    "mysql2/promise",
    "promise-mysql",
    "serverless-mysql",
    "pg",
    "pg-promise",
    "sqlite3",
    "sqlite",
    "better-sqlite3",
)
_MORE = (
    "knex", "sequelize", "typeorm", "mssql", "oracledb", "mariadb", "tedious", "data-api-client", "postgres", "slonik", "@neondatabase/serverless",
    "@planetscale/database", "@libsql/client", "snowflake-sdk", "node-firebird", "ibm_db", "msnodesqlv8", "@vercel/postgres", "drizzle-orm", "kysely",
    "@databricks/sql", "duckdb", "sql.js",
)  # fmt: skip
DRIVERS = (*_DRIVERS, *_MORE)


def _sql(names: Iterable[str], positions: tuple[int, ...] = (0,), keys: tuple[str, ...] = _QUERY) -> tuple[Sink, ...]:
    return tuple(Sink(SQL, name, positions, keys=keys, said=_SQL) for name in names)


def _methods(owners: Iterable[str], methods: Iterable[str]) -> tuple[str, ...]:
    methods = tuple(methods)
    return tuple(f"{owner}.{method}" for owner in owners for method in methods)


_CONNECTIONS = (
    *_methods(
        (
            *(f"{module}.{made}" for module in ("mysql", "mysql2", "mysql2/promise", "mysql2.promise", "promise-mysql",
                "mariadb") for made in ("createConnection", "createPool", "createPoolCluster")),
            *(f"{module}.createPool.getConnection" for module in ("mysql", "mysql2", "mysql2/promise", "promise-mysql", "mariadb")),
            *(f"mysql2.{made}.promise" for made in ("createConnection", "createPool")),
            "serverless-mysql",
            "mysql",
        ),
        ("query", "execute"),
    ),
    *_methods(
        ("pg.Client", "pg.Pool", "pg.native.Client", "pg.Pool.connect", "pg-pool", "@neondatabase/serverless.Pool", "@neondatabase/serverless.Client",
            "@vercel/postgres.sql"),
        ("query",),
    ),
    *_methods(("sqlite3.Database", "sqlite.open", "sqlite3.verbose.Database", "sqlite3.cached.Database"), ("run", "get", "all", "each", "exec", "prepare")),
    *_methods(("better-sqlite3", "node:sqlite.DatabaseSync", "duckdb.Database", "sql.js.Database"), ("prepare", "exec", "run", "all")),
    *_methods(("oracledb.getConnection", "oracledb.createPool.getConnection"), ("execute", "executeMany", "queryStream")),
    *_methods(("mssql", "mssql.Request", "mssql.ConnectionPool", "mssql.connect", "mssql.connect.request", "mssql.ConnectionPool.request"), ("query",
        "batch", "execute")),
    "tedious.Request",
    *_methods(("data-api-client", "@planetscale/database.connect", "@libsql/client.createClient"), ("query", "execute", "batch")),
)  # fmt: skip

_BUILDERS = (
    *_methods(("knex", "knex.knex", "knex.default"), ("raw",)),
    *_methods(("sequelize.Sequelize", "sequelize", "sequelize.default", "sequelize-typescript.Sequelize"), ("query", "literal")),
    *_methods(
        ("typeorm.DataSource", "typeorm.createConnection", "typeorm.getConnection", "typeorm.getManager", "typeorm.getRepository", "typeorm.EntityManager"),
        ("query",),
    ),
    *_methods(("typeorm.DataSource.manager", "typeorm.DataSource.createQueryRunner", "typeorm.DataSource.getRepository", "typeorm.Repository"), ("query",)),
    *_methods(("@prisma/client.PrismaClient",), ("$queryRawUnsafe", "$executeRawUnsafe")),
    "@prisma/client.Prisma.raw",
    "drizzle-orm.sql.raw",
    "kysely.sql.raw",
    "postgres.unsafe",
    "slonik.sql.unsafe",
)  # fmt: skip

# Methods of anything: a flow is certain only in a package that uses a driver.
_ANYTHING = tuple(
    Sink(SQL, f"*.{method}", keys=_QUERY, when_imported=DRIVERS, said=_SQL)
    for method in ("query", "execute", "$queryRawUnsafe", "$executeRawUnsafe", "queryRaw", "executeSql", "raw", "literal", "whereRaw", "orderByRaw",
        "havingRaw", "selectRaw", "joinRaw", "groupByRaw", "fromRaw")
)  # fmt: skip
# Parts of queries that are texts: only one that is put together, or untrusted as a whole, does harm.
_PARTS = tuple(
    Sink(
        SQL,
        f"*.{method}",
        (0,),
        built=True,
        when_imported=("typeorm",),
        said="puts it into the text of a query",
        deep=False,
    )
    for method in ("where", "andWhere", "orWhere", "having", "andHaving", "orHaving")
)
_SERVICES = (
    *(
        Sink(SQL, f"{client}.executeStatement", keys=("sql",), said=_SQL)
        for client in ("aws-sdk.RDSDataService", "@aws-sdk/client-rds-data.RDSData")
    ),
    *(
        Sink(SQL, f"{client}.batchExecuteStatement", keys=("sql",), said=_SQL)
        for client in ("aws-sdk.RDSDataService", "@aws-sdk/client-rds-data.RDSData")
    ),
    Sink(SQL, "@aws-sdk/client-rds-data.ExecuteStatementCommand", keys=("sql",), said=_SQL),
    Sink(SQL, "@aws-sdk/client-rds-data.BatchExecuteStatementCommand", keys=("sql",), said=_SQL),
    Sink(SQL, "aws-sdk.RedshiftData.executeStatement", keys=("Sql",), said=_SQL),
    Sink(SQL, "@aws-sdk/client-redshift-data.ExecuteStatementCommand", keys=("Sql",), said=_SQL),
    Sink(SQL, "@aws-sdk/client-redshift-data.RedshiftData.executeStatement", keys=("Sql",), said=_SQL),
    Sink(SQL, "aws-sdk.Athena.startQueryExecution", keys=("QueryString",), said=_SQL),
    Sink(SQL, "@aws-sdk/client-athena.StartQueryExecutionCommand", keys=("QueryString",), said=_SQL),
    Sink(SQL, "@aws-sdk/client-athena.Athena.startQueryExecution", keys=("QueryString",), said=_SQL),
    Sink(SQL, "aws-sdk.TimestreamQuery.query", keys=("QueryString",), said=_SQL),
    Sink(SQL, "@aws-sdk/client-timestream-query.QueryCommand", keys=("QueryString",), said=_SQL),
    Sink(SQL, "aws-sdk.CloudWatchLogs.startQuery", keys=("queryString",), said=_STATEMENT, review="it reads logs only"),
    Sink(SQL, "@google-cloud/bigquery.BigQuery.query", keys=("query",), said=_SQL),
    Sink(SQL, "@google-cloud/bigquery.BigQuery.createQueryJob", keys=("query",), said=_SQL),
    Sink(SQL, "@google-cloud/spanner.Spanner.instance.database.run", keys=("sql",), said=_SQL),
    # PartiQL of DynamoDB is SQL in all that matters here. Source: Amazon DynamoDB Developer Guide, "PartiQL - a SQL-compatible query language".
    *(
        Sink(SQL, name, keys=("Statement",), said=_STATEMENT)
        for name in (
            "aws-sdk.DynamoDB.executeStatement",
            "aws-sdk.DynamoDB.DocumentClient.executeStatement",
            "@aws-sdk/client-dynamodb.ExecuteStatementCommand",
            "@aws-sdk/lib-dynamodb.ExecuteStatementCommand",
            "@aws-sdk/client-dynamodb.DynamoDB.executeStatement",
            "@aws-sdk/lib-dynamodb.DynamoDBDocument.executeStatement",
        )
    ),
    *(
        Sink(SQL, name, keys=("Statements",), said=_STATEMENT)
        for name in (
            "aws-sdk.DynamoDB.batchExecuteStatement",
            "@aws-sdk/client-dynamodb.BatchExecuteStatementCommand",
            "@aws-sdk/lib-dynamodb.BatchExecuteStatementCommand",
        )
    ),
    # Cosmos takes a text, or a text and its parameters apart.
    *(
        Sink(SQL, f"*.{owner}.{method}", keys=("query",), when_imported=("@azure/cosmos",), said=_STATEMENT)
        for owner in ("items", "databases", "containers", "storedProcedures")
        for method in ("query", "readAll")
    ),
    Sink(SQL, "*.items.query", keys=("query",), when_imported=("@azure/cosmos",), said=_STATEMENT),
)

_FILTER = "takes it as a filter, in which an object stands for an operator"
_MONGO_IMPORTED = ("mongodb", "mongoose", "monk", "mongojs", "mongoist", "@typegoose/typegoose", "papr")
_MONGO = [
    "find",
    "findOne",
    "findOneAndUpdate",
    "findOneAndDelete",
    "findOneAndReplace",
    "findOneAndRemove",
    "updateOne",
    "updateMany",
    "deleteOne",
    "deleteMany",
    "replaceOne",
    "countDocuments",
]
# Names that much else has: only of what is known to be a collection or a model.
_MONGO_OF_KNOWN = ("count", "distinct", "exists", "remove", "update")
_DOCUMENT_CLIENTS = (
    "aws-sdk.DynamoDB.DocumentClient",
    "aws-sdk.DynamoDB",
    "@aws-sdk/client-dynamodb.DynamoDB",
    "@aws-sdk/lib-dynamodb.DynamoDBDocument",
    "@aws-sdk/lib-dynamodb.DynamoDBDocument.from",
)
_EXPRESSIONS = (
    "FilterExpression",
    "KeyConditionExpression",
    "UpdateExpression",
    "ConditionExpression",
    "ProjectionExpression",
)
_EXPRESSION = "takes it as a part of an expression"


def _dynamodb() -> tuple[Sink, ...]:
    methods = ("query", "scan", "update", "updateItem", "put", "putItem", "delete", "deleteItem", "get", "getItem")
    commands = ("Query", "Scan", "Update", "UpdateItem", "Put", "PutItem", "Delete", "DeleteItem", "Get", "GetItem")
    callees = [
        *_methods(_DOCUMENT_CLIENTS, methods),
        *(f"@aws-sdk/{module}.{name}Command" for module in ("client-dynamodb", "lib-dynamodb") for name in commands),
    ]
    conditions = ("ScanFilter", "QueryFilter", "KeyConditions")
    return (
        *(Sink(NOSQL, each, keys=_EXPRESSIONS, said=_EXPRESSION) for each in callees),
        *(
            Sink(NOSQL, each, keys=conditions, rule="structure", said="takes it as conditions of DynamoDB")
            for each in callees
        ),
    )


QUERIES: tuple[Sink, ...] = (
    *_sql((*_CONNECTIONS, *_BUILDERS)),
    *_ANYTHING,
    *_PARTS,
    *_SERVICES,
    *(
        Sink(NOSQL, f"*.{method}", rule="structure", when_imported=_MONGO_IMPORTED, said=_FILTER)
        for method in _MONGO
    ),
    *(
        Sink(NOSQL, f"{module}.*.{method}", rule="structure", said=_FILTER)
        for module in ("mongodb", "mongoose")
        for method in _MONGO_OF_KNOWN
    ),
    Sink(NOSQL, "*.aggregate", rule="structure", when_imported=_MONGO_IMPORTED, said="takes it as stages of a query"),
    *(
        Sink(NOSQL, f"*.{method}", keys=("$where", "$expr.$function.body"), when_imported=_MONGO_IMPORTED, said="runs it as code in the database")
        for method in _MONGO
    ),
    Sink(NOSQL, "*.$where", when_imported=_MONGO_IMPORTED, said="runs it as code in the database"),
    Sink(NOSQL, "*.mapReduce", (0, 1), when_imported=_MONGO_IMPORTED, said="runs it as code in the database"),
    *_dynamodb(),
    *(
        Sink(NOSQL, f"{client}.{method}", said="runs it as a script", when_imported=("redis", "ioredis"))
        for client in ("ioredis", "ioredis.Redis", "redis.createClient")
        for method in ("eval", "sendCommand")
    ),
    *(Sink(NOSQL, f"{client}.{method}", (0,), keys=("filter",), said="takes it as a filter") for client in ("ldapjs.createClient",) for method in ("search",)),
    Sink(NOSQL, "ldapjs.createClient.search", (0, 1), keys=("filter",), said="takes it as a name or filter"),
    Sink(NOSQL, "neo4j-driver.driver.session.run", said="runs it as a query"),
    Sink(NOSQL, "@elastic/elasticsearch.Client.search", keys=("body",
        "query"), rule="structure", said="takes it as a query", review="the store's rights decide"),
)  # fmt: skip
