"""From an error to the state of a capture: what the provider's answer means for the evidence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    HTTPClientError,
    IncompleteReadError,
    NoCredentialsError,
    ParamValidationError,
    PartialCredentialsError,
    ReadTimeoutError,
    ResponseStreamingError,
    SSOError,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
    UnknownEndpointError,
)
from botocore.parsers import ResponseParserError

from ..capture import ABSENT, DENIED, FAILED, UNSUPPORTED
from ..plan import Call
from .answers import UnexpectedShape
from .guard import RefusedCall

# What botocore's parsers, and an emulator inside this process, raise on an answer that they cannot make sense of.
BROKEN_ANSWER = (
    UnexpectedShape,
    ResponseParserError,
    NotImplementedError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    ValueError,
    RecursionError,
)
TROUBLE = (ClientError, BotoCoreError, RefusedCall, *BROKEN_ANSWER)

# Source: botocore 1.44.5, retries/standard.py, ThrottledRetryableChecker and TransientRetryableChecker.
THROTTLED = frozenset(
    {
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "RequestThrottled",
        "RequestThrottledException",
        "TooManyRequestsException",
        "ProvisionedThroughputExceededException",
        "TransactionInProgressException",
        "RequestLimitExceeded",
        "BandwidthLimitExceeded",
        "LimitExceededException",
        "SlowDown",
        "PriorRequestNotComplete",
        "EC2ThrottledException",
    }
)
TRANSIENT = frozenset(
    {
        "RequestTimeout",
        "RequestTimeoutException",
        "InternalError",
        "InternalFailure",
        "ServiceUnavailable",
    }
)
EXPIRED = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "RequestExpired",
        "SignatureDoesNotMatch",
    }
)
NOT_HERE = frozenset(
    {
        "InvalidClientTokenId",
        "UnrecognizedClientException",
        "AuthFailure",
        "OptInRequired",
    }
)
DENIALS = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "UnauthorizedOperation",
        "AuthorizationError",
        "AuthorizationErrorException",
        "NotAuthorized",
        "NotAuthorizedException",
        "UnauthorizedException",
        "Forbidden",
        "ForbiddenException",
    }
)
OFF = frozenset(
    {
        "SubscriptionRequiredException",
        "AWSOrganizationsNotInUseException",
    }
)
IN_TRANSIT = (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    IncompleteReadError,
    ReadTimeoutError,
    ResponseStreamingError,
)
NO_CREDENTIALS = (
    NoCredentialsError,
    PartialCredentialsError,
    CredentialRetrievalError,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
    SSOError,
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """What became of a request that was not answered: state, kind, and the provider's own words."""

    state: str
    reason: str
    code: str = ""
    message: str = ""
    request_id: str = ""

    @property
    def throttled(self) -> bool:
        """The service asked for fewer calls."""
        return self.reason == "throttled"

    @property
    def transient(self) -> bool:
        """Asking again may help."""
        return self.reason in ("transient", "unreachable", "cut_off")


def classify(call: Call, error: Exception, *, emulator: bool, home: bool, known: Callable[[], bool]) -> Trouble:
    """What an error means.

    `emulator`: calls go to an emulator, whose gaps are not AWS's. `home`: the call went to the region in which the credentials are known to work.
    `known` tells whether botocore lists the service in that region.
    """
    if isinstance(error, ClientError):
        return _answered(call, error, emulator=emulator, home=home)
    said = str(error)
    if isinstance(error, RefusedCall):
        # Botocore makes calls of its own at times, such as HeadBucket to find a bucket's region.
        return Trouble(FAILED, "guard", type(error).__name__, said)
    if isinstance(error, NO_CREDENTIALS):
        return Trouble(FAILED, "credentials", type(error).__name__, said)
    if isinstance(error, UnknownEndpointError) or (isinstance(error, EndpointConnectionError) and not known()):
        return Trouble(UNSUPPORTED, "not_in_region", type(error).__name__, said)
    if isinstance(error, IN_TRANSIT):
        reason = "unreachable" if isinstance(error, (EndpointConnectionError, ConnectTimeoutError)) else "transient"
        return Trouble(FAILED, reason, type(error).__name__, said)
    if isinstance(error, ParamValidationError):
        return Trouble(FAILED, "unexpected_shape", type(error).__name__, said)
    if emulator and not isinstance(error, UnexpectedShape):
        return Trouble(UNSUPPORTED, "emulator_gap", type(error).__name__, said)
    if isinstance(error, BROKEN_ANSWER):
        return Trouble(FAILED, "unexpected_shape", type(error).__name__, said)
    return Trouble(FAILED, "error", type(error).__name__, said)


def _answered(call: Call, error: ClientError, *, emulator: bool, home: bool) -> Trouble:
    response = error.response
    said = response.get("Error", {})
    code, message = str(said.get("Code", "")), str(said.get("Message", ""))
    meta = response.get("ResponseMetadata", {})
    status, request_id = meta.get("HTTPStatusCode", 0), str(meta.get("RequestId", ""))

    def trouble(state: str, reason: str) -> Trouble:
        return Trouble(state, reason, code, message, request_id)

    if emulator and (
        code in ("404", "405", "500", "501", "NotImplemented") or "not yet implemented" in message.lower()
    ):
        return trouble(UNSUPPORTED, "emulator_gap")
    if _named(call.absent, code, message):
        return trouble(ABSENT, "")
    if _named(call.not_enabled, code, message):
        return trouble(ABSENT, "not_enabled")
    if code in THROTTLED or status == 429:
        return trouble(FAILED, "throttled")
    if code in EXPIRED:
        return trouble(FAILED, "credentials")
    if code in NOT_HERE:
        return trouble(FAILED, "credentials" if home else "region_disabled")
    if code in OFF:
        return trouble(UNSUPPORTED, "not_enabled")
    if code in DENIALS or status in (401, 403):
        return trouble(DENIED, "denied")
    if code == "UnsupportedOperation":
        return trouble(UNSUPPORTED, "not_in_region")
    if code in TRANSIENT or status >= 500 or status == 408:
        return trouble(FAILED, "transient")
    return trouble(FAILED, "refused")


def _named(entries: tuple[str, ...], code: str, message: str) -> bool:
    """Whether a code, or a code with a fragment of its message (`AccessDeniedException:not enabled`), is among the entries."""
    for entry in entries:
        wanted, _, fragment = entry.partition(":")
        if wanted == code and fragment.lower() in message.lower():
            return True
    return False
