"""Which modules run in a browser: what they do wrong is no habit of a function."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .. import ir
from ..package import Program

# Only what has a part in a browser alone; a server renders with react too, but does so without these.
_FRAMEWORKS = frozenset(
    {
        "react-dom",
        "react-dom/client",
        "react-router-dom",
        "react-native",
        "vue",
        "vue-router",
        "svelte",
        "@angular/core",
        "@angular/common/http",
        "aws-amplify",
        "@aws-amplify/ui-react",
        "jquery",
        "expo",
    }
)
_RENDERS = frozenset({"react", "preact", "preact/hooks", "solid-js"})
_IMPORTS = re.compile(r"""(?:\bfrom|\brequire\(|\bimport)\s*\(?\s*['"]([^'"]+)['"]""")
_LONGEST_LINE = 5_000
# (`document` alone is also what a store gives.)
_GLOBALS = re.compile(
    r"\b(?:window\.[a-zA-Z]|(?:localStorage|sessionStorage)\.|navigator\.(?:userAgent|serviceWorker)|document\.(?:getElement|querySelector|createElement|addEventListener|cookie|location))"
)
_SERVER = re.compile(
    r"^(?:node:|aws-sdk|@aws-sdk/|@aws-lambda-powertools/|@azure/|@google-cloud/|express$|serverless-http|puppeteer|playwright|chrome-aws-lambda|@sparticuz/|fs$|crypto$|child_process|http$|https$|path$|pg$|mysql)"
)
_SERVES = re.compile(
    r"(?i)renderTo(?:String|StaticMarkup|Pipeable|Readable)|exports\.\w*handler|export\s+(?:const|async function|function)\s+\w*handler\b"
)


def in_browsers(program: Program) -> Iterator[str]:
    """The paths of modules that belong to a web page or an app."""
    for path, module in sorted(program.modules.items()):
        if module.language == ir.PYTHON:
            continue
        imported = set(_imported(module))
        if any(_SERVER.match(each) for each in imported) or _in(module, _SERVES):
            continue
        renders = bool(imported & _RENDERS) and path.endswith((".jsx", ".tsx"))
        if imported & _FRAMEWORKS or renders or _in(module, _GLOBALS):
            yield path


def _imported(module: ir.Module) -> Iterator[str]:
    for line in module.lines:
        if len(line) <= _LONGEST_LINE:
            yield from _IMPORTS.findall(line)


def _in(module: ir.Module, pattern: re.Pattern[str]) -> bool:
    return any(len(each) <= _LONGEST_LINE and pattern.search(each) for each in module.lines)
