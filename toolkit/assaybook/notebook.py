"""What a notebook calls. The same functions serve JupyterLab, batch runs, the command line and tests.

A notebook opens its area, shows practices, tables and answers, and concludes. Nothing is decided here: `assess` owns the results.
"""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .assess import Assessment
from .catalogue import Area as CatalogueArea
from .config import load_config
from .engagement import assess_files
from .errors import AssaybookError
from .evidence import Evidence, Row
from .files import write_atomically
from .model import Status
from .report import sections
from .report.blocks import Block, Inline, badge, end, heading, paragraph, section, table
from .report.display import Shown
from .report.sections.practice import answer_section
from .report.sections.wording import STATUS_WORDS
from .status import ControlResult

DEFAULT_CONFIG = "assess.toml"
PARAMETERS = ("seal", "config", "out")
Stamp = tuple[tuple[str, int, int], ...]
_OPENED: dict[Stamp, Assessment] = {}


class NotebookError(AssaybookError):
    """A notebook cannot go on: what is missing and what to do."""


def open_assessment(seal: str = "", config: str = DEFAULT_CONFIG) -> Assessment:
    """The assessment of a seal, made once for each seal and configuration in a process.

    An empty `seal` means the engagement's own: `evidence.seal` beside the configuration, collected now if there is none. A missing `assess.toml` means the defaults;
    any other missing configuration is an error. Raises NotebookError, SealError, ConfigError or PeopleError.
    """
    _refuse_unknown_parameters()
    settings = _config(config)
    path = Path(seal) if seal else (settings.parent if settings else Path.cwd()) / "evidence.seal"
    if not path.exists():
        if seal:
            raise NotebookError(
                f"there is no seal {seal}. Collect one with `assaybook collect -o DIR`, or correct the parameter `seal`."
            )
        _collect(path, settings)
    stamp = _stamp(path, settings)
    if stamp not in _OPENED:
        _OPENED[stamp] = assess_files([path], settings)
    return _OPENED[stamp]


def remember(assessment: Assessment, seal: Path, config: Path | None) -> None:
    """Keep an assessment, so that notebooks of this process (and of its forked children) do not make it again."""
    _OPENED[_stamp(seal, config)] = assessment


def _stamp(seal: Path, config: Path | None) -> Stamp:
    """What an assessment was made from, so that one is made anew when a file changes while a session is open."""
    said = load_config(config)
    names = (said.people.answers, said.people.waivers)
    files = (seal, *([config] if config else []), *(said.folder / name for name in names if name))
    return tuple((str(each.resolve()), *_state(each)) for each in files)


def _state(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)


def _refuse_unknown_parameters() -> None:
    """Papermill injects also what a notebook does not know, with a warning that nobody reads; a misspelt `seal` would then collect anew."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    sources = shell.user_ns.get("In", []) if shell is not None else []
    for source in sources:
        if not str(source).startswith("# Parameters\n"):
            continue
        given = {
            target.id
            for node in ast.parse(source).body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        unknown = sorted(given - set(PARAMETERS))
        if unknown:
            raise NotebookError(f"this notebook has no parameter {', '.join(unknown)}; it has {', '.join(PARAMETERS)}.")


def _config(config: str) -> Path | None:
    path = Path(config) if config else None
    if path is None or (config == DEFAULT_CONFIG and not path.exists()):
        return None
    return path


def _collect(path: Path, config: Path | None) -> None:
    from .collecting import collect_to

    collect_to(path, config)


class _Paper:
    """A workpaper: something that opens on an assessment and can be shown."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment

    @property
    def evidence(self) -> Evidence:
        """The evidence, for exploring: `area.evidence.frame(Workload)` gives a DataFrame."""
        return self.assessment.evidence

    def card(self) -> Block:
        """The head of the workpaper."""
        raise NotImplementedError

    def table(self, rows: type[Row], fields: Sequence[str] = ()) -> Shown:
        """A table of the evidence in full."""
        return Shown([sections.table_block(self.evidence, rows, fields)])

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        return Shown([self.card()])._repr_mimebundle_(include, exclude)


class Area(_Paper):
    """The workpaper of one area of the guide."""

    def __init__(self, letter: str, assessment: Assessment) -> None:
        super().__init__(assessment)
        self.entry: CatalogueArea = assessment.catalogue.area(letter)
        self.letter = letter

    @classmethod
    def open(cls, letter: str, *, seal: str = "", config: str = DEFAULT_CONFIG) -> Area:
        """Open an area (`A` to `G`, `X`) on a seal. Raises CatalogueError for another letter; otherwise as `open_assessment`."""
        return cls(letter, open_assessment(seal, config))

    def card(self) -> Block:
        """Title, what the guide asks for, accounts, as-of, digest, gaps."""
        return sections.scope_card(self.assessment, f"{self.letter} {self.entry.title}", self.entry.guide)

    def practice(self, id: str) -> Shown:
        """The workpaper of a practice: objective, criteria, results with exceptions first, remedy."""
        return Shown([sections.practice_section(self.assessment, id)])

    def code(self) -> Shown:
        """Which code was read, by package and language, and what of it was not."""
        return Shown(sections.code_population(self.assessment))

    def flows(self) -> Shown:
        """Flows from senders to places where they do harm, step by step, the worst first."""
        return Shown(sections.flow_section(self.assessment))

    def written_secrets(self) -> Shown:
        """Secrets that stand in files: where, and of which kind."""
        return Shown(sections.written_secrets(self.assessment))

    def components(self) -> Shown:
        """The bill of materials, and what it was compared with."""
        return Shown([*sections.bill_table(self.assessment), *sections.advisory_sources(self.assessment)])

    def hosts(self) -> Shown:
        """Hosts that code calls."""
        return Shown(sections.external_hosts(self.assessment))

    def answer(self, control: str) -> Shown:
        """The question of a manual or hybrid control and its saved answer, or NOT ANSWERED."""
        return Shown([answer_section(self.assessment.result(control))])

    def answers(self, practice: str) -> Shown:
        """Every question that a practice puts to people, with what was answered."""
        asked = [
            each
            for each in self.assessment.controls
            if each.control.id.startswith(f"{practice}-") and each.control.question
        ]
        rows = [[each.control.id, each.control.question or "", _answered(each)] for each in asked]
        return Shown(
            [table(["Control", "Question", "Answer"], rows, caption=f"Questions of {practice}", widths=[10, 56, 34])]
        )

    def conclude(self, out: str = "") -> Shown:
        """The status of the area, the last word of its notebook. `out` names a folder that gets it as JSON too."""
        results = [each for each in self.assessment.controls if each.control.id.startswith(self.letter)]
        digest = self.assessment.inputs["seal"]
        if out:
            record = {
                "area": self.letter,
                "inputs": dict(self.assessment.inputs),
                "controls": {each.control.id: each.status.value for each in results},
            }
            write_atomically(Path(out) / f"{self.letter}.json", json.dumps(record, indent=1, sort_keys=True) + "\n")
        counts = {status: sum(each.status is status for each in results) for status in Status}
        row = [[badge(f"{number} {STATUS_WORDS[status]}", status.value)] for status, number in counts.items()]
        blocks = [
            heading(2, "Conclusion", f"conclusion-{self.letter}"),
            table([STATUS_WORDS[each] for each in Status], [row], align="llll"),
            paragraph(
                "Exceptions are listed above, worst first. What is undetermined is neither effective nor ineffective."
            ),
        ]
        status = next(
            (each for each in (Status.NOT_MET, Status.UNDETERMINED, Status.MET) if counts[each]), Status.NOT_APPLICABLE
        )
        return Shown([section("conclusion", blocks), end(self.letter, digest, status.value)])


def _answered(result: ControlResult) -> list[Inline | str]:
    answer = result.answer
    if answer is None:
        return [badge("NOT ANSWERED", "unknown"), f" {result.answer_problem}" if result.answer_problem else ""]
    said = f" {answer.statement} ({answer.by}, {answer.on.isoformat()}, valid until {answer.until.isoformat()})"
    return [badge(STATUS_WORDS[answer.conclusion], answer.conclusion.value), said]


class Scope(_Paper):
    """The workpaper that says what was looked at."""

    @classmethod
    def open(cls, *, seal: str = "", config: str = DEFAULT_CONFIG) -> Scope:
        """Open the scope on a seal. Raises as `open_assessment`."""
        return cls(open_assessment(seal, config))

    def card(self) -> Block:
        """Accounts, as-of, digest, gaps."""
        return sections.scope_card(self.assessment, "Scope and method")

    def engagement(self) -> Shown:
        """Who asked what, where, and what the result was made from."""
        return Shown(sections.scope_section(self.assessment))

    def completeness(self) -> Shown:
        """Each population with its source and second count."""
        return Shown(sections.completeness(self.assessment))

    def parameters(self) -> Shown:
        """Every threshold and declaration with its effective value."""
        return Shown(sections.parameters(self.assessment))

    def limits(self) -> Shown:
        """What the report does not say."""
        return Shown(sections.limits())

    def conclude(self, out: str = "") -> Shown:
        """The last word of the notebook."""
        return Shown([end("scope", self.assessment.inputs["seal"], "")])


class Summary(_Paper):
    """The workpaper that a stakeholder reads."""

    @classmethod
    def open(cls, *, seal: str = "", config: str = DEFAULT_CONFIG) -> Summary:
        """Open the summary on a seal. Raises as `open_assessment`."""
        return cls(open_assessment(seal, config))

    def card(self) -> Block:
        """Where we stand, how sure we are, what to fix first."""
        return sections.summary_section(self.assessment)

    def not_assessed(self) -> Shown:
        """What was not assessed and what it would take."""
        return Shown([heading(1, "Not assessed, accepted, referenced"), *sections.not_assessed(self.assessment)])

    def waivers(self) -> Shown:
        """Accepted risks with owner, approver and expiry."""
        return Shown(sections.waivers(self.assessment))

    def frameworks(self) -> Shown:
        """The frameworks' ids with the worst status of what touches them."""
        return Shown(sections.framework_views(self.assessment))

    def evidence_index(self) -> Shown:
        """The captures that results rest on."""
        return Shown([*sections.imported_results(self.assessment), *sections.evidence_index(self.assessment)])

    def verification(self) -> Shown:
        """How to verify and repeat, and what the words mean."""
        return Shown([*sections.how_to_verify(self.assessment), *sections.glossary()])

    def conclude(self, out: str = "") -> Shown:
        """The last word of the notebook."""
        return Shown([end("summary", self.assessment.inputs["seal"], self.assessment.automatic.rating.value)])


__all__ = ["Area", "NotebookError", "Scope", "Summary", "open_assessment", "remember"]
