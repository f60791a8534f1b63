"""What tests tell of data: that it is one of a few known values, a number, or of a strict pattern."""

from __future__ import annotations

import re

from ..knowledge.terms import NOSQL, PATH, REDIRECT, SSRF
from .lookup import Lookup
from .objects import Arguments
from .taint import NO_FACTS, NORMAL, Fact, Facts
from .values import FIXED, LOOSE, UNSET, Value, is_tainted

_ADDRESS = frozenset((SSRF, REDIRECT))
_HOST_PART = re.compile(r"\.(?:hostname|netloc|host|origin)$")
_WHOLE_ADDRESS = re.compile(r"https?://[^/?#@\\]+/")
_NUMBERS = (
    "int",
    "float",
    "bool",
    "number",
    "boolean",
    "bigint",
    "uuid.UUID",
    "Number",
    "Boolean",
    "decimal.Decimal",
    "datetime.date",
    "datetime.datetime",
)
_WORDY = re.compile(r"\w")


def about(value: Value, kinds: frozenset[str] = frozenset(), doubt: str = "") -> Facts:
    """The same told of all data of a value. What was told of the host of an address holds for the address, where that is what matters."""
    found: set[Fact] = set()
    for each in value.taints:
        found.add(Fact(each.identity, kinds, doubt))
        whole = _HOST_PART.sub("", each.identity)
        if whole != each.identity:
            found.add(Fact(whole, _ADDRESS if not doubt else kinds, doubt))
    return frozenset(found)


def truth(yes: Facts = NO_FACTS, no: Facts = NO_FACTS) -> Value:
    """A boolean that is not known, and what follows from it."""
    return Value(truthy=yes, falsy=no, pieces=(FIXED,))


def negated(value: Value) -> Value:
    """`not value`."""
    known = UNSET if value.constant is UNSET else not value.constant
    return Value(constant=known, truthy=value.falsy, falsy=value.truthy, pieces=(FIXED,))


def compared(operator: str, left: Value, right: Value) -> Value:
    """The result of a comparison."""
    if operator in ("==", "===", "is"):
        return _equal(left, right)
    if operator in ("!=", "!==", "is not"):
        return negated(_equal(left, right))
    if operator == "in":
        return _within(left, right)
    if operator == "not in":
        return negated(_within(left, right))
    return truth()


def _equal(left: Value, right: Value) -> Value:
    if left.constant is not UNSET and right.constant is not UNSET:
        same = left.constant == right.constant
        return Value(constant=same, truthy=NO_FACTS if same else None, falsy=None if same else NO_FACTS)
    for one, other in ((left, right), (right, left)):
        if one.name == "typeof" and isinstance(other.constant, str) and one.items:
            kinds = frozenset[str]() if other.constant in _NUMBERS else frozenset((NOSQL,))
            return truth(about(one.items[0], kinds))
        if one.taints and other.constant is not UNSET and other.constant not in (None, "", True, False):
            return truth(about(one))
        if (
            one.taints
            and not is_tainted(other)
            and other.constant is UNSET
            and (other.name or other.pieces is not None)
        ):
            return truth(about(one))
    # `json.dumps(x) == x`, `len(x) == 3` and the like tell nothing.
    return truth()


def _within(left: Value, right: Value) -> Value:
    """`left in right`."""
    if left.taints and not is_tainted(right):
        return truth(about(left))
    return contains(right, left)


def contains(whole: Value, part: Value) -> Value:
    """Whether a text holds a part: to refuse `..` or a quote may be enough, or not."""
    pieces = part.pieces or ()
    texts = [each for each in pieces if isinstance(each, str)]
    # A name is looked for in a record, signs are looked for in a text.
    if whole.taints and texts and len(texts) == len(pieces) and not any(_WORDY.search(each) for each in texts):
        return truth(no=about(whole, doubt=f"it is tested for `{texts[0].strip()}`"))
    return truth()


def begins(whole: Value, prefix: Value | None) -> Value:
    """`text.startswith(prefix)`: a whole scheme and host fix where a request goes."""
    known = [] if prefix is None else [prefix, *(prefix.items or ())]
    texts = [each.constant for each in known if isinstance(each.constant, str)]
    if texts and all(_WHOLE_ADDRESS.match(each) for each in texts):
        return truth(about(whole, _ADDRESS))
    if texts and all(re.fullmatch(r"(?i)https?:(?://)?", each) for each in texts):
        return truth()
    if prefix is not None and _ends_with_separator(prefix) and all(NORMAL in each.cleaned for each in whole.taints):
        return truth(about(whole, frozenset((PATH,))))
    return truth(about(whole, doubt="it is tested for how it begins"))


def _ends_with_separator(prefix: Value) -> bool:
    last = prefix.pieces[-1] if prefix.pieces else prefix.constant
    if isinstance(last, str):
        return last.endswith(("/", "\\"))
    # `base + path.sep`
    return prefix.pieces is not None and len(prefix.pieces) > 1 and last is not LOOSE and not is_tainted(prefix)


def matched(pattern: Value | None, whole: Value, full: bool) -> Value:
    """A match of a pattern: a strict one leaves nothing that could do harm."""
    text = None if pattern is None else pattern.constant
    if isinstance(text, str) and is_strict(text, full):
        return truth(about(whole))
    return truth(
        about(whole, doubt="it is compared with a pattern"), about(whole, doubt="it is compared with a pattern")
    )


_ESCAPED = re.compile(r"\\.")


def is_strict(pattern: str, full: bool) -> bool:
    """Whether a regular expression allows letters, digits and a few harmless signs only, from the beginning to the end."""
    body = pattern
    anchored = re.match(r"(?:\^|\\A)", body) and re.search(r"(?:(?<!\\)\$|\\[Zz])$", body)
    if not anchored and not full:
        return False
    body = re.sub(r"^(?:\^|\\A)|(?:\$|\\[Zz])$", "", body)
    if not full and re.search(r"(?<!\\)\|", re.sub(r"\([^()]*\)", "", body)):
        return False  # the anchors belong to one alternative only
    if re.search(r"\\[SWD]|\[\^", body):
        return False
    outside = re.sub(r"\[[^\]]*\]", "", _ESCAPED.sub("", body))
    if "." in outside:
        return False
    literal = re.sub(r"\\[wdbABZ]|\\s", "", body)
    literal = re.sub(r"\(\?[:=!<]|[\[\](){}+*?|,]", "", literal)
    return not re.search(r"['\"`;&|<>$\\/%]", re.sub(r"\\[.\-_@+]", "", literal))


def each_tested(element: Value, every: bool) -> Value:
    """`all(test for part in data)` tells of the data what it tells of each part; `any(data == each for each in known)` what one of them tells."""
    if not every:
        return truth(element.truthy or NO_FACTS, element.falsy or NO_FACTS)
    lifted = frozenset(
        Fact(each.identity.removesuffix("[]"), each.kinds, each.doubt) for each in element.truthy or NO_FACTS
    )
    return truth(lifted | (element.truthy or NO_FACTS))


def typed(arguments: Arguments) -> Value:
    """`isinstance(value, type)`."""
    data, kind = arguments.at(0), arguments.at(1)
    if data is None or kind is None:
        return truth()
    names = [each.name for each in ((kind,) if kind.items is None else kind.items)]
    if names and all(each in _NUMBERS for each in names):
        return truth(about(data))
    return truth(about(data, frozenset((NOSQL,)))) if names == ["str"] else truth()


def tested(name: str, receiver: Value | None, arguments: Arguments, lookup: Lookup) -> Value | None:
    """What a call that is a test tells; None if it is none that is known."""
    for guard, _ in lookup.guards.of(name):
        data = receiver if guard.position < 0 else arguments.at(guard.position)
        if data is None or not data.taints:
            continue
        if guard.doubt:
            facts = about(data, doubt=guard.doubt)
            return truth(facts, facts)
        return truth(about(data, frozenset(guard.for_kinds)))
    return None


def is_loose_host(value: Value) -> str:
    """Whether untrusted data decides where a request goes: `yes`, `maybe`, or empty."""
    if value.pieces is None or value.pieces == (LOOSE,):
        return "yes"
    before = ""
    for each in value.pieces:
        if each is LOOSE:
            break
        before += each if isinstance(each, str) else "\0"
    else:
        return ""
    if "\0" in before and not re.match(r"(?i)(?:https?|wss?|ftp)://\0?", before):
        return ""  # a base address that is configured
    if re.match(r"(?i)(?:[a-z][a-z0-9+.-]*:)?//[^/?#]+[/?#]", before) or (
        before and ":" not in before and re.match(r"[\w.-]+[/?#]", before)
    ):
        return ""
    if re.match(r"(?i)(?:[a-z][a-z0-9+.-]*:)?//\Z", before) or not before:
        return "yes"
    if before.endswith("\0"):
        return ""  # a host that is configured, and a path
    return "maybe" if re.match(r"(?i)[a-z][a-z0-9+.-]*://", before) else ""
