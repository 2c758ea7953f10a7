"""The folder `conf/`: its groups, their options, and what the files of a job set and declare."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from kindling.check.setting import Setting, read


@dataclass(frozen=True)
class Conf:
    """A folder of configuration: its table of contents, its groups, and the options of each."""

    folder: Path
    name: str = "config"
    beside: Path | None = None  # another folder of options

    @property
    def main(self) -> Path:
        """The table of contents."""
        return self.folder / f"{self.name}.yaml"

    @cached_property
    def contents(self) -> dict[str, Any]:
        """The table of contents: each group with the word, or the words, that it has by default."""
        return dict(chosen(self.main))

    @cached_property
    def groups(self) -> list[str]:
        """The folders, in the order of the table of contents."""
        folders = {path.name for path in self.folder.iterdir() if path.is_dir()} - {"hydra"}
        told = [group for group in self.contents if group in folders]
        return [*told, *sorted(folders - set(told))]

    def options(self, group: str) -> dict[str, Path]:
        """The words of a group with their files."""
        if group not in self.groups:
            return {}
        folders = [self.folder, *filter(None, [self.beside])]
        return {path.stem: path for folder in folders for path in sorted((folder / group).glob("*.yaml"))}

    def takes_list(self, group: str) -> bool:
        """Whether a group takes several words."""
        return isinstance(self.contents.get(group), list)

    def lists(self, choices: dict[str, Any]) -> dict[str, list[str]]:
        """The words of the groups that take several: a chosen experiment's, or else the default ones."""
        found = {group: words for group, words in self.contents.items() if isinstance(words, list)}
        for group in ("experiment", "debug"):
            for path in self.files(group, choices.get(group)):
                found |= {key: words for key, words in chosen(path) if isinstance(words, list)}
        return found

    def files(self, group: str, words: Any) -> Iterator[Path]:
        """The files that make a group: those of its words, each after the ones that it builds on."""
        known = self.options(group)
        for word in words if isinstance(words, list) else [words]:
            if path := known.get(str(word)):
                yield from self.files(group, [one for one in defaults(path) if isinstance(one, str)])
                yield path

    def chosen_files(self, choices: dict[str, Any]) -> Iterator[Path]:
        """All files of a job, in the order in which they are laid over one another."""
        yield self.main
        for group in self.groups:
            yield from self.files(group, choices.get(group))

    def settings(self, choices: dict[str, Any]) -> dict[str, Setting]:
        """Every setting of the chosen files by its dotted name; the last one with a comment declares it."""
        found: dict[str, Setting] = {}
        for path in self.chosen_files(choices):
            for one in self.read(path):
                known = found.get(one.name)
                if one.comment or not (known and known.comment):
                    found[one.name] = one
        return found

    def shown(self, path: Path) -> str:
        """A file as messages name it."""
        return (
            f"{self.folder.name}/{path.parent.name}/{path.name}"
            if path != self.main
            else f"{self.folder.name}/{path.name}"
        )

    def read(self, path: Path) -> tuple[Setting, ...]:
        """The settings of a file."""
        return read(path, "" if path == self.main else path.parent.name)


@cache
def defaults(path: Path) -> list[Any]:
    """The list at the top of a file that names others."""
    found = yaml.safe_load(path.read_text(encoding="utf-8"))
    told = found.get("defaults") if isinstance(found, dict) else None
    return [one for one in told if one != "_self_"] if isinstance(told, list) else []


def chosen(path: Path) -> Iterator[tuple[str, Any]]:
    """Each group that a file chooses for, with the word or words."""
    for one in defaults(path):
        for key, words in one.items() if isinstance(one, dict) else []:
            yield re.sub(r"^(override )?/?|@.*$", "", key), words
