"""Calls of Python that take queries and statements of databases. Source of each: the library's own documentation of the call."""

from __future__ import annotations

from .terms import (
    NOSQL,
    SQL,
    Sink,
)

_DATABASES = (
    "sqlite3",
    "psycopg2",
    "psycopg",
    "pymysql",
    "MySQLdb",
    "mysql",
    "pyodbc",
    "cx_Oracle",
    "oracledb",
    "pymssql",
    "asyncpg",
    "aiomysql",
    "aiopg",
    "aiosqlite",
    "sqlalchemy",
    "flask_sqlalchemy",
    "psycopg2cffi",
    "pg8000",
    "snowflake",
    "redshift_connector",
    "duckdb",
    "clickhouse_driver",
    "databases",
    "django",
    "peewee",
    "rds_config",
    "trino",
    "prestodb",
    "pyathena",
    "teradatasql",
    "jaydebeapi",
    "records",
    "dataset",
    "aurora_data_api",
    "sqlmodel",
)


_STATEMENT = "runs it as a statement of SQL"


_SQL = (
    *(
        Sink(
            SQL,
            f"*.{name}",
            keywords=("query", "sql", "operation", "statement"),
            when_imported=_DATABASES,
            said=_STATEMENT,
            deep=False,
        )
        for name in (
            "execute",
            "executemany",
            "executescript",
            "execute_async",
            "execute_sql",
            "exec_driver_sql",
            "raw_sql",
            "mogrify",
            "copy_expert",
        )
    ),
    *(
        Sink(
            SQL,
            f"*.{name}",
            keywords=("query", "sql"),
            when_imported=("asyncpg", "databases", "aiosqlite", "records", "dataset"),
            said=_STATEMENT,
            deep=False,
        )
        for name in ("fetch", "fetchrow", "fetchval", "fetch_all", "fetch_one", "execute_many", "query")
    ),
    *(
        Sink(SQL, f"*.{name}", when_imported=("django", "peewee"), said=_STATEMENT, deep=False)
        for name in ("raw", "extra")
    ),
    Sink(SQL, "django.db.models.expressions.RawSQL", said=_STATEMENT),
    *(
        Sink(
            SQL,
            f"*.{name}",
            when_imported=("sqlalchemy", "flask_sqlalchemy"),
            built=True,
            said="puts it into a statement of SQL",
        )
        for name in ("from_statement", "literal_column")
    ),
    *(
        Sink(SQL, f"{module}.{name}", keywords=("sql", "query"), said=_STATEMENT)
        for module in (
            "pandas",
            "awswrangler.athena",
            "awswrangler.mysql",
            "awswrangler.postgresql",
            "awswrangler.redshift",
        )
        for name in ("read_sql", "read_sql_query", "read_sql_table", "start_query_execution")
    ),
    *(
        Sink(SQL, f"boto3.client(rds-data).{name}", positions=(), keywords=("sql", "sqlStatements"), said=_STATEMENT)
        for name in ("execute_statement", "batch_execute_statement", "execute_sql")
    ),
    Sink(
        SQL,
        "boto3.client(athena).start_query_execution",
        positions=(),
        keywords=("QueryString",),
        said="runs it as a query of Athena",
    ),
    *(
        Sink(SQL, f"boto3.client(redshift-data).{name}", positions=(), keywords=("Sql", "Sqls"), said=_STATEMENT)
        for name in ("execute_statement", "batch_execute_statement")
    ),
    Sink(
        SQL,
        "boto3.client(timestream-query).query",
        positions=(),
        keywords=("QueryString",),
        said="runs it as a query of Timestream",
    ),
    *(
        Sink(SQL, f"{client}.{name}", positions=(), keywords=("Statement",), said="runs it as a statement of PartiQL")
        for client in ("boto3.client(dynamodb)", "boto3.resource(dynamodb).meta.client")
        for name in ("execute_statement",)
    ),
    *(
        Sink(
            SQL,
            f"boto3.client(dynamodb).{name}",
            positions=(),
            keywords=("Statements", "TransactStatements"),
            keys=("[].Statement",),
            said="runs it as a statement of PartiQL",
        )
        for name in ("batch_execute_statement", "execute_transaction")
    ),
    Sink(
        SQL,
        "boto3.client(logs).start_query",
        positions=(),
        keywords=("queryString",),
        review="it is a query of logs",
        said="runs it as a query of logs",
    ),
    Sink(
        SQL,
        "boto3.client(s3).select_object_content",
        positions=(),
        keywords=("Expression",),
        said="runs it as a query of an object",
    ),
    Sink(
        SQL,
        "*.query_items",
        keywords=("query",),
        when_imported=("azure",),
        said="runs it as a query of Cosmos DB",
        deep=False,
    ),
    Sink(
        SQL,
        "*.QueryItems",
        positions=(1,),
        when_imported=("azure", "pydocumentdb"),
        said="runs it as a query of Cosmos DB",
    ),
    *(
        Sink(SQL, f"google.cloud.bigquery.Client.{name}", keywords=("query",), said="runs it as a query of BigQuery")
        for name in ("query", "query_and_wait")
    ),
    *(
        Sink(
            SQL,
            f"*.{name}",
            keywords=("sql",),
            when_imported=("google.cloud.spanner", "google.cloud"),
            built=True,
            said="runs it as a statement of Spanner",
        )
        for name in ("execute_sql", "execute_update", "execute_partitioned_dml")
    ),
)


_NOSQL = (
    *(
        Sink(
            NOSQL,
            f"*.{name}",
            positions=(0,),
            keywords=("filter", "query"),
            when_imported=("pymongo", "motor", "mongoengine", "flask_pymongo"),
            rule="structure",
            said="takes it as a query, with its operators",
        )
        for name in (
            "find",
            "find_one",
            "find_one_and_update",
            "find_one_and_delete",
            "find_one_and_replace",
            "delete_one",
            "delete_many",
            "update_one",
            "update_many",
            "replace_one",
            "count_documents",
            "aggregate",
            "distinct",
        )
    ),
    *(
        Sink(
            NOSQL,
            f"*.{name}",
            keys=("$where",),
            when_imported=("pymongo", "motor", "flask_pymongo"),
            said="runs it as code within the database",
        )
        for name in ("find", "find_one", "count_documents", "aggregate")
    ),
    *(
        Sink(
            NOSQL,
            f"{table}.{name}",
            positions=(),
            keywords=("FilterExpression", "KeyConditionExpression", "ConditionExpression", "ProjectionExpression"),
            rule="any",
            said="takes it as an expression of DynamoDB",
        )
        for table in ("boto3.client(dynamodb)", "boto3.resource(dynamodb).Table")
        for name in ("scan", "query", "put_item", "update_item", "delete_item", "get_item")
    ),
    *(
        Sink(
            NOSQL,
            f"{table}.update_item",
            positions=(),
            keywords=("UpdateExpression",),
            built=True,
            review="only names of attributes may be put into it",
            said="takes it as an expression of DynamoDB",
        )
        for table in ("boto3.client(dynamodb)", "boto3.resource(dynamodb).Table")
    ),
    *(
        Sink(
            NOSQL,
            f"boto3.client(dynamodb).{name}",
            positions=(),
            keywords=("ScanFilter", "QueryFilter", "KeyConditions"),
            keys=("*.ComparisonOperator",),
            said="takes it as conditions of DynamoDB",
        )
        for name in ("scan", "query")
    ),
)


# Sources: ldap3, "The SEARCH operation"; python-ldap, "LDAPObject classes". A filter of LDAP has a syntax of its own, as a statement of SQL has.
_LDAP = (
    *(
        Sink(
            NOSQL,
            f"*.{name}",
            positions=(position,),
            keywords=("search_filter", "filterstr"),
            when_imported=("ldap3", "ldap"),
            built=True,
            said="takes it as a filter of LDAP",
        )
        for name, position in (
            ("search", 1),
            ("search_s", 2),
            ("search_st", 2),
            ("search_ext", 2),
            ("search_ext_s", 2),
            ("paged_search", 1),
        )
    ),
)
_NOSQL = (
    *_NOSQL,
    *_LDAP,
    *(
        Sink(
            NOSQL,
            f"*.{name}",
            keywords=("query_filter", "filter"),
            rule="any",
            when_imported=("azure", "azure.data.tables"),
            said="takes it as a filter of a table",
        )
        for name in ("query_entities", "list_entities")
    ),
)

QUERIES: tuple[Sink, ...] = (*_SQL, *_NOSQL)
