"""Files of a package in memory, and what is read of their dependencies."""

from collections.abc import Mapping

from assaybook.code.dependencies import inventory
from assaybook.code.dependencies.components import Component
from assaybook.code.dependencies.inventory import Inventory, Manifest


def files(given: Mapping[str, str | bytes]):
    def opener(content: str | bytes):
        return lambda: content.encode() if isinstance(content, str) else content

    return {path: opener(given[path]) for path in sorted(given)}


def found(given: Mapping[str, str | bytes], kind: str = "folder") -> Inventory:
    return inventory(files(given), kind)


def components(path: str, content: str | bytes) -> dict[str, Component]:
    return {each.name: each for each in found({path: content}).components}


def manifest(given: Mapping[str, str | bytes], path: str) -> Manifest:
    return next(each for each in found(given).manifests if each.path == path)


def brief(each: Component) -> tuple[str, str]:
    return each.name, each.version
