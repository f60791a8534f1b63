"""Where untrusted data does harm in requests and answers of JavaScript: addresses that are called, redirects, headers, pages."""

from __future__ import annotations

from .terms import HEADER, REDIRECT, RESPONSE, SSRF, XSS, Sink

_CALLED = "calls the address that it names"
_SENT = "sends the caller to the address that it names"
_HEADER = "writes it into a header"
_PAGE = "answers with it as HTML"
_METHODS = (
    "get",
    "post",
    "put",
    "patch",
    "delete",
    "head",
    "options",
    "request",
    "del",
    "getUri",
    "postForm",
    "putForm",
    "stream",
    "json",
)
_CLIENTS = ("axios", "axios.create", "axios.Axios", "got", "got.got", "got.extend", "superagent", "superagent.agent", "request", "request-promise",
    "request-promise-native", "request.defaults",
            "needle", "bent", "ky", "ky.create", "wretch", "phin", "centra", "undici", "node-fetch", "requestretry", "@angular/common/http.HttpClient",
            "@nestjs/axios.HttpService", "unirest", "ofetch", "ofetch.ofetch")  # fmt: skip
_ADDRESS = ("url", "uri", "baseURL", "baseUrl", "prefixUrl", "host", "hostname", "href", "origin")
_FUNCTIONS = ("axios", "axios.create", "axios.request", "fetch", "global.fetch", "globalThis.fetch", "node-fetch", "cross-fetch", "cross-fetch.fetch",
    "isomorphic-fetch", "isomorphic-unfetch", "undici.fetch", "undici.request", "undici.stream",
              "undici.Client", "undici.Pool", "got", "got.got", "request", "request-promise", "request-promise-native", "needle", "bent", "ky", "phin",
              "centra", "wretch", "minipass-fetch", "make-fetch-happen", "ofetch", "ofetch.ofetch",
              "$fetch", "requestretry", "unirest", "fetch-retry", "superagent")  # fmt: skip
_NODE = tuple(
    f"{module}.{name}"
    for module in ("http", "https", "follow-redirects.http", "follow-redirects.https")
    for name in ("get", "request")
)
_BROWSERS = (
    "puppeteer.launch.newPage",
    "puppeteer-core.launch.newPage",
    "playwright.chromium.launch.newPage",
    "playwright-core.chromium.launch.newPage",
)

_REQUESTS = (
    *(Sink(SSRF, name, keys=_ADDRESS, said=_CALLED) for name in dict.fromkeys((*_FUNCTIONS, *_NODE))),
    *(Sink(SSRF, f"{client}.{method}", keys=_ADDRESS, said=_CALLED) for client in _CLIENTS for method in _METHODS if f"{client}.{method}" not in _FUNCTIONS),
    Sink(SSRF, "needle", (1,), keys=_ADDRESS, said=_CALLED),
    Sink(SSRF, "needle.request", (1,), said=_CALLED),
    Sink(SSRF, "http2.connect", said=_CALLED),
    Sink(SSRF, "net.connect", (0, 1), keys=("host",), said=_CALLED),
    Sink(SSRF, "net.createConnection", (0, 1), keys=("host",), said=_CALLED),
    Sink(SSRF, "tls.connect", (0, 1), keys=("host",), said=_CALLED),
    Sink(SSRF, "ws", said=_CALLED),
    Sink(SSRF, "ws.WebSocket", said=_CALLED),
    Sink(SSRF, "WebSocket", said=_CALLED),
    Sink(SSRF, "download", said=_CALLED),
    Sink(SSRF, "image-size", said=_CALLED, review="only some versions take addresses"),
    *(Sink(SSRF, f"{page}.{method}", said="opens the page that it names") for page in _BROWSERS for method in ("goto", "setContent")),
    Sink(SSRF, "*.goto", when_imported=("puppeteer", "puppeteer-core", "playwright", "playwright-core", "chrome-aws-lambda",
        "@sparticuz/chromium"), said="opens the page that it names"),
    Sink(SSRF, "jsdom.JSDOM.fromURL", said=_CALLED),
    Sink(SSRF, "link-preview-js.getLinkPreview", said=_CALLED),
    Sink(SSRF, "open-graph-scraper", keys=("url",), said=_CALLED),
)  # fmt: skip

_RESPONSES = (
    "express.Response",
    "fastify.FastifyReply",
    "koa.Context",
    "hono.Context",
    "express.Response",
    "restify.Response",
)
_ANSWERS = (
    *(Sink(REDIRECT, f"{response}.redirect", (0, 1), said=_SENT) for response in _RESPONSES),
    Sink(REDIRECT, "express.Response.location", said=_SENT),
    *(
        Sink(REDIRECT, f"{response}.{method}", (1,), only_if=("0", name), said=_SENT)
        for response in _RESPONSES
        for method in ("set", "setHeader", "header", "append")
        for name in ("Location", "location")
    ),
    *(
        Sink(REDIRECT, f"{response}.writeHead", (1, 2), keys=("Location", "location"), said=_SENT)
        for response in _RESPONSES
    ),
    *(
        Sink(RESPONSE, f"{response}.{method}", said="answers it to the caller")
        for response in _RESPONSES
        for method in (
            "json",
            "send",
            "end",
            "write",
            "jsonp",
            "text",
            "html",
            "status.json",
            "status.send",
            "type.send",
        )
    ),
    Sink(REDIRECT, "next/navigation.redirect", said=_SENT),
    Sink(REDIRECT, "next/server.NextResponse.redirect", said=_SENT),
    Sink(REDIRECT, "Response.redirect", said=_SENT),
    *(
        Sink(HEADER, f"{response}.{method}", (0, 1), said=_HEADER, review="Node refuses line breaks in headers")
        for response in _RESPONSES
        for method in ("setHeader", "set", "header", "append", "appendHeader", "writeHead")
    ),
    *(
        Sink(XSS, f"{response}.{method}", rule="html", said=_PAGE)
        for response in _RESPONSES
        for method in ("send", "end", "write", "html")
    ),
    Sink(XSS, "express.Response.status.send", rule="html", said=_PAGE),
    Sink(XSS, "hono.Context.html", said=_PAGE),
    # Source: Express API reference, "res.send([body])": a text is answered as text/html.
    *(
        Sink(
            XSS,
            f"express.Response.{name}",
            rule="text",
            deep=False,
            said=_PAGE,
            review="Express answers a text as HTML unless another type is set",
        )
        for name in ("send", "status.send")
    ),
)

WEB: tuple[Sink, ...] = (*_REQUESTS, *_ANSWERS)
