"""Which files of a package are its own source, and all of them parsed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from . import ir
from .package import NotParsed, Package, Program, Unparsed
from .python_source import lower_python

LANGUAGES: Mapping[str, str] = {
    ".py": ir.PYTHON,
    ".js": ir.JAVASCRIPT,
    ".mjs": ir.JAVASCRIPT,
    ".cjs": ir.JAVASCRIPT,
    ".jsx": ir.JAVASCRIPT,
    ".ts": ir.TYPESCRIPT,
    ".mts": ir.TYPESCRIPT,
    ".cts": ir.TYPESCRIPT,
    ".tsx": ir.TYPESCRIPT,
}
# Source of functions in languages that are not read: to say so is better than silence.
OTHERS: Mapping[str, str] = {
    ".java": "Java",
    ".kt": "Kotlin",
    ".scala": "Scala",
    ".cs": "C#",
    ".fs": "F#",
    ".vb": "Visual Basic",
    ".go": "Go",
    ".rb": "Ruby",
    ".rs": "Rust",
    ".php": "PHP",
    ".ps1": "PowerShell",
    ".swift": "Swift",
    ".dart": "Dart",
    ".ex": "Elixir",
    ".class": "compiled Java",
    ".jar": "compiled Java",
    ".dll": "compiled .NET",
    ".pyc": "compiled Python",
}
_VENDORED = frozenset(
    [
        "node_modules",
        "site-packages",
        "dist-packages",
        "vendor",
        "vendored",
        "vendors",
        "third_party",
        "thirdparty",
        "bower_components",
        "venv",
        "env",
        "virtualenv",
        "__pypackages__",
        "jspm_packages",
    ]
)
# What tools leave in a folder of source: copies of what is beside them.
_MADE = frozenset(["__pycache__", "cdk.out", "coverage", "htmlcov"])
_TEST_FOLDER = frozenset(
    ["test", "tests", "__tests__", "__mocks__", "spec", "specs", "e2e", "fixtures", "testdata", "cypress"]
)
_TEST_FILE = re.compile(
    r"^(?:test_.*|.*_test|conftest)\.py$|\.(?:test|spec|e2e|cy)\.[cm]?[jt]sx?$|^jest\.(?:config|setup)\b", re.IGNORECASE
)
_DIST_INFO = re.compile(r"^(?:(.*)/)?([^/]+)-[^/-]+\.(?:dist-info|egg-info)(?:/|$)")


def read_program(package: Package) -> Program:
    """The package's own source, parsed; what cannot be parsed or is in another language is kept with the reason."""
    modules: dict[str, ir.Module] = {}
    unparsed = [Unparsed(each.path, each.why) for each in package.refused if _is_source(each.path)]
    notes: list[Unparsed] = []
    tests: list[str] = []
    vendored = 0
    installed = _installed(package)
    for path in sorted(package.files):
        suffix = PurePosixPath(path).suffix.lower()
        if not _is_source(path):
            continue
        if is_vendored(path, package.kind) or _is_installed(path, installed):
            vendored += 1
            continue
        if suffix in OTHERS:
            if suffix != ".pyc" or _without_source(path, package):
                unparsed.append(Unparsed(path, f"it is {OTHERS[suffix]}, which is not read"))
            continue
        try:
            modules[path] = lower(path, package.files[path](), notes)
        except NotParsed as error:
            unparsed.append(Unparsed(path, error.why, error.line))
            continue
        if is_test(path):
            tests.append(path)
    unparsed.sort(key=lambda one: (one.path, one.line, one.why))
    return Program(package, modules, tuple(unparsed), vendored, tuple(tests), tuple(notes))


def lower(path: str, content: bytes, notes: list[Unparsed]) -> ir.Module:
    """One file, in its language. Parts that the grammar could not read go to `notes`. Raises NotParsed."""
    language = LANGUAGES[PurePosixPath(path).suffix.lower()]
    if language == ir.PYTHON:
        return lower_python(path, content)
    try:
        # Late, as the grammars take time to load and a program of Python needs none.
        from .javascript_source import lower_javascript
    except ImportError:
        raise NotParsed(f"it is {language.capitalize()}, which is not read") from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotParsed(f"its encoding cannot be read: {error.reason}") from None
    module = lower_javascript(path, text, language)
    notes.extend(Unparsed(path, "a part of it cannot be parsed", each.line) for each in module.swallowed)
    return module


def is_vendored(path: str, kind: str = "folder") -> bool:
    """Whether a path is that of somebody else's code, or of a copy that a tool made."""
    folders = path.split("/")[:-1]
    if any(each in _VENDORED or each in _MADE for each in folders):
        return True
    return kind == "folder" and any(each.startswith(".") and len(each) > 1 and each != ".." for each in folders)


def is_test(path: str) -> bool:
    """Whether a path is that of a test or of what belongs to tests."""
    *folders, name = path.split("/")
    return any(each.lower() in _TEST_FOLDER for each in folders) or bool(_TEST_FILE.search(name))


def _is_source(path: str) -> bool:
    suffix = PurePosixPath(path).suffix.lower()
    if path.lower().endswith((".d.ts", ".d.mts", ".d.cts", ".min.js")):
        return False
    return suffix in LANGUAGES or suffix in OTHERS


def _without_source(path: str, package: Package) -> bool:
    """Whether compiled Python lies there without the text that it was made of."""
    return f"{path[:-1]}" not in package.files


def _installed(package: Package) -> frozenset[str]:
    """What `pip install --target` put into the package: the files, or the folders, of each distribution that left its record there."""
    found: set[str] = set()
    for path in package.files:
        match = _DIST_INFO.match(path)
        if not match:
            continue
        folder = f"{match[1]}/" if match[1] else ""
        found.add(f"{folder}{re.sub(r'[-.]+', '_', match[2])}/")
        found.add(f"{folder}{match[2].lower().replace('-', '_')}/")
        name = path.rsplit("/", 1)[-1]
        if name == "RECORD":
            lines = package.files[path]().decode("utf-8", "replace").splitlines()
            found.update(folder + line.split(",", 1)[0].strip('"') for line in lines if line)
        elif name == "top_level.txt":
            names = package.files[path]().decode("utf-8", "replace").split()
            found.update(f"{folder}{each}{end}" for each in names for end in ("/", ".py"))
    return frozenset(found)


def _is_installed(path: str, installed: frozenset[str]) -> bool:
    if not installed:
        return False
    if path in installed:
        return True
    parts = path.split("/")
    return any("/".join(parts[: count + 1]) + "/" in installed for count in range(len(parts) - 1))
