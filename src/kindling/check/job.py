"""One job as its words describe it: plain values, and where each of them comes from."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from kindling.check.fit import Schema, fits
from kindling.check.kind import any_of, narrowed, of_parameter, of_value
from kindling.check.option import Conf
from kindling.check.setting import Setting
from kindling.check.signature import Parameters, parameters
from kindling.error import suggest

YES, NO = {"yes", "on", "1"}, {"no", "off", "0"}  # how somebody may say true and false
LONGEST = 60  # characters of a value in a message


@dataclass(frozen=True)
class Job:
    """The configuration of one run, before anything is built from it."""

    conf: Conf
    overrides: list[str]
    choices: dict[str, Any]  # the word or words of each group
    config: dict[str, Any]

    @cached_property
    def settings(self) -> dict[str, Setting]:
        """What the chosen files declare."""
        return self.conf.settings(self.choices)

    @cached_property
    def setters(self) -> dict[str, Path]:
        """The file that sets a value last."""
        files = self.conf.chosen_files(self.choices)
        return {one.name: one.file for path in files for one in self.conf.read(path)}

    @cached_property
    def keys(self) -> list[str]:
        """What the words of the command line set."""
        return [word.lstrip("+~").partition("=")[0] for word in self.overrides]

    def typed(self, name: str) -> bool:
        """Whether a word of the command line sets it, or something in it or around it."""
        names = [key for key in self.keys if key not in self.conf.groups]
        return any(f"{one}.".startswith(f"{name}.") or f"{name}.".startswith(f"{one}.") for one in names)

    def where(self, name: str) -> str:
        """A setting as messages name it: with its file, where it isn't on the command line."""
        path = self.setters.get(name)
        if path is None or self.typed(name):
            return name
        return f"{self.conf.shown(path)}: {name}"

    def named(self, group: str) -> str:
        """A group with the word chosen there."""
        word = self.choices.get(group)
        return f"{group}={word}" if isinstance(word, str) else group

    def at(self, name: str) -> Any:
        """The value of a dotted name; None where there is none."""
        value: Any = self.config
        for part in name.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        return value

    def schema(self, name: str, told: Parameters | None = None) -> Schema:
        """What a setting takes: by its target's annotation or its file's value, and the file's comment."""
        setting = self.settings.get(name)
        parameter = told.named.get(name.rpartition(".")[2]) if told else None
        schema = of_parameter(parameter) if parameter else {}
        if setting is None:
            return schema
        if not schema and setting.text and "${" not in setting.text:
            schema = of_value(setting.value)
        if schema and setting.text and setting.value is None:
            schema = any_of([schema, {"type": "null"}])
        return narrowed(schema, setting.words, setting.bounds)

    def remedy(self, name: str, value: Any, words: list[str], schema: Schema | None = None) -> str:
        """What to write instead: the nearest word, or what the file has."""
        near = suggest(value, words) if isinstance(value, str) and words else ""
        setting = self.settings.get(name)
        if (
            setting
            and isinstance(setting.value, bool)
            and str(value).lower() in ("yes", "on", "1", "no", "off", "0")
        ):
            return f"; write {name}={str(str(value).lower() in ('yes', 'on', '1')).lower()}"
        if schema and isinstance(value, int | float) and 10 <= value < 100 and fits(value / 100, schema):
            return f"; did you mean {name}={value / 100:g}?"  # it was told in percent
        if schema and not isinstance(value, list | dict) and value is not None and fits([value], schema):
            return near or f"; write '{name}=[{value}]'"
        text = setting.text if setting else ""
        usable = text and "${" not in text and text != "???" and not text.startswith("{")
        word = f"{name}={re.sub(', ', ',', text)}"
        told = (
            f"; write {quoted(word)}" if usable else f"; see python train.py --help {name.partition('.')[0]}"
        )
        return near or told

    def decoded(self, name: str, text: str) -> str:
        """What to write instead of a text that would do as a number, as those of the environment are."""
        words = zip(self.keys, self.overrides, strict=True)
        typed = [word.partition("=")[2].strip("'\"") for key, word in words if key == name]
        told = self.conf.read(self.setters[name]) if name in self.setters else ()
        source = [*typed, *(one.text.strip("'\"") for one in told if one.name == name), text][0]
        if "${" not in source:
            return f"; write {quoted(f'{name}={short(text)}')}"
        decoded = f"${{oc.decode:{short(source)}}}"
        return f"; write '{name}=\"{decoded}\"'" if typed else f"; write {decoded}"


def quoted(word: str) -> str:
    """A word as a shell takes it."""
    return f"'{word}'" if re.search(r"[\[\]{}*?$ ()&|<>;\"]", word) else word


def short(text: str) -> str:
    """The beginning of a value that is too long for a line."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text):,} characters)"


def tables(config: dict[str, Any], above: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every mapping of a configuration with its dotted name."""
    for key, value in config.items():
        if isinstance(value, dict):
            yield f"{above}{key}", value
            yield from tables(value, f"{above}{key}.")


def taken(target: Any) -> Parameters | None:
    """The arguments of a target; None where it is none, or its source can't be read."""
    return parameters(target) if isinstance(target, str) and "." in target else None
