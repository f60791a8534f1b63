"""Fetching the package of a function or layer from the address that Lambda gives: one bounded request for bytes, and no call of an API.

The address is signed and good for ten minutes; whoever has it has the code. It is used at once, kept nowhere and part of no message.
"""

from __future__ import annotations

import hashlib
import os
import time
from base64 import b64decode
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

from botocore.awsrequest import AWSRequest
from botocore.exceptions import BotoCoreError, HTTPClientError
from botocore.httpsession import URLLib3Session
from botocore.session import Session
from botocore.utils import get_environ_proxies

# Where presigned addresses of S3 are, in each partition. Source: AWS General Reference, "Amazon Simple Storage Service endpoints and quotas".
HOSTS = (".amazonaws.com", ".amazonaws.com.cn")
# Source: AWS Lambda Developer Guide, "Lambda quotas": 250 MB unzipped; zipped it is never larger than that and a little for its directory.
LARGEST = 300 << 20
SECONDS = 300.0
CHUNK = 1 << 20
ATTEMPTS = 3
REDIRECTS = 2
_MOVED = frozenset({301, 302, 303, 307, 308})


class NotFetched(Exception):
    """A package was not fetched: the kind of reason, and a sentence that names no address."""

    def __init__(self, reason: str, said: str) -> None:
        super().__init__(said)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches packages, with the proxies and certificates that the session's other calls use."""

    session: Session
    connect: float = 5.0
    read: float = 20.0

    def fetch(self, address: str, size: int, sha256: str) -> bytes:
        """The bytes at an address, which must be the `size` and have the digest (Base64, as Lambda tells it) that are known. Raises NotFetched."""
        if not 0 < size <= LARGEST:
            raise NotFetched("too_large", f"it is {size:,} bytes, and more than {LARGEST >> 20} MB are not fetched")
        until = time.monotonic() + SECONDS
        for attempt in range(ATTEMPTS):
            try:
                data = self._got(address, size, until)
                break
            except NotFetched as problem:
                if problem.reason != "transient" or attempt == ATTEMPTS - 1 or time.monotonic() > until:
                    raise
                time.sleep(0.25 * 2**attempt)
        if hashlib.sha256(data).digest() != _digest(sha256):
            raise NotFetched(
                "other_content", "what was fetched is not what Lambda says that it runs (its SHA-256 is another)"
            )
        return data

    def _got(self, address: str, size: int, until: float) -> bytes:
        for _ in range(REDIRECTS + 1):
            url = allowed(address)
            verify: Any = self.session.get_config_variable("ca_bundle") or True
            waits: Any = (self.connect, self.read)
            http = URLLib3Session(verify=verify, proxies=get_environ_proxies(url), timeout=waits)
            request = AWSRequest(method="GET", url=url, stream_output=True).prepare()
            try:
                response = http.send(request)
                if response.status_code in _MOVED and response.headers.get("Location"):
                    address = urljoin(url, response.headers["Location"])
                    continue
                if response.status_code != 200:
                    reason = "transient" if response.status_code >= 500 else "refused"
                    raise NotFetched(reason, f"the store of packages answered {response.status_code}")
                return _bounded(response.raw, size, until)
            except HTTPClientError as problem:
                raise NotFetched("transient", f"the connection failed ({type(problem).__name__})") from None
            except BotoCoreError as problem:
                raise NotFetched("failed", f"it could not be asked for ({type(problem).__name__})") from None
            finally:
                http.close()
        raise NotFetched("redirected", f"it is not there after {REDIRECTS} redirections")


def allowed(address: str) -> str:
    """The address, if bytes may be fetched from there: HTTPS of AWS, or what the user's own endpoint serves in its place. Raises NotFetched."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if endpoint := os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL"):
        return _emulated(address, endpoint)
    if parts.scheme != "https" or not host.endswith(HOSTS) or parts.username or parts.port not in (None, 443):
        raise NotFetched("refused_address", "its address is not one of AWS, so nothing was fetched from there")
    return address


def _emulated(address: str, endpoint: str) -> str:
    """Where an emulator serves what would lie in a bucket of AWS: below its own address, by the bucket's name. Nothing is fetched from AWS itself."""
    own, parts = urlsplit(endpoint), urlsplit(address)
    if own.hostname and (parts.hostname, parts.port) == (own.hostname, own.port) and parts.scheme in ("http", "https"):
        return address
    host = parts.hostname or ""
    if not own.hostname or not host.endswith(HOSTS):
        raise NotFetched(
            "refused_address",
            "its address is neither that of the endpoint nor one of AWS, so nothing was fetched from there",
        )
    bucket = host.partition(".s3")[0]
    path = parts.path if host.startswith(("s3.", "s3-")) else f"/{bucket}{parts.path}"
    return urlunsplit((own.scheme, own.netloc, path, parts.query, ""))


def _bounded(stream: Any, size: int, until: float) -> bytes:
    """The bytes of a stream, not one more than were announced and no longer than there is time."""
    data = bytearray()
    try:
        while chunk := stream.read(CHUNK):
            data += chunk
            if len(data) > size:
                raise NotFetched("too_large", f"more than the {size:,} bytes came that Lambda tells")
            if time.monotonic() > until:
                raise NotFetched("out_of_time", f"it did not come within {SECONDS:.0f} seconds")
    except NotFetched:
        raise
    except Exception as problem:  # noqa: BLE001 - urllib3 has a dozen of its own, and none may carry the address into a message
        raise NotFetched("transient", f"the connection broke ({type(problem).__name__})") from None
    if len(data) != size:
        raise NotFetched("transient", f"{len(data):,} of {size:,} bytes came")
    return bytes(data)


def _digest(said: str) -> bytes:
    try:
        return b64decode(said, validate=True)
    except ValueError:
        return b""
