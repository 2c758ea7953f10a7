"""The folder `conf/`: its groups, their options, and what the files of a job set and declare."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import yaml

from kindling.check.setting import Setting, read
from kindling.check.source import file_of


@dataclass(frozen=True)
class Conf:
    """A folder of configuration: its table of contents, its groups, and the options of each."""

    folder: Path
    name: str = "config"
    beside: Path | None = None  # another folder of options
    search: tuple[str, ...] = ()  # more of them, as hydra.searchpath has them

    @property
    def main(self) -> Path:
        """The table of contents."""
        return self.folder / f"{self.name}.yaml"

    @cached_property
    def mains(self) -> list[Path]:
        """The table of contents, after those of the same folder that it builds on."""
        found = [self.main]
        for path in found:
            below = [self.folder / f"{one}.yaml" for one in defaults(path) if isinstance(one, str)]
            found += [one for one in below if one.is_file() and one not in found]
        return found[::-1]

    @cached_property
    def folders(self) -> list[Path]:
        """Every folder of options; of two options of one name, the first is taken."""
        return [self.folder, *filter(None, [self.beside, *map(folder_of, self.search)])]

    @cached_property
    def contents(self) -> dict[str, Any]:
        """The table of contents: each group with the word, or the words, that it has by default."""
        return {group: words for path in self.mains for group, words in chosen(path)}

    @cached_property
    def groups(self) -> list[str]:
        """The folders, in the order of the table of contents."""
        paths = [path for folder in self.folders for path in folder.iterdir()]
        folders = {path.name for path in paths if path.is_dir() and any(path.rglob("*.yaml"))} - {"hydra"}
        told = [group for group in self.contents if group in folders]
        return [*told, *sorted(folders - set(told))]

    def options(self, group: str) -> dict[str, Path]:
        """The words of a group with their files."""
        return self.words.get(group, {})

    @cached_property
    def words(self) -> dict[str, dict[str, Path]]:
        """The words of every group with their files."""
        found: dict[str, dict[str, Path]] = {group: {} for group in self.groups}
        for group, known in found.items():
            for folder in (one / group for one in self.folders):
                for path in sorted(folder.rglob("*.yaml")):
                    known.setdefault(path.relative_to(folder).with_suffix("").as_posix(), path)
        return found

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

    def within(self, path: Path) -> Path:
        """A file as it lies in its folder of options."""
        around = (one for one in self.folders if path.is_relative_to(one))
        return path.relative_to(max(around, key=lambda one: len(one.parts)))

    def group(self, path: Path) -> str:
        """The group that a file is an option of; nothing for a table of contents."""
        return "" if path in self.mains else self.within(path).parts[0]

    def shown(self, path: Path) -> str:
        """A file as messages name it."""
        return f"{self.folder.name}/{self.within(path).as_posix()}"

    def read(self, path: Path) -> tuple[Setting, ...]:
        """The settings of a file; of the table of contents with those that it builds on."""
        if path == self.main:
            return tuple(setting for one in self.mains for setting in read(one))
        return read(path, self.group(path))


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


def folder_of(place: str) -> Path | None:
    """The folder that is meant: a path, file://path, or that of a package, pkg://name; None for others."""
    scheme, _, rest = place.rpartition("://")
    if scheme in ("", "file"):
        return Path(rest)
    path = file_of(rest.replace("/", ".")) if scheme == "pkg" else None
    return path.parent if path and path.is_file() else path
