"""Calls of Python that run what they are given: as commands, as code, as objects, as templates. Source of each: the library's own documentation of the call."""

from __future__ import annotations

from .terms import (
    CODE,
    COMMAND,
    DESERIALISATION,
    TEMPLATE,
    Sink,
)

_RUNS_SHELL = "runs it in a shell"


_RUNS_PROGRAM = "runs it as a program"


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
        Sink(CODE, f"pandas.{made}.{name}", said="runs it as a query of a data frame")
        for made in ("DataFrame", "read_csv", "read_json", "read_parquet", "read_excel", "read_sql", "read_table")
        for name in ("query", "eval")
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

EXECUTION: tuple[Sink, ...] = (*_COMMANDS, *_CODE, *_DESERIALISATION, *_TEMPLATES)
