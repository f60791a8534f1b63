"""Where untrusted data does harm in Python. Source of each: the library's own documentation of the call."""

from __future__ import annotations

from .terms import (
    CODE,
    COMMAND,
    DESERIALISATION,
    LOG,
    NOSQL,
    PATH,
    REDIRECT,
    REGEX,
    SQL,
    SSRF,
    TEMPLATE,
    XML,
    XSS,
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
_RUNS_SHELL = "runs it in a shell"
_RUNS_PROGRAM = "runs it as a program"
_STATEMENT = "runs it as a statement of SQL"

_COMMANDS = (
    *(
        Sink(COMMAND, name, said=_RUNS_SHELL)
        for name in (
            "os.system",
            "os.popen",
            "os.popen2",
            "os.popen3",
            "subprocess.getoutput",
            "subprocess.getstatusoutput",
            "commands.getoutput",
            "commands.getstatusoutput",
            "asyncio.create_subprocess_shell",
            "popen2.popen2",
            "pty.spawn",
            "invoke.run",
            "fabric.run",
            "fabric.local",
            "pexpect.run",
            "pexpect.spawn",
        )
    ),
    *(
        Sink(COMMAND, f"subprocess.{name}", keywords=("args",), only_if=("shell", True), said=_RUNS_SHELL)
        for name in ("run", "call", "check_call", "check_output", "Popen")
    ),
    *(
        Sink(
            COMMAND,
            f"subprocess.{name}",
            keywords=("args",),
            rule="program",
            unless=("shell", True),
            said=_RUNS_PROGRAM,
        )
        for name in ("run", "call", "check_call", "check_output", "Popen")
    ),
    *(
        Sink(COMMAND, f"os.{name}", said=_RUNS_PROGRAM)
        for name in ("execl", "execle", "execlp", "execv", "execve", "execvp", "execvpe", "posix_spawn", "startfile")
    ),
    *(
        Sink(COMMAND, f"os.{name}", positions=(1,), said=_RUNS_PROGRAM)
        for name in ("spawnl", "spawnle", "spawnlp", "spawnv", "spawnve", "spawnvp", "spawnvpe")
    ),
    Sink(COMMAND, "asyncio.create_subprocess_exec", said=_RUNS_PROGRAM),
    Sink(COMMAND, "sh.Command", said=_RUNS_PROGRAM),
    Sink(COMMAND, "*.exec_command", when_imported=("paramiko",), said="runs it on another machine"),
    Sink(COMMAND, "boto3.client(ssm).send_command", positions=(), keywords=("Parameters",), said="runs it on machines"),
)
_CODE = (
    *(
        Sink(CODE, name, said="runs it as code")
        for name in (
            "eval",
            "exec",
            "compile",
            "builtins.eval",
            "builtins.exec",
            "code.InteractiveInterpreter.runsource",
            "pandas.eval",
            "numexpr.evaluate",
            "asteval.Interpreter",
        )
    ),
    Sink(
        CODE,
        "*.query",
        when_imported=("pandas",),
        built=True,
        review="only the query of a data frame is code",
        said="runs it as a query of a data frame",
    ),
    *(
        Sink(CODE, name, rule="whole", said="loads it as a module")
        for name in ("importlib.import_module", "__import__", "runpy.run_path", "runpy.run_module", "imp.load_source")
    ),
    Sink(CODE, "types.FunctionType", said="runs it as code"),
    Sink(
        CODE,
        "getattr",
        positions=(1,),
        review="it chooses an attribute by its name",
        said="takes the attribute of that name",
    ),
    Sink(
        CODE,
        "setattr",
        positions=(1,),
        review="it chooses an attribute by its name",
        said="sets the attribute of that name",
    ),
)
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
_PICKLES = (
    "pickle",
    "cPickle",
    "_pickle",
    "dill",
    "cloudpickle",
    "marshal",
    "jsonpickle",
    "joblib",
    "torch",
    "pandas",
    "shelve",
)
_DESERIALISATION = (
    *(
        Sink(DESERIALISATION, name, said="makes objects of it, which can run code")
        for name in (
            "pickle.loads",
            "pickle.load",
            "pickle.Unpickler",
            "cPickle.loads",
            "cPickle.load",
            "_pickle.loads",
            "_pickle.load",
            "dill.loads",
            "dill.load",
            "cloudpickle.loads",
            "cloudpickle.load",
            "marshal.loads",
            "marshal.load",
            "jsonpickle.decode",
            "jsonpickle.loads",
            "joblib.load",
            "shelve.open",
            "pandas.read_pickle",
            "yaml.unsafe_load",
            "yaml.unsafe_load_all",
            "django.core.signing.loads_pickle",
            "sklearn.externals.joblib.load",
            "ruamel.yaml.load",
        )
    ),
    *(
        Sink(
            DESERIALISATION,
            f"yaml.{name}",
            only_if=None,
            unless=("Loader|1", "SafeLoader|CSafeLoader|BaseLoader|CBaseLoader|FullLoader|CFullLoader"),
            said="makes objects of it, which can run code",
        )
        for name in ("load", "load_all")
    ),
    Sink(DESERIALISATION, "torch.load", unless=("weights_only", True), said="makes objects of it, which can run code"),
    *(
        Sink(
            DESERIALISATION,
            f"numpy.{name}",
            only_if=("allow_pickle", True),
            said="makes objects of it, which can run code",
        )
        for name in ("load",)
    ),
)
_TEMPLATES = (
    *(
        Sink(TEMPLATE, name, keywords=("source",), said="takes it as a template")
        for name in (
            "jinja2.Template",
            "flask.render_template_string",
            "mako.template.Template",
            "jinja2.Environment.from_string",
            "jinja2.sandbox.Environment.from_string",
            "flask.templating.render_template_string",
            "django.template.Template",
            "tornado.template.Template",
            "chevron.render",
            "pystache.render",
            "Cheetah.Template.Template",
            "bottle.template",
            "bottle.SimpleTemplate",
        )
    ),
    Sink(TEMPLATE, "*.from_string", when_imported=("jinja2",), said="takes it as a template"),
)
_TEMPLATES = (
    *_TEMPLATES,
    Sink(
        TEMPLATE,
        "*.format",
        positions=(-1,),
        deep=False,
        review="a format can only read attributes of what is put into it",
        said="takes it as a format",
    ),
)
_CODE = (
    *_CODE,
    *(
        Sink(CODE, f"{name}.[]", review="it chooses a function by its name", said="takes what has that name")
        for name in ("globals", "locals", "sys.modules", "vars")
    ),
)
_NOSQL = (
    *_NOSQL,
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
_READS, _WRITES = "opens the file of that name", "writes to the file of that name"
_PATHS = (
    *(
        Sink(PATH, name, keywords=("file", "path"), said=_READS)
        for name in (
            "open",
            "io.open",
            "codecs.open",
            "os.open",
            "aiofiles.open",
            "gzip.open",
            "bz2.open",
            "lzma.open",
            "linecache.getline",
            "numpy.loadtxt",
            "PIL.Image.open",
        )
    ),
    *(
        Sink(PATH, f"os.{name}", said="works on the file of that name")
        for name in (
            "remove",
            "unlink",
            "rmdir",
            "removedirs",
            "mkdir",
            "makedirs",
            "listdir",
            "scandir",
            "walk",
            "chmod",
            "chown",
            "symlink",
            "truncate",
        )
    ),
    *(
        Sink(PATH, f"os.{name}", positions=(0, 1), said="works on the file of that name")
        for name in ("rename", "renames", "replace", "link")
    ),
    *(
        Sink(PATH, f"shutil.{name}", positions=(0, 1), said="works on the file of that name")
        for name in ("copy", "copy2", "copyfile", "copytree", "move", "rmtree", "unpack_archive")
    ),
    *(Sink(PATH, f"flask.{name}", said="answers the file of that name") for name in ("send_file",)),
    *(
        Sink(PATH, f"{module}.FileResponse", keywords=("path",), said="answers the file of that name")
        for module in ("fastapi.responses", "starlette.responses", "django.http")
    ),
    *(
        Sink(PATH, f"boto3.client(s3).{name}", positions=(2,), keywords=("Filename",), said=_WRITES)
        for name in ("download_file",)
    ),
    Sink(PATH, "boto3.client(s3).upload_file", positions=(0,), keywords=("Filename",), said=_READS),
    Sink(PATH, "boto3.resource(s3).Bucket.download_file", positions=(1,), keywords=("Filename",), said=_WRITES),
    *(
        Sink(
            PATH,
            f"boto3.client(s3).{name}",
            positions=(),
            keywords=("Key",),
            rule="s3key",
            review="it chooses an object of a bucket",
            said="takes it as the key of an object",
        )
        for name in ("get_object", "delete_object", "head_object")
    ),
    Sink(
        PATH,
        "boto3.client(s3).download_file",
        positions=(1,),
        keywords=("Key",),
        rule="s3key",
        review="it chooses an object of a bucket",
        said="takes it as the key of an object",
    ),
    *(
        Sink(
            PATH,
            f"boto3.resource(s3).{name}",
            positions=(1,),
            rule="s3key",
            review="it chooses an object of a bucket",
            said="takes it as the key of an object",
        )
        for name in ("Object",)
    ),
)
_PATHS = (
    *_PATHS,
    *(
        Sink(PATH, f"pathlib.Path.{name}", positions=(-1,), said="works on the file of that name")
        for name in (
            "open",
            "read_text",
            "read_bytes",
            "write_text",
            "write_bytes",
            "unlink",
            "rmdir",
            "mkdir",
            "touch",
            "rename",
            "replace",
            "iterdir",
            "glob",
        )
    ),
    *(
        Sink(
            PATH,
            f"tarfile.{name}",
            positions=(-1,),
            unless=("filter", "data|tar"),
            said="unpacks it, wherever its entries say",
        )
        for name in ("open.extractall", "TarFile.extractall", "open.extract", "TarFile.open.extractall")
    ),
)
_URL = "sends a request to the address"
_METHODS = ("get", "post", "put", "delete", "patch", "head", "options")
_SSRF = (
    *(
        Sink(SSRF, f"{client}.{name}", keywords=("url",), said=_URL)
        for client in (
            "requests",
            "httpx",
            "requests.Session",
            "requests.session",
            "requests.sessions.Session",
            "httpx.Client",
            "httpx.AsyncClient",
            "aiohttp.ClientSession",
        )
        for name in _METHODS
    ),
    *(
        Sink(SSRF, f"{client}.request", positions=(1,), keywords=("url",), said=_URL)
        for client in (
            "requests",
            "httpx",
            "requests.Session",
            "requests.session",
            "httpx.Client",
            "httpx.AsyncClient",
            "aiohttp.ClientSession",
            "aiohttp",
            "urllib3",
            "urllib3.PoolManager",
            "urllib3.ProxyManager",
        )
    ),
    *(
        Sink(SSRF, f"{client}.stream", positions=(1,), keywords=("url",), said=_URL)
        for client in ("httpx", "httpx.Client", "httpx.AsyncClient")
    ),
    Sink(SSRF, "urllib3.PoolManager.urlopen", positions=(1,), keywords=("url",), said=_URL),
    *(
        Sink(SSRF, name, keywords=("url", "fullurl"), said=_URL)
        for name in (
            "urllib.request.urlopen",
            "urllib.request.Request",
            "urllib.request.urlretrieve",
            "urllib2.urlopen",
            "urllib2.Request",
            "urllib.urlopen",
            "wget.download",
            "pandas.read_csv",
            "pandas.read_json",
            "feedparser.parse",
        )
    ),
    *(
        Sink(SSRF, name, keywords=("host",), said="connects to the host", rule="host")
        for name in (
            "http.client.HTTPConnection",
            "http.client.HTTPSConnection",
            "ftplib.FTP",
            "smtplib.SMTP",
            "telnetlib.Telnet",
            "socket.create_connection",
            "urllib3.connection_from_url",
        )
    ),
)
_XML = (
    *(
        Sink(
            XML,
            name,
            keywords=("text", "source"),
            unless=("parser|1", ...),
            said="parses it as XML, with its external entities",
        )
        for name in (
            "lxml.etree.fromstring",
            "lxml.etree.parse",
            "lxml.etree.XML",
            "lxml.objectify.fromstring",
            "lxml.etree.iterparse",
        )
    ),
    *(
        Sink(
            XML,
            name,
            keywords=("text", "source"),
            positions=(0,),
            only_if=("parser|1", "unhardened"),
            said="parses it as XML, with its external entities",
        )
        for name in ("lxml.etree.fromstring", "lxml.etree.parse", "lxml.etree.XML")
    ),
    *(
        Sink(
            XML, name, review="entities can be made to grow, but no external ones are fetched", said="parses it as XML"
        )
        for name in (
            "xml.etree.ElementTree.fromstring",
            "xml.etree.ElementTree.parse",
            "xml.etree.ElementTree.XML",
            "xml.etree.ElementTree.iterparse",
            "xml.etree.cElementTree.fromstring",
            "xml.dom.minidom.parseString",
            "xml.dom.minidom.parse",
            "xml.sax.parseString",
            "xml.sax.parse",
            "xml.dom.pulldom.parseString",
            "xml.etree.ElementTree.XMLParser.feed",
        )
    ),
)
_XML = (*_XML, Sink(XML, "xml.sax.make_parser.unhardened.parse", said="parses it as XML, with its external entities"))
_REGEX = tuple(
    Sink(REGEX, f"re.{name}", keywords=("pattern",), said="takes it as a pattern", deep=False)
    for name in ("compile", "match", "search", "fullmatch", "findall", "finditer", "split", "sub", "subn")
)
_ANSWERS = (
    *(
        Sink(REDIRECT, name, keywords=("location", "url"), said="sends the caller to the address")
        for name in (
            "flask.redirect",
            "werkzeug.utils.redirect",
            "django.shortcuts.redirect",
            "django.http.HttpResponseRedirect",
            "fastapi.responses.RedirectResponse",
            "starlette.responses.RedirectResponse",
        )
    ),
    *(
        Sink(XSS, name, keywords=("content",), said="answers it as HTML")
        for name in (
            "fastapi.responses.HTMLResponse",
            "starlette.responses.HTMLResponse",
            "flask.Markup",
            "markupsafe.Markup",
            "django.utils.safestring.mark_safe",
        )
    ),
    *(
        Sink(
            XSS,
            name,
            keywords=("body", "content", "response"),
            only_if=(option, "text/html"),
            said="answers it as HTML",
        )
        for name, option in (
            ("azure.functions.HttpResponse", "mimetype"),
            ("flask.Response", "mimetype"),
            ("django.http.HttpResponse", "content_type"),
            ("fastapi.responses.Response", "media_type"),
            ("fastapi.Response", "media_type"),
            ("flask.Response", "content_type"),
        )
    ),
    *(
        Sink(
            XSS,
            name,
            keywords=("body", "response", "content"),
            rule="html",
            review="whether it is answered as HTML is not known",
            unless=("mimetype", "text/html"),
            said="answers it",
        )
        for name in ("azure.functions.HttpResponse", "flask.make_response", "django.http.HttpResponse")
    ),
)
_ANSWERS = (
    *_ANSWERS,
    *(
        Sink(
            XSS,
            name,
            positions=(2,),
            keywords=("body",),
            only_if=("content_type|1", "text/html|TEXT_HTML"),
            said="answers it as HTML",
        )
        for name in (
            "aws_lambda_powertools.event_handler.Response",
            "aws_lambda_powertools.event_handler.api_gateway.Response",
        )
    ),
    *(
        Sink(
            XSS,
            name,
            keywords=("body", "response", "content"),
            only_if=("headers.Content-Type", "text/html"),
            said="answers it as HTML",
        )
        for name in ("chalice.Response", "flask.Response", "azure.functions.HttpResponse", "chalice.app.Response")
    ),
    *(
        Sink(
            REDIRECT,
            name,
            positions=(),
            keywords=("headers",),
            keys=("Location", "location"),
            said="sends the caller to the address",
        )
        for name in (
            "chalice.Response",
            "flask.Response",
            "azure.functions.HttpResponse",
            "aws_lambda_powertools.event_handler.Response",
            "fastapi.Response",
            "fastapi.responses.Response",
        )
    ),
)
_LEVELS = ("debug", "info", "warning", "warn", "error", "critical", "exception", "log", "msg", "append_keys")
_LOGS = (
    Sink(LOG, "print", positions=(0, 1, 2, 3, 4, 5), said="prints it to the log"),
    Sink(LOG, "pprint.pprint", said="prints it to the log"),
    *(
        Sink(LOG, f"{logger}.{name}", positions=(0, 1, 2, 3), keywords=("msg", "extra"), said="writes it to the log")
        for logger in (
            "logging",
            "logging.getLogger",
            "aws_lambda_powertools.Logger",
            "structlog.get_logger",
            "loguru.logger",
            "aws_lambda_powertools.logging.Logger",
            "logging.Logger",
            "logging.LoggerAdapter",
            "sys.stdout",
            "sys.stderr",
        )
        for name in (*_LEVELS, "write")
    ),
    *(
        Sink(
            LOG,
            f"?.{name}",
            positions=(0, 1, 2),
            review="what it is called on is not known",
            said="writes it to the log",
        )
        for name in ("info", "debug", "warning", "error")
    ),
)

SINKS: tuple[Sink, ...] = (
    *_COMMANDS,
    *_CODE,
    *_SQL,
    *_NOSQL,
    *_DESERIALISATION,
    *_TEMPLATES,
    *_PATHS,
    *_SSRF,
    *_XML,
    *_REGEX,
    *_ANSWERS,
    *_LOGS,
)
DATABASES = _DATABASES
