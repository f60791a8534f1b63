"""What tags say of a thing: critical, production, sensitive; with the words that the parameters name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..evidence import Gap, Setting

_LISTS = {
    "critical_keys": "critical_tag_keys",
    "critical_values": "critical_tag_values",
    "environment_keys": "environment_tag_keys",
    "production_values": "production_values",
    "nonproduction_values": "nonproduction_values",
    "class_keys": "class_tag_keys",
    "sensitive_values": "sensitive_values",
    "managed_keys": "managed_tag_keys",
}


@dataclass(frozen=True, slots=True)
class TagWords:
    """Keys and values of tags, in lower case, that mean something."""

    critical_keys: frozenset[str]
    critical_values: frozenset[str]
    environment_keys: frozenset[str]
    production_values: frozenset[str]
    nonproduction_values: frozenset[str]
    class_keys: frozenset[str]
    sensitive_values: frozenset[str]
    managed_keys: frozenset[str]

    @classmethod
    def of(cls, parameters: Mapping[str, object]) -> TagWords:
        """The words that the effective parameters name. Raises KeyError if one is missing."""
        return cls(**{name: _folded(parameters[source]) for name, source in _LISTS.items()})

    def critical(self, tags: Mapping[str, str]) -> bool:
        """Whether a tag says that the thing is critical."""
        return bool(self._values(tags, self.critical_keys) & self.critical_values)

    def production(self, tags: Mapping[str, str]) -> bool | None:
        """Whether a tag says that the thing is production, or that it is not; None if none says so."""
        values = self._values(tags, self.environment_keys)
        if values & self.production_values:
            return True
        return False if values & self.nonproduction_values else None

    def production_by_name(self, name: str) -> bool | None:
        """Whether a name, such as that of a stage, is a word for production, or for what is not; None if it is neither."""
        word = name.strip().casefold()
        return True if word in self.production_values else False if word in self.nonproduction_values else None

    def sensitive(self, tags: Mapping[str, str]) -> bool:
        """Whether a tag says that the data is sensitive."""
        return bool(self._values(tags, self.class_keys) & self.sensitive_values)

    def classified(self, tags: Mapping[str, str]) -> bool:
        """Whether a tag names a class of the data at all."""
        return any(self._values(tags, self.class_keys))

    def templated(self, tags: Mapping[str, str]) -> bool:
        """Whether a tag names the stack or template that a thing comes from."""
        return any(key.casefold() in self.managed_keys for key in tags)

    def setting(self, tags: Mapping[str, str] | Gap, internet: bool | None = False) -> Setting:
        """Where a row stands, for the severity. Tags that could not be read leave the rest unknown."""
        if isinstance(tags, Gap):
            return Setting(internet=internet, sensitive=None, production=None)
        return Setting(internet=internet, sensitive=self.sensitive(tags), production=self.production(tags))

    @staticmethod
    def _values(tags: Mapping[str, str], keys: frozenset[str]) -> set[str]:
        return {value.strip().casefold() for key, value in tags.items() if key.strip().casefold() in keys}


def _folded(words: object) -> frozenset[str]:
    return frozenset(str(word).casefold() for word in words) if isinstance(words, Iterable) else frozenset()


def tag_map(value: object) -> dict[str, str]:
    """Tags as AWS lists them in one of its forms: a mapping, or a list of Key and Value in either case. Raises TypeError for anything else."""
    if value is None:
        return {}
    if isinstance(value, Mapping):
        return {str(key): str(each) for key, each in value.items()}
    if not isinstance(value, list):
        raise TypeError(f"tags are a {type(value).__name__}")
    found = {}
    for each in value:
        pair = {str(name).lower(): text for name, text in each.items()}
        found[str(pair.get("key", pair.get("tagkey", "")))] = str(pair.get("value", pair.get("tagvalue", "")))
    return found
