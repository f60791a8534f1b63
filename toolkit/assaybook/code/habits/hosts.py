"""Addresses in code: their scheme and host, and whether that host is another party's."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_PRIVATE = re.compile(
    r"^(?:localhost|host\.docker\.internal|.*\.(?:localhost|local|internal|home\.arpa|test|invalid|svc)|127\.\d+\.\d+\.\d+|0\.0\.0\.0|::1|169\.254\.\d+\.\d+|"
    r"10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+|metadata\.google\.internal)$"
)
_SCHEMED = re.compile(r"^(https?|wss?|ftp)://", re.IGNORECASE)
_HOST = re.compile(r"^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$", re.IGNORECASE)


def scheme_and_host(text: str) -> tuple[str, str]:
    """The scheme and the host of the beginning of an address; the host is empty where it is not constant (`https://{host}/`)."""
    match = _SCHEMED.match(text.strip())
    if match is None:
        return "", ""
    try:
        host = urlsplit(text.strip()).hostname or ""
    except ValueError:
        return match[1].lower(), ""
    return match[1].lower(), host if _HOST.match(host) or ":" in host else ""


def is_local(host: str) -> bool:
    """Whether a host is the own machine, the own network, or a service of the platform beside the function. Words without a dot are names of an own network."""
    return bool(_PRIVATE.match(host.lower())) or ("." not in host and ":" not in host)
