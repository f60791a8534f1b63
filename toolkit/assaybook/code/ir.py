"""One intermediate form for Python, JavaScript and TypeScript: what the analyses need of a program, and nothing of its syntax.

A module is a tree of statements and expressions, all frozen, each with its place. Names are as written; what they stand for (an import, a parameter, a
function of the module) is for the analysis to find out. What a language has and this form has not is lowered to what it does (a `with` becomes an
assignment and a body, a destructuring becomes assignments, a `switch` becomes conditions) or, where even that is not possible, to `Opaque`, which holds
the parts, so that nothing flows through it unseen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

PYTHON, JAVASCRIPT, TYPESCRIPT = "python", "javascript", "typescript"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in its file: first and last line, counted from 1, and the column of its start, counted from 0."""

    line: int
    column: int = 0
    end: int = 0


NOWHERE = Place(0)


@dataclass(frozen=True, slots=True)
class Expression:
    """Anything that has a value."""

    place: Place = field(default=NOWHERE, kw_only=True, compare=False)


@dataclass(frozen=True, slots=True)
class Constant(Expression):
    """A literal: text, number, boolean, bytes (as text) or none. Regular expression literals are calls of `RegExp`."""

    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Name(Expression):
    """A name as it is written."""

    id: str


@dataclass(frozen=True, slots=True)
class Member(Expression):
    """`of.name`; also `of?.name`."""

    of: Expression
    name: str


@dataclass(frozen=True, slots=True)
class Item(Expression):
    """`of[key]`; a slice has the key None."""

    of: Expression
    key: Expression | None


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a call. `name` is a keyword's; `spread` is `*` or `**` (`...` of JavaScript is `*`)."""

    value: Expression
    name: str = ""
    spread: str = ""


@dataclass(frozen=True, slots=True)
class Call(Expression):
    """A call; `new` marks a construction. A tagged template is a call with the template's parts as arguments, the constant ones first as one Sequence."""

    function: Expression
    arguments: tuple[Argument, ...]
    new: bool = False


@dataclass(frozen=True, slots=True)
class Text(Expression):
    """A text made of parts: an f-string, a template literal. Concatenation with `+` and `%` is `Binary`."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Binary(Expression):
    """An operation on two values: `+ - * / % ** // << >> & | ^ @`, and `in`, `is`, `== != < <= > >=`, `instanceof` and their negations (`not in`)."""

    operator: str
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Unary(Expression):
    """`not - + ~ typeof void delete await yield`; also `!` as `not`."""

    operator: str
    operand: Expression


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a record; without a key it spreads another one."""

    key: Expression | None
    value: Expression


@dataclass(frozen=True, slots=True)
class Record(Expression):
    """A dict or object literal."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Sequence(Expression):
    """A list, tuple, set or array literal. `kind` is list, tuple or set; a spread element is `Unary("*", ...)`."""

    items: tuple[Expression, ...]
    kind: str = "list"


@dataclass(frozen=True, slots=True)
class Choice(Expression):
    """One of two values: `yes if test else no`; `a or b` is `Choice(a, a, b)`, `a and b` is `Choice(a, b, a)`, `a ?? b` is `Choice(a, a, b)`."""

    test: Expression
    yes: Expression
    no: Expression


@dataclass(frozen=True, slots=True)
class Comprehension(Expression):
    """`element for target in iterable if conditions ...`; `key` for dicts."""

    element: Expression
    loops: tuple[Loop, ...]  # their bodies are empty; `test` is the condition
    key: Expression | None = None
    kind: str = "list"


@dataclass(frozen=True, slots=True)
class Assigned(Expression):
    """An assignment that is an expression (`x := ...`, `x = ...` within one)."""

    target: Expression
    value: Expression


@dataclass(frozen=True, slots=True)
class Closure(Expression):
    """A function that is a value: a lambda, an arrow function, a function or method written in place."""

    function: Function


@dataclass(frozen=True, slots=True)
class ClassValue(Expression):
    """A class that is a value."""

    definition: Class


@dataclass(frozen=True, slots=True)
class Opaque(Expression):
    """Something that this form does not know, with its parts."""

    parts: tuple[Expression, ...] = ()
    said: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """Anything that does something."""

    place: Place = field(default=NOWHERE, kw_only=True, compare=False)


@dataclass(frozen=True, slots=True)
class Assign(Statement):
    """`targets = value`. Targets are Name, Member, Item, or patterns of them (Sequence, Record). `operator` is that of `+=` and the like.

    `annotation` is the type as it is written, for a declaration that has one; `value` None declares only. `const` marks what is never assigned again.
    """

    targets: tuple[Expression, ...]
    value: Expression | None
    operator: str = ""
    annotation: Expression | None = None
    const: bool = False


@dataclass(frozen=True, slots=True)
class Evaluate(Statement):
    """An expression for what it does."""

    value: Expression


@dataclass(frozen=True, slots=True)
class Return(Statement):
    """Leaves the function with a value."""

    value: Expression | None


@dataclass(frozen=True, slots=True)
class Raise(Statement):
    """Leaves with an error."""

    value: Expression | None


@dataclass(frozen=True, slots=True)
class If(Statement):
    """A condition and its two ways."""

    test: Expression
    then: tuple[Statement, ...]
    otherwise: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Loop(Statement):
    """`for target in iterable`, or `while test` with neither. JavaScript's `for (x of y)` alike; `for (a; b; c)` is its start, then a loop with a test."""

    target: Expression | None
    iterable: Expression | None
    test: Expression | None
    body: tuple[Statement, ...] = ()
    otherwise: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Handler:
    """What is done about an error. `name` is bound to it; `types` are the errors named."""

    types: tuple[Expression, ...]
    name: str
    body: tuple[Statement, ...]
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Try(Statement):
    """A body, what is done about its errors, and what is done at the end whatever happens."""

    body: tuple[Statement, ...]
    handlers: tuple[Handler, ...] = ()
    otherwise: tuple[Statement, ...] = ()
    final: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Jump(Statement):
    """`break` or `continue`."""

    kind: str


@dataclass(frozen=True, slots=True)
class Block(Statement):
    """Statements with a scope or a resource of their own (`with` keeps what it opens in `opened`, as assignments)."""

    body: tuple[Statement, ...]
    opened: tuple[Statement, ...] = ()


@dataclass(frozen=True, slots=True)
class Global(Statement):
    """Names that belong to the module or to the function around."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Import(Statement):
    """One imported name. `module` as written (`os.path`, `./db`, `.models`), `name` what is taken from it: empty for the module, `*` for all, `default`.

    `alias` is the name that is bound; `level` counts the leading dots of Python. `const x = require("m")` and `import()` with a constant are this too.
    """

    module: str
    name: str
    alias: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Export(Statement):
    """One exported name of a module of JavaScript (`default` for the default), as `exports.name = value` too; `source` for what is passed on from a module."""

    name: str
    value: Expression
    source: str = ""


@dataclass(frozen=True, slots=True)
class Define(Statement):
    """A function under its name."""

    function: Function


@dataclass(frozen=True, slots=True)
class DefineClass(Statement):
    """A class under its name."""

    definition: Class


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter. `target` is a Name or a pattern; `kind` is plain, `*`, `**` or keyword. `decorators` are TypeScript's (`@Body() order`)."""

    target: Expression
    default: Expression | None = None
    annotation: Expression | None = None
    kind: str = "plain"
    decorators: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Function:
    """A function: its parameters and body. `qualified` is unique within its module (`Class.method`, `outer.inner`, `<lambda 12:4>`)."""

    name: str
    qualified: str
    parameters: tuple[Parameter, ...]
    body: tuple[Statement, ...]
    decorators: tuple[Expression, ...] = ()
    asynchronous: bool = False
    generator: bool = False
    method_of: str = ""
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Class:
    """A class: what it builds on, and its body (methods are `Define`)."""

    name: str
    qualified: str
    bases: tuple[Expression, ...]
    body: tuple[Statement, ...]
    decorators: tuple[Expression, ...] = ()
    place: Place = NOWHERE


@dataclass(frozen=True, slots=True)
class Module:
    """One source file. `path` is that within its package; `lines` are its text, for the single lines that are shown.

    `swallowed` are the places that could not be parsed though the rest could: they stand in the body as `Opaque`, and nothing may be concluded from them.
    """

    path: str
    language: str
    body: tuple[Statement, ...]
    lines: tuple[str, ...] = field(default=(), repr=False, compare=False)
    swallowed: tuple[Place, ...] = field(default=(), compare=False)


def dotted(expression: Expression) -> str:
    """`a.b.c` as written, if it is nothing but names and members; else empty."""
    if isinstance(expression, Name):
        return expression.id
    if isinstance(expression, Member):
        before = dotted(expression.of)
        return f"{before}.{expression.name}" if before else ""
    return ""


def functions_in(statements: tuple[Statement, ...]) -> Iterator[Function]:
    """Every function that is defined by name in these statements, methods included, outer ones first; functions that are values are not in it."""
    for each in statements:
        if isinstance(each, Define):
            yield each.function
            yield from functions_in(each.function.body)
        elif isinstance(each, DefineClass):
            yield from functions_in(each.definition.body)
        elif isinstance(each, If | Loop):
            yield from functions_in(each.then if isinstance(each, If) else each.body)
            yield from functions_in(each.otherwise)
        elif isinstance(each, Block):
            yield from functions_in(each.body)
        elif isinstance(each, Try):
            for body in (each.body, *(one.body for one in each.handlers), each.otherwise, each.final):
                yield from functions_in(body)
