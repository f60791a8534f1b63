"""The files of the catalogue: each is read strictly, and an error in one tells file, line and key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from .errors import AssaybookError
from .refusals import first_refusal
from .strict_yaml import YamlError, line_of, load_yaml

E = TypeVar("E", bound=BaseModel)


class CatalogueError(AssaybookError):
    """The catalogue, or a question put to it, is wrong: what, where (file, line, key) and what to do.

    `origin`, `line` and `key` are empty or None where there is none.
    """

    def __init__(
        self, message: str, *, origin: str = "", line: int | None = None, key: str = "", remedy: str = ""
    ) -> None:
        place = origin + (f", line {line}" if line is not None else "") + (f", key {key}" if key else "")
        said = ": ".join(part for part in (place.removeprefix(", "), message) if part)
        super().__init__(f"{said}. {remedy}" if remedy else said)
        self.origin = origin
        self.line = line
        self.key = key


def nearest(among: Iterable[str], name: str) -> str:
    """What to do about a name that nothing bears: the names that come near, if any."""
    near = get_close_matches(name, list(among), n=3)
    return f"Did you mean {' or '.join(near)}?" if near else "Correct the name or remove it"


@dataclass(frozen=True)
class Source:
    """One file of the checklists; keeps its text so that an error can tell the line."""

    name: str
    text: str
    value: object

    def error(self, message: str, path: Sequence[str | int], remedy: str = "") -> CatalogueError:
        """An error at a path of keys and positions in this file."""
        key = ".".join(str(step) for step in path)
        return CatalogueError(message, origin=self.name, line=line_of(self.text, path), key=key, remedy=remedy)

    def parse(self, model: type[E]) -> E:
        """The content as an entry of the catalogue."""
        try:
            return model.model_validate(self.value)
        except ValidationError as invalid:
            place, kind, said = first_refusal(invalid)
            raise self.error(said, place, _advice(kind)) from invalid


def _advice(kind: str) -> str:
    if kind == "extra_forbidden":
        return "Remove it or correct its spelling"
    return "Add it" if kind == "missing" else ""


def read(where: Path) -> Iterator[Source]:
    """The YAML files of a folder of checklists and of its frameworks, by name.

    Raises CatalogueError for a file that cannot be read, and for one that bears the other suffix of YAML and would not be looked at.
    """
    for path in sorted([*where.glob("*.yml"), *where.glob("frameworks/*.yml")]):
        name = path.relative_to(where).as_posix()
        raise CatalogueError("checklists end in .yaml", origin=name, remedy="Rename the file or move it away")
    for path in sorted([*where.glob("*.yaml"), *where.glob("frameworks/*.yaml")]):
        name = path.relative_to(where).as_posix()
        try:
            text = path.read_text(encoding="utf-8")
            yield Source(name, text, load_yaml(text, name))
        except YamlError as error:
            raise CatalogueError(error.message, origin=name, line=error.line, remedy="Correct the file") from error
        except (OSError, UnicodeDecodeError) as error:
            raise CatalogueError(f"the file cannot be read: {error}", origin=name) from error
