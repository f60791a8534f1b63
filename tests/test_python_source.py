"""Python in the intermediate form, and which files of a package are its own source."""

from __future__ import annotations

import random
import sys
import sysconfig
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assaybook.code import ir
from assaybook.code.package import NotParsed
from assaybook.code.program import is_test, is_vendored
from assaybook.code.python_source import lower_python
from flow_samples import flows_of, program_of


def body(code: str) -> tuple[ir.Statement, ...]:
    return lower_python("app.py", code).body


def value(code: str) -> ir.Expression:
    statement = body(code)[0]
    assert isinstance(statement, ir.Evaluate)
    return statement.value


def test_a_member_an_item_and_a_call():
    assert value("a.b['c'](1, *d, e=2, **f)") == ir.Call(
        ir.Item(ir.Member(ir.Name("a"), "b"), ir.Constant("c")),
        (
            ir.Argument(ir.Constant(1)),
            ir.Argument(ir.Name("d"), spread="*"),
            ir.Argument(ir.Constant(2), name="e"),
            ir.Argument(ir.Name("f"), spread="**"),
        ),
    )


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("f'a{b}c{d!r:>10}'", ir.Text),
        ("a if b else c", ir.Choice),
        ("a and b or c", ir.Choice),
        ("a < b < c", ir.Choice),
        ("[x for y in z if w for x in y]", ir.Comprehension),
        ("{k: v for k, v in z}", ir.Comprehension),
        ("(y := f(x))", ir.Assigned),
        ("lambda x, *y, z=1, **w: x", ir.Closure),
        ("{'a': 1, **b}", ir.Record),
        ("(1, *a)", ir.Sequence),
        ("a[1:2]", ir.Item),
        ("...", ir.Opaque),
        ("-1", ir.Constant),
        ("b'x'", ir.Constant),
    ],
)
def test_expressions(code: str, expected: type[ir.Expression]):
    assert isinstance(value(code), expected)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("a = b = c", ir.Assign),
        ("a: int = 1", ir.Assign),
        ("a: int", ir.Assign),
        ("a += 1", ir.Assign),
        ("if a:\n    pass\nelif b:\n    pass\nelse:\n    c", ir.If),
        ("for a, b in c:\n    break\nelse:\n    d", ir.Loop),
        ("while a:\n    continue", ir.Loop),
        ("with a as b, c:\n    d", ir.Block),
        ("try:\n    a\nexcept (B, C) as e:\n    d\nelse:\n    f\nfinally:\n    g", ir.Try),
        ("try:\n    a\nexcept* B:\n    d", ir.Try),
        ("def f(a, /, b=1, *c, d, e=2, **g) -> int:\n    return a", ir.Define),
        ("class A(B, metaclass=C):\n    x = 1\n    def f(self): pass", ir.DefineClass),
        ("import a.b, c as d", ir.Import),
        ("from ..a import b as c, d", ir.Import),
        ("from a import *", ir.Import),
        ("global a", ir.Global),
        ("raise A() from b", ir.Raise),
        ("assert a, b", ir.If),
        ("del a[b]", ir.Evaluate),
        (
            "match a:\n    case 1 | 2:\n        b\n    case {'k': v, **r} if v:\n        c\n    case [x, *y]:\n        d\n    case C(z, w=1) as q:\n        e\n    case _:\n        f",
            ir.If,
        ),
    ],
)
def test_statements(code: str, expected: type[ir.Statement]):
    assert isinstance(body(code)[0], expected)


def test_functions_know_their_names_and_classes():
    functions = list(
        ir.functions_in(
            body(
                "class A:\n    def f(self):\n        def g(): yield 1\n    async def h(self): pass\ndef f(): pass\ndef f(): pass\n"
            )
        )
    )

    assert [(each.qualified, each.method_of, each.generator, each.asynchronous) for each in functions] == [
        ("A.f", "A", False, False),
        ("A.f.g", "", True, False),
        ("A.h", "A", False, True),
        ("f", "", False, False),
        ("f#2", "", False, False),
    ]


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (b"print 'x'\n", 1),
        (b"def f(:\n", 1),
        (b"x = 1\n\0\n", 0),
        (b"# -*- coding: klingon -*-\nx = 1\n", 0),
        (b"x = '\xff\xfe'\n", 0),
        (b"x = " + b"(" * 5000 + b")" * 5000, None),
        (b"\tif x:\n  y\n", 1),
    ],
)
def test_what_cannot_be_parsed_says_where(source: bytes, line: int | None):
    with pytest.raises(NotParsed) as caught:
        lower_python("app.py", source)

    assert caught.value.why
    assert line is None or caught.value.line == line


def test_encodings_and_line_ends():
    assert lower_python("a.py", b"# -*- coding: latin-1 -*-\r\nx = '\xe9'\r\n").lines[1] == "x = 'é'"
    assert lower_python("a.py", b"\xef\xbb\xbfx = 1\n").body


def test_own_source_is_told_from_what_is_vendored():
    program = program_of(
        {
            "app.py": "x = 1",
            "broken.py": "print 'x'",
            "Main.java": "class Main {}",
            "requests/api.py": "x = 1",
            "requests-2.0.dist-info/RECORD": "requests/api.py,sha256=x,1\nsix.py,,\n",
            "six.py": "x = 1",
            "node_modules/a/index.py": "x = 1",
            "vendor/b.py": "x = 1",
            "tests/test_app.py": "x = 1",
            "README.md": "",
        },
        kind="zip",
    )

    assert sorted(program.modules) == ["app.py", "tests/test_app.py"]
    assert program.tests == ("tests/test_app.py",)
    assert [(each.path, each.line) for each in program.unparsed] == [("Main.java", 0), ("broken.py", 1)]
    assert program.vendored == 4


@pytest.mark.parametrize(
    "path",
    [
        "node_modules/a.js",
        "x/site-packages/a.py",
        ".venv/a.py",
        ".aws-sam/build/a.py",
        "cdk.out/asset.1/a.py",
        "a/__pycache__/b.pyc",
    ],
)
def test_vendored_paths(path: str):
    assert is_vendored(path)


@pytest.mark.parametrize("path", ["src/app.py", "lib/a.py", "vendors_api/app.py", "environment/a.py"])
def test_own_paths(path: str):
    assert not is_vendored(path)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("tests/a.py", True),
        ("src/test_a.py", True),
        ("a_test.py", True),
        ("x.spec.ts", True),
        ("latest.py", False),
        ("contest/app.py", False),
    ],
)
def test_test_paths(path: str, expected: bool):
    assert is_test(path) is expected


def _library(count: int) -> list[Path]:
    root = Path(sysconfig.get_paths()["stdlib"])
    files = sorted(each for each in root.glob("*.py") if each.stat().st_size < 120_000)
    random.Random(7).shuffle(files)
    return files[:count]


def test_the_standard_library_is_no_crash():
    files: dict[str, str | bytes] = {}
    for path in _library(40):
        text = path.read_text(encoding="utf-8")
        names = [each.function.name for each in lower_python("a.py", text).body if isinstance(each, ir.Define)]
        calls = "".join(f"    {name}(event['a'], event)\n" for name in names)
        files[path.name] = f"{text}\n\ndef lambda_handler(event, context):\n    pass\n{calls}"
    found = flows_of(files)

    assert len(found["entries"]) >= 40
    assert found["functions"] > 100


SAMPLE = """
import os, json, re, boto3
from urllib.parse import unquote_plus
class A:
    def __init__(self, x): self.x = x
    def run(self, *a, **k): return os.system(self.x + a[0])
def handler(event, context):
    b = json.loads(event["body"] or "{}")
    for k, v in b.items():
        if k in ("a", "b") and re.fullmatch("[a-z]+", v): continue
        A(v).run(f"{k}={v!r}", z=1)
    try:
        return {"statusCode": 200, "body": json.dumps([x for x in b if x])}
    except (KeyError, ValueError) as e:
        raise RuntimeError(str(e)) from e
"""
TOKENS = SAMPLE.split(" ")


@settings(max_examples=120, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(TOKENS) - 1), st.integers(0, len(TOKENS) - 1)), min_size=1, max_size=6))
def test_mutated_sources_are_no_crash(swaps: list[tuple[int, int]]):
    tokens = list(TOKENS)
    for left, right in swaps:
        tokens[left], tokens[right] = tokens[right], tokens[left]

    assert "flows" in flows_of({"app.py": " ".join(tokens)}, "app.handler")


LINES = SAMPLE.splitlines()


@settings(max_examples=120, deadline=None)
@given(st.permutations(range(len(LINES))), st.integers(0, 6))
def test_moved_lines_are_no_crash(order: list[int], keep: int):
    chosen = [*range(keep), *(each for each in order if each >= keep)]

    assert "flows" in flows_of({"app.py": "\n".join(LINES[each] for each in chosen)}, "app.handler")


def test_the_recursion_limit_is_as_it_was():
    before = sys.getrecursionlimit()
    flows_of({"app.py": SAMPLE}, "app.handler")

    assert sys.getrecursionlimit() == before
