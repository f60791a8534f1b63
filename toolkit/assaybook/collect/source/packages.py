"""The packages of a source tree: one for each folder that templates deploy, and one for each further folder with a manifest of its own."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ...code.archives import RefusedArchive, zip_files
from ...code.chosen import output_of
from ...code.package import Entry, HeldFile, Package, Refused, UnreadableFile
from ...code.templates.resources import Template
from .assembly import original
from .claims import (
    FUNCTION,
    INLINE,
    LAYER,
    ROOT,
    Claim,
    Unread,
    claims_of,
    inline_place,
    is_within,
    layer_names,
    leads_into,
    place_of,
)
from .dockerfile import command_of
from .layers import borrowed_files
from .tree import SourceTree

# A folder with one of these is deployed, or at least installed, by itself.
MANIFESTS = frozenset(
    {
        "package.json", "requirements.txt", "pyproject.toml", "Pipfile", "setup.py", "setup.cfg", "host.json", "go.mod", "pom.xml", "build.gradle",
        "build.gradle.kts", "Gemfile", "composer.json", "Cargo.toml",
    }
)  # fmt: skip
Reader = Callable[[], bytes]


def packages_of(tree: SourceTree, templates: Sequence[Template]) -> tuple[Package | Unread, ...]:
    """All packages, by name. Files that no template deploys are in the package of the nearest folder with a manifest, else in that of the root."""
    digests, broken = _digests(tree.files)
    files = {path: read for path, read in tree.files.items() if path not in broken}
    work = _Packages(files, digests, (*tree.refused, *broken.values()))
    claims = [replace(each, code=original(each.code, digests)) for each in claims_of(templates)]
    found = [*work.deployed(claims), *work.left_over(tree)]
    return tuple(sorted(found, key=lambda each: each.name))


class _Packages:
    def __init__(self, files: Mapping[str, Reader], digests: Mapping[str, str], refused: Sequence[Refused]) -> None:
        self._files = files
        self._digests = digests
        self._refused = refused
        self._deployed: set[str] = set()

    def deployed(self, claims: Sequence[Claim]) -> Iterator[Package | Unread]:
        """A package for each distinct folder, archive or text that templates deploy."""
        folders = {each.code for each in claims if self._is_folder(each.code)}
        layers = self._layers(claims, folders)
        groups: defaultdict[tuple[str, tuple[str, ...]], list[Claim]] = defaultdict(list)
        for each in claims:
            if each.resource.type == FUNCTION:
                names = layer_names(each.resource)
                used = tuple(arn for arn in layers if any(name == arn or name.startswith(f"{arn}:") for name in names))
                groups[(place_of(each), used)].append(each)
        yield from (layers[arn] for arn in layers)
        several = defaultdict(list)
        for place, used in groups:
            several[place].append(used)
        for (place, used), of_it in groups.items():
            entries = tuple(sorted({self._entry(each) for each in of_it}, key=_order))
            made = self._made(of_it[0], folders, entries)
            if isinstance(made, Package) and used:
                kept = [layer for arn in used if isinstance(layer := layers[arn], Package)]
                made = borrowed_files(made, kept)
                if len(several[place]) > 1:
                    made = _renamed(made, sorted(several[place]).index(used))
            yield made

    def left_over(self, tree: SourceTree) -> Iterator[Package]:
        """Packages of the files that no template deploys and no build left."""
        rest = [path for path in self._files if path not in self._deployed and not output_of(path, self._files)]
        roots = {
            path.rpartition("/")[0]
            for path in self._files
            if path.rpartition("/")[2] in MANIFESTS and not _installed(path)
        }
        groups: defaultdict[str, list[str]] = defaultdict(list)
        for path in rest:
            groups[_nearest(path, roots)].append(path)
        if self._refused and not groups:
            groups[""] = []
        for root, paths in groups.items():
            refused = tuple(
                each for each in self._refused if each.path not in self._deployed and _nearest(each.path, roots) == root
            )
            yield self._folder(
                root,
                paths,
                (),
                "zip" if tree.kind == "zip" and not root else "folder",
                refused,
                tree.notes if not root else (),
            )

    def _layers(self, claims: Sequence[Claim], folders: set[str]) -> dict[str, Package | Unread]:
        return {
            each.resource.arn: self._made(each, folders, ())
            for each in claims
            if each.resource.type == LAYER and each.resource.arn
        }

    def _is_folder(self, code: str) -> bool:
        return (
            bool(code)
            and not code.startswith(INLINE)
            and (code == ROOT or any(path.startswith(f"{code}/") for path in self._files))
        )

    def _entry(self, claim: Claim) -> Entry:
        told = claim.resource.properties
        handler, runtime = told.get("Handler"), told.get("Runtime")
        if not isinstance(handler, str) and told.get("PackageType") == "Image":
            handler = command_of(told.get("ImageConfig"), claim.code, self._files)
        return Entry(
            claim.resource.arn, handler if isinstance(handler, str) else "", runtime if isinstance(runtime, str) else ""
        )

    def _made(self, claim: Claim, folders: set[str], entries: tuple[Entry, ...]) -> Package | Unread:
        code, resource = claim.code, claim.resource
        kind = "layer" if resource.type == LAYER else ""
        name = f"{claim.template.path}#{resource.id}"

        def unread(why: str, reason: str, state: str = "unsupported") -> Unread:
            return Unread(
                name if not code or code.startswith(INLINE) else f"{code}#{resource.id}",
                state,
                reason,
                why,
                entries,
                resource.where,
            )

        if code.startswith(INLINE):
            texts = {
                each.rpartition("/")[2]: text for each, text in claim.template.inline.items() if is_within(each, code)
            }
            if not texts:
                return unread("the text of the function is not known", "not_in_tree")
            within, start = inline_place(resource, next(iter(texts.values())))
            files = {path: HeldFile(("\n" * start + text).encode()) for path, text in sorted(texts.items())}
            digest = hashlib.sha256("".join(texts.values()).encode()).hexdigest()
            return Package(name, kind or "zip", files, digest, entries, within=within)
        if not code:
            return unread("the template takes its code from elsewhere", "not_in_tree")
        if code in folders:
            paths = self._paths(code, folders, entries)
            self._deployed.update(paths)
            refused = tuple(each for each in self._refused if is_within(each.path, code))
            return self._folder("" if code == ROOT else code, paths, entries, kind or "folder", refused)
        if code in self._files and code.rpartition("/")[2].endswith((".zip", ".jar")):
            self._deployed.add(code)
            return self._archive(code, entries, kind or "zip", unread)
        if code in self._files:
            folder = code.rpartition("/")[0]
            paths = self._paths(folder or ROOT, folders, entries)
            self._deployed.update(paths)
            return self._folder(folder, paths, entries, kind or "folder", ())
        return unread(f"{code} is not in the source tree; a build may have to make it", "not_in_tree")

    def _paths(self, code: str, folders: set[str], entries: tuple[Entry, ...]) -> list[str]:
        """The files of a folder, without those of packages within it and of what a build left there, where no handler leads to them."""
        root = "" if code == ROOT else code
        inner = [
            each for each in folders if each != code and is_within(each, code) and not leads_into(each, code, entries)
        ]
        return [
            path
            for path in self._files
            if is_within(path, code)
            and not any(is_within(path, each) for each in inner)
            and self._used(output_of(path, self._files, root), code, entries)
        ]

    @staticmethod
    def _used(output: str, code: str, entries: tuple[Entry, ...]) -> bool:
        return not output or leads_into(output, code, entries)

    def _archive(
        self, code: str, entries: tuple[Entry, ...], kind: str, unread: Callable[[str, str, str], Unread]
    ) -> Package | Unread:
        try:
            unpacked = zip_files(self._files[code]())
        except (RefusedArchive, OSError) as problem:
            return unread(f"{code} is not read: {problem}", "refused", "failed")
        return Package(
            code, kind, unpacked.files, self._digests[code], entries, unpacked.refused, code, {}, unpacked.notes
        )

    def _folder(
        self,
        root: str,
        paths: Iterable[str],
        entries: tuple[Entry, ...],
        kind: str,
        refused: tuple[Refused, ...],
        notes: tuple[str, ...] = (),
    ) -> Package:
        start = len(root) + 1 if root else 0
        chosen = sorted(paths)
        whole = hashlib.sha256()
        for path in chosen:
            whole.update(f"{path[start:]}\0{self._digests[path]}\n".encode())
        return Package(
            name=root or ROOT,
            kind=kind,
            files={path[start:]: self._files[path] for path in chosen},
            sha256=whole.hexdigest(),
            entries=entries,
            refused=tuple(Refused(each.path[start:], each.why) for each in refused),
            located=root,
            notes=notes,
        )


def _nearest(path: str, roots: set[str]) -> str:
    folder = path.rpartition("/")[0]
    while folder:
        if folder in roots:
            return folder
        folder = folder.rpartition("/")[0]
    return ""


def _installed(path: str) -> bool:
    return "node_modules" in path.split("/")[:-1] or "site-packages" in path.split("/")[:-1]


def _order(entry: Entry) -> tuple[str, str]:
    return entry.workload, entry.handler


def _renamed(package: Package, number: int) -> Package:
    return replace(package, name=f"{package.name}#{number}")


def _digests(files: Mapping[str, Reader]) -> tuple[dict[str, str], dict[str, Refused]]:
    """The digest of each file, and the files that could not be read after all."""
    digests: dict[str, str] = {}
    broken: dict[str, Refused] = {}
    for path, read in files.items():
        try:
            digests[path] = hashlib.sha256(read()).hexdigest()
        except UnreadableFile as problem:
            broken[path] = Refused(
                path, str(problem.args[0]).rpartition(": ")[2] if problem.args else "it cannot be read"
            )
        except OSError as problem:
            broken[path] = Refused(path, f"it cannot be read ({problem.strerror})")
    return digests, broken
