"""The packages of deployed functions: what an account runs, read into facts a few at a time, and never written anywhere."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from ...canonical import canonical
from ...capture import ABSENT, FAILED, OK, UNSUPPORTED, Capture, Target
from ...code.archives import RefusedArchive, zip_files
from ...code.extractors import EXTRACTORS, extractor_version
from ...code.package import Entry, Package
from ...plan import Call
from ..aws import Account
from ..engine import Engine
from ..fanout import Request
from ..progress import Progress, Silent
from ..redact import Redactor
from ..scope import Clock, Limits
from .cache import FactCache
from .claims import Unread
from .derive import Facts, Item, ReadingOptions, captures_of, derive_items, mark_of
from .download import Fetcher, NotFetched
from .layers import borrowed_files
from .running import LISTED, Code, batches, distinct, entry_of, in_use, member, name_of

# Asked beside the plan's own rows, which keep no address of code: what these answer becomes no capture.
FUNCTION_CODE = Call(
    "lambda:GetFunction", bucket="lambda:GetFunction", absent=("ResourceNotFoundException",), why="where its code is"
)
LAYER_CODE = Call("lambda:GetLayerVersionByArn", absent=("ResourceNotFoundException",), why="where its code is")
CODE_CALLS = (FUNCTION_CODE, LAYER_CODE)
FETCHERS = 8


@dataclass(frozen=True)
class _Got:
    """What became of fetching: the bytes, or why there are none."""

    data: bytes = b""
    unread: Unread | None = None


def function_code(
    account: Account,
    captures: Iterable[Capture],
    options: ReadingOptions,
    clock: Clock,
    limits: Limits,
    progress: Progress | None = None,
) -> tuple[Capture, ...]:
    """The facts of the code that each function of an account runs, by region. A function whose code could not be read has captures that say why."""
    mine = [each for each in captures if each.target.account == account.id and not each.outside]
    made: list[Capture] = []
    told = progress or Silent()
    told.begin("packages")
    for target in sorted({each.target for each in mine if each.call == LISTED}):
        here = [each for each in mine if each.target == target]
        made += _Region(account, target, options, clock, limits, told).read(here)
    return tuple(made)


class _Region:
    def __init__(
        self,
        account: Account,
        target: Target,
        options: ReadingOptions,
        clock: Clock,
        limits: Limits,
        progress: Progress,
    ) -> None:
        self._account, self._target, self._options = account, target, options
        self._clock, self._limits, self._progress = clock, limits, progress
        self._fetcher = options.fetcher or Fetcher(account.session, limits.connect, limits.read)
        self._mark = mark_of(options.key)
        self._cache = FactCache(options.cache)
        self._layers: dict[str, Package | Unread] = {}
        self._asked = Engine((), Redactor(options.key), clock, limits, clear=self._noted)
        self._answers: dict[tuple[str, str], Mapping[str, Any]] = {}
        self._done = self._known = 0

    def read(self, captures: Sequence[Capture]) -> Iterator[Capture]:
        """The captures of the region's code, from its listings."""
        lost = [_unlisted(each) for each in captures if each.call == LISTED and each.gap()]
        yield from self._derived([Item(each, self._target) for each in lost])
        running = in_use(captures)
        images = [_image(each) for each in running if each.get("PackageType") == "Image"]
        codes = distinct([each for each in running if each.get("PackageType") != "Image"], self._account.id)
        layers = sorted({arn for code in codes for arn in code.layers})
        self._known = len(images) + len(codes) + len(layers)
        yield from self._derived([Item(each, self._target) for each in images])
        waiting: list[Code] = []
        for code in codes:
            facts = self._cache.get(self._key(code))
            if facts is None:
                waiting.append(code)
            else:
                yield from self._kept(code.name, facts)
        for batch in batches(waiting):
            yield from self._derived(self._read(batch))
        yield from self._own_layers(layers)

    def _own_layers(self, layers: Sequence[str]) -> Iterator[Capture]:
        """The facts of the account's own layers, whether or not a function that uses them had to be read."""
        for arn in layers:
            # A version of a layer never changes, so that its ARN stands for its content.
            key = self._key_of([arn], [])
            facts = self._cache.get(key)
            if facts is not None:
                yield from self._kept(arn, facts)
                continue
            self._fetch_layers([arn])
            yield from self._derived([Item(self._layers.pop(arn), self._target, key)])

    def _kept(self, name: str, facts: Facts) -> tuple[Capture, ...]:
        self._done += 1
        self._progress.update(self._done, self._known)
        return captures_of(Unread(name, OK, "", ""), self._target, facts, self._options, self._clock().isoformat())

    def _derived(self, items: Sequence[Item]) -> tuple[Capture, ...]:
        if not items:
            return ()
        made = derive_items(
            items,
            self._options,
            self._clock().isoformat(),
            self._progress,
            self._done,
            max(self._known, self._done + len(items)),
        )
        self._done += len(items)
        return made

    def _key(self, code: Code) -> str:
        """What the facts of a code are kept under: all that decides them is known before the code is fetched."""
        entries = [[each.workload, each.handler, each.runtime] for each in code.entries]
        return self._key_of([code.name, code.sha256, *code.layers, *code.foreign], entries)

    def _key_of(self, names: Sequence[str], entries: Sequence[Sequence[str]]) -> str:
        content = {
            "deployed": list(names),
            "entries": [list(each) for each in entries],
            "extractors": sorted(EXTRACTORS),
            "version": extractor_version(),
            "code lines": self._options.code_lines,
            "mark": self._mark,
        }
        return hashlib.sha256(canonical(content)).hexdigest()

    def _fetch_layers(self, arns: Sequence[str]) -> None:
        new = [arn for arn in arns if arn not in self._layers]
        got = self._fetched(LAYER_CODE, [{"Arn": arn} for arn in new], new, [()] * len(new))
        self._layers.update({arn: _package(arn, "layer", got[arn], (), ()) for arn in new})

    def _read(self, batch: Sequence[Code]) -> list[Item]:
        self._fetch_layers(sorted({arn for code in batch for arn in code.layers}))
        found = self._fetched(
            FUNCTION_CODE,
            [code.params for code in batch],
            [code.name for code in batch],
            [code.entries for code in batch],
        )
        items = []
        for code in batch:
            notes = tuple(f"{arn}: a layer of another account, whose code is not read" for arn in code.foreign)
            made = _package(code.name, "zip", found[code.name], code.entries, notes)
            key = self._key(code)
            if isinstance(made, Package):
                layers = [self._layers[arn] for arn in code.layers]
                made = borrowed_files(made, [each for each in layers if isinstance(each, Package)]) if layers else made
                lost = [each for each in layers if isinstance(each, Unread)]
                if lost:
                    made = replace(made, notes=(*made.notes, *(f"{each.name}: {each.why}" for each in lost)))
                    key = ""
            items.append(Item(made, self._target, key))
        return items

    def _fetched(
        self,
        call: Call,
        params: Sequence[Mapping[str, str]],
        names: Sequence[str],
        entries: Sequence[tuple[Entry, ...]],
    ) -> dict[str, _Got]:
        """Ask where code is and fetch it, several at once; the addresses are forgotten when that is done."""
        requests = [Request(call, self._account, self._target, self._target.region, each) for each in params]
        told = {(each.call, _text(each.params)): each for each in self._asked.run(requests)}

        def got(place: int) -> _Got:
            about = (call.key, _text(params[place]))
            answer = self._answers.get(about)
            if answer is None:
                return _Got(unread=_refused(names[place], told.get(about), entries[place]))
            try:
                return _Got(self._fetch(call, answer))
            except NotFetched as problem:
                return _Got(unread=Unread(names[place], FAILED, problem.reason, str(problem), entries[place]))

        with ThreadPoolExecutor(FETCHERS) as pool:
            results = list(pool.map(got, range(len(names))))
        self._answers.clear()
        return dict(zip(names, results, strict=True))

    def _noted(self, request: Request, answer: Mapping[str, Any]) -> None:
        self._answers[request.call.key, _text(request.params)] = answer

    def _fetch(self, call: Call, answer: Mapping[str, Any]) -> bytes:
        told = (
            answer.get("Content")
            if call is LAYER_CODE
            else {**member(answer, "Configuration"), **member(answer, "Code")}
        )
        about = told if isinstance(told, Mapping) else {}
        address, size, sha256 = about.get("Location"), about.get("CodeSize"), about.get("CodeSha256")
        if not isinstance(address, str) or not address:
            raise NotFetched("no_address", "Lambda tells no address of its code")
        if not isinstance(size, int) or not isinstance(sha256, str):
            raise NotFetched("unexpected_shape", "Lambda tells neither the size nor the digest of its code")
        return self._fetcher.fetch(address, size, sha256)


def _package(name: str, kind: str, got: _Got, entries: tuple[Entry, ...], notes: tuple[str, ...]) -> Package | Unread:
    if got.unread is not None:
        return got.unread
    try:
        unpacked = zip_files(got.data)
    except RefusedArchive as refused:
        return Unread(name, FAILED, "refused", f"its package is not read: {refused}", entries)
    digest = hashlib.sha256(got.data).hexdigest()
    return Package(name, kind, unpacked.files, digest, entries, unpacked.refused, "", {}, (*unpacked.notes, *notes))


def _refused(name: str, capture: Capture | None, entries: tuple[Entry, ...]) -> Unread:
    if capture is None:
        return Unread(name, FAILED, "not_asked_for", "its code was not asked for", entries)
    if capture.state == ABSENT:
        return Unread(name, FAILED, "gone", "it was there when it was listed and is no longer", entries)
    return Unread(name, capture.state, capture.reason, capture.message, entries, "", capture.code, capture.permission)


def _unlisted(listing: Capture) -> Unread:
    return Unread(
        "", listing.state, listing.reason, "the functions are not known", (), "", listing.code, listing.permission
    )


def _image(function: Mapping[str, Any]) -> Unread:
    why = "it is a container image, whose files are not fetched; name the image as an archive in [source] images to have it read"
    return Unread(name_of(function), UNSUPPORTED, "image", why, (entry_of(function),))


def _text(params: Mapping[str, Any]) -> str:
    return canonical(dict(params)).decode()
