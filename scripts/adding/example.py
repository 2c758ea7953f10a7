"""The examples that something new begins as: those of tests/own, with a test for each kind."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kindling.error import ConfigError, MachineError, suggest

OWN = "tests/own"
HERE = Path(__file__).resolve().parent
KINDS = {  # what to type for each, with NAME in place of the word, NUMBERS of a set that has such targets
    "model": "model=NAME",
    "data": "data=NAME",
    "task": "task=NAME data=NUMBERS",
    "loss": "task.loss=NAME data=NUMBERS",
    "metric": "'task.metrics=[{NAME:{tolerance:60}},mae]' data=NUMBERS",
    "optimizer": "optimizer=NAME",
    "regularizer": "'regularizer=[NAME]'",
    "callback": "'callback=[NAME,progress]'",
    "experiment": "experiment=NAME",
}


def examples(root: Path, kind: str) -> list[str]:
    """Those of a kind, the usual one first; raises MachineError where the project has none."""
    if kind == "experiment":  # that of tests/own is for an algorithm of its own
        return ["example"]
    places = [root / OWN / part / kind for part in ("conf", "src/kindling")]
    found = sorted(
        {path.stem for place in places for path in place.glob("*.*") if path.suffix in (".yaml", ".py")}
    )
    if not found:
        raise MachineError(f"{root / OWN}: has no example of a {kind}; bring it back from the template")
    return sorted(found, key=lambda name: (name != "subclass", name))


@dataclass(frozen=True)
class Example:
    """An example under another name."""

    root: Path
    kind: str
    like: str
    name: str

    def __post_init__(self) -> None:
        known = examples(self.root, self.kind)
        if self.like not in known:
            near = suggest(self.like, known)
            raise ConfigError(f"--like: expected one of {', '.join(known)}; got {self.like}{near}")

    @property
    def title(self) -> str:
        """What its class is called."""
        return "".join(part.capitalize() for part in self.name.split("_"))

    @property
    def words(self) -> str:
        """What to type after train.py."""
        paths = sorted((self.root / "conf" / "data").glob("*.yaml"))
        ready = (path.stem for path in paths if "\ntarget: real" in path.read_text(encoding="utf-8"))
        return (
            KINDS[self.kind]
            .replace("NAME", self.name)
            .replace("NUMBERS", next(ready, "csv data.path=FILE data.target=COLUMN"))
        )

    @cached_property
    def sources(self) -> dict[str, Path]:
        """The example's file for each that is to be written, by its path within the project."""
        own, file = self.root / OWN, f"{self.kind}/{self.like}"
        found = {
            f"conf/{self.kind}/{self.name}.yaml": own / f"conf/{file}.yaml",
            f"src/kindling/{self.kind}/{self.name}.py": own / f"src/kindling/{file}.py",
            f"tests/{self.kind}/test_{self.name}.py": HERE / f"{self.kind}.py",
        }
        if self.kind == "experiment":
            found = {f"conf/experiment/{self.name}.yaml": HERE / "experiment.yaml"}
        return {name: path for name, path in found.items() if path.is_file()}

    @cached_property
    def texts(self) -> dict[str, str]:
        """What is to be written."""
        return {name: self.renamed(path.read_text(encoding="utf-8")) for name, path in self.sources.items()}

    @property
    def has_yaml(self) -> bool:
        """Whether it is a word of a group; a loss or metric is one of its task's."""
        return any(name.endswith(".yaml") for name in self.texts)

    @property
    def target(self) -> str:
        """What its YAML builds, if that is of another package; it has no Python of its own then."""
        found = [re.search(r"^_target_: ((?!kindling\.)\S+)$", text, re.M) for text in self.texts.values()]
        return next((one[1] for one in found if one), "")

    def renamed(self, text: str) -> str:
        """Module, class and word by their new names; prose, and what torch calls the same, stay."""
        for old in (self.like, "example"):
            text = re.sub(rf"(?<=kindling\.{self.kind}\.){old}\b", self.name, text)
            text = re.sub(rf"(?<=experiment=){old}\b", self.name, text)
            text = re.sub(rf"^( *){old}:", rf"\1{self.name}:", text, flags=re.MULTILINE)
            title = "".join(part.capitalize() for part in old.split("_"))
            text = re.sub(rf"(?<![\w.]){title}\b|(?<=\.{self.name}\.){title}\b", self.title, text)
            if "_" in old or self.kind == "loss":  # a function, or what a callback logs
                text = re.sub(rf"\b{old}\b", self.name, text)
        return text
