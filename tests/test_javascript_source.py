"""JavaScript and TypeScript in the intermediate form: every syntax that handlers are written with, and what happens to text that is none."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assaybook.code import ir
from assaybook.code.javascript_source import LARGEST, lower_javascript
from assaybook.code.package import NotParsed


def lowered(text: str, path: str = "a.js") -> ir.Module:
    return lower_javascript(path, text, ir.TYPESCRIPT if path.endswith(("ts", "tsx")) else ir.JAVASCRIPT)


def body(text: str, path: str = "a.js") -> tuple[ir.Statement, ...]:
    module = lowered(text, path)
    assert module.swallowed == ()
    return module.body


def one(text: str, path: str = "a.js") -> ir.Statement:
    (only,) = body(text, path)
    return only


def value(text: str, path: str = "a.js") -> ir.Expression:
    statement = one(f"x = {text};", path)
    assert isinstance(statement, ir.Assign)
    assert statement.value is not None
    return statement.value


def name(said: str) -> ir.Name:
    return ir.Name(said)


def text(said: str) -> ir.Constant:
    return ir.Constant(said)


def call(said: str, *arguments: ir.Expression) -> ir.Call:
    of: ir.Expression = ir.Name(said.split(".")[0])
    for each in said.split(".")[1:]:
        of = ir.Member(of, each)
    return ir.Call(of, tuple(ir.Argument(each) for each in arguments))


a, b, c, x = name("a"), name("b"), name("c"), name("x")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("'it\\'s'", text("it's")),
        ('"\\x41\\u0042\\u{1F600}\\n\\t"', text("AB\U0001f600\n\t")),
        ('"\\ud800"', text("\ufffd")),
        ('"a\\\nb"', text("ab")),
        ("1_000", ir.Constant(1000)),
        ("0xff", ir.Constant(255)),
        ("10n", ir.Constant(10)),
        ("1.5e3", ir.Constant(1500.0)),
        ("-1", ir.Constant(-1)),
        ("true", ir.Constant(True)),
        ("null", ir.Constant(None)),
        ("undefined", ir.Constant(None)),
        ("``", text("")),
        ("`plain`", text("plain")),
        ("`a${b}\\n`", ir.Text((text("a"), b, text("\n")))),
        ("a.b", ir.Member(a, "b")),
        ("a?.b", ir.Member(a, "b")),
        ("a['b']", ir.Member(a, "b")),
        ("a?.['b-c']", ir.Member(a, "b-c")),
        ("a[b]", ir.Item(a, b)),
        ("a[0]", ir.Item(a, ir.Constant(0))),
        ("a.#b", ir.Member(a, "#b")),
        ("a?.(b)", ir.Call(a, (ir.Argument(b),))),
        ("a(...b)", ir.Call(a, (ir.Argument(b, spread="*"),))),
        ("new A(b)", ir.Call(name("A"), (ir.Argument(b),), new=True)),
        ("new A", ir.Call(name("A"), (), new=True)),
        ("a || b", ir.Choice(a, a, b)),
        ("a ?? b", ir.Choice(a, a, b)),
        ("a && b", ir.Choice(a, b, a)),
        ("a ? b : c", ir.Choice(a, b, c)),
        ("a === b", ir.Binary("==", a, b)),
        ("a !== b", ir.Binary("!=", a, b)),
        ("a >>> b", ir.Binary(">>", a, b)),
        ("a ** b", ir.Binary("**", a, b)),
        ("'a' in b", ir.Binary("in", text("a"), b)),
        ("a instanceof b", ir.Binary("instanceof", a, b)),
        ("!a", ir.Unary("not", a)),
        ("typeof a", ir.Unary("typeof", a)),
        ("(a, b)", b),
        ("(0, a.b)(c)", ir.Call(ir.Member(a, "b"), (ir.Argument(c),))),
        ("[a, ...b]", ir.Sequence((a, ir.Unary("*", b)))),
        ("{a, 'b': c, ...x}", ir.Record((ir.Entry(text("a"), a), ir.Entry(text("b"), c), ir.Entry(None, x)))),
        ("{[a]: b}", ir.Record((ir.Entry(a, b),))),
        ("/a+/g", ir.Call(name("RegExp"), (ir.Argument(text("a+")), ir.Argument(text("g"))), new=True)),
        ("a`b${c}d`", ir.Call(a, (ir.Argument(ir.Sequence((text("b"), text("d")), "tuple")), ir.Argument(c)))),
        ("a = b", ir.Assigned(a, b)),
        ("(a += b)", ir.Assigned(a, ir.Binary("+", a, b))),
        ("(a ??= b)", ir.Assigned(a, ir.Choice(a, a, b))),
        ("a++", ir.Assigned(a, ir.Binary("+", a, ir.Constant(1)))),
        ("import.meta", ir.Member(name("import"), "meta")),
    ],
)
def test_expression(written: str, expected: ir.Expression) -> None:
    assert value(written) == expected


@pytest.mark.parametrize("written", ["a as B", "a!", "<B>a", "a satisfies B", "(a as unknown as B)!", "a as const"])
def test_what_only_types_say_changes_no_value(written: str) -> None:
    assert value(written, "a.ts") == a


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("import a from 'm'", [ir.Import("m", "default", "a")]),
        ("import * as a from 'm'", [ir.Import("m", "", "a")]),
        ("import {a, b as c} from 'm'", [ir.Import("m", "a", "a"), ir.Import("m", "b", "c")]),
        ("import x, {a} from './m.js'", [ir.Import("./m.js", "default", "x"), ir.Import("./m.js", "a", "a")]),
        ("import 'm'", [ir.Import("m", "", "")]),
        ("import {default as a} from 'm'", [ir.Import("m", "default", "a")]),
        ("import a from './d.json' with {type: 'json'}", [ir.Import("./d.json", "default", "a")]),
        ("const a = require('m')", [ir.Import("m", "", "a")]),
        ("var a = require('m').b", [ir.Import("m", "b", "a")]),
        ("const {a, b: c} = require('m')", [ir.Import("m", "a", "a"), ir.Import("m", "b", "c")]),
        ("const a = await import('m')", [ir.Import("m", "", "a")]),
        ("const a = __importDefault(require('m'))", [ir.Import("m", "", "a")]),
        ("const a = __importStar(require('m'))", [ir.Import("m", "", "a")]),
        ("const a = __toESM(require('m'))", [ir.Import("m", "", "a")]),
    ],
)
def test_import(written: str, expected: list[ir.Statement]) -> None:
    assert list(body(written, "a.mjs")) == expected


def test_imports_of_typescript() -> None:
    assert one("import a = require('m');", "a.ts") == ir.Import("m", "", "a")
    assert one("import type {A} from 'm';", "a.ts") == ir.Import("m", "A", "A")


def test_what_is_required_in_an_expression_is_imported_first() -> None:
    found = body("function f(cmd) { require('child_process').exec(cmd); require('child_process').exec(cmd) }")
    assert found[0] == ir.Import("child_process", "", "require child_process")
    assert isinstance(found[1], ir.Define)
    assert found[1].function.body[0] == ir.Evaluate(call("require child_process.exec", name("cmd")))
    assert len(found) == 2


def test_what_is_required_by_a_name_that_is_not_constant_stays_a_call() -> None:
    assert value("require(a)") == call("require", a)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("export {a as b}", [("b", a, "")]),
        ("export {a as b} from 'm'", [("b", a, "m")]),
        ("export * from 'm'", [("*", name("*"), "m")]),
        ("export * as n from 'm'", [("n", name("*"), "m")]),
        ("export default a", [("default", a, "")]),
        ("exports.a = b", [("a", b, "")]),
        ("exports['a'] = b", [("a", b, "")]),
        ("module.exports.a = b", [("a", b, "")]),
        ("exports.a = exports.b = c", [("b", c, ""), ("a", c, "")]),
        ("module.exports = a", [("default", a, "")]),
        (
            "module.exports = {a, b: c}",
            [("a", a, ""), ("b", c, ""), ("default", ir.Record((ir.Entry(text("a"), a), ir.Entry(text("b"), c))), "")],
        ),
        ("0 && (module.exports = {a})", []),
    ],
)
def test_export(written: str, expected: list[tuple[str, ir.Expression, str]]) -> None:
    found = [(each.name, each.value, each.source) for each in body(written) if isinstance(each, ir.Export)]
    assert found == expected


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("exports.handler = async (event) => { return event }", "a.js"),
        ("module.exports.handler = async function (event) { return event }", "a.js"),
        ("module.exports = { handler: async (event) => { return event } }", "a.js"),
        ("module.exports = { async handler(event) { return event } }", "a.js"),
        ("export const handler = async (event) => { return event }", "a.mjs"),
        ("export async function handler(event) { return event }", "a.mjs"),
        ("export const handler: Handler<E> = async (event) => { return event }", "a.ts"),
        ("export async function handler(event: E, context?: C): Promise<R> { return event }", "a.ts"),
        ("const handler = async (event) => { return event }; module.exports = { handler }", "a.js"),
        ("const handler = async (event) => { return event }; export { handler }", "a.mjs"),
        ("__export(x, { handler: () => handler }); const handler = async (event) => { return event }", "a.js"),
    ],
)
def test_a_handler_is_found_under_its_name(written: str, path: str) -> None:
    statements = body(written, path)
    (exported,) = [each for each in statements if isinstance(each, ir.Export) and each.name == "handler"]
    functions = [*ir.functions_in(statements)]
    if isinstance(exported.value, ir.Closure):
        functions.append(exported.value.function)
    else:
        assert exported.value == name("handler")
    (function,) = [each for each in functions if each.name == "handler"]
    assert function.qualified == "handler"
    assert function.asynchronous
    assert function.parameters[0].target == name("event")
    assert function.body == (ir.Return(name("event")),)


def test_destructuring_becomes_assignments() -> None:
    assert list(body("const {a, b: {c = 1}, ...x} = event; ")) == [
        ir.Assign((a,), ir.Member(name("event"), "a"), const=True),
        ir.Assign(
            (c,),
            ir.Choice(
                ir.Member(ir.Member(name("event"), "b"), "c"),
                ir.Member(ir.Member(name("event"), "b"), "c"),
                ir.Constant(1),
            ),
            const=True,
        ),
        ir.Assign((x,), ir.Record((ir.Entry(None, name("event")),)), const=True),
    ]
    whole = name("destructured 1")
    assert list(body("[a, , b, ...c] = f()")) == [
        ir.Assign((whole,), call("f"), const=True),
        ir.Assign((a,), ir.Item(whole, ir.Constant(0))),
        ir.Assign((b,), ir.Item(whole, ir.Constant(2))),
        ir.Assign((c,), ir.Item(whole, None)),
    ]


def test_a_parameter_that_is_taken_apart() -> None:
    (found,) = body("function f({body, headers: {host}}, [a] = [], ...rest) {}")
    assert isinstance(found, ir.Define)
    function = found.function
    first, second, last = function.parameters
    assert (first.target, second.target, last.target, last.kind) == (
        name("argument 1"),
        name("argument 2"),
        name("rest"),
        "*",
    )
    assert function.body[0] == ir.Assign((name("body"),), ir.Member(name("argument 1"), "body"))
    assert function.body[1] == ir.Assign((name("host"),), ir.Member(ir.Member(name("argument 1"), "headers"), "host"))


def test_functions_that_are_declared_come_first() -> None:
    first, second = body("handler(); function handler() {}")
    assert isinstance(first, ir.Define)
    assert second == ir.Evaluate(call("handler"))


def test_qualified_names_are_unique_and_stay_when_lines_move() -> None:
    source = "function f() { g(() => 1); g(() => 2); const h = () => 3 } { let f = () => 4 }"

    def names(said: str) -> list[str]:
        found: list[str] = []

        def look(thing: object) -> None:
            if isinstance(thing, ir.Function):
                found.append(thing.qualified)
            if isinstance(thing, tuple):
                for each in thing:
                    look(each)
            elif hasattr(thing, "__dataclass_fields__"):
                for field in thing.__dataclass_fields__:
                    look(getattr(thing, field))

        look(lowered(said).body)
        return found

    assert names(source) == ["f", "f.<anonymous 1>", "f.<anonymous 2>", "f.h", "f#2"]
    assert names("\n\n" + source.replace(";", ";\n\n")) == names(source)


def test_classes() -> None:
    (found,) = body(
        """
        class Service extends Base {
          #db = connect();
          static instance = null;
          handle = async (event) => this.run(event);
          constructor(private readonly table: Table, size = 1) { super(table); this.size = size; }
          static create() { return new Service() }
          get name() { return 1 }
          set name(v) { }
          @Get('/x') async run(@Body() dto: Dto<A>) { return super.run(dto) }
        }
        """,
        "a.ts",
    )
    assert isinstance(found, ir.DefineClass)
    made = found.definition
    assert (made.name, made.bases) == ("Service", (name("Base"),))
    methods = {each.function.name: each.function for each in made.body if isinstance(each, ir.Define)}
    assert list(methods) == ["handle", "constructor", "create", "name", "set name", "run"]
    assert methods["handle"].parameters == (ir.Parameter(name("event")),)
    assert methods["constructor"].body == (
        ir.Assign((ir.Member(name("this"), "table"),), name("table")),
        ir.Evaluate(ir.Call(ir.Member(ir.Call(name("super"), ()), "constructor"), (ir.Argument(name("table")),))),
        ir.Assign((ir.Member(name("this"), "size"),), name("size")),
    )
    assert methods["create"].decorators == (name("staticmethod"),)
    assert methods["name"].decorators == (name("property"),)
    assert methods["run"].decorators == (call("Get", text("/x")),)
    assert methods["run"].parameters[0] == ir.Parameter(
        name("dto"), annotation=ir.Item(name("Dto"), ir.Sequence((name("A"),), "tuple")), decorators=(call("Body"),)
    )
    assert all(each.method_of == "Service" for each in methods.values())
    assert [each.targets for each in made.body if isinstance(each, ir.Assign)] == [(name("#db"),), (name("instance"),)]


def test_switch_becomes_conditions() -> None:
    (found,) = body("function q(a) { switch (a) { case 'x': case 'y': f(); break; case 'z': g(); default: h() } }")
    assert isinstance(found, ir.Define)
    assert found.function.body == (
        ir.If(
            ir.Binary("in", a, ir.Sequence((text("x"), text("y")))),
            (ir.Evaluate(call("f")),),
            (
                ir.If(
                    ir.Binary("==", a, text("z")),
                    (ir.Evaluate(call("g")), ir.Evaluate(call("h"))),
                    (ir.Evaluate(call("h")),),
                ),
            ),
        ),
    )


def test_switch_on_true_tests_its_cases() -> None:
    found = one("switch (true) { case a: f(); break; default: g() }")
    assert found == ir.If(a, (ir.Evaluate(call("f")),), (ir.Evaluate(call("g")),))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("for (const a of b) f(a)", ir.Loop(a, b, None, (ir.Evaluate(call("f", a)),))),
        ("for (const a in b) f(a)", ir.Loop(a, call("Object.keys", b), None, (ir.Evaluate(call("f", a)),))),
        ("while (a) f()", ir.Loop(None, None, a, (ir.Evaluate(call("f")),))),
        ("for (;;) { break }", ir.Loop(None, None, ir.Constant(True), (ir.Jump("break"),))),
        ("outer: while (a) { continue outer }", ir.Loop(None, None, a, (ir.Jump("continue"),))),
        ("if (a) f(); else if (b) g(); else { h() }", ir.If(a, (ir.Evaluate(call("f")),), (ir.If(b, (ir.Evaluate(call("g")),), (ir.Evaluate(call("h")),)),))),
        ("try { f() } catch { g() } finally { h() }", ir.Try((ir.Evaluate(call("f")),), (ir.Handler((), "", (ir.Evaluate(call("g")),)),), (), (ir.Evaluate(call("h")),))),
        ("throw a", ir.Raise(a)),
        ("a += b", ir.Assign((a,), b, "+")),
        ("a ||= b", ir.Assign((a,), ir.Choice(a, a, b))),
        ("delete a.b", ir.Evaluate(ir.Unary("delete", ir.Member(a, "b")))),
    ],
)  # fmt: skip
def test_statement(written: str, expected: ir.Statement) -> None:
    found = one(written)
    if isinstance(found, ir.Try):
        found = ir.Try(
            found.body,
            tuple(ir.Handler(each.types, each.name, each.body) for each in found.handlers),
            found.otherwise,
            found.final,
        )
    assert found == expected


def test_a_loop_over_pairs_takes_them_apart() -> None:
    found = one("for await (const [a, {b}] of c) f(a)")
    each = name("each 1")
    assert found == ir.Loop(
        each,
        c,
        None,
        (
            ir.Assign((a,), ir.Item(each, ir.Constant(0)), const=True),
            ir.Assign((b,), ir.Member(ir.Item(each, ir.Constant(1)), "b"), const=True),
            ir.Evaluate(call("f", a)),
        ),
    )


def test_what_compilers_write_for_async_functions() -> None:
    (found,) = body("function f(e) { return __awaiter(this, void 0, void 0, function* () { const a = yield g(e); }) }")
    assert isinstance(found, ir.Define)
    (last,) = found.function.body
    assert isinstance(last, ir.Return)
    assert isinstance(last.value, ir.Call)
    assert isinstance(last.value.function, ir.Closure)
    inner = last.value.function.function
    assert (inner.asynchronous, inner.generator) == (True, False)
    assert inner.body == (ir.Assign((a,), ir.Unary("await", call("g", name("e"))), const=True),)


def test_a_generator_of_ones_own_stays_one() -> None:
    (found,) = body("function* f() { yield a }")
    assert isinstance(found, ir.Define)
    assert (found.function.generator, found.function.asynchronous) == (True, False)
    assert found.function.body == (ir.Evaluate(ir.Unary("yield", a)),)


def test_typescript_that_only_declares_does_nothing() -> None:
    source = """
    interface A { b: string }
    type B = A | null;
    declare const c: string;
    declare module 'm' { export const d: number }
    function over(a: string): void;
    abstract class D { abstract f(): void; }
    """
    assert [type(each) for each in body(source, "a.ts")] == [ir.DefineClass]


def test_enums_and_namespaces_are_records() -> None:
    assert one("enum E { A, B = 'b' }", "a.ts") == ir.Assign(
        (name("E"),),
        ir.Record((ir.Entry(text("A"), ir.Constant(0)), ir.Entry(text("B"), text("b")))),
        const=True,
    )
    block, known = body("namespace N { export const q = 1 }", "a.ts")
    assert isinstance(block, ir.Block)
    assert known == ir.Assign((name("N"),), ir.Record((ir.Entry(text("q"), name("q")),)), const=True)


def test_markup_holds_its_values() -> None:
    found = value("<p title={a}>{b} text <b>{c}</b></p>", "a.jsx")
    assert isinstance(found, ir.Opaque)
    assert found.parts == (a, b, c)


def test_shebang_comments_and_directives() -> None:
    assert lowered("#!/usr/bin/env node\n// c\n'use strict';\n/* d */ a").body[-1] == ir.Evaluate(a)


def test_places_count_from_one_and_lines_are_kept() -> None:
    module = lowered("// é\r\nf(\r\n 1)\u2028;\r\n")
    assert module.body[0].place == ir.Place(2, 0, 3)
    assert module.lines == ("// é", "f(", " 1)\u2028;", "")


def test_one_odd_place_leaves_the_rest_readable() -> None:
    module = lowered("const a = 1;\nfunction f() { let q = 3 @ 4; g(a) }\nexports.handler = async (event) => event;\n")
    assert module.swallowed
    assert {each.line for each in module.swallowed} == {2}
    assert any(isinstance(each, ir.Export) and each.name == "handler" for each in module.body)


@pytest.mark.parametrize(
    "source", ["<?php echo $_GET['a']; foreach ($x as $y) { print $y } ?>", "function f() { g(", "f() {{ }"]
)
def test_what_is_broken_is_told(source: str) -> None:
    try:
        assert lowered(source).swallowed
    except NotParsed:
        return


def test_types_in_a_file_that_is_called_javascript() -> None:
    module = lowered("export const handler = async (event: Event): Promise<void> => { f(event as any) };\n")
    assert module.swallowed == ()
    assert any(isinstance(each, ir.Export) for each in module.body)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("a" * (LARGEST + 1), "bundled or minified"),
        ("a\0b", "null characters"),
        (
            "def handler(event, context):\n    return {'a': [x for x in y if x]}\n    raise ValueError from None\n" * 3,
            "not valid",
        ),
    ],
)
def test_not_parsed(source: str, why: str) -> None:
    with pytest.raises(NotParsed) as caught:
        lowered(source)
    assert why in caught.value.why


@pytest.mark.parametrize(
    "source",
    [
        "(" * 3000 + "a" + ")" * 3000,
        "[" * 3000 + "]" * 3000,
        "{" * 3000 + "}" * 3000,
        "f(() => " * 1500 + "1" + ")" * 1500,
        "a" + ".b()" * 3000,
        "if (a) {} else " * 2000 + "{}",
        "x = a ? " + "b ? " * 1000 + "c" + " : d" * 1001,
        "const {" + "a: {" * 1000 + "b" + "}" * 1000 + "} = c",
        "!" * 5000 + "a",
    ],
)
def test_deep_nesting_is_told_and_harms_nothing(source: str) -> None:
    try:
        module = lowered(f"first();\n{source};\nlast();\n")
    except NotParsed:
        return
    assert ir.Evaluate(call("first")) in module.body
    assert module.swallowed or len(module.body) >= 3


def test_long_concatenations_and_lists_are_no_deep_nesting() -> None:
    module = lowered("x = " + " + ".join(f"'a{number}'" for number in range(5000)) + ";\ny = [" + "1," * 5000 + "];")
    assert module.swallowed == ()
    assert len(module.body) == 2


SAMPLE = """
const AWS = require('aws-sdk'); const { exec } = require('child_process');
class A extends B { #x = 1; constructor({ a = 1, ...b }) { super(); this.a = a; } async *m([p, q]) { yield* p } }
exports.handler = async ({ body, headers: { host } = {} }, context, callback) => {
  const { name, ...rest } = JSON.parse(body ?? '{}');
  switch (name) { case 'a': case 'b': exec(`ls ${name}`); break; default: callback(null, `x${rest}`) }
  for (const [k, v] of Object.entries(rest)) { if (k in v) continue; else break }
  try { await Promise.all(rest.map(async (x) => x?.y?.[0]?.(1))) } catch { throw new Error(`bad`) } finally { delete rest.z }
  return { statusCode: 200, body: <div>{name}</div>, re: /[a-z]+/gi.test(name), fn() {}, get g() { return 1 } };
};
"""


def mutations(source: str, seed: int) -> Iterator[str]:
    chance = random.Random(seed)
    for _ in range(60):
        start, end = sorted((chance.randrange(len(source)), chance.randrange(len(source))))
        yield chance.choice(
            [
                source[:start] + source[end:],
                source[:start] + chance.choice("(){}[]`'\"$=>,;:?.@#\\/\x00é\u2028") + source[start:],
                source[:start] + source[start:end][::-1] + source[end:],
                source[:start] + source[start:end] * 3 + source[end:],
            ]
        )


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("path", ["a.js", "a.ts", "a.tsx"])
def test_mutated_sources_never_crash(seed: int, path: str) -> None:
    for each in mutations(SAMPLE, seed):
        try:
            first = lowered(each, path)
        except NotParsed:
            continue
        assert lowered(each, path) == first


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_lowered_or_refused(source: str) -> None:
    try:
        module = lowered(source)
    except NotParsed:
        return
    assert module.lines == tuple(line.removesuffix("\r") for line in source.split("\n"))
