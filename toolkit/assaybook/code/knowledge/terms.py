"""The terms in which languages and libraries are described for the analysis of flows.

A callee is named by the full dotted name that it resolves to: `subprocess.run`, `child_process.exec`, `boto3.client(dynamodb).execute_statement`; a `*` as a
whole part stands for any one part (`*.execute`, a method of anything), and such a loose name gives no certain flow unless `when_imported` confirms it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

# The kinds of sinks: what untrusted data does there.
COMMAND, CODE, SQL, NOSQL, DESERIALISATION, TEMPLATE = "command", "code", "sql", "nosql", "deserialisation", "template"
PATH, SSRF, XML, REGEX, REDIRECT, HEADER, LOG = "path", "ssrf", "xml", "regex", "redirect", "header", "log"
# Untrusted text in an answer of HTML; and secrets in an answer.
XSS, RESPONSE = "xss", "response"
SINK_KINDS = (
    COMMAND,
    CODE,
    SQL,
    NOSQL,
    DESERIALISATION,
    TEMPLATE,
    PATH,
    SSRF,
    XML,
    REGEX,
    REDIRECT,
    HEADER,
    LOG,
    XSS,
    RESPONSE,
)
# The kinds of sources: whose data it is. A secret does harm only where it is logged or answered.
EVENT, REQUEST, STORED, EXTERNAL, SECRET = "event", "request", "stored", "external", "secret"


@dataclass(frozen=True, slots=True)
class Sink:
    """A call that does harm with untrusted data.

    `positions` are the arguments (from 0) that do, -1 what a method is called on, `keywords` the named ones (`*`: all others); of an argument that
    is a record only `keys` count (dotted paths), if given.
    `only_if` names a keyword and the constant (or the last part of the name, `A|B` for either) it must have for harm (`shell`, True); `unless` one that makes
    it harmless (`...`: whatever it is); `Loader|1` is the keyword or the argument at that position; for JavaScript they are keys of an
    options object among the arguments. `built` says that only a text put together counts, as the call takes values apart from it (SQL with parameters).
    `when_imported` lists modules of which one must be imported in the package for a loose name to count for certain. `said` is the sentence part that says what happens
    (`runs it as a shell command`). `rule` names what must hold beyond that:
      program   an argument list: only the program itself, or what follows `sh -c`, counts for certain (other elements: not certain)
      structure only data that can be more than a text counts (an object of parsed JSON)
      whole     only data at the beginning of a text counts for certain
      text      only data that is a text counts
      html      only if the call's own text, or an argument of it, says that it is HTML, or the text holds a tag
      any       (of a NOSQL sink) texts count too; without it, and without `keys` and `built`, such a sink is taken for `structure`
      s3key     as the key of an object, and not that of the event's own object
    `review` is why a flow is never certain here, empty if it can be; `deep` says whether what lies within a record or list counts.
    """

    kind: str
    callee: str
    positions: tuple[int, ...] = (0,)
    keywords: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    only_if: tuple[str, object] | None = None
    unless: tuple[str, object] | None = None
    built: bool = False
    when_imported: tuple[str, ...] = ()
    said: str = ""
    rule: str = ""
    review: str = ""
    deep: bool = True


@dataclass(frozen=True, slots=True)
class Source:
    """What gives untrusted data: a call, or an attribute that is read (`flask.request.args`). `kind` is one of the kinds of sources.

    `path` is how it is shown (`request.args`; empty: the last parts of the name). `resource` are the keywords or positions of the call that name a table,
    bucket or queue. `structured` says that it gives objects and not only text.
    """

    kind: str
    name: str
    called: bool = False
    said: str = ""
    path: str = ""
    resource: tuple[str, ...] = ()
    structured: bool = False


@dataclass(frozen=True, slots=True)
class Cleaner:
    """A call after which data is harmless: for the sink kinds in `for_kinds`, or for all where that is empty.

    The result is clean; with `in_place` the arguments are too. With a `doubt` the arguments are not, but flows past it are not certain, for that reason.
    """

    callee: str
    for_kinds: tuple[str, ...] = ()
    in_place: bool = False
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Validator:
    """A check against a schema: a call, a decorator or a class that is built on. `library` is how people call it (pydantic, zod).

    `returns` says that what it gives is validated; else its arguments are, once it did not raise.
    """

    library: str
    name: str
    form: str = "call"  # call, decorator or base
    returns: bool = True


@dataclass(frozen=True, slots=True)
class Guard:
    """A test after which data is harmless where it holds: a method of the data (`*.isdigit`) or a call with it as an argument (`Number.isInteger`).

    `doubt` says why what it rules out has to be read (any address passes): flows past it are not certain.
    """

    callee: str
    position: int = -1  # of the data among the arguments; -1: the data itself is what the method is called on
    for_kinds: tuple[str, ...] = ()
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """What makes a function a way in: a decorator (`flask.Flask.route`) or a call that is given it (`express.get`, the function as argument `position`, -1 the last).

    `parameters` say what its parameters stand for, by position: the dotted name of an object that is known (`express.request`), `event` for untrusted data
    as it is, `` for what is none; a last `*` says that all further ones are untrusted texts (the parts of an address). `html` says that a text that is
    answered is taken for HTML. `http` says whether it is a way in over HTTP.
    """

    callee: str
    form: str = "decorator"  # decorator or callback
    parameters: tuple[str, ...] = ()
    position: int = -1
    when_imported: tuple[str, ...] = ()
    http: bool = True
    html: bool = False
    said: str = ""


@dataclass(frozen=True, slots=True)
class Callback:
    """A call that calls what it is given.

    `position` is that of the function; `gives` what the function gets: `element` of the data that the call is made on
    (`list.map(f)`) or of the argument at `of`, `value` the data itself (`promise.then(f)`), `rest` the other arguments as they are (`submit(f, x)`).

    `result` is what comes of it: `list` of what the function returns, `value`, `same` (the data itself: filter, sorted), `none`.
    """

    callee: str
    position: int = 0
    gives: str = "element"
    of: int = -1  # -1: what the method is called on
    result: str = "list"


@dataclass(frozen=True, slots=True)
class Given:
    """What a platform gives a handler's parameter: `stands` is `event` for untrusted data as it is, the dotted name of an object that is known, or empty.

    `name` is a pattern of the parameter's name, `position` its position (-1: any). The first that fits counts.
    """

    provider: str
    stands: str
    name: str = ".*"
    position: int = -1


@dataclass(frozen=True, slots=True)
class Guess:
    """A function that looks like a handler though no configuration names it: patterns of its name and of its parameters' names, and whose it then is."""

    provider: str
    name: str
    parameters: tuple[str, ...]
    when_imported: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All that is known of a language and its libraries.

    `passing` are calls whose result is as untrusted as their arguments (`json.loads`, `str.format`); `parsing` those of them that make objects of a text
    (`json.loads`, `JSON.parse`); `texts` those that make a text of anything (`str`). `keyed` are calls whose first constant argument belongs to the name of
    what they give (`boto3.client(s3)`); `aliases` are names that are another's, replaced where a name begins with them; `transparent` are calls that give
    their first argument, name and all (`AWSXRay.captureAWS`), and decorators that leave a function what it is.
    `clean` are patterns (regular expressions) of the paths of an event that nobody outside chooses.
    """

    sinks: tuple[Sink, ...]
    sources: tuple[Source, ...]
    cleaners: tuple[Cleaner, ...]
    validators: tuple[Validator, ...]
    passing: tuple[str, ...] = ()
    parsing: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    keyed: tuple[str, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()
    transparent: tuple[str, ...] = ()
    clean: tuple[str, ...] = ()
    guards: tuple[Guard, ...] = ()
    routes: tuple[Route, ...] = ()
    callbacks: tuple[Callback, ...] = ()
    closed: tuple[
        str, ...
    ] = ()  # what they are given does not come back from them (`boto3`, `logging`): names, and all that begins with them
    handlers: tuple[Given, ...] = ()
    guesses: tuple[Guess, ...] = ()
    ends: tuple[str, ...] = ()  # calls that do not return (`sys.exit`, `flask.abort`)
    answering: Mapping[str, int] = field(
        default_factory=dict
    )  # calls that answer, and the argument that is the answer (`callback(null, answer)`)
    answer_members: tuple[str, ...] = ()  # members by which a way in answers (`context.res = ...`)
    parameter_decorators: Mapping[str, str] = field(
        default_factory=dict
    )  # what a decorated parameter stands for (`Body`): `*` untrusted data, or an object
    text_paths: tuple[str, ...] = ()  # patterns of the paths of an event that hold nothing but text
    # What is made by a call is `hardened` where an option has this value, else `unhardened`: that is put behind its name (`lxml.etree.XMLParser.unhardened`).
    hardened: tuple[tuple[str, str, object], ...] = ()
    # Methods that make what they are called on `unhardened`, given a first argument of that name and the value (`setFeature(feature_external_ges, True)`).
    switches: tuple[tuple[str, str, object], ...] = ()
    # Methods that put what they are given into what they are called on (`SimpleCookie.load`).
    filling: frozenset[str] = frozenset()
    # What is made by these keeps which table, bucket or object it stands for: a name begins so, and its last part with a capital (`boto3.resource(`).
    standing: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()  # names of the whole environment (`os.environ`, `process.env`)
