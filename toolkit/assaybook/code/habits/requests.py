"""Calls over HTTP: which library sends what to where, in Python and JavaScript."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .. import ir
from ..arguments import argument, options
from ..naming import Unset, View
from ..scopes import Scope
from .hosts import scheme_and_host

VERBS = frozenset(
    {"get", "post", "put", "delete", "patch", "head", "options", "request", "send", "stream", "fetch", "del"}
)


@dataclass(frozen=True, slots=True)
class Library:
    """How a library sends. `callees` send themselves, `clients` make what sends; `url` is the place of the address, with `method_first` behind the method.

    `bounded` says that the library's documentation gives it a timeout where none is set; `timeouts` are the options that set one.
    """

    name: str
    callees: tuple[str, ...]
    clients: tuple[str, ...] = ()
    timeouts: tuple[str, ...] = ("timeout",)
    bounded: bool = False
    base: tuple[str, ...] = ("base_url", "baseURL", "prefixUrl", "baseUrl")
    timeout_at: int | None = None
    bare: bool = False


# Sources: Requests, "Timeouts" (none by default); HTTPX, "Timeouts" (five seconds); aiohttp, "Client timeouts" (five minutes in all); Python, "urllib.request" (the global default, which is
# none); urllib3, "Timeout" (none); Axios, "Request Config" (timeout 0 is none); Fetch Standard (no timeout; a signal ends it); Got, "Timeout options" (none); Node.js, "http.request" (none).
LIBRARIES = (
    Library("requests", ("requests",), ("requests.Session()", "requests.session()", "requests.sessions.Session()")),
    Library("httpx", ("httpx",), ("httpx.Client()", "httpx.AsyncClient()"), bounded=True),
    Library("aiohttp", ("aiohttp",), ("aiohttp.ClientSession()", "aiohttp.client.ClientSession()"), bounded=True),
    Library(
        "urllib", ("urllib.request.urlopen", "urllib2.urlopen", "urllib.request.urlretrieve"), timeout_at=2, bare=True
    ),
    Library(
        "urllib3",
        ("urllib3",),
        ("urllib3.PoolManager()", "urllib3.poolmanager.PoolManager()", "urllib3.HTTPSConnectionPool()"),
    ),
    Library(
        "axios",
        ("axios",),
        ("axios.create()", "axios.default.create()", "axios.default"),
        ("timeout", "signal", "timeoutErrorMessage"),
        bare=True,
    ),
    Library(
        "fetch",
        ("fetch", "node-fetch", "cross-fetch", "undici.fetch", "isomorphic-fetch", "globalThis.fetch", "window.fetch"),
        (),
        ("signal", "timeout", "dispatcher"),
        bare=True,
    ),
    Library(
        "undici",
        ("undici.request", "undici.stream"),
        (),
        ("signal", "headersTimeout", "bodyTimeout"),
        bounded=True,
        bare=True,
    ),
    Library(
        "got",
        ("got", "got.default", "got.got"),
        ("got.extend()", "got.default.extend()"),
        ("timeout", "signal"),
        bare=True,
    ),
    Library("needle", ("needle",), (), ("timeout", "open_timeout", "response_timeout", "read_timeout"), bare=True),
    Library("superagent", ("superagent",), ("superagent.agent()",), bare=True),
    Library("request", ("request", "request-promise", "request-promise-native"), ("request.defaults()",), bare=True),
    Library("http", ("http.get", "http.request"), (), ("timeout", "signal"), bare=True),
    Library("https", ("https.get", "https.request"), (), ("timeout", "signal"), bare=True),
)


@dataclass(frozen=True, slots=True)
class Request:
    """One call over HTTP. `client` is the call that made its client, if it has one of its own; `address` is what is known of where it goes."""

    library: Library
    call: ir.Call
    scope: Scope
    callee: str
    client: tuple[ir.Call, Scope] | None
    address: str

    @property
    def scheme(self) -> str:
        """The scheme, empty if it is not known."""
        return scheme_and_host(self.address)[0]

    @property
    def host(self) -> str:
        """The host, empty if it is not known."""
        return scheme_and_host(self.address)[1]


def requests(view: View) -> Iterator[Request]:
    """Every call over HTTP of a program, in order."""
    for scope in view.scopes:
        for call in scope.calls():
            name = view.named(call.function, scope)
            for library in LIBRARIES:
                if _sends(library, name, scope):
                    yield _request(view, library, call, scope, name)
                    break


def _sends(library: Library, name: str, scope: Scope) -> bool:
    if library.name == "fetch" and name == "fetch" and scope.module.language == ir.PYTHON:
        return False
    if name in library.callees and library.bare:
        return True
    before, _, verb = name.rpartition(".")
    if verb not in VERBS:
        return False
    if before in library.clients:
        return True
    return before in library.callees and library.name not in ("urllib", "http", "https", "fetch", "undici")


def _request(view: View, library: Library, call: ir.Call, scope: Scope, name: str) -> Request:
    client: tuple[ir.Call, Scope] | None = None
    if isinstance(call.function, ir.Member):
        made, where = view.once(call.function.of, scope)
        if isinstance(made, ir.Call):
            client = (made, where)
    return Request(library, call, scope, name, client, _address(view, library, call, scope, name, client))


def _address(
    view: View, library: Library, call: ir.Call, scope: Scope, name: str, client: tuple[ir.Call, Scope] | None
) -> str:
    verb = name.rpartition(".")[2]
    method_first = verb in ("request", "stream") and library.name in ("requests", "httpx", "urllib3", "aiohttp")
    given = argument(call, "url", 1 if method_first else 0)
    known = ""
    if given is not None:
        value, where = view.once(given, scope)
        # `urlopen(Request(url))`
        if (
            isinstance(value, ir.Call)
            and value.arguments
            and view.named(value.function, where).endswith(("Request", "URL"))
        ):
            value, scope = value.arguments[0].value, where
            known = view.leading(value, scope)
        else:
            known = view.leading(given, scope)
    named = options(view, call, scope)
    for key in ("url", "uri"):
        if not known and key in named:
            known = view.leading(*named[key])
    for key in ("hostname", "host"):
        if not known and key in named and library.name in ("http", "https"):
            host = view.value(*named[key])
            known = f"{library.name}://{host}" if isinstance(host, str) else ""
    if client is not None and not known.lower().startswith(("http:", "https:")):
        for key in library.base:
            base = options(view, *client).get(key)
            if base is not None:
                known = view.leading(*base)
    return known


def timeout_known(view: View, request: Request) -> bool | None:
    """Whether a call has a timeout; None if that cannot be told from the text."""
    if request.library.bounded:
        return True
    for call, scope in filter(None, ((request.call, request.scope), request.client)):
        named = options(view, call, scope)
        for key in request.library.timeouts:
            if key in named:
                value = view.value(*named[key])
                # Nothing and zero mean none.
                return not (value is None or (value == 0 and not isinstance(value, bool | Unset)))
        if any(name.rpartition(".")[2] in request.library.timeouts for name in named):
            return True
    at = request.library.timeout_at
    if at is not None and argument(request.call, "timeout", at) is not None:
        return True
    return _elsewhere(view, request)


def _elsewhere(view: View, request: Request) -> bool | None:
    """A timeout that is set apart from the call: on the module, on what the call gives, or by what is wrapped around it."""
    library, call, scope = request.library, request.call, request.scope
    if library.name == "urllib" and any(
        view.named(each.function, one) == "socket.setdefaulttimeout" for one in view.scopes for each in one.calls()
    ):
        return True
    for each in scope.top.nest():
        for node in each.nodes:
            if isinstance(node, ir.Assign) and any(
                ir.dotted(target).endswith("defaults.timeout") for target in node.targets
            ):
                return True
            if isinstance(node, ir.Call) and isinstance(node.function, ir.Member):
                name = node.function.name
                if (
                    name in ("setTimeout", "timeout")
                    and library.name in ("http", "https", "superagent", "request")
                    and each is scope
                ):
                    return True
                if name == "mount" and library.name == "requests" and request.client and len(node.arguments) > 1:
                    adapter = view.named(node.arguments[1].value, each)
                    if adapter.rpartition(".")[2] != "HTTPAdapter()":
                        return None
    for each_around in scope.around(call):
        if isinstance(each_around, ir.Call):
            around = view.named(each_around.function, scope)
            if around in ("asyncio.wait_for", "Promise.race", "asyncio.timeout") or around.lower().endswith("timeout"):
                return True
    # Options that are made elsewhere may hold one.
    if any(each.spread for each in call.arguments):
        return None
    plain = [each.value for each in call.arguments if not each.name]
    for at in _options_at(library, request.callee) if scope.module.language != ir.PYTHON else ():
        if at < len(plain) and not _readable(view, plain[at], scope):
            return None
    return False


def _options_at(library: Library, callee: str) -> tuple[int, ...]:
    """Where the options of a call are. Sources: the documentation of Axios ("Request method aliases"), Fetch, Got, Needle, request and Node.js ("http.request")."""
    verb = callee.rpartition(".")[2]
    if library.name == "axios":
        return (
            (2,)
            if verb in ("post", "put", "patch")
            else (1,)
            if verb in ("get", "delete", "head", "options")
            else (0, 1)
        )
    if library.name in ("http", "https", "request"):
        return (0, 1)
    return (3, 2) if library.name == "needle" else (1,)


def _readable(view: View, expression: ir.Expression, scope: Scope) -> bool:
    """Whether a value is written out (or is a plain address or function), so that what it does not say is not there."""
    value, where = view.once(expression, scope)
    if isinstance(value, ir.Record):
        return all(entry.key is not None or _readable(view, entry.value, where) for entry in value.entries)
    # A name that is an address or a function holds no options.
    plain = isinstance(value, ir.Constant | ir.Text | ir.Closure | ir.Binary) or isinstance(
        view.value(value, where), str
    )
    return plain or (
        isinstance(expression, ir.Name | ir.Member) and not _is_options(ir.dotted(expression).rpartition(".")[2])
    )


def _is_options(name: str) -> bool:
    return any(word in name.lower() for word in ("option", "config", "param", "request", "opts", "init", "settings"))
