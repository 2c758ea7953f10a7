"""A table of settings within a job, and what editors are told of each value in it."""

from dataclasses import dataclass
from functools import cached_property

from kindling.check.fit import Schema, describe
from kindling.check.job import Job, taken
from kindling.check.kind import any_of
from kindling.check.setting import Setting
from kindling.check.signature import Parameters
from kindling.check.together import FACADES
from kindling.check.value import FACTS

REFERENCE: Schema = {"type": "string", "pattern": r"^\?\?\?$|\$\{"}  # stands for any value


def settled(schema: Schema) -> Schema:
    """The same where a reference may stand for each value; each word once, in one order."""
    if "anyOf" in schema:
        parts = [settled(one) for one in schema["anyOf"]]
    elif "enum" in schema:
        words = {(str(word), type(word).__name__): word for word in schema["enum"]}
        parts = [{"enum": [words[key] for key in sorted(words)]}]
    else:
        inner = [key for key in ("items", "additionalProperties") if isinstance(schema.get(key), dict)]
        parts = [schema | {key: settled(schema[key]) for key in inner}]
    return any_of(parts if any(map(takes_text, parts)) else [*parts, REFERENCE])


def takes_text(schema: Schema) -> bool:
    """Whether any text fits."""
    kinds = schema.get("type", "")
    return not schema or ("string" in ([kinds] if isinstance(kinds, str) else kinds) and schema != REFERENCE)


def worded(schema: Schema) -> Schema:
    """The same with what the editor says of a word that is none of the list, in place of a pattern."""
    found = schema | ({"items": worded(schema["items"])} if "items" in schema else {})
    parts = [worded(one) for one in schema.get("anyOf", ())]
    words = next((one for one in parts if "enum" in one), None)
    told = {"patternErrorMessage": f"expected {describe(words)}"} if words else {}
    return found | ({"anyOf": [one | told if one == REFERENCE else one for one in parts]} if parts else {})


@dataclass(frozen=True)
class Place:
    """A table by its dotted name, as one job has it; without a name it is the whole configuration."""

    job: Job
    name: str

    @cached_property
    def settings(self) -> dict[str, Setting]:
        """What the files say of it, by the name within it."""
        above = f"{self.name}." if self.name else ""
        found = self.job.settings.items()
        return {name.removeprefix(above): one for name, one in found if name.startswith(above)}

    @property
    def target(self) -> Setting | None:
        """The line that says what is built from it."""
        return self.settings.get("_target_")

    @cached_property
    def parameters(self) -> Parameters | None:
        """The arguments of its target; None where it has none, or its source can't be read."""
        return taken(self.target.text) if self.target else None

    @property
    def arguments(self) -> set[str]:
        """What the target takes and the program doesn't fill in."""
        named = self.parameters.named if self.parameters else {}
        return named.keys() - FACTS.get(self.name.partition(".")[0], set())

    @property
    def keys(self) -> set[str]:
        """All that this job tells of."""
        names = {name.partition(".")[0] for name in self.settings} | self.arguments
        return {name for name in names if self.tells(name) or self.holds(name)}

    def tells(self, key: str) -> bool:
        """Whether it says what a setting takes; a façade's value without a comment doesn't."""
        one = self.settings.get(key)
        return key in self.arguments or bool(one and (one.comment or one.file.parent.name not in FACADES))

    def limits(self, key: str) -> bool:
        """Whether a comment lists the words of a setting, or tells its range."""
        one = self.settings.get(key)
        return bool(one and (one.words or one.bounds))

    def comment(self, key: str, group: str | None = None) -> str:
        """What the files say of a setting; of one group's files, if it is named."""
        one = self.settings.get(key)
        return one.comment if one and group in (None, one.file.parent.name) else ""

    def holds(self, key: str) -> bool:
        """Whether something within it is a table of its own."""
        named = self.parameters.named if self.parameters else {}
        return key not in named and any(name.startswith(f"{key}.") for name in self.settings)

    def within(self, key: str) -> "Place":
        """A table within it."""
        return Place(self.job, f"{self.name}.{key}" if self.name else key)

    def schema(self, key: str) -> Schema:
        """What the checks take for one of its settings."""
        return settled(self.job.schema(self.within(key).name, self.parameters))


def distinct(places: list[Place]) -> list[Place]:
    """One of all that tell the same."""
    return list({frozenset(one.settings.items()): one for one in places}.values())


def inner(places: list[Place]) -> dict[str, list[Place]]:
    """The tables within a table."""
    found: dict[str, list[Place]] = {}
    for one in places:
        for key in sorted(one.keys):
            if one.holds(key):
                found.setdefault(key, []).append(one.within(key))
    return found


def value(places: list[Place], key: str, group: str) -> Schema:
    """A setting; where places differ it takes what one of them takes, and a comment of the group decides."""
    telling = [one for one in places if one.tells(key)]
    telling = [one for one in telling if key in one.arguments or one.limits(key)] or telling
    telling = [one for one in telling if one.comment(key, group)] or telling
    found = worded(settled(any_of([one.schema(key) for one in telling])))
    comments = list(dict.fromkeys(filter(None, (one.comment(key) for one in telling))))
    if comments:
        found = {**found, "description": " / ".join(comments)}
    lines = {one.settings[key].text: one.settings[key] for one in telling if key in one.settings}
    line, *others = lines.values() or [None]
    if line and not others and line.text not in ("", "???"):
        found = {**found, "default": line.value}
    return found
