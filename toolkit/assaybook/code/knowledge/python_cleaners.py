"""What makes data harmless in Python, what tests it, and what checks it against a schema."""

from __future__ import annotations

from .terms import (
    CODE,
    COMMAND,
    HEADER,
    NOSQL,
    PATH,
    REDIRECT,
    REGEX,
    SQL,
    SSRF,
    TEMPLATE,
    XSS,
    Cleaner,
    Guard,
    Validator,
)

_ALWAYS = (
    "int",
    "float",
    "bool",
    "len",
    "abs",
    "round",
    "hash",
    "id",
    "ord",
    "complex",
    "range",
    "sum",
    "isinstance",
    "type",
    "callable",
    "divmod",
    "hex",
    "oct",
    "bin",
    "uuid.UUID",
    "uuid.uuid4",
    "uuid.uuid5",
    "uuid.uuid3",
    "decimal.Decimal",
    "datetime.datetime.strptime",
    "datetime.datetime.fromisoformat",
    "datetime.datetime.fromtimestamp",
    "datetime.datetime.utcfromtimestamp",
    "datetime.date.fromisoformat",
    "dateutil.parser.parse",
    "dateutil.parser.isoparse",
    "hashlib.sha256",
    "hashlib.sha1",
    "hashlib.sha512",
    "hashlib.md5",
    "hashlib.new",
    "hashlib.blake2b",
    "hmac.new",
    "hmac.compare_digest",
    "secrets.compare_digest",
    "bcrypt.hashpw",
    "bcrypt.checkpw",
    "binascii.crc32",
    "zlib.crc32",
    "os.path.getsize",
    "os.path.exists",
    "os.path.isfile",
    "os.path.isdir",
    "math.floor",
    "math.ceil",
    "time.strptime",
    "calendar.timegm",
    "bson.ObjectId",
    "bson.objectid.ObjectId",
    "jwt.decode",
    "jose.jwt.decode",
    "any",
    "all",
    "filetype.guess",
    "mimetypes.guess_type",
    "werkzeug.security.check_password_hash",
    # A token and a ciphertext tell nothing of the key that they were made with.
    "jwt.encode",
    "jose.jwt.encode",
    "authlib.jose.jwt.encode",
    "itsdangerous.URLSafeTimedSerializer.dumps",
    "itsdangerous.URLSafeSerializer.dumps",
    "itsdangerous.TimestampSigner.sign",
    "cryptography.fernet.Fernet.encrypt",
    "werkzeug.security.generate_password_hash",
    "secrets.token_hex",
    "secrets.token_urlsafe",
)


_RAISING = frozenset(
    (
        "int",
        "float",
        "uuid.UUID",
        "decimal.Decimal",
        "datetime.datetime.strptime",
        "datetime.datetime.fromisoformat",
        "datetime.date.fromisoformat",
        "bson.ObjectId",
        "bson.objectid.ObjectId",
    )
)


CLEANERS: tuple[Cleaner, ...] = (
    *(Cleaner(name, in_place=name in _RAISING) for name in _ALWAYS),
    Cleaner("?.hexdigest"),
    Cleaner("?.isoformat"),
    Cleaner("?.timestamp"),
    *(Cleaner(name, (COMMAND,)) for name in ("shlex.quote", "pipes.quote", "shlex.join")),
    *(
        Cleaner(name, (XSS, TEMPLATE))
        for name in (
            "html.escape",
            "markupsafe.escape",
            "flask.escape",
            "cgi.escape",
            "bleach.clean",
            "nh3.clean",
            "xml.sax.saxutils.escape",
            "django.utils.html.escape",
            "werkzeug.utils.escape",
            "django.utils.html.format_html",
        )
    ),
    *(
        Cleaner(name, (SSRF, REDIRECT, HEADER, XSS, PATH))
        for name in (
            "urllib.parse.quote",
            "urllib.parse.quote_plus",
            "urllib.parse.urlencode",
            "urllib.quote",
            "urllib.quote_plus",
            "requests.utils.quote",
            "six.moves.urllib.parse.quote",
        )
    ),
    *(
        Cleaner(name, (PATH,))
        for name in (
            "os.path.basename",
            "werkzeug.utils.secure_filename",
            "pathvalidate.sanitize_filename",
            "ntpath.basename",
            "posixpath.basename",
            "flask.safe_join",
            "werkzeug.utils.safe_join",
            "werkzeug.security.safe_join",
            "os.path.splitext",
        )
    ),
    *(
        Cleaner(name, (COMMAND, CODE, SQL, NOSQL, PATH, TEMPLATE, XSS, REGEX, HEADER), in_place=True)
        for name in ("ipaddress.ip_address", "ipaddress.IPv4Address", "ipaddress.ip_network")
    ),
    *(
        Cleaner(name, doubt="its host is looked up, and may be tested")
        for name in ("socket.gethostbyname", "socket.getaddrinfo", "dns.resolver.resolve")
    ),
    *(Cleaner(name, (NOSQL,)) for name in ("ldap3.utils.conv.escape_filter_chars", "ldap.filter.escape_filter_chars")),
    Cleaner("re.escape", (REGEX,)),
    Cleaner("ast.literal_eval", (CODE,)),
    Cleaner("flask.url_for", (REDIRECT,)),
    *(
        Cleaner(name, (SQL,))
        for name in (
            "psycopg2.sql.Identifier",
            "psycopg2.sql.Literal",
            "psycopg2.sql.Placeholder",
            "psycopg.sql.Identifier",
            "psycopg.sql.Literal",
            "pymysql.converters.escape_string",
            "pymysql.escape_string",
            "MySQLdb.escape_string",
            "psycopg2.extensions.quote_ident",
            "sqlalchemy.bindparam",
            "sqlalchemy.sql.bindparam",
            "sqlalchemy.select",
            "sqlalchemy.insert",
            "sqlalchemy.update",
            "sqlalchemy.delete",
            "?.escape_string",
            "?.quote_ident",
        )
    ),
    *(Cleaner(name, (TEMPLATE, XSS)) for name in ("flask.render_template", "django.shortcuts.render")),
    *(
        Cleaner(name, (NOSQL,))
        for name in (
            "mongosanitizer.sanitizer.sanitize",
            "str",
        )
    ),
)


GUARDS: tuple[Guard, ...] = (
    *(Guard(f"*.{name}") for name in ("isdigit", "isnumeric", "isdecimal", "isalnum", "isalpha", "isidentifier")),
    *(
        Guard(f"*.{name}", doubt="whether the test rules this out has to be read")
        for name in ("endswith", "isprintable", "isascii", "is_relative_to")
    ),
    *(
        Guard(name, 0)
        for name in (
            "uuid_utils.is_valid",
            "validators.uuid",
            "validators.slug",
            "validators.ipv4",
            "keyword.iskeyword",
        )
    ),
    *(
        Guard(name, 0, doubt="whether the test rules this out has to be read")
        for name in ("validators.url", "validators.domain", "validators.email", "hmac.compare_digest")
    ),
)


_PYDANTIC = (
    "pydantic.BaseModel",
    "pydantic.main.BaseModel",
    "pydantic.v1.BaseModel",
    "aws_lambda_powertools.utilities.parser.BaseModel",
    "pydantic_settings.BaseSettings",
    "sqlmodel.SQLModel",
    "aws_lambda_powertools.utilities.parser.models.APIGatewayProxyEventModel",
)


VALIDATORS: tuple[Validator, ...] = (
    *(Validator("pydantic", name, "base") for name in _PYDANTIC),
    *(
        Validator("marshmallow", name, "base")
        for name in ("marshmallow.Schema", "marshmallow.schema.Schema", "flask_marshmallow.Marshmallow.Schema")
    ),
    Validator("msgspec", "msgspec.Struct", "base"),
    *(
        Validator("pydantic", name)
        for name in (
            "pydantic.TypeAdapter.validate_python",
            "pydantic.TypeAdapter.validate_json",
            "pydantic.parse_obj_as",
            "pydantic.tools.parse_obj_as",
        )
    ),
    *(
        Validator("jsonschema", name, returns=False)
        for name in (
            "jsonschema.validate",
            "jsonschema.Draft7Validator.validate",
            "jsonschema.Draft202012Validator.validate",
            "fastjsonschema.validate",
            "jsonschema.Draft4Validator.validate",
            "jsonschema.Draft201909Validator.validate",
        )
    ),
    *(
        Validator("Powertools", name, returns=False)
        for name in (
            "aws_lambda_powertools.utilities.validation.validate",
            "aws_lambda_powertools.utilities.validation.base.validate_data_against_schema",
        )
    ),
    Validator("Powertools", "aws_lambda_powertools.utilities.parser.parse"),
    *(
        Validator("Powertools", name, "decorator")
        for name in (
            "aws_lambda_powertools.utilities.validation.validator",
            "aws_lambda_powertools.utilities.parser.event_parser",
        )
    ),
    Validator("pydantic", "pydantic.validate_call", "decorator"),
    *(Validator("cerberus", name, returns=False) for name in ("cerberus.Validator.validate",)),
    *(Validator("voluptuous", name) for name in ("voluptuous.Schema",)),
    *(Validator("schema", name) for name in ("schema.Schema.validate",)),
    *(Validator("cattrs", name) for name in ("cattrs.structure", "cattr.structure")),
    *(Validator("msgspec", name) for name in ("msgspec.json.decode", "msgspec.convert")),
)
