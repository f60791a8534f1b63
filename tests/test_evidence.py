"""Rows, gaps and the watched view: missing evidence can never be read as a value."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from assaybook.check import check, collect_checks, put
from assaybook.evidence import Evidence, EvidenceGap, Gap, Hole, Row, Setting
from assaybook.model import Outcome, Severity, Subject, Verdict, fail, na, ok, review
from assaybook.watched import Watched

AS_OF = datetime(2026, 11, 16, 9, tzinfo=UTC)
GAP = Gap(
    "lambda:GetPolicy", "denied", "AccessDeniedException", "lambda:GetPolicy", "111122223333", "us-east-1", "E-0007"
)


@dataclass(frozen=True, kw_only=True)
class Door(Row):
    name: str
    locked: bool
    room: str = ""


@dataclass(frozen=True, kw_only=True)
class Room(Row):
    name: str


def subject(name: str, region: str = "us-east-1", kind: str = "door") -> Subject:
    return Subject("aws", "111122223333", region, kind, name, name)


def door(name: str, locked: object = True, region: str = "us-east-1", **rest: object) -> Door:
    return Door(key=name, subject=subject(name, region), sources=(f"E-{name}",), name=name, locked=locked, **rest)


def watched(*rows: Row | Hole, **parameters: object) -> Watched:
    return Watched(Evidence(rows, AS_OF), parameters)


def test_rows_are_ordered_by_key_and_unique() -> None:
    evidence = Evidence([door("b"), door("a")], AS_OF)
    assert [each.name for each in evidence.rows(Door)] == ["a", "b"]
    with pytest.raises(ValueError, match="two rows of Door have the key a"):
        Evidence([door("a"), door("a")], AS_OF)


def test_reading_notes_the_fact_and_its_capture() -> None:
    view = watched(door("a"))
    row = view.one(Door, "a")
    assert row.locked is True
    assert [(each.table, each.key, each.field, each.value) for each in view.facts] == [("Door", "a", "locked", True)]
    assert view.sources == ("E-a",)


def test_reading_a_gap_raises_and_is_noted() -> None:
    view = watched(door("a", GAP))
    with pytest.raises(EvidenceGap, match="locked of a is not known"):
        _ = view.one(Door, "a").locked
    assert view.facts[0].value == GAP


def test_rows_cannot_be_changed() -> None:
    with pytest.raises(AttributeError, match="read only"):
        watched(door("a")).one(Door, "a").locked = False


def test_one_that_is_not_there_is_a_gap() -> None:
    with pytest.raises(EvidenceGap) as missing:
        watched(Hole(Door, GAP, subject("us-east-1"))).one(Door, "a")
    assert missing.value.gap == GAP
    with pytest.raises(EvidenceGap) as outside:
        watched().one(Door, "a")
    assert outside.value.gap.state == "out_of_scope"


def test_a_witness_decides_in_spite_of_gaps() -> None:
    rows = [door("a", GAP), door("b", False), Hole(Door, GAP, subject("us-east-1"))]
    found = watched(*rows).any(Door, lambda each: not each.locked)
    assert found is not None
    assert found.name == "b"


@pytest.mark.parametrize("hindrance", [door("z", GAP), Hole(Door, GAP, subject(""))])
def test_without_a_witness_a_gap_or_hole_hinders(hindrance: Row | Hole) -> None:
    with pytest.raises(EvidenceGap):
        watched(door("a"), hindrance).any(Door, lambda each: not each.locked)
    assert watched(door("a")).any(Door, lambda each: not each.locked) is None


def test_all_needs_the_whole_population() -> None:
    assert len(watched(door("a"), door("b")).all(Door)) == 2
    with pytest.raises(EvidenceGap):
        watched(door("a"), Hole(Door, GAP, subject(""))).all(Door)


def test_scope_leaves_out_holes_elsewhere() -> None:
    rows = [door("a"), Hole(Door, GAP, subject("eu", "eu-west-1"))]
    assert len(watched(*rows).all(Door, region="us-east-1")) == 1
    with pytest.raises(EvidenceGap):
        watched(*rows).all(Door, region="eu-west-1")


def test_a_field_is_looked_up_and_its_gaps_hinder() -> None:
    rows = [door("a", room="hall"), door("b", False, room="cellar"), door("c", room="cellar")]
    assert [each.name for each in watched(*rows).all(Door, room="cellar")] == ["b", "c"]
    assert watched(*rows).any(Door, lambda each: not each.locked, room="hall") is None
    doubtful = [*rows, door("d", room=GAP)]
    with pytest.raises(EvidenceGap):
        watched(*doubtful).all(Door, room="hall")
    with pytest.raises(EvidenceGap):
        watched(*doubtful).any(Door, lambda each: not each.locked, room="hall")
    found = watched(*doubtful).any(Door, lambda each: not each.locked, room="cellar")
    assert found is not None
    assert found.name == "b"


def test_a_hole_of_one_parent_hinders_only_there() -> None:
    rows = [door("a", room="hall"), Hole(Door, GAP, subject("cellar", kind="room"), "cellar")]
    assert len(watched(*rows).all(Door, room="hall")) == 1
    with pytest.raises(EvidenceGap):
        watched(*rows).all(Door, room="cellar")
    with pytest.raises(EvidenceGap):
        watched(*rows).all(Door, room=frozenset({"hall", "cellar"}))
    with pytest.raises(EvidenceGap):
        watched(*rows).all(Door)


def test_parameters_are_facts() -> None:
    view = watched(days=90)
    assert view.parameter("days") == 90
    assert view.facts[0].table == "parameter"
    with pytest.raises(KeyError):
        view.parameter("weeks")


@check("door-unlocked", over=Door)
def door_unlocked(row: Door, evidence: Watched) -> Verdict:
    """A door is locked."""
    if row.room == "hall":
        return na("a hall has no lock")
    if row.room == "vault":
        return fail("vaults are worse", severity=Severity.CRITICAL, used=frozenset({"sensitive"}))
    if row.room == "cellar":
        return review("somebody must look")
    if row.room == "broken":
        raise RuntimeError("no such lock")
    return ok("it is locked") if row.locked else fail(f"{row.name} is open")


def outcomes(*rows: Row | Hole) -> list[Outcome]:
    return [each.outcome for each in put(door_unlocked, Evidence(rows, AS_OF), {}, Severity.MEDIUM)]


def test_one_finding_for_each_row_and_hole() -> None:
    rows = [
        door("a"),
        door("b", False),
        door("c", GAP),
        door("d", room="hall"),
        door("e", room="cellar"),
        door("f", room="broken"),
    ]
    hole = Hole(Door, GAP, subject("eu", "eu-west-1"))
    assert outcomes(*rows, hole) == [
        Outcome.PASS,
        Outcome.FAIL,
        Outcome.UNKNOWN,
        Outcome.NOT_APPLICABLE,
        Outcome.REVIEW,
        Outcome.ERROR,
        Outcome.UNKNOWN,
    ]


def test_an_unknown_says_call_and_permission_and_cites_the_capture() -> None:
    found = next(iter(put(door_unlocked, Evidence([door("c", GAP)], AS_OF), {}, Severity.MEDIUM)))
    assert found.missing is not None
    assert (found.missing.call, found.missing.permission, found.missing.state) == (
        "lambda:GetPolicy",
        "lambda:GetPolicy",
        "denied",
    )
    assert "denied" in found.because
    hole = next(iter(put(door_unlocked, Evidence([Hole(Door, GAP, subject("us-east-1"))], AS_OF), {}, Severity.MEDIUM)))
    assert hole.evidence == ("E-0007",)


def test_ids_depend_on_check_subject_and_row_only() -> None:
    before = next(iter(put(door_unlocked, Evidence([door("a")], AS_OF), {}, Severity.LOW)))
    after = next(iter(put(door_unlocked, Evidence([door("a", False)], AS_OF), {}, Severity.HIGH)))
    assert before.id == after.id
    assert before.outcome is not after.outcome


@pytest.mark.parametrize(
    ("setting", "verdict_room", "expected"),
    [
        (Setting(internet=False, sensitive=False, production=True), "", Severity.MEDIUM),
        (Setting(internet=False, sensitive=False, production=False), "", Severity.LOW),
        (Setting(internet=True, sensitive=True, production=True), "", Severity.HIGH),
        (Setting(internet=None, sensitive=None, production=None), "", Severity.HIGH),
    ],
)
def test_context_moves_the_severity_of_a_failure(setting: Setting, verdict_room: str, expected: Severity) -> None:
    row = door("b", False, room=verdict_room, setting=setting)
    found = next(iter(put(door_unlocked, Evidence([row], AS_OF), {}, Severity.MEDIUM)))
    assert found.severity is expected


def test_collecting_refuses_an_id_that_is_taken_twice() -> None:
    import types

    module = types.ModuleType(__name__)
    module.first = door_unlocked
    assert list(collect_checks([module])) == ["door-unlocked"]
    module.second = door_unlocked
    with pytest.raises(ValueError, match="taken twice"):
        collect_checks([module])


def test_a_check_needs_a_docstring() -> None:
    with pytest.raises(ValueError, match="has no docstring"):

        @check("door-missing", over=Door)
        def door_missing(row: Door, evidence: Watched) -> Verdict:
            return ok("")


def test_frames_show_gaps_as_text() -> None:
    frame = Evidence([door("a", GAP)], AS_OF).frame(Door)
    assert list(frame.columns) == ["key", "name", "locked", "room"]
    assert frame.loc[0, "locked"].startswith("not known: lambda:GetPolicy denied")
