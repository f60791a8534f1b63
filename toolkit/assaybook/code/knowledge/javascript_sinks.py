"""Where untrusted data does harm in JavaScript: commands, code, deserialisation, templates, XML, expressions, logs."""

from __future__ import annotations

from .javascript_files import FILES
from .terms import CODE, COMMAND, DESERIALISATION, LOG, REGEX, TEMPLATE, XML, Sink

_SHELL, _PROGRAM = "runs it as a shell command", "runs it as a program"
_CODE, _MODULE = "runs it as code", "loads the module that it names"
_RENDER = "takes it as a template"
_DESERIALISE = "makes objects of it, and can run code while it does"
_NAMED_LOADER = "from version 4 on this loads plain data only"


def _commands() -> tuple[Sink, ...]:
    shell = tuple(Sink(COMMAND, f"child_process.{name}", said=_SHELL) for name in ("exec", "execSync"))
    listed: list[Sink] = []
    for name in ("spawn", "spawnSync", "execFile", "execFileSync"):
        callee = f"child_process.{name}"
        listed.append(Sink(COMMAND, callee, (0, 1), only_if=("shell", True), said=_SHELL))
        listed.append(Sink(COMMAND, callee, (0, 1), unless=("shell", True), rule="program", said=_PROGRAM))
    fork = Sink(COMMAND, "child_process.fork", said=_PROGRAM)
    others = (
        *(Sink(COMMAND, f"execa.{name}", said=_SHELL) for name in ("command", "commandSync", "execaCommand")),
        Sink(COMMAND, "execa.execaCommandSync", said=_SHELL),
        *(Sink(COMMAND, name, said=_PROGRAM) for name in ("execa", "execa.execa", "execa.sync", "execa.execaSync")),
        *(Sink(COMMAND, f"shelljs.{name}", said=_SHELL) for name in ("exec", "default.exec")),
        Sink(COMMAND, "cross-spawn", said=_PROGRAM),
        Sink(COMMAND, "cross-spawn.sync", said=_PROGRAM),
        Sink(COMMAND, "node-cmd.run", said=_SHELL),
        Sink(COMMAND, "node-cmd.runSync", said=_SHELL),
        Sink(COMMAND, "ssh2.Client.exec", said="runs it as a shell command on another host"),
        Sink(COMMAND, "node-ssh.NodeSSH.execCommand", said="runs it as a shell command on another host"),
    )
    return (*shell, *listed, fork, *others)


_EVALUATED = (
    Sink(CODE, "eval", said=_CODE),
    Sink(CODE, "Function", (0, 1, 2, 3, 4), said=_CODE),
    Sink(CODE, "global.eval", said=_CODE),
    Sink(CODE, "globalThis.eval", said=_CODE),
    *(
        Sink(CODE, f"vm.{name}", said=_CODE)
        for name in (
            "runInThisContext",
            "runInNewContext",
            "runInContext",
            "Script",
            "compileFunction",
            "SourceTextModule",
        )
    ),
    Sink(CODE, "vm2.VM.run", said="runs it as code, in a sandbox that is known to be left"),
    Sink(CODE, "vm2.NodeVM.run", said="runs it as code, in a sandbox that is known to be left"),
    Sink(CODE, "isolated-vm.Isolate.compileScript", said=_CODE, review="it runs in an isolate of its own"),
    # A text given to these is code; a function is the usual case and no text.
    Sink(CODE, "setTimeout", rule="text", said=_CODE, review="Node refuses a text here; other engines run it"),
    Sink(CODE, "setInterval", rule="text", said=_CODE, review="Node refuses a text here; other engines run it"),
    Sink(CODE, "require", rule="whole", said=_MODULE),
    Sink(CODE, "import", rule="whole", said=_MODULE),
    Sink(CODE, "require.resolve", said=_MODULE, review="it only looks for the module"),
    *(Sink(CODE, name, said=_CODE) for name in ("static-eval", "safe-eval", "notevil", "eval", "require-from-string")),
    Sink(CODE, "mathjs.evaluate", said="evaluates it as an expression", review="mathjs runs its own language"),
    Sink(CODE, "mathjs.eval", said="evaluates it as an expression"),
    Sink(CODE, "expr-eval.Parser.evaluate", said="evaluates it as an expression", review="it is a language of its own"),
    Sink(CODE, "jsonpath.query", (1,), said="evaluates it as a path with scripts in it"),
    Sink(CODE, "jsonpath-plus.JSONPath", (0,), keys=("path",), said="evaluates it as a path with scripts in it"),
)

_DESERIALISED = (
    *(
        Sink(DESERIALISATION, name, said=_DESERIALISE)
        for name in (
            "node-serialize.unserialize",
            "serialize-to-js.deserialize",
            "serialize-javascript.deserialize",
            "funcster.deepDeserialize",
            "cryo.parse",
            "node-serialize.default.unserialize",
        )
    ),
    Sink(DESERIALISATION, "funcster.deserialize", said=_DESERIALISE),
    # js-yaml had functions and expressions in its default schema up to version 3. Source: js-yaml, "Migration from v3".
    Sink(DESERIALISATION, "js-yaml.load", unless=("schema", "safe"), said=_DESERIALISE, review=_NAMED_LOADER),
    Sink(DESERIALISATION, "js-yaml.loadAll", said=_DESERIALISE, review=_NAMED_LOADER),
    Sink(
        DESERIALISATION,
        "v8.deserialize",
        said=_DESERIALISE,
        review="it makes plain objects, but is not meant for untrusted data",
    ),
    Sink(DESERIALISATION, "bson.deserialize", only_if=("evalFunctions", True), said=_DESERIALISE),
    Sink(DESERIALISATION, "flatted.parse", said=_DESERIALISE, review="it makes plain objects"),
)

_TEMPLATES = (
    *(
        Sink(TEMPLATE, name, said=_RENDER)
        for name in (
            "ejs.render",
            "ejs.compile",
            "pug.render",
            "pug.compile",
            "pug.compileClient",
            "jade.render",
            "jade.compile",
            "handlebars.compile",
            "handlebars.precompile",
            "Handlebars.compile",
            "nunjucks.renderString",
            "nunjucks.compile",
            "nunjucks.Environment.renderString",
            "nunjucks.configure.renderString",
            "nunjucks.Template",
            "lodash.template",
            "lodash.template.default",
            "lodash/template",
            "lodash.default.template",
            "underscore.template",
            "doT.template",
            "dot.template",
            "dot.compile",
            "eta.render",
            "eta.renderString",
            "eta.Eta.renderString",
            "squirrelly.render",
            "swig.render",
            "swig.compile",
            "twig.twig",
            "velocityjs.render",
            "velocityjs.parse",
            "art-template.render",
            "art-template.compile",
            "hogan.js.compile",
            "liquidjs.Liquid.parseAndRender",
        )
    ),
    Sink(TEMPLATE, "mustache.render", said=_RENDER, review="templates of mustache hold no code"),
)


_MARKUP = (
    *(
        Sink(
            XML,
            f"{module}.{name}",
            only_if=(option, True),
            said="reads it as XML and resolves the external entities in it",
        )
        for module in ("libxmljs", "libxmljs2")
        for name in ("parseXml", "parseXmlString", "parseXmlAsync", "parseHtml")
        for option in ("noent", "replaceEntities")
    ),
    Sink(
        XML,
        "libxmljs.SaxParser.parseString",
        said="reads it as XML",
        review="whether entities are resolved depends on the handlers",
    ),
    Sink(
        XML,
        "node-expat.Parser.parse",
        said="reads it as XML with entities",
        review="whether entities are resolved depends on the handlers",
    ),
    Sink(XML, "xpath.select", said="takes it as an expression over the document"),
    Sink(XML, "xpath.select1", said="takes it as an expression over the document"),
    Sink(XML, "xpath.evaluate", said="takes it as an expression over the document"),
    Sink(XML, "libxslt.parse", said="takes it as a style sheet"),
)

_EXPRESSIONS = (
    Sink(REGEX, "RegExp", said="makes a regular expression of it, which can take very long to match"),
    Sink(REGEX, "XRegExp", said="makes a regular expression of it, which can take very long to match"),
    Sink(REGEX, "xregexp", said="makes a regular expression of it, which can take very long to match"),
)


_CONSOLE = ("log", "info", "warn", "error", "debug", "trace", "dir", "table")
_WRITTEN = "writes it to the log"


def _logs() -> tuple[Sink, ...]:
    methods = ("log", "info", "warn", "error", "debug", "trace", "fatal", "verbose", "silly", "critical", "http")
    loggers = (
        "winston",
        "winston.createLogger",
        "winston.default",
        "pino",
        "pino.pino",
        "bunyan.createLogger",
        "log4js.getLogger",
        "loglevel",
        "signale",
        "lambda-log",
        "tslog.Logger",
        "consola",
        "@aws-lambda-powertools/logger.Logger",
        "@nestjs/common.Logger",
        "firebase-functions.logger",
        "firebase-functions/logger",
        "@middy/input-output-logger",
        "azure.functions.Context",
        "azure.functions.Context.log",
        "fastify.FastifyRequest.log",
    )
    every = tuple(range(4))
    return (
        *(Sink(LOG, f"console.{name}", every, said=_WRITTEN) for name in _CONSOLE),
        *(Sink(LOG, f"{logger}.{name}", every, said=_WRITTEN) for logger in loggers for name in methods),
        Sink(LOG, "azure.functions.Context.log", every, said=_WRITTEN),
        Sink(LOG, "lambda-log", every, said=_WRITTEN),
        Sink(LOG, "process.stdout.write", said=_WRITTEN),
        Sink(LOG, "process.stderr.write", said=_WRITTEN),
        Sink(
            LOG,
            "@aws-lambda-powertools/logger.Logger.logEventIfEnabled",
            (0,),
            said=_WRITTEN,
            review="an environment variable decides",
        ),
    )


SINKS: tuple[Sink, ...] = (
    *_commands(),
    *_EVALUATED,
    *_DESERIALISED,
    *_TEMPLATES,
    *FILES,
    *_MARKUP,
    *_EXPRESSIONS,
    *_logs(),
)
