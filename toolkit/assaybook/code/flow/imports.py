"""What imports bind: modules of the program, names of libraries."""

from __future__ import annotations

from collections.abc import Sequence

from .. import ir
from ..package import Program
from .machine import Machine
from .objects import Frame, ModuleRef
from .values import CLEAN, Value, join, named


def import_name(machine: Machine, statement: ir.Import, frame: Frame) -> Value:
    """What an import binds."""
    importer = frame.scope.path
    if frame.scope.language == ir.PYTHON:
        return _import_python(machine, statement, importer)
    path = machine.files.javascript(importer, statement.module)
    scope = machine.load(path) if path is not None else None
    if scope is None:
        return named(machine.lookup.renamed(_dotted(statement.module.removeprefix("node:"), statement.name)))
    if statement.name in ("", "*"):
        whole = scope.exports.get("default")
        module = Value(refs=(ModuleRef(scope.path, scope),), fields=dict(scope.exports))
        return join(whole, module) if whole is not None and not statement.name else module
    found = scope.exports.get(statement.name)
    if found is None and "default" in scope.exports:
        found = machine.member(scope.exports["default"], statement.name, statement.place, frame)
    if found is None and statement.name == "default":
        return Value(refs=(ModuleRef(scope.path, scope),), fields=dict(scope.exports))
    return CLEAN if found is None else found


def _import_python(machine: Machine, statement: ir.Import, importer: str) -> Value:
    module = statement.module
    if not statement.name:
        top = module.split(".")[0]
        if statement.alias == top and module != top:
            _python_module(machine, importer, module, 0)
            found = _python_module(machine, importer, top, 0)
            return named(top) if found is None else found
    found = _python_module(machine, importer, module, statement.level)
    if found is None:
        return named(machine.lookup.renamed(_dotted(module, statement.name if statement.name != "*" else "")))
    if statement.name in ("", "*"):
        return found
    reference = found.refs[0]
    assert isinstance(reference, ModuleRef)
    if reference.scope is not None and statement.name in reference.scope.env:
        return reference.scope.env[statement.name]
    part = machine.submodule(reference, statement.name)
    return named(f"?.{statement.name}") if part is None else part


def _python_module(machine: Machine, importer: str, module: str, level: int) -> Value | None:
    path = machine.files.python(importer, module, level)
    if path is None or (path == importer and not level):
        return None
    return Value(refs=(ModuleRef(path, machine.load(path)),))


def submodule(machine: Machine, module: ModuleRef, name: str) -> Value | None:
    """A module within a package, or none."""
    folder = module.path.removesuffix("/__init__.py") if module.path.endswith("__init__.py") else module.path
    folder = "" if folder == "__init__.py" else folder
    base = f"{folder}/{name}" if folder else name
    for path in (f"{base}.py", f"{base}/__init__.py"):
        if path in machine.files.modules:
            return Value(refs=(ModuleRef(path, machine.load(path)),))
    return Value(refs=(ModuleRef(base),)) if base in machine.files.folders else None


def _dotted(module: str, name: str) -> str:
    return f"{module}.{name}" if name and name not in ("*", "default") else module


def imported_by(program: Program) -> frozenset[str]:
    """The modules of libraries that the program's own source imports, whole and by their first part."""
    found: set[str] = set()

    def visit(body: Sequence[ir.Statement]) -> None:
        for each in body:
            if isinstance(each, ir.Import):
                found.update((each.module, each.module.split(".")[0], each.module.removeprefix("node:")))
            elif isinstance(each, ir.If):
                visit(each.then)
                visit(each.otherwise)
            elif isinstance(each, ir.Try):
                visit(each.body)
                for handler in each.handlers:
                    visit(handler.body)
            elif isinstance(each, ir.Define):
                visit(each.function.body)
            elif isinstance(each, ir.DefineClass):
                visit(each.definition.body)
            elif isinstance(each, ir.Block | ir.Loop):
                visit(each.body)

    for module in program:
        visit(module.body)
    return frozenset(found)
