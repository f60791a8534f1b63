"""What other tools reported, as rows beside our own: filed under a topic, and told apart by whether we judge the same thing already."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from ...capture import Capture, Captures
from ...code.imports import Reported, Results, results_of
from ...code.program import is_test
from ...evidence import Hole, Row
from ...model import Subject
from ...tables.code import CodePackage
from ...tables.imports import ImportedFinding, ImportedRun
from ..records import MALFORMED, hole
from .import_topics import TABLES, Beside, topic_of
from .packages import Workloads

CALL = "imported:Findings"
MOST_NAMED = 50


def shape_imports(captures: Captures, rows: Sequence[Row | Hole]) -> Iterator[Row | Hole]:
    """A row for each run of another tool and each of its results. `rows` are all of ours."""
    held = captures.of(CALL)
    if not held:
        return
    ours = _Ours([each for each in rows if isinstance(each, Row)])
    seen: set[tuple[str, Reported]] = set()
    counts: Counter[tuple[str, ...]] = Counter()
    for capture in held:
        file = str(capture.params.get("file", ""))
        about = Subject(capture.target.provider, capture.target.account, capture.target.region, "file", file, file)
        gap = capture.gap()
        runs: tuple[Results, ...] = ()
        if gap is None:
            try:
                runs = tuple(results_of(capture.answer))
            except MALFORMED as problem:
                gap = capture.unexpected(f"{type(problem).__name__} {problem}")
        if gap is not None:
            yield hole(ImportedRun, gap, about)
        for number, run in enumerate(runs, 1):
            # One result in two files is one result.
            new = {each for each in run.reported if (run.tool, each) not in seen}
            seen.update((run.tool, each) for each in new)
            made = [_finding(capture, file, run.tool, each, ours, counts) for each in sorted(new, key=_order)]
            yield from made
            yield _run(capture, file, number, run, made, about)


def _order(reported: Reported) -> tuple[object, ...]:
    return (reported.path, reported.resource, reported.rule, reported.line, reported.end, reported.said, str(reported))


class _Ours:
    """What of ours a result may belong to."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.beside = Beside(rows)
        self.workloads = Workloads.of(rows)
        self.subjects: dict[str, Subject] = {}
        for row in rows:
            if row.subject.native.startswith("arn:"):
                self.subjects.setdefault(row.subject.native, row.subject)
        packages = [each for each in rows if isinstance(each, CodePackage)]
        self.packages = sorted(packages, key=lambda each: (-len(each.where), each.key))

    def runs(self, path: str, resource: str) -> tuple[str, ...]:
        """The workloads to which a path or a resource belongs."""
        if resource in self.workloads.rows:
            return (resource,)
        for each in self.packages:
            if path and each.where and path.startswith(f"{each.where}/"):
                return each.workloads
        return ()


def _finding(
    capture: Capture, file: str, tool: str, reported: Reported, ours: _Ours, counts: Counter[tuple[str, ...]]
) -> ImportedFinding:
    path = ours.beside.path(reported.path)
    topic, by = topic_of(tool, reported)
    # Never the line, nor the tool's words, which may hold one: a result stays the same when lines are put before it.
    name = (tool, reported.rule, path, reported.resource)
    counts[name] += 1
    workloads = ours.runs(path, reported.resource)
    return TABLES.get(topic, ImportedFinding)(
        key="|".join((*name, str(counts[name]))),
        subject=_subject(capture, file, path, reported.resource, ours),
        sources=(capture.ref,) if capture.ref else (),
        setting=ours.workloads.setting(workloads),
        where=(f"{path}:{reported.line}" if reported.line else path) if path else "",
        file=file,
        tool=tool,
        rule=reported.rule,
        level=reported.level,
        said=reported.said,
        path=path,
        line=reported.line,
        resource=reported.resource,
        weaknesses=reported.weaknesses,
        by=by,
        dismissed=reported.dismissed,
        beside=ours.beside.found(topic, path, reported),
        tests=bool(path) and is_test(path),
        workloads=workloads,
    )


def _subject(capture: Capture, file: str, path: str, resource: str, ours: _Ours) -> Subject:
    if resource in ours.subjects:
        return ours.subjects[resource]
    target = capture.target
    parts = resource.split(":", 5)
    if parts[0] == "arn" and len(parts) == 6:
        return Subject("aws", parts[4], parts[3] or "global", parts[2], resource, parts[5].rpartition("/")[2])
    named = path or resource or file
    kind = "resource" if resource and not path else "file"
    return Subject(target.provider, target.account, target.region, kind, named, named)


def _run(
    capture: Capture, file: str, number: int, run: Results, made: Sequence[ImportedFinding], about: Subject
) -> ImportedRun:
    unmapped = Counter(each.rule or "without a rule" for each in made if type(each) is ImportedFinding)
    return ImportedRun(
        key=f"{file}|{number}|{run.tool}",
        subject=about,
        sources=(capture.ref,) if capture.ref else (),
        file=file,
        tool=run.tool,
        version=run.version,
        results=len(run.reported),
        mapped=len(made) - sum(unmapped.values()),
        dismissed=sum(bool(each.dismissed) for each in made),
        passed=run.passed,
        cut=run.cut,
        complete=run.complete,
        unmapped=tuple(f"{rule} ({count})" for rule, count in sorted(unmapped.items())[:MOST_NAMED]),
    )
