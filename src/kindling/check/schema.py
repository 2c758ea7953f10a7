"""What editors know of the files of `conf/`: a JSON schema for each group, from what the checks read.

A file with a `_target_` may set what that class takes; one without, what the options of its group
take. Numbers and words have the ranges and lists of the comments. `???` and `${…}` stand for any value.
"""

from dataclasses import dataclass
from itertools import chain

from kindling.check.fit import Schema
from kindling.check.job import Job
from kindling.check.kind import any_of
from kindling.check.option import Conf
from kindling.check.place import Place, distinct, inner, settled, value, worded
from kindling.check.together import FACADES
from kindling.check.value import HYDRA, SCHEDULE

DRAFT = "http://json-schema.org/draft-07/schema#"  # a name, which nobody looks up
TARGET: Schema = {"type": "string", "description": "a class by its dotted name"}
TOLD: Schema = {
    "_partial_": {"type": "boolean", "description": "true leaves arguments for the program to fill in"},
    "_args_": {"type": "array"},
    "_convert_": {"enum": ["none", "partial", "object", "all"]},
    "_recursive_": {"type": "boolean"},
}


def schemas(conf: Conf) -> dict[str, Schema]:
    """A schema for the files of each group, and one for the table of contents, by their names."""
    jobs = {
        group: [
            Job(conf, [], {**conf.contents, group: [word] if conf.takes_list(group) else word}, {})
            for word in conf.options(group)
        ]
        for group in conf.groups
    }
    return {name: Sheet(conf, name, jobs).schema() for name in (conf.name, *conf.groups)}


@dataclass(frozen=True)
class Sheet:
    """What may stand in the files of a group, or in the table of contents."""

    conf: Conf
    group: str
    jobs: dict[str, list[Job]]  # of each group, one an option

    @property
    def is_main(self) -> bool:
        """Whether it is the table of contents."""
        return self.group == self.conf.name

    @property
    def root(self) -> str:
        """The table that a file is laid over."""
        return "" if self.is_main or self.group in FACADES else self.group

    def schema(self) -> Schema:
        """The whole of such a file; one with comments alone is null to YAML."""
        jobs = self.jobs[self.group] if self.root else chain(*self.jobs.values())
        found = self.table([Place(job, self.root) for job in jobs])
        found |= {"$schema": DRAFT, "type": ["object", "null"]}
        found["properties"]["defaults"] = self.defaults()
        return found

    def table(self, told: list[Place]) -> Schema:
        """A mapping of settings, or of parts by names of one's own, such as callbacks."""
        places = told if told[0].name == self.root else distinct(told)
        properties, parts = self.properties(places), inner(places)
        if any(one.target for one in places):
            return self.built(places, properties)
        found: Schema = {"type": "object", "properties": properties}
        built = [any(one.target for one in part) for part in parts.values()]
        if parts and all(built) and properties.keys() == parts.keys():
            return found | {"additionalProperties": self.built(list(chain(*parts.values())), {})}
        return found | ({"additionalProperties": False} if self.is_closed(places) else {})

    def is_closed(self, places: list[Place]) -> bool:
        """Whether a table without a target holds what is known and nothing else."""
        name, lines = places[0].name, chain(*(one.settings.values() for one in places))
        of_main = all(one.file == self.conf.main for one in lines)
        return name == "scheduler" or (not self.is_main and (of_main or not name))

    def properties(self, places: list[Place]) -> Schema:
        """A schema for each name in a table."""
        name, parts = places[0].name, inner(places)
        keys = {key for one in places for key in one.keys} - HYDRA
        found = {key: self.value(places, key) for key in sorted(keys - parts.keys())}
        found |= {key: self.table(part) for key, part in parts.items()}
        if name == "scheduler":
            found = {key: {} for key in SCHEDULE} | found
        return found | ({} if name else {"hydra": {}})

    def value(self, places: list[Place], key: str) -> Schema:
        """A single setting."""
        return value(places, key, self.group)

    def built(self, places: list[Place], properties: Schema) -> Schema:
        """A table that has a `_target_`, or is laid over one that has."""
        known: dict[str, list[Place]] = {}
        for one in places:
            if one.target and self.is_own(one):
                known.setdefault(one.target.text, []).append(one)
        found: Schema = {"type": "object", "properties": {"_target_": TARGET, **TOLD}}
        if known:
            found["properties"]["_target_"] = TARGET | {"examples": sorted(known)}
            found["allOf"] = [self.branch(target, known[target]) for target in sorted(known)]
        if properties:
            named = ["_target_", "defaults"] if places[0].name == self.root else ["_target_"]
            found["if"] = {"not": {"anyOf": [{"required": [key]} for key in named]}}
            found["then"] = {"properties": properties}
        return found

    def is_own(self, place: Place) -> bool:
        """Whether a file of this group says what is built there."""
        file = place.target.file if place.target else None
        return bool(file and (file == self.conf.main if self.is_main else file.parent.name == self.group))

    def branch(self, target: str, places: list[Place]) -> Schema:
        """What holds where a table has this target, or its file builds on one that has."""
        condition: Schema = {"properties": {"_target_": {"const": target}}, "required": ["_target_"]}
        names = HYDRA | {"defaults"} if places[0].name == self.root else HYDRA
        if places[0].name == self.root:
            words = sorted(str(one.job.choices[self.group]) for one in places)
            named = {"properties": {"defaults": {"contains": {"enum": words}}}, "required": ["defaults"]}
            condition = {"anyOf": [condition, {"not": {"required": ["_target_"]}, **named}]}
        then: Schema = {"properties": {key: {} for key in sorted(names)} | self.properties(places)}
        told = places[0].parameters
        if told and not told.open_ended:
            then["additionalProperties"] = False
        return {"if": condition, "then": then}

    def defaults(self) -> Schema:
        """The list of other files: this group's by their words, others by `override /group: word`."""
        words = ["_self_", *sorted(self.conf.options(self.group))]
        start = "" if self.is_main else "override /"
        table: Schema = {"type": "object", "additionalProperties": False}
        table["properties"] = {f"{start}{group}": self.choice(group) for group in self.conf.groups}
        placed = {f"^(override )?/?{group}@": self.choice(group) for group in self.conf.groups}
        table["patternProperties"] = placed | {"^(override )?/?hydra": {}}
        return {"type": "array", "items": {"anyOf": [{"enum": words}, table]}}

    def choice(self, group: str) -> Schema:
        """The word of a group, or its list of words."""
        words: Schema = {"enum": sorted(self.conf.options(group))}
        if self.conf.takes_list(group):
            return worded(settled({"type": "array", "items": words}))
        optional = [{"type": "null"}] if self.conf.contents.get(group) is None else []
        return worded(settled(any_of([words, *optional])))
