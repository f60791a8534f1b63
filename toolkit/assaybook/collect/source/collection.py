"""A whole source tree: its templates as if they had been deployed, and the facts of its packages. Needs no credentials and opens no connection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ...capture import FAILED, GLOBAL, OK, PLACES, TREE, Capture, Target
from ...code.package import Package
from ...code.templates.resources import Template
from ...plan.extent import SOURCE
from ..order import order
from ..progress import Progress
from ..redact import Redactor
from ..scope import Clock, Collected
from ..stacks import stack_captures
from .claims import Unread
from .derive import ReadingOptions, derive, place_of_error
from .packages import packages_of
from .tree import Exclusion, SourceTree, read_tree

REPOSITORY = "repository:Files"
# Stands for the account that nothing is known of where no template says what is deployed, so that what only it could tell is missing and not empty.
NOWHERE = ("000000000000", "us-east-1")


def collect_source(
    path: Path,
    options: ReadingOptions,
    *,
    clock: Clock,
    exclusions: Sequence[Exclusion] = (),
    images: Sequence[Path] = (),
    results: Path | None = None,
    code: bool = True,
    progress: Progress | None = None,
) -> Collected:
    """Read a folder, a zip archive or a single template, and container images beside it. Raises CollectError if the tree cannot be read at all.

    `results` is the folder to which this run writes: what lies there is no source. Without `code` only the templates are read.
    """
    started = clock().isoformat()
    tree = read_tree(path, exclusions, results)
    templates = read_all_templates(tree)
    redactor = Redactor(options.key)
    stacks = [capture for each in templates for capture in _deployed(each, started, redactor)]
    if not templates:
        stacks = [
            Capture(PLACES, Target("aws", NOWHERE[0], region), {"path": ""}, OK, {"problems": []}, at=started)
            for region in (NOWHERE[1], GLOBAL)
        ]
    place = Target("source", tree.name, "tree")
    packages = (*packages_of(tree, templates), *map(_image, images)) if code else ()
    facts = derive([(each, place) for each in packages], options, started, progress)
    whole = _told(tree, templates, len(packages), place, started, redactor)
    about = _repository(tree, place, started, redactor)
    return Collected(
        captures=tuple(sorted((whole, about, *stacks, *facts), key=order)),
        plan=SOURCE,
        started=started,
        finished=clock().isoformat(),
        principals=(),
    )


def read_all_templates(tree: SourceTree) -> tuple[Template, ...]:
    """Every template of the tree, in the order in which they are found."""
    from ...code.templates.discover import read_templates

    return read_templates(tree.files)


def _deployed(template: Template, at: str, redactor: Redactor) -> tuple[Capture, ...]:
    """What AWS would answer of a template's stack. Of a template that could not be read it is not known what it deploys, so that it answers nothing."""
    if template.problems and not template.resources:
        said = "; ".join(f"{each.why} ({each.where})" for each in template.problems[:5])
        return (_unread(template, "template not read", redactor.text(said), at),)
    try:
        return stack_captures((template,), at, redactor)
    except Exception as error:  # noqa: BLE001 - one template of a stranger must not hide the others; nothing of this one is believed
        return (_unread(template, "template broke", place_of_error(error), at),)


def _unread(template: Template, reason: str, message: str, at: str) -> Capture:
    target = Target("aws", template.account, template.region)
    return Capture(PLACES, target, {"path": template.path}, FAILED, {}, reason, "", message, at=at, where=template.path)


def _image(path: Path) -> Package | Unread:
    """A container image beside the tree. One that cannot be read is told as such, as its name is in the configuration."""
    from ...code.images import RefusedImage, read_image

    try:
        return read_image(path, path.name)
    except RefusedImage as refused:
        return Unread(path.name, FAILED, "refused", f"{path.name} is not read: {refused}")
    except OSError as problem:
        return Unread(path.name, FAILED, "unreadable", f"{path.name} cannot be read ({problem.strerror})")


def _repository(tree: SourceTree, target: Target, at: str, redactor: Redactor) -> Capture:
    """What the files of the tree as a whole say of how it is kept: update services, scanners in pipelines, owners."""
    from ...code.dependencies.update_services import repository_files

    try:
        answer, count = redactor.answer(repository_files(tree.files))
    except Exception as error:  # noqa: BLE001 - as above
        return Capture(REPOSITORY, target, {}, FAILED, {}, "extractor broke", "", place_of_error(error), at=at)
    return Capture(REPOSITORY, target, {}, OK, answer, at=at, pages=1, redactions=count)


def _told(
    tree: SourceTree, templates: Sequence[Template], packages: int, target: Target, at: str, redactor: Redactor
) -> Capture:
    """What was read of the tree as a whole, and what was not and why."""
    answer: Mapping[str, Any] = {
        "name": tree.name,
        "kind": tree.kind,
        "commit": tree.commit,
        "files": len(tree.files),
        "binaries": tree.binaries,
        "packages": packages,
        "templates": [
            {"path": each.path, "format": each.format, "account": each.account, "region": each.region}
            for each in templates
        ],
        "skipped": dict(tree.skipped),
        "excluded": [
            {"pattern": each.pattern, "reason": each.reason, "reviewer": each.reviewer, "files": number}
            for each, number in tree.excluded
        ],
        "refused": [{"path": each.path, "why": each.why} for each in tree.refused],
    }
    redacted, count = redactor.answer(answer)
    return Capture(TREE, target, {}, OK, redacted, at=at, pages=1, records=len(tree.files), redactions=count)
