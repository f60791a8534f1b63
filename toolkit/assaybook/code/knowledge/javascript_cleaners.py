"""What makes untrusted data harmless in JavaScript: conversions, escapes, tests, schemas."""

from __future__ import annotations

from .terms import (
    COMMAND,
    HEADER,
    LOG,
    NOSQL,
    PATH,
    REDIRECT,
    REGEX,
    RESPONSE,
    SQL,
    SSRF,
    TEMPLATE,
    XML,
    XSS,
    Cleaner,
    Guard,
    Validator,
)

# Numbers, switches, dates and digests: nothing of the text is left.
_CONVERSIONS = (
    "parseInt", "parseFloat", "Number", "BigInt", "Boolean", "Number.parseInt", "Number.parseFloat", "Date", "Date.parse", "Date.now", "Math.floor",
    "Math.ceil",
    "Math.round", "Math.abs", "Math.min", "Math.max", "Math.trunc", "isNaN", "isFinite", "Number.isNaN", "Number.isInteger", "Number.isFinite", "Array.isArray",
    "crypto.createHash.update.digest", "crypto.createHmac.update.digest", "crypto.randomUUID", "crypto.randomBytes", "crypto.timingSafeEqual", "uuid.v4",
    "uuid.v1", "uuid.v5",
    "uuid.validate", "bcrypt.hash", "bcrypt.hashSync", "bcrypt.compare", "bcrypt.compareSync", "bcryptjs.hash", "bcryptjs.compare", "argon2.hash",
    "argon2.verify",
    "ObjectId", "mongodb.ObjectId", "mongodb.ObjectID", "mongoose.Types.ObjectId", "bson.ObjectId", "lodash.toNumber", "lodash.toInteger",
    "lodash.isString", "lodash.isEmpty", "nanoid.nanoid",
    "*.length", "*.indexOf", "*.lastIndexOf", "*.charCodeAt", "*.codePointAt", "*.localeCompare", "*.startsWith", "*.endsWith", "*.includes", "*.test",
    "*.has", "*.getTime",
    "Buffer.byteLength", "validator.toInt", "validator.toFloat", "validator.toBoolean", "validator.toDate", "validator.isEmail", "*.isValid", "*.toFixed",
    "*.every", "*.some", "*.findIndex", "*.byteLength",
)  # fmt: skip
_PAGE_ESCAPES = (
    "he.encode", "he.escape", "escape-html", "lodash.escape", "underscore.escape", "html-escaper.escape", "sanitize-html", "dompurify.sanitize",
    "DOMPurify.sanitize",
    "isomorphic-dompurify.sanitize", "xss", "xss.filterXSS", "xss-filters.inHTMLData", "validator.escape", "entities.encodeHTML", "entities.escape",
    "html-entities.encode", "escape-goat.htmlEscape",
    "Handlebars.escapeExpression", "handlebars.Utils.escapeExpression", "handlebars.escapeExpression", "striptags", "string-strip-html.stripHtml",
)  # fmt: skip
# What they are given as data is escaped unless the template says otherwise; what is given as the template is a sink of its own.
_RENDERERS = ("handlebars.compile()", "Handlebars.compile()", "handlebars.default.compile()", "ejs.render", "ejs.renderFile", "ejs.compile()",
    "pug.render", "pug.renderFile", "pug.compile()", "nunjucks.render", "nunjucks.renderString", "mustache.render", "eta.render", "react-dom/server.renderToString",
    "react-dom/server.renderToStaticMarkup", "lodash.template()")  # fmt: skip
_SQL_ESCAPES = (
    "sqlstring.escape", "sqlstring.escapeId", "sqlstring.format", "mysql.escape", "mysql.escapeId", "mysql.format", "mysql2.escape", "mysql2.escapeId",
    "mysql2.format", "*.escapeLiteral", "*.escapeIdentifier",
    "pg-format", "pg-format.literal", "pg-format.ident", "mysql.createConnection.escape", "mysql.createPool.escape", "mysql2.createConnection.escape",
    "mysql2.createPool.escape", "mysql.createConnection.escapeId", "mysql.createPool.escapeId",
    "pg.Client.escapeLiteral", "pg.Client.escapeIdentifier", "pg.escapeLiteral", "pg.escapeIdentifier", "sql-template-strings",
    "sql-template-strings.SQL", "sql-template-tag", "slonik.sql", "Prisma.sql", "@prisma/client.Prisma.sql", "drizzle-orm.sql", "kysely.sql",
)  # fmt: skip
_WORDS = (SQL, NOSQL, COMMAND, SSRF, REDIRECT, PATH, HEADER, TEMPLATE, XML, REGEX)

CLEANERS: tuple[Cleaner, ...] = (
    *(Cleaner(name) for name in _CONVERSIONS),
    *(Cleaner(name, (XSS, XML)) for name in _PAGE_ESCAPES),
    *(Cleaner(name, (XSS,)) for name in _RENDERERS),
    *(Cleaner(name, (SQL,)) for name in _SQL_ESCAPES),
    *(Cleaner(name, (SSRF, PATH, HEADER, XSS, REDIRECT, COMMAND)) for name in ("encodeURIComponent", "querystring.escape", "querystring.stringify",
        "qs.stringify", "slugify", "filenamify", "sanitize-filename")),
    Cleaner("encodeURI", (HEADER, XSS)),
    Cleaner("path.basename", (PATH,)),
    Cleaner("path.extname", (PATH,)),
    *(Cleaner(name, (COMMAND,)) for name in ("shell-quote.quote", "shell-escape", "shescape.quote", "shescape.escape", "shescape.Shescape.quote",
        "shescape.Shescape.escape")),
    *(Cleaner(name, (REGEX,)) for name in ("lodash.escapeRegExp", "lodash/escapeRegExp", "escape-string-regexp", "escape-regexp", "regexp.escape",
        "RegExp.escape", "lodash.escaperegexp", "escape-string-regexp.default")),
    *(Cleaner(name, (NOSQL,)) for name in ("mongo-sanitize", "express-mongo-sanitize.sanitize", "mongoose.sanitizeFilter")),
    # The key does not come back from them; the claims are still the caller's words.
    *(Cleaner(name, (LOG, RESPONSE), doubt="it is verified by its signature") for name in ("jsonwebtoken.verify", "jsonwebtoken.default.verify",
        "jwt-simple.decode", "jose.jwtVerify", "jose.JWT.verify")),
    *(Cleaner(name, (LOG, RESPONSE)) for name in ("jsonwebtoken.sign", "jsonwebtoken.default.sign", "jwt-simple.encode")),
    *(Cleaner(name, (LOG,)) for name in ("fast-redact", "lodash.omit")),
    *(Cleaner(name, (PATH, COMMAND, SSRF)) for name in ("slug", "slugify.default", "@sindresorhus/slugify")),
)  # fmt: skip

_CHECKED = (
    "isUUID",
    "isInt",
    "isNumeric",
    "isAlphanumeric",
    "isAlpha",
    "isMongoId",
    "isHexadecimal",
    "isBoolean",
    "isDecimal",
    "isFloat",
    "isISO8601",
    "isDate",
    "isPostalCode",
    "isIn",
    "isPort",
    "isCreditCard",
    "isSlug",
)
GUARDS: tuple[Guard, ...] = (
    *(Guard(f"{owner}.{name}", 0) for owner in ("validator", "validator.default") for name in _CHECKED),
    *(Guard(f"validator/lib/{name}", 0) for name in _CHECKED),
    Guard("validator.isEmail", 0, doubt="an address of mail may hold quotes"),
    Guard("validator.isURL", 0, doubt="any address passes this test"),
    *(Guard(name, 0) for name in ("Number.isInteger", "Number.isSafeInteger", "Number.isFinite", "uuid.validate", "is-uuid.v4", "lodash.isNumber",
        "lodash.isInteger", "lodash.isFinite", "lodash.isBoolean", "mongoose.Types.ObjectId.isValid", "mongoose.isValidObjectId",
        "mongodb.ObjectId.isValid", "net.isIP", "net.isIPv4", "net.isIPv6")),
    *(Guard(name, 0, (NOSQL,)) for name in ("lodash.isString", "util.isString")),
)  # fmt: skip

_SCHEMA_CALLS = (
    ("zod", "zod", ("parse", "safeParse", "parseAsync", "safeParseAsync"), True),
    # A schema is put together by any number of calls (`z.object({...}).strict()`).
    ("zod", "zod.*", ("parse",), True),
    ("joi", "joi.*", ("validate", "validateAsync"), True),
    ("joi", "@hapi/joi.*", ("validate", "validateAsync"), True),
    ("joi", "celebrate.Joi.*", ("validate", "validateAsync"), True),
    ("yup", "yup.*", ("validate", "validateSync", "cast"), True),
    ("zod", "*", ("safeParse", "safeParseAsync", "parseAsync"), True),
    ("joi", "joi", ("attempt", "validate", "validateAsync", "assert"), True),
    ("joi", "@hapi/joi", ("attempt", "validate", "validateAsync", "assert"), True),
    ("joi", "@hapi/joi.object", ("validate", "validateAsync"), True),
    ("joi", "joi.object", ("validate", "validateAsync"), True),
    ("yup", "yup.object", ("validate", "validateSync", "cast", "isValid"), True),
    ("yup", "yup", ("validate", "validateSync"), True),
    ("superstruct", "superstruct", ("assert", "create", "validate", "is", "mask"), False),
    ("valibot", "valibot", ("parse", "safeParse", "is", "assert"), True),
    ("typebox", "@sinclair/typebox/value.Value", ("Check", "Decode", "Parse", "Cast"), True),
    ("typebox", "@sinclair/typebox/compiler.TypeCompiler.Compile", ("Check",), False),
    ("io-ts", "*", ("decode",), True),
    ("class-validator", "class-validator", ("validate", "validateOrReject", "validateSync"), False),
    ("class-transformer", "class-transformer-validator", ("transformAndValidate",), True),
    ("jsonschema", "jsonschema", ("validate",), False),
    ("jsonschema", "jsonschema.Validator", ("validate",), False),
    ("ajv", "ajv", ("validate", "compile"), False),
    ("ajv", "ajv.default", ("validate", "compile"), False),
    ("ajv", "ajv/dist/2020", ("validate", "compile"), False),
    ("is-my-json-valid", "is-my-json-valid", ("",), False),
    ("Powertools", "@aws-lambda-powertools/parser", ("parse", "safeParse"), True),
    ("Powertools", "@aws-lambda-powertools/validation", ("validate",), False),
    ("arktype", "arktype", ("type",), True),
    ("effect", "effect.Schema", ("decodeUnknownSync", "decodeSync"), True),
    ("express-validator", "express-validator", ("validationResult", "matchedData"), True),
    # What is signed by the sender that it is said to come from. Source: Stripe API reference, "Verify webhook signatures".
    ("Stripe", "stripe.webhooks", ("constructEvent", "constructEventAsync"), True),
)
_SCHEMA_MIDDLEWARE = (
    ("middy validator", "@middy/validator"),
    ("Powertools", "@aws-lambda-powertools/parser/middleware.parser"),
    ("Powertools", "@aws-lambda-powertools/parser.parser"),
    ("celebrate", "celebrate.celebrate"),
    ("express-validator", "express-validator.checkSchema"),
    ("express-validator", "express-validator.body"),
    ("express-validator", "express-validator.check"),
    ("hono", "@hono/zod-validator.zValidator"),
)
VALIDATORS: tuple[Validator, ...] = (
    *(
        Validator(library, f"{owner}.{name}" if name else owner, returns=returns)
        for library, owner, names, returns in _SCHEMA_CALLS
        for name in names
    ),
    *(Validator(library, name, "decorator") for library, name in _SCHEMA_MIDDLEWARE),
    Validator("Powertools", "@aws-lambda-powertools/parser.parser", "decorator"),
    Validator("zod", "nestjs-zod.createZodDto", "base"),
)
