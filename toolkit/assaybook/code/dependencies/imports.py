"""Which packages of others a program imports, for code that comes without any list of them."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator

from ..ir import PYTHON, Block, If, Import, Loop, Module, Statement, Try, functions_in
from ..package import Program
from .components import NPM, PYPI

# What the runtimes of Lambda bring along, and the types of aws-lambda, which leave no code. Source: AWS Lambda Developer Guide, "Runtime-included SDK versions".
_OF_RUNTIME = frozenset(
    {
        "boto3",
        "botocore",
        "s3transfer",
        "jmespath",
        "dateutil",
        "urllib3",
        "six",
        "awslambdaric",
        "aws-sdk",
        "aws-xray-sdk-core",
        "aws-lambda",
    }
)
# Source: Node.js documentation, module.builtinModules.
_OF_NODE = frozenset(
    {
        "assert",
        "async_hooks",
        "buffer",
        "child_process",
        "cluster",
        "console",
        "constants",
        "crypto",
        "dgram",
        "diagnostics_channel",
        "dns",
        "domain",
        "events",
        "fs",
        "http",
        "http2",
        "https",
        "inspector",
        "module",
        "net",
        "os",
        "path",
        "perf_hooks",
        "process",
        "punycode",
        "querystring",
        "readline",
        "repl",
        "stream",
        "string_decoder",
        "sys",
        "test",
        "timers",
        "tls",
        "trace_events",
        "tty",
        "url",
        "util",
        "v8",
        "vm",
        "wasi",
        "worker_threads",
        "zlib",
    }
)
MOST = 50


def imported(program: Program) -> list[dict[str, str]]:
    """Packages that are imported and are neither the platform's nor the program's own; by ecosystem and the name under which they are imported."""
    own = {part.partition(".")[0] for path in program.package.files for part in path.split("/")}
    found = {each for module in program for each in _of(module, own)}
    return [{"ecosystem": ecosystem, "name": name} for ecosystem, name in sorted(found)[:MOST]]


def _of(module: Module, own: set[str]) -> Iterator[tuple[str, str]]:
    bodies = [module.body, *(each.body for each in functions_in(module.body))]
    for statement in (each for body in bodies for each in _imports(body)):
        if module.language == PYTHON:
            name = statement.module.partition(".")[0]
            known = statement.level or name in sys.stdlib_module_names or name in own
            if name and not known and name not in _OF_RUNTIME:
                yield PYPI, name
            continue
        parts = statement.module.removeprefix("node:").split("/")
        name = "/".join(parts[:2]) if parts[0].startswith("@") else parts[0]
        outside = re.fullmatch(r"(@[\w.-]+/)?[\w.-]+", name) and not name.startswith(
            (".", "@aws-sdk/", "@smithy/", "@/")
        )
        if outside and name not in _OF_NODE and name not in _OF_RUNTIME and name not in own:
            yield NPM, name


def _imports(statements: Iterable[Statement]) -> Iterator[Import]:
    for each in statements:
        if isinstance(each, Import):
            yield each
        elif isinstance(each, If | Loop):
            yield from _imports(each.then if isinstance(each, If) else each.body)
            yield from _imports(each.otherwise)
        elif isinstance(each, Block):
            yield from _imports(each.body)
        elif isinstance(each, Try):
            for body in (each.body, *(one.body for one in each.handlers), each.otherwise, each.final):
                yield from _imports(body)
