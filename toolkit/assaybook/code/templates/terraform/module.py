"""Modules: what a folder of Terraform files declares, and what its references lead to."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from typing import Any

from ..located import Block, Series
from ..naming import Place
from ..resources import Problem, Unresolved
from ..values import NOTHING, bare, text_of
from .data_sources import Data
from .encodings import comes_to_much
from .functions import called
from .made import Made, Numbered
from .parser import parse_text
from .sources import Sources, beside, calls, is_local
from .syntax import Expression, Malformed, Written
from .unknown import missing, symbol
from .working_out import MOST_STEPS, Exhausted, Worker

# How far references may lead from one thing to the next; a longer way is no real module's.
_FARTHEST = 40
_DEEPEST = 8
MOST_COPIES = 60
_MOST_MODULES = 400


class Run:
    """What all modules of one deployment share: steps taken, and what is being worked out."""

    def __init__(self) -> None:
        self.steps = 0
        self.modules = 0
        self.tags = Block()
        self.busy: set[object] = set()
        self.problems: list[Problem] = []

    def spend(self) -> None:
        """Counts a step."""
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise Exhausted


class Namespace:
    """What stands under one word at the beginning of references."""

    def __init__(self, name: str, find: Callable[[str, str], Any]) -> None:
        self._name = name
        self._find = find

    def member(self, name: str, where: str) -> Any:
        """What is under a name."""
        return self._find(name, where)

    def whole(self) -> Any:
        """Stands for it where nothing of it is asked for."""
        return symbol(self._name, "it is no value by itself", "")


class Module:
    """One module as it would be deployed, with the values that it is given."""

    def __init__(
        self,
        sources: Sources,
        folder: str,
        place: Place,
        run: Run,
        *,
        given: Callable[[str], Any] = lambda name: NOTHING,
        prefix: str = "",
        around: tuple[str, ...] = (),
        conditional: str = "",
    ) -> None:
        self.sources = sources
        self.folder = folder
        self.place = place
        self.run = run
        self.prefix = prefix
        self.conditional = conditional
        self.around = (*around, folder)
        self.file = folder
        self._given = given
        self._known: dict[object, Any] = {}
        self.variables: dict[str, Written] = {}
        self.outputs: dict[str, Written] = {}
        self.locals: dict[str, tuple[Expression, int, str]] = {}
        self.managed: dict[tuple[str, str], Written] = {}
        self.data: dict[tuple[str, str], Written] = {}
        self.calls: dict[str, tuple[Written, str]] = {}
        self.providers: list[Written] = []
        for parsed in sources.bodies(folder):
            self._declare(parsed.body)
            self.run.problems += [
                Problem(f"{parsed.body.file}:{line}" if line else parsed.body.file, f"cannot be read: {why}")
                for line, why in parsed.problems
            ]

    def _declare(self, body: Written) -> None:
        for each in body.blocks:
            if each.kind == "locals":
                for name, (said, line) in each.attributes.items():
                    self.locals.setdefault(name, (said, line, each.file))
            elif each.kind == "provider":
                self.providers.append(each)
            elif each.kind in ("resource", "data") and len(each.labels) == 2:
                held = self.managed if each.kind == "resource" else self.data
                held.setdefault((each.labels[0], each.labels[1]), each)
            elif each.kind in ("variable", "output") and each.labels:
                (self.variables if each.kind == "variable" else self.outputs).setdefault(each.labels[0], each)
        for each, source in calls(body):
            if each.labels:
                self.calls.setdefault(each.labels[0], (each, source))

    def worker(self, file: str, **names: Any) -> Worker:
        """What works out the expressions of a file."""
        return Worker(self, names, file)

    def spend(self) -> None:
        """Counts a step."""
        self.run.spend()

    def once(self, key: tuple[str, ...], make: Callable[[], Any], where: str) -> Any:
        """What `make` gives, made once; what hangs on itself, or on too much, is not known."""
        if key in self._known:
            return self._known[key]
        busy = (self.prefix, self.folder, key)
        name = ".".join(key)
        if busy in self.run.busy or len(self.run.busy) > _FARTHEST:
            return symbol(name, f"{name} hangs on itself", where)
        self.run.busy.add(busy)
        try:
            found = make()
        finally:
            self.run.busy.discard(busy)
        if comes_to_much(found):
            found = symbol(name, "it comes to more than any real one", where)
        self._known[key] = found
        return found

    def root(self, name: str, where: str) -> Any:
        """What a reference begins with."""
        spaces: dict[str, Callable[[str, str], Any]] = {
            "var": self.variable,
            "local": self._local,
            "module": self._called,
            "path": self._path,
            "data": lambda kind, at: Namespace(
                f"data.{kind}", lambda inner, there: self._things(self.data, kind, inner, there)
            ),
            "terraform": lambda inner, at: (
                "default" if inner == "workspace" else missing(f"terraform.{inner}", "there is no such value", at)
            ),
        }
        if name in spaces:
            return Namespace(name, spaces[name])
        if name in ("each", "count", "self"):
            return symbol(name, f"{name} is not known here", where)
        return Namespace(name, lambda inner, at: self._things(self.managed, name, inner, at))

    def call(self, name: str, given: list[Any], where: str) -> Any:
        """What a function gives."""
        if name in ("file", "templatefile", "filebase64", "fileexists", "fileset") or name.startswith("file"):
            return self._of_file(name, given, where)
        return called(name, given, where)

    def _of_file(self, name: str, given: list[Any], where: str) -> Any:
        said = given[0] if given else None
        if not isinstance(said, str) or name in ("fileset",):
            why = said.why if isinstance(said, Unresolved) else "which files there are is not worked out"
            return symbol(f"{name}()", why, where)
        path = self.place_of(str(said))
        if name == "fileexists":
            return path in self.sources.files
        text = self.sources.text(path) if path in self.sources.files else None
        if text is None:
            return symbol(f"{name}({posixpath.basename(said)})", f"{said} is not in the source tree", where)
        if name == "file":
            return text
        if name != "templatefile":
            return symbol(f"{name}({posixpath.basename(said)})", "it is worked out from the content of a file", where)
        filled = given[1] if len(given) > 1 and isinstance(given[1], Block) else Block()
        try:
            return self.worker(path, **filled).value(parse_text(text))
        except Malformed as error:
            return symbol(f"templatefile({posixpath.basename(said)})", error.why, f"{path}:{error.line}")

    def place_of(self, path: str) -> str:
        """The file or folder of the tree that a path of this module means; empty if it is not there."""
        said = path.removeprefix("./")
        folders = (self.around[0], self.folder, ".")
        if self.folder and said.startswith(f"{self.folder}/"):
            folders = (".", *folders[:2])
        return self.sources.files.place(path, *folders)

    def _path(self, name: str, where: str) -> Any:
        folders = {"module": self.folder, "root": self.around[0], "cwd": self.around[0]}
        if name not in folders:
            return missing(f"path.{name}", "there is no such path", where)
        return folders[name] or "."

    def variable(self, name: str, where: str) -> Any:
        """The value of a variable: what it is given, else its default."""
        declared = self.variables.get(name)
        if declared is None:
            return missing(f"var.{name}", f"the module declares no variable {name}", where)
        return self.once(("var", name), lambda: self._variable(name, declared), where)

    def _variable(self, name: str, declared: Written) -> Any:
        given = self._given(name)
        # A default stands in for null where the variable must have a value.
        keeps = given is not None or "default" not in declared.attributes or self._nullable(declared)
        if given is not NOTHING and keeps:
            return given
        worker = self.worker(declared.file)
        if "default" in declared.attributes:
            return worker.value(declared.attributes["default"][0])
        said, _ = declared.attributes.get("sensitive", (None, 0))
        secret = said is not None and worker.value(said) is True
        return symbol(
            f"var.{name}",
            f"the variable {name} has no default",
            f"{declared.file}:{declared.line}",
            secret=secret,
        )

    def _nullable(self, declared: Written) -> bool:
        said, _ = declared.attributes.get("nullable", (None, 0))
        return said is None or self.worker(declared.file).value(said) is not False

    def _local(self, name: str, where: str) -> Any:
        if name not in self.locals:
            return missing(f"local.{name}", f"the module declares no local value {name}", where)
        said, _, file = self.locals[name]
        return self.once(("local", name), lambda: self.worker(file).value(said), where)

    def _things(self, held: dict[tuple[str, str], Written], kind: str, name: str, where: str) -> Any:
        written = held.get((kind, name))
        word = "data." if held is self.data else ""
        if written is None:
            return missing(f"{word}{kind}.{name}", f"the module has no {word}{kind}.{name}", where)
        copies = self.copies(written)
        if "count" in written.attributes and not (len(copies) == 1 and copies[0].number is None):
            series = Series(written.file, written.line)
            for each in copies:
                series.add(each)
            return series
        if "for_each" in written.attributes and not (len(copies) == 1 and copies[0].number is None):
            block = Block(written.file, written.line)
            for each in copies:
                block.put(text_of(each.number), each)
            return block
        return copies[0]

    def copies(self, written: Written) -> list[Any]:
        """The things that one block makes: as many as `count` or `for_each` tell, one where they tell nothing."""
        key = ("copies", written.kind, *written.labels)
        where = f"{written.file}:{written.line}"
        found = self.once(key, lambda: self._copies(written), where)
        return found if isinstance(found, list) else [self._copy(written, Numbered(None, {}, "it hangs on itself"))]

    def _copies(self, written: Written) -> list[Any]:
        return [self._copy(written, each) for each in self.numbered(written)]

    def _copy(self, written: Written, number: Numbered) -> Made:
        return (Data if written.kind == "data" else Made)(self, written, number)

    def numbered(self, written: Written) -> Iterator[Numbered]:
        """The numbers or keys of the copies of a block, with the names that it gives them."""
        worker = self.worker(written.file)
        if "count" in written.attributes:
            count = worker.value(written.attributes["count"][0])
            if isinstance(count, bool | int | float):
                count = int(count)
                if count > MOST_COPIES:
                    self.run.problems.append(
                        Problem(
                            f"{written.file}:{written.line}",
                            f"{count} copies are made; the first {MOST_COPIES} are read",
                        )
                    )
                for index in range(max(0, min(count, MOST_COPIES))):
                    yield Numbered(index, {"count": Namespace("count", lambda name, at, index=index: index)})  # type: ignore[misc]
                return
            yield _undecided(count, "count")
            return
        if "for_each" not in written.attributes:
            yield Numbered(None, {})
            return
        each = worker.value(written.attributes["for_each"][0])
        if isinstance(each, list | dict):
            pairs = [(item, item) for item in each] if isinstance(each, list) else sorted(each.items())
            for key, item in pairs[:MOST_COPIES]:
                name = key if isinstance(key, str | int) else text_of(key) if isinstance(key, Unresolved) else "item"
                yield Numbered(str(name), {"each": _pair(key, item)})
            return
        yield _undecided(each, "each")

    def _called(self, name: str, where: str) -> Any:
        if name not in self.calls:
            return missing(f"module.{name}", f"the module calls no module {name}", where)
        written, source = self.calls[name]
        children = self.children(name)
        if not children and not (is_local(source) and beside(self.folder, source) in self.sources.folders):
            return symbol(
                f"module.{name}", f"the module {source} is not in the source tree", f"{written.file}:{written.line}"
            )
        made = [Namespace(f"module.{name}", child.output) for _, child in children]
        if "count" in written.attributes and children and isinstance(children[0][0], int):
            series = Series(written.file, written.line)
            for each in made:
                series.add(each)
            return series
        if "for_each" in written.attributes and children and isinstance(children[0][0], str):
            block = Block(written.file, written.line)
            for (number, _), each in zip(children, made, strict=True):
                block.put(str(number), each)
            return block
        return made[0] if made else Series(written.file, written.line)

    def children(self, name: str) -> list[tuple[int | str | None, Module]]:
        """The modules that a call makes, if they are in the tree."""
        found = self.once(("children", name), lambda: self._children(name), self.folder)
        return found if isinstance(found, list) else []

    def _children(self, name: str) -> list[tuple[int | str | None, Module]]:
        written, source = self.calls[name]
        folder = beside(self.folder, source) if is_local(source) else None
        if folder is None or folder not in self.sources.folders or folder in self.around or len(self.around) > _DEEPEST:
            return []
        made: list[tuple[int | str | None, Module]] = []
        for number in self.numbered(written):
            self.run.modules += 1
            if self.run.modules > _MOST_MODULES:
                self.run.problems.append(
                    Problem(self.around[0] or ".", f"more than {_MOST_MODULES} modules are called")
                )
                break
            made.append((number.key, self._child(name, written, folder, number)))
        return made

    def _child(self, name: str, written: Written, folder: str, number: Numbered) -> Module:
        worker = self.worker(written.file, **number.names)

        def given(variable: str) -> Any:
            if variable not in written.attributes:
                return NOTHING
            return worker.value(written.attributes[variable][0])

        return Module(
            self.sources,
            folder,
            self.place,
            self.run,
            given=given,
            prefix=f"{self.prefix}module.{name}{number.suffix}.",
            around=self.around,
            conditional=number.conditional or self.conditional,
        )

    def output(self, name: str, where: str) -> Any:
        """What the module gives to the one that calls it."""
        declared = self.outputs.get(name)
        if declared is None or "value" not in declared.attributes:
            return missing(f"{self.prefix}{name}", f"the module {self.folder} has no output {name}", where)
        worker = self.worker(declared.file)
        return self.once(("output", name), lambda: worker.value(declared.attributes["value"][0]), where)

    def all(self) -> Iterator[Module]:
        """The module and all that it calls."""
        yield self
        for name, (written, source) in sorted(self.calls.items()):
            children = self.children(name)
            if not children and not self._is_there(source):
                self.run.problems.append(
                    Problem(
                        f"{written.file}:{written.line}",
                        f"the module {name} ({source or 'of an address that is worked out'}) is not in the source tree: what it makes is not assessed",
                    )
                )
            for _, child in children:
                yield from child.all()

    def _is_there(self, source: str) -> bool:
        """Whether a module that makes nothing is one that is called no time."""
        return is_local(source) and beside(self.folder, source) in self.sources.folders


def _undecided(value: Any, name: str) -> Numbered:
    said = value if isinstance(value, Unresolved) else symbol(name, "how many there are is not known", "")
    held = {
        name: Namespace(
            name, lambda inner, at: symbol(f"{name}.{inner} of {bare(said.symbol)}", said.why, at or said.where)
        )
    }
    return Numbered(
        None, held, f"{bare(said.symbol)} is not empty" if name == "each" else f"{bare(said.symbol)} is not 0"
    )


def _pair(key: Any, item: Any) -> Namespace:
    return Namespace("each", lambda name, at: key if name == "key" else item)
