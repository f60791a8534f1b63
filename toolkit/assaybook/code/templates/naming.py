"""Names, ARNs and attributes of resources as they would be once deployed."""

from __future__ import annotations

import hashlib
import re
import string
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .forms import Form, form
from .resources import Unresolved
from .values import joined, text_of, unresolved

_ALPHABET = string.ascii_lowercase + string.digits
_NUMBERED = re.compile(r"(alnum|lower|upper|hex)(\d+)$")
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9-]+")
_FIELD = re.compile(r"\{(\w+)\}")
_PORTS = {"postgres": "5432", "aurora-postgresql": "5432", "mysql": "3306", "aurora-mysql": "3306", "mariadb": "3306"}
_PARTITIONS = (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov"), ("us-iso-", "aws-iso"), ("us-isob-", "aws-iso-b"))


def stack_account(path: str) -> str:
    """The made-up account of a stack: twelve digits that hang on the template's path alone. No real account is likely to start with 0."""
    digest = int(hashlib.sha256(path.encode("utf-8", "surrogatepass")).hexdigest(), 16)
    return f"0{digest % 10**11:011d}"


def partition_of(region: str) -> str:
    """The partition that a region lies in."""
    return next((partition for start, partition in _PARTITIONS if region.startswith(start)), "aws")


def name_of_stack(text: str) -> str:
    """A text as a stack can be called."""
    name = _NOT_IN_NAMES.sub("-", text).strip("-")[:100]
    return name or "stack"


@dataclass(frozen=True, slots=True)
class Place:
    """The stack that resources are deployed in."""

    stack: str
    account: str
    region: str

    @property
    def partition(self) -> str:
        """The partition of its region."""
        return partition_of(self.region)


class Named(Mapping[str, str]):
    """The fields that a form may name, for one resource. Reading one asks for the property behind it, so that only what is named is resolved."""

    def __init__(self, kind: str, logical: str, place: Place, prop: Callable[[str], Any]) -> None:
        self.kind = kind
        self.logical = logical
        self.place = place
        self.prop = prop
        self.form: Form = form(kind)
        self._digest = hashlib.sha256(f"{place.account}\0{place.stack}\0{logical}".encode("utf-8", "surrogatepass"))

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def fill(self, text: str) -> str:
        """A form with its fields filled; marked as known in part if one of them is."""
        parts = _FIELD.split(text)
        return joined(self[part] if index % 2 else part for index, part in enumerate(parts))

    def name(self) -> str:
        """What the resource is called."""
        if self.form.named:
            said = self.prop(self.form.named)
            if isinstance(said, str | int | Unresolved) and said != "":
                return text_of(said)
        return self.fill(self.form.made)

    def arn(self) -> str:
        """Its ARN."""
        return self.fill(self.form.arn)

    def ref(self) -> str:
        """What `Ref` gives for it."""
        return self.fill(self.form.ref)

    def attribute(self, name: str, where: str) -> Any:
        """What `Fn::GetAtt` gives for it."""
        known = self.form.attributes.get(name)
        if known is None:
            return unresolved(
                f"{self.logical}.{name}", f"the attribute {name} of {self.logical} is known once it is deployed", where
            )
        return self.fill(known)

    def __getitem__(self, field: str) -> str:
        simple = {
            "stack": self.place.stack,
            "logical": self.logical,
            "account": self.place.account,
            "region": self.place.region,
            "partition": self.place.partition,
        }
        if field in simple:
            return simple[field]
        made = _MADE.get(field)
        if made is not None:
            return made(self)
        numbered = _NUMBERED.match(field)
        return self._letters(*numbered.groups()) if numbered else text_of(self.prop(field))

    def _letters(self, kind: str, count: str) -> str:
        if kind == "hex":
            return self._digest.hexdigest()[: int(count)]
        number, letters = int(hashlib.sha256(self._digest.digest() + kind.encode()).hexdigest(), 16), ""
        while len(letters) < int(count):
            number, rest = divmod(number, len(_ALPHABET))
            letters += _ALPHABET[rest]
        return letters.upper() if kind == "upper" else letters

    def uuid(self) -> str:
        """A made-up UUID of its own."""
        return str(uuid.UUID(bytes=self._digest.digest()[:16], version=4))

    def path(self) -> str:
        """The path of an identity, with its slashes."""
        said = text_of(self.prop("Path"))
        return joined(["" if said.startswith("/") else "/", said, "" if said.endswith("/") else "/"]) if said else "/"

    def function(self) -> str:
        """The name of the function that a version, alias or address belongs to, whichever way it is named."""
        said = text_of(self.prop("FunctionName")) or text_of(self.prop("TargetFunctionArn"))
        if ":function:" not in said:
            return said
        return joined([type(said)(said.split(":function:", 1)[1].split(":")[0])])

    def bus(self) -> str:
        """The event bus of a rule, as its ARN has it."""
        said = text_of(self.prop("EventBusName"))
        name = said.rpartition("/")[2] if said.startswith("arn:") else said
        return f"{name}/" if name not in ("", "default") else ""

    def balancer(self) -> str:
        """The kind of a load balancer, as its ARN has it."""
        return "net" if text_of(self.prop("Type")) == "network" else "app"

    def port(self) -> str:
        """The port that a database listens on."""
        return text_of(self.prop("Port")) or _PORTS.get(text_of(self.prop("Engine")), "3306")

    def lower(self) -> str:
        """The made-up name in lower case, for types that take no other."""
        return f"{self.place.stack}-{self.logical}".lower()

    def scheme(self) -> str:
        """The scheme of an API's address."""
        return "wss" if text_of(self.prop("ProtocolType")) == "WEBSOCKET" else "https"

    def title(self) -> str:
        """The name of an API that only its definition names."""
        body = self.prop("Body")
        about = body.get("info") if isinstance(body, dict) else None
        said = about.get("title") if isinstance(about, dict) else None
        return text_of(said) or self.logical

    def fifo(self) -> str:
        """How the name of a queue or topic ends that keeps its order."""
        flags = [text_of(self.prop(each)).lower() for each in ("FifoQueue", "FifoTopic")]
        return ".fifo" if "true" in flags else ""


_MADE: Mapping[str, Callable[[Named], str]] = {
    "name": Named.name,
    "arn": Named.arn,
    "ref": Named.ref,
    "uuid": Named.uuid,
    "path": Named.path,
    "function": Named.function,
    "bus": Named.bus,
    "balancer": Named.balancer,
    "port": Named.port,
    "lower": Named.lower,
    "scheme": Named.scheme,
    "title": Named.title,
    "fifo": Named.fifo,
    "bare": lambda named: joined([type(named.name())(named.name().lstrip("/"))]),
    "host": lambda named: joined([type(named.name())(named.name().removeprefix("https://"))]),
    "group": lambda named: text_of(named.prop("GroupName")) or "default",
    "scope": lambda named: "global" if text_of(named.prop("Scope")) == "CLOUDFRONT" else "regional",
    "octet": lambda named: str(int(named["hex4"], 16) % 254 + 1),
    "ten": lambda named: named["upper10"],
    "listener": lambda named: (
        text_of(named.prop("LoadBalancerArn")).partition(":loadbalancer/")[2]
        and joined(
            [
                f"elasticloadbalancing:{named.place.region}:{named.place.account}:listener/",
                text_of(named.prop("LoadBalancerArn")).partition(":loadbalancer/")[2],
            ]
        )
    ),
    "topic": lambda named: text_of(named.prop("TopicArn")).partition(":")[2].partition(":")[2],
}
