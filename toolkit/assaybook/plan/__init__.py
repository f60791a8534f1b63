"""What to ask, as data: one `Call` for each row of a plan. Imports no SDK."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Poll:
    """A report that is generated first: `start` is called until `ready` (member, value) holds, at most `seconds`."""

    start: str
    member: str
    ready: str
    seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a plan; the engine does the rest.

    name: boto3 client and operation, `lambda:GetPolicy`.
    id: name of the row where one operation stands in the plan twice; default the name.
    items: the member of the answer that lists the records (merged over pages); its absence in an answer is an unexpected shape, unless `may_omit`.
    each, over: fan out over the records of the row with that id. `over` is a JMESPath expression on *its whole answer*
        that gives the list of records; default its `items`. Records that are equal in what `take` uses are asked once.
    instead_of: asked, with the same parameters, only where the row with that id is not supported (an emulator that lacks the call).
    take: parameter -> JMESPath on the record (`@` for a record that is itself a string). A parameter that comes out null drops the request.
        Names that start with `^` read the parameters of the parent's own request: `{"FunctionName": "^FunctionName"}`;
        names that start with `$` read the engagement: `$account`, `$region`.
    give: constant parameters. when: JMESPath on the record (or parent's parameters under `parent`); asked only if truthy.
    region_from: JMESPath on the record that names the region to ask (for global lists of regional things, such as buckets).
    absent: error codes that are an answer ("there is none"). not_enabled: codes that say the service is off (an answer too: absent).
    bucket: rate bucket; default the client's own. scope: regional, global, or elsewhere (the enabled regions that are not in scope; the id ends
        with /elsewhere). regions: only these regions (a global service that lives in one).
    batch: number of records put into one request, `batch_into` the list parameter (or dotted map parameter).
    poll: a report that is generated first. decode: dotted paths of members that hold JSON as text and are read as such. drop: JMESPath-free dotted
        paths of members never to keep (`Code.Location`); keep: JMESPath that replaces the answer.
    plan: lean, standard or full: the smallest plan that has the row. why: what it is for, for the docs table.
    """

    name: str
    id: str = ""
    items: str = ""
    may_omit: bool = False
    each: str = ""
    over: str = ""
    instead_of: str = ""
    take: Mapping[str, str] = field(default_factory=dict)
    give: Mapping[str, Any] = field(default_factory=dict)
    when: str = ""
    region_from: str = ""
    absent: tuple[str, ...] = ()
    not_enabled: tuple[str, ...] = ()
    bucket: str = ""
    scope: str = "regional"
    regions: tuple[str, ...] = ()
    batch: int = 0
    batch_into: str = ""
    poll: Poll | None = None
    decode: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    keep: str = ""
    plan: str = "standard"
    why: str = ""

    @property
    def key(self) -> str:
        """The id that captures carry and other rows refer to."""
        return self.id or self.name
