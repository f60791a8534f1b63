"""Calls of Python that send requests, and that parse what comes. Source of each: the library's own documentation of the call."""

from __future__ import annotations

from .terms import (
    REGEX,
    SSRF,
    XML,
    Sink,
)

_URL = "sends a request to the address"


_METHODS = ("get", "post", "put", "delete", "patch", "head", "options")


_SSRF = (
    *(
        Sink(SSRF, f"{client}.{name}", keywords=("url",), said=_URL)
        for client in (
            "requests",
            "httpx",
            "requests.Session",
            "requests.session",
            "requests.sessions.Session",
            "httpx.Client",
            "httpx.AsyncClient",
            "aiohttp.ClientSession",
        )
        for name in _METHODS
    ),
    *(
        Sink(SSRF, f"{client}.request", positions=(1,), keywords=("url",), said=_URL)
        for client in (
            "requests",
            "httpx",
            "requests.Session",
            "requests.session",
            "httpx.Client",
            "httpx.AsyncClient",
            "aiohttp.ClientSession",
            "aiohttp",
            "urllib3",
            "urllib3.PoolManager",
            "urllib3.ProxyManager",
        )
    ),
    *(
        Sink(SSRF, f"{client}.stream", positions=(1,), keywords=("url",), said=_URL)
        for client in ("httpx", "httpx.Client", "httpx.AsyncClient")
    ),
    Sink(SSRF, "urllib3.PoolManager.urlopen", positions=(1,), keywords=("url",), said=_URL),
    *(
        Sink(SSRF, name, keywords=("url", "fullurl"), said=_URL)
        for name in (
            "urllib.request.urlopen",
            "urllib.request.Request",
            "urllib.request.urlretrieve",
            "urllib2.urlopen",
            "urllib2.Request",
            "urllib.urlopen",
            "wget.download",
            "pandas.read_csv",
            "pandas.read_json",
            "feedparser.parse",
        )
    ),
    *(
        Sink(SSRF, name, keywords=("host",), said="connects to the host", rule="host")
        for name in (
            "http.client.HTTPConnection",
            "http.client.HTTPSConnection",
            "ftplib.FTP",
            "smtplib.SMTP",
            "telnetlib.Telnet",
            "socket.create_connection",
            "urllib3.connection_from_url",
        )
    ),
)


_XML = (
    *(
        Sink(
            XML,
            name,
            keywords=("text", "source"),
            unless=("parser|1", ...),
            said="parses it as XML, with its external entities",
        )
        for name in (
            "lxml.etree.fromstring",
            "lxml.etree.parse",
            "lxml.etree.XML",
            "lxml.objectify.fromstring",
            "lxml.etree.iterparse",
        )
    ),
    *(
        Sink(
            XML,
            name,
            keywords=("text", "source"),
            positions=(0,),
            only_if=("parser|1", "unhardened"),
            said="parses it as XML, with its external entities",
        )
        for name in ("lxml.etree.fromstring", "lxml.etree.parse", "lxml.etree.XML")
    ),
    *(
        Sink(
            XML, name, review="entities can be made to grow, but no external ones are fetched", said="parses it as XML"
        )
        for name in (
            "xml.etree.ElementTree.fromstring",
            "xml.etree.ElementTree.parse",
            "xml.etree.ElementTree.XML",
            "xml.etree.ElementTree.iterparse",
            "xml.etree.cElementTree.fromstring",
            "xml.dom.minidom.parseString",
            "xml.dom.minidom.parse",
            "xml.sax.parseString",
            "xml.sax.parse",
            "xml.dom.pulldom.parseString",
            "xml.etree.ElementTree.XMLParser.feed",
        )
    ),
)


_XML = (*_XML, Sink(XML, "xml.sax.make_parser.unhardened.parse", said="parses it as XML, with its external entities"))


_REGEX = tuple(
    Sink(REGEX, f"re.{name}", keywords=("pattern",), said="takes it as a pattern", deep=False)
    for name in ("compile", "match", "search", "fullmatch", "findall", "finditer", "split", "sub", "subn")
)

NETWORK: tuple[Sink, ...] = (*_SSRF, *_XML, *_REGEX)
