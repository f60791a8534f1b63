"""Objects of the program: members, construction, and what a schema makes of data."""

from __future__ import annotations

from .. import ir
from .data import part_of
from .machine import Machine
from .objects import Arguments, ClassRef, Frame, FunctionRef, Instance, ModuleRef, Site
from .values import CLEAN, Value, doubtful, is_tainted, join, named

_PLAIN_TYPES = frozenset(
    (
        "int",
        "float",
        "bool",
        "uuid.UUID",
        "decimal.Decimal",
        "datetime.datetime",
        "datetime.date",
        "datetime.time",
        "datetime.timedelta",
        "typing.Literal",
        "typing_extensions.Literal",
        "pydantic.UUID4",
        "pydantic.UUID1",
        "pydantic.PositiveInt",
        "pydantic.NonNegativeInt",
        "pydantic.conint",
        "pydantic.confloat",
        "pydantic.EmailStr",
        "pydantic.StrictInt",
        "pydantic.StrictBool",
        "pydantic.StrictFloat",
        "enum.Enum",
    )
)
_SCHEMA_CALLS = frozenset(
    [
        "model_validate",
        "model_validate_json",
        "parse_obj",
        "parse_raw",
        "validate",
        "from_orm",
        "load",
        "loads",
        "from_dict",
        "validate_python",
    ]
)


def member_of_reference(machine: Machine, value: Value, name: str, site: Site, frame: Frame) -> Value | None:
    """A member of what belongs to the program; None if it has none of that name."""
    found: list[Value] = []
    for each in value.refs:
        part: Value | None = None
        if isinstance(each, Instance):
            part = _of_instance(machine, each, value, name, site, frame)
        elif isinstance(each, ClassRef):
            part = _of_class(each, name)
        elif isinstance(each, ModuleRef):
            part = _of_module(machine, each, name)
        if part is not None:
            found.append(part)
    return join(*found) if found else None


def _of_instance(
    machine: Machine, instance: Instance, value: Value, name: str, site: Site, frame: Frame
) -> Value | None:
    known = instance.attributes.get(name)
    found = instance.of.find(name)
    if known is not None:
        return known
    if found is None:
        outside = instance.of.all_outside()
        return named(f"{outside[0]}.{name}") if outside else None
    return bind(machine, found[0], Value(refs=(instance,)), Value(refs=(instance.of,)), site, frame)


def bind(machine: Machine, attribute: Value, holder: Value, cls: Value, site: Site, frame: Frame) -> Value:
    """A method as it is found on an object; a property is what it gives."""
    refs = []
    for each in attribute.refs:
        if not isinstance(each, FunctionRef) or "staticmethod" in each.decorators:
            refs.append(each)
            continue
        bound = cls if "classmethod" in each.decorators else holder
        method = FunctionRef(
            each.uid,
            each.frame_uid,
            bound,
            bound.key,
            function=each.function,
            scope=each.scope,
            frame=each.frame,
            owner=each.owner,
            decorators=each.decorators,
        )
        if any(
            name in ("property", "functools.cached_property", "cached_property") or name.endswith(".getter")
            for name in each.decorators
        ):
            return machine.invoke(method, Arguments(), site, frame)
        refs.append(method)
    return attribute.but(refs=tuple(refs)) if attribute.refs else attribute


def _of_class(cls: ClassRef, name: str) -> Value | None:
    found = cls.find(name)
    if found is None:
        outside = cls.all_outside()
        return named(f"{outside[0]}.{name}") if outside else None
    holder = Value(refs=(cls,))
    refs = tuple(
        FunctionRef(
            each.uid,
            each.frame_uid,
            holder,
            holder.key,
            function=each.function,
            scope=each.scope,
            frame=each.frame,
            owner=each.owner,
            decorators=each.decorators,
        )
        if isinstance(each, FunctionRef) and ("classmethod" in each.decorators or cls.scope.language != ir.PYTHON)
        else each
        for each in found[0].refs
    )
    return found[0].but(refs=refs) if found[0].refs else found[0]


def _of_module(machine: Machine, module: ModuleRef, name: str) -> Value | None:
    scope = module.scope
    if scope is not None:
        for names in (scope.exports, scope.env) if scope.language != ir.PYTHON else (scope.env,):
            if name in names:
                return names[name]
    return machine.submodule(module, name)


def schema_of(machine: Machine, cls: ClassRef) -> str:
    """The library whose schema a class is; empty if it is none."""
    for name in (*cls.all_outside(), *cls.decorators):
        for validator, _ in machine.lookup.schemas.of(name):
            return validator.library
    return ""


def validates(machine: Machine, value: Value, name: str) -> ClassRef | None:
    """The schema whose method a call is (`Model.model_validate`)."""
    if name not in _SCHEMA_CALLS:
        return None
    for each in value.refs:
        cls = each if isinstance(each, ClassRef) else each.of if isinstance(each, Instance) else None
        if cls is not None and cls.find(name) is None and schema_of(machine, cls):
            return cls
    return None


def validated(machine: Machine, cls: ClassRef, data: Value, site: Site, frame: Frame) -> Value:
    """Data after it went through a schema: numbers and the like are harmless; whether texts are has to be read."""
    library = schema_of(machine, cls)
    machine.note_validated(library, site, data)
    why = f"it is validated by {library}; whether the schema rules this out has to be read"
    fields: dict[str, Value] = {}
    for each in reversed(cls.line()):
        for name, annotation in each.annotations.items():
            fields[name] = (
                CLEAN
                if is_plain_type(machine, annotation, each.scope)
                else doubtful(part_of(data, name, machine.lookup), why)
            )
    return Value(
        fields=fields,
        taints=() if fields else doubtful(Value(taints=data.taints), why).taints,
        refs=(Instance(cls.uid * 1000 + 999, of=cls),),
    )


def is_plain_type(machine: Machine, annotation: ir.Expression, scope: object) -> bool:
    """Whether a type leaves no room for harmful text: a number, a date, an enumeration."""
    frame = machine.frame_of(scope)
    node = annotation
    if isinstance(node, ir.Item):
        outer = ir.dotted(node.of).rsplit(".", 1)[-1]
        if outer == "Literal":
            return True
        if (
            outer in ("Optional", "List", "list", "Set", "set", "Annotated", "Sequence", "Required")
            and node.key is not None
        ):
            inner = node.key.items[0] if isinstance(node.key, ir.Sequence) and node.key.items else node.key
            return is_plain_type(machine, inner, scope)
        return False
    if isinstance(node, ir.Binary) and node.operator == "|":
        return all(
            is_plain_type(machine, each, scope) or (isinstance(each, ir.Constant) and each.value is None)
            for each in (node.left, node.right)
        )
    if not ir.dotted(node):
        return False
    value = machine.evaluate(node, frame)
    if value.name in _PLAIN_TYPES:
        return True
    return any(
        isinstance(each, ClassRef) and any(name.startswith("enum.") for name in each.all_outside())
        for each in value.refs
    )


def construct(machine: Machine, cls: ClassRef, arguments: Arguments, site: Site, frame: Frame) -> Value:
    """An object of a class of the program."""
    data = _as_record(arguments)
    if schema_of(machine, cls) and is_tainted(data):
        return validated(machine, cls, data, site, frame)
    instance = machine.instance(cls, site)
    holder = Value(refs=(instance,))
    found = cls.find("__init__") or cls.find("constructor")
    if found is not None:
        for each in found[0].refs:
            if isinstance(each, FunctionRef):
                method = FunctionRef(
                    each.uid,
                    each.frame_uid,
                    holder,
                    holder.key,
                    function=each.function,
                    scope=each.scope,
                    frame=each.frame,
                    owner=each.owner,
                )
                machine.invoke(method, arguments, site, frame)
    else:
        names = [name for each in reversed(cls.line()) for name in each.annotations]
        for index, value in enumerate(arguments.positional):
            if index < len(names):
                machine.set_attribute(instance, names[index], value)
        for name in sorted(arguments.keywords):
            machine.set_attribute(instance, name, arguments.keywords[name])
        if arguments.rest_keywords is not None:
            for name in names:
                machine.set_attribute(instance, name, part_of(arguments.rest_keywords, name, machine.lookup))
    if any(name in ("typing.TypedDict", "dict") for name in cls.all_outside()):
        return holder.but(fields=dict(arguments.keywords))
    return holder


def _as_record(arguments: Arguments) -> Value:
    result = Value(fields=dict(arguments.keywords)) if arguments.keywords else CLEAN
    for each in (
        *arguments.positional[:1],
        *((arguments.rest_keywords,) if arguments.rest_keywords is not None else ()),
    ):
        result = join(result, each)
    return result
