"""An answer in the shape in which botocore takes it from the network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders


class _Body(BytesIO):
    def stream(self, amt: int | None = None, **_: Any) -> Iterator[bytes]:
        """The bytes in pieces, as urllib3 gives them."""
        while piece := self.read(amt or -1):
            yield piece


def raw_response(url: str, status: int, headers: Mapping[str, str], body: bytes) -> AWSResponse:
    """The response that botocore would make of these bytes."""
    named = HTTPHeaders()
    for name, value in headers.items():
        named[name] = str(value)
    return AWSResponse(url, status, named, _Body(body))
