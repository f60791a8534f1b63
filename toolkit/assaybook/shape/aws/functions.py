"""What several shapers need to know of functions: their names, their versions in use, their tags, whether the internet reaches them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from ...capture import ABSENT, NOT_COLLECTED, Capture, Captures
from ...evidence import Gap, Setting
from ...model import Subject
from ..records import MALFORMED, Listing, Record, listing, loose_items, loose_part, part, text
from ..tags import TagWords, tag_map
from .resources import Tagging

LATEST = "$LATEST"


def plain_arn(arn: str) -> str:
    """A function's ARN without version or alias; other texts stay as they are."""
    parts = arn.split(":")
    return ":".join(parts[:7]) if len(parts) > 7 and parts[2] == "lambda" and parts[5] == "function" else arn


def qualifier(arn: str) -> str:
    """The version or alias in a function's ARN; empty for none and for the unpublished version."""
    parts = arn.split(":")
    found = parts[7] if len(parts) > 7 and parts[5] == "function" else ""
    return "" if found == LATEST else found


@dataclass(frozen=True)
class Function:
    """One function of a target: the record of its unpublished version, and those of its published ones.

    `behind_api` says whether a public API leads to it; None if that could not be read.
    """

    capture: Capture
    captures: Captures
    words: TagWords
    record: Record
    published: Mapping[str, Record]
    tagging: Tagging
    behind_api: bool | None = False

    @cached_property
    def name(self) -> str:
        """Its name."""
        return text(self.record, "FunctionName")

    @cached_property
    def arn(self) -> str:
        """Its ARN without qualifier; the key of its Workload."""
        return plain_arn(text(self.record, "FunctionArn"))

    @cached_property
    def subject(self) -> Subject:
        """The subject of findings about it."""
        target = self.capture.target
        return Subject("aws", target.account, target.region, "function", self.arn, self.name)

    def about(self, call: str) -> Capture:
        """The capture of a call about this function."""
        return self.captures.about(call, self.capture.target, FunctionName=self.name)

    @cached_property
    def tags(self) -> Any:
        """Its tags, or the gap: from its own answer where the plan asked for that, else as the tagging service lists them."""
        own = self.about("lambda:GetFunction")
        found: Any = own.read(lambda answer: own.not_told(answer, "Tags") or tag_map(answer.get("Tags")))
        if not isinstance(found, Gap):
            return found
        listed = self.tagging.of(self.capture.target, self.arn)
        return found if isinstance(listed, Gap) and own.reason != NOT_COLLECTED else listed

    @cached_property
    def reserved(self) -> Any:
        """The concurrency that is reserved for it, None for none; or the gap. Where the account has reserved nothing at all, no answer is needed."""
        own = self.about("lambda:GetFunction").read(lambda answer: _reserved(part(answer, "Concurrency")))
        if not isinstance(own, Gap):
            return own
        asked = self.about("lambda:GetFunctionConcurrency")
        found: Any = asked.read(_reserved)
        if isinstance(found, Gap):
            settings = self.captures.about("lambda:GetAccountSettings", self.capture.target)
            if settings.read(_nothing_reserved) is True:
                return None
        return own if isinstance(found, Gap) and asked.reason == NOT_COLLECTED else found

    @cached_property
    def aliases(self) -> Listing:
        """Its aliases; with a gap if one cannot be read, or points to a version that was not listed."""
        found = listing(self.about("lambda:ListAliases"))
        known = {LATEST, *self.published}
        for alias in found.records if found.gap is None else ():
            try:
                lost = [version for version in _versions(alias) if version not in known]
            except MALFORMED as problem:
                return replace(found, gap=found.capture.unexpected(f"{type(problem).__name__} {problem}"))
            if lost:
                said = f"alias {text(alias, 'Name')} points to version {lost[0]}, which was not listed"
                return replace(found, gap=found.capture.unexpected(said))
        return found

    @cached_property
    def urls(self) -> Listing:
        """Its function URLs. Where they could not be listed, its own is known at least; it is the only one if there are no aliases."""
        found, own = listing(self.about("lambda:ListFunctionUrlConfigs")), self.about("lambda:GetFunctionUrlConfig")
        if found.gap is None or own.gap() is not None:
            return found
        alone = self.aliases.gap is None and not self.aliases.records
        return Listing(own, () if own.state == ABSENT else (own.answer,), None if alone else found.gap)

    @cached_property
    def used(self) -> Mapping[str, tuple[str, ...]]:
        """Each published version that an alias points to, with the names of those aliases."""
        found: dict[str, list[str]] = {}
        for alias in self.aliases.records:
            try:
                for version in _versions(alias):
                    if version != LATEST:
                        found.setdefault(version, []).append(text(alias, "Name"))
            except MALFORMED:
                # Its gap stands in the listing already.
                continue
        return {version: tuple(sorted(names)) for version, names in sorted(found.items())}

    @cached_property
    def releases(self) -> tuple[tuple[str, tuple[str, ...], Record], ...]:
        """Version, aliases and record of everything in use: the unpublished version first."""
        found: list[tuple[str, tuple[str, ...], Record]] = [(LATEST, (), self.record)]
        found += [
            (version, names, self.published[version])
            for version, names in self.used.items()
            if version in self.published
        ]
        return tuple(found)

    def sources(self, *others: Capture) -> tuple[str, ...]:
        """References of the captures behind a row about it."""
        return tuple(dict.fromkeys(each.ref for each in (self.capture, *others) if each.ref))

    @cached_property
    def setting(self) -> Setting:
        """Where it stands, for the severity."""
        return self.words.setting(self.tags, self.internet)

    @cached_property
    def internet(self) -> bool | None:
        """Whether a function URL or a public API leads to it; None if that could not be read."""
        doors = self.urls
        if self.behind_api or any(each.get("AuthType") == "NONE" for each in doors.records):
            return True
        return None if self.behind_api is None or doors.gap is not None else False


def _reserved(answer: Record) -> int | None:
    value = answer.get("ReservedConcurrentExecutions")
    return None if value is None else int(value)


def _nothing_reserved(answer: Record) -> bool:
    limit = part(answer, "AccountLimit")
    return int(limit["UnreservedConcurrentExecutions"]) == int(limit["ConcurrentExecutions"])


def _versions(alias: Record) -> tuple[str, ...]:
    """The versions that an alias points to. Raises one of MALFORMED if it does not say."""
    text(alias, "Name")
    weights = part(part(alias, "RoutingConfig"), "AdditionalVersionWeights")
    return (text(alias, "FunctionVersion"), *map(str, weights))


def functions(captures: Captures, words: TagWords) -> tuple[tuple[Listing, tuple[Function, ...]], ...]:
    """The functions of each target, with the listing that they come from."""
    return captures.once(("functions", words), lambda: tuple(_functions(captures, words)))


def _functions(captures: Captures, words: TagWords) -> Iterator[tuple[Listing, tuple[Function, ...]]]:
    tagging = Tagging(captures, words)
    for capture in captures.expect("lambda:ListFunctions", "aws"):
        found = listing(capture)
        versions: dict[str, dict[str, Record]] = {}
        for record in found.records:
            name, version = record.get("FunctionName"), record.get("Version", LATEST)
            if isinstance(name, str) and isinstance(version, str):
                versions.setdefault(name, {})[version] = record
        reached, doubtful = integrated(captures, capture)
        whole = []
        for _, records in sorted(versions.items()):
            if LATEST in records:
                published = {version: each for version, each in records.items() if version != LATEST}
                function = Function(capture, captures, words, records[LATEST], published, tagging)
                if _named(function):
                    behind = True if function.arn in reached else None if doubtful else False
                    whole.append(replace(function, behind_api=behind))
        yield found, tuple(whole)


def _named(function: Function) -> bool:
    try:
        return bool(function.arn and function.name)
    except MALFORMED:
        return False


def odd_functions(found: Listing, whole: tuple[Function, ...]) -> Gap | None:
    """The gap for records of a listing that name no function."""
    named = {function.name for function in whole}
    odd = sum(str(record.get("FunctionName")) not in named for record in found.records)
    return found.capture.unexpected(f"{odd} records of Functions are no functions") if odd else None


def integrated(captures: Captures, near: Capture) -> tuple[frozenset[str], bool]:
    """ARNs of the functions that public APIs of a target lead to, and whether part of that could not be read."""
    target = near.target
    reached: set[str] = set()
    doubtful = False
    rest, newer = (
        [listing(each) for each in captures.of(call, target)]
        for call in ("apigateway:GetRestApis", "apigatewayv2:GetApis")
    )
    doubtful |= not rest or not newer or any(each.gap is not None for each in (*rest, *newer))
    for found in rest:
        for api in found.records:
            if "PRIVATE" in loose_items(loose_part(api, "endpointConfiguration"), "types"):
                continue
            inner = listing(
                captures.about("apigateway:GetResources", target, restApiId=api.get("id"), embed=["methods"])
            )
            doubtful |= inner.gap is not None
            for resource in inner.records:
                for method in loose_part(resource, "resourceMethods").values():
                    if isinstance(method, Mapping):
                        reached.add(invoked(str(loose_part(method, "methodIntegration").get("uri", ""))))
    for found in newer:
        for api in found.records:
            inner = listing(captures.about("apigatewayv2:GetIntegrations", target, ApiId=api.get("ApiId")))
            doubtful |= inner.gap is not None
            reached.update(invoked(str(each.get("IntegrationUri", ""))) for each in inner.records)
    return frozenset(reached - {""}), doubtful


def invoked(uri: str) -> str:
    """The ARN, without qualifier, of the function that an integration calls; empty if it calls none."""
    return plain_arn(invoked_release(uri))


def invoked_release(uri: str) -> str:
    """The ARN of the function that an integration calls, with the qualifier that it names; empty if it calls none."""
    inner = uri.partition("/functions/")[2].partition("/invocations")[0] or uri
    return inner if is_function(inner) else ""


def is_function(arn: str) -> bool:
    """Whether a text is the ARN of a function, an alias or a version."""
    return arn.startswith("arn:") and ":lambda:" in arn and ":function:" in arn
