"""Where the code of functions and layers lies: in a folder that the module packs, in an archive, or in the module itself."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ..code_places import INLINE, inline_file
from ..located import Block
from ..resources import Unresolved
from ..values import is_known, text_of
from .conversion import Draft
from .made import Made

if TYPE_CHECKING:
    from .module import Module

_FUNCTIONS = ("aws_lambda_function", "aws_lambda_layer_version")
_OBJECTS = ("aws_s3_object", "aws_s3_bucket_object")


def code_of(
    drafts: Sequence[Draft], kept: set[str], modules: Sequence[Module]
) -> tuple[dict[str, str], dict[str, str]]:
    """The folder or file of each function and layer, and the texts of code that stands in the modules."""
    archives = {key: each for module in modules for each in _archives(module) for key in _paths(each)}
    objects = {text_of(each.made.argument("key")): each.made for each in drafts if each.made.type in _OBJECTS}
    lies: dict[str, str] = {}
    inline: dict[str, str] = {}
    for draft in drafts:
        if draft.made.type in _FUNCTIONS and draft.id in kept:
            lies[draft.id] = _lies(draft.made, draft, archives, objects, inline)
    return lies, inline


def _archives(module: Module) -> Iterator[Made]:
    for held in (module.data, module.managed):
        for (kind, _), written in held.items():
            if kind == "archive_file":
                yield from module.copies(written)


def _paths(archive: Made) -> Iterator[str]:
    said = archive.argument("output_path")
    if isinstance(said, str):
        yield posixpath.normpath(said)


def _lies(made: Made, draft: Draft, archives: dict[str, Made], objects: dict[str, Made], inline: dict[str, str]) -> str:
    said, by = made.argument("filename"), made
    if not isinstance(said, str):
        by = objects.get(text_of(made.argument("s3_key")), made)
        said = by.argument("source") if by is not made else None
    if not isinstance(said, str) or isinstance(said, Unresolved):
        return ""
    archive = archives.get(posixpath.normpath(said))
    if archive is None:
        return _packed(by, str(said))
    sources = archive.body().get("source")
    texts = _texts(archive, sources, text_of(made.argument("runtime")), text_of(made.argument("handler")))
    if texts:
        inline.update({f"{INLINE}{draft.id}/{name}": text for name, text in texts.items()})
        return f"{INLINE}{draft.id}"
    for name in ("source_dir", "source_file"):
        path = archive.argument(name)
        if isinstance(path, str):
            return archive.module.place_of(str(path)) if is_known(path) else ""
    return ""


def _texts(archive: Made, sources: Any, runtime: str, handler: str) -> dict[str, str]:
    made: dict[str, str] = {}
    for each in sources if isinstance(sources, list) else ():
        text = each.get("content") if isinstance(each, Block) else None
        name = each.get("filename") if isinstance(each, Block) else None
        if isinstance(text, str):
            made[str(name) if isinstance(name, str) else inline_file(runtime)] = str(text)
    text, name = archive.argument("source_content"), archive.argument("source_content_filename")
    if isinstance(text, str):
        made[str(name) if isinstance(name, str) else inline_file(runtime)] = str(text)
    return made


def _packed(made: Made, path: str) -> str:
    """An archive of the tree; where it is not there, the folder of the same name beside it, which it is likely to be made of."""
    found = made.module.place_of(path)
    if found or not path.endswith((".zip", ".jar")):
        return found
    return made.module.place_of(path.rpartition(".")[0])
