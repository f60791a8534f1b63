"""What to ask, as data: one `Call` for each row of a plan. Imports no SDK."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Poll:
    """A report that is generated first: `start` is called until `ready` (member, value) holds, at most `seconds`.

    Where the report has a number, `carry` is the member of `start`'s answer that holds it: `start` gets the row's parameters and is called once, and
    the row's own call, with that number alone, is made until its answer is `ready`. It is given up at once where the member says `failed`.
    """

    start: str
    member: str
    ready: str
    seconds: float = 60.0
    carry: str = ""
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Lead:
    """A further parent whose records lead to the same call, read as `Call` reads its own; what two parents lead to is asked once.

    `plan` is the smallest plan that follows it; empty: that of the call.
    """

    each: str
    over: str = ""
    take: Mapping[str, str] = field(default_factory=dict)
    when: str = ""
    plan: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a plan; the engine does the rest.

    name: boto3 client and operation, `lambda:GetPolicy`.
    id: name of the row where one operation stands in the plan twice; default the name.
    items: the member of the answer that lists the records (merged over pages); its absence in an answer is an unexpected shape, unless `may_omit`.
    each, over: fan out over the records of the row with that id. `over` is a JMESPath expression on *its whole answer*
        that gives the list of records; default its `items`. Records that are equal in what `take` uses are asked once.
    also: further parents, each with its own `over`, `take` and `when`; a row that names itself there goes on from its own answers.
    instead_of: asked, with the same parameters, only where the row with that id is not supported (an emulator that lacks the call).
    take: parameter -> JMESPath on the record (`@` for a record that is itself a string). A parameter that comes out null drops the request.
        Names that start with `^` read the parameters of the parent's own request: `{"FunctionName": "^FunctionName"}`;
        names that start with `$` read the engagement: `$account`, `$region`, and `$today` or `$today-91` for midnight (UTC) of the day on
        which the collection began, or so many days before.
        Beyond JMESPath's own functions there are `split(text, ':')` and `lower(text)`.
    give: constant parameters. when: JMESPath on the record (or parent's parameters under `parent`); asked only if truthy.
    region_from: JMESPath on the record that names the region to ask (for global lists of regional things, such as buckets).
    absent: error codes that are an answer ("there is none"). not_enabled: codes that say the service is off (an answer too: absent).
    bucket: rate bucket; default the client's own. scope: regional, global, or elsewhere (the enabled regions that are not in scope; the id ends
        with /elsewhere). regions: only these regions (a global service that lives in one).
    batch: number of records put into one request, `batch_into` the list parameter (or dotted map parameter); `batch_id` names the member of
        each record in which the service wants an id, `q0`, `q1` and so on.
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
    also: tuple[Lead, ...] = ()
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
    batch_id: str = ""
    poll: Poll | None = None
    decode: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    keep: str = ""
    plan: str = "standard"
    why: str = ""

    @property
    def ways(self) -> tuple[Call, ...]:
        """The row once for each parent; once for a row without any."""
        led = (replace(self, each=one.each, over=one.over, take=one.take, when=one.when, also=()) for one in self.also)
        return (replace(self, also=()), *led)

    @property
    def key(self) -> str:
        """The id that captures carry and other rows refer to."""
        return self.id or self.name

    @property
    def parents(self) -> tuple[str, ...]:
        """The ids of the rows over whose records this one fans out."""
        return tuple(way.each for way in self.ways if way.each)
