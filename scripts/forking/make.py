"""The files of a fork, from the tracked files of the template."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from .mention import Mention
from .option import asked, dotted, files, leaving, options
from .prune import pruned, replaced
from .rename import OLD, package, renamed, title
from .text import notebook, readme, without_blocks
from .tool import tracked

ONLY_HERE = (
    *("scripts/new_project.py", "scripts/forking/", "tests/forking/"),
    *("scripts/bench.py", "scripts/benchmark/", "tests/test_bench", ".github/workflows/speed.yml"),
)
BUT = (  # by which runs are killed in tests, and what update_from_template.py needs
    *("scripts/benchmark/kill.py", "scripts/benchmark/same.py"),
    *("scripts/forking/command.py", "scripts/forking/merge.py"),
)
MOVED = {f"src/{OLD}/data/blobs.py": "tests/blobs.py"}  # if it leaves, as tests are built on it
PICTURES = ".github/"  # that README shows
SCHEMA = ".vscode/schema/"  # says which options there are; scripts/make_schema.py writes it anew


class Wish(NamedTuple):
    """What the new project is to be."""

    name: str
    author: str
    license: str
    description: str
    bare: bool
    keep: list[str]


def make(template: Path, wish: Wish, folder: Path) -> None:
    """Write the files of the fork; raises ForkError before the first one."""
    paths = tracked(template)
    new = package(wish.name, template, paths)
    texts, binary = read(template, paths)
    gone = leaving(template, wish.bare, asked(wish.keep, options(template)))
    left = {path for path in paths if path.startswith(ONLY_HERE) and path not in BUT}
    left |= files(template, {*paths} - left, gone)
    left |= {path for path in paths if wish.bare and path.endswith(".ipynb")}
    left |= {path for path in paths if gone and path.startswith(SCHEMA)}
    stay = {Path(path).stem for path in texts.keys() - left if path.startswith("conf/")}
    mention = Mention(gone, words(left), stay)
    left |= {path for path, text in texts.items() if path.endswith(".ipynb") and mention.within(text)}
    new_texts = changed(texts, left, Mention(gone, words(left), stay))
    for path, text in new_texts.items():
        if text is not None:
            write(folder / renamed(path, new), personal(path, renamed(text, new), wish).encode())
    left |= {path for path in binary if path.startswith(PICTURES) and path not in str(new_texts["README.md"])}
    for path in binary - left:
        write(folder / renamed(path, new), (template / path).read_bytes())


def read(root: Path, paths: Iterable[str]) -> tuple[dict[str, str], set[str]]:
    """The texts, by their paths, and the paths of the others."""
    texts, binary = {}, set()
    for path in paths:
        try:
            texts[path] = (root / path).read_bytes().decode()
        except UnicodeDecodeError:
            binary.add(path)
    return texts, binary


def write(path: Path, content: bytes) -> None:
    """A file in a folder that may not be there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def words(left: Iterable[str]) -> set[str]:
    """How others speak of files that leave: a module by its dotted name, all by their paths."""
    found = {path for path in left if not path.startswith(SCHEMA)}
    found |= {
        path.rpartition("/")[2] for path in left if path.endswith((".gz", ".ipynb")) or path in ONLY_HERE
    }
    return found | {dotted(path) for path in left if path.startswith("src/") and path.endswith(".py")}


def changed(texts: dict[str, str], left: set[str], mention: Mention) -> dict[str, str | None]:
    """All texts without what leaves; None for a file that does."""
    texts = {path: replaced(path, text, mention) for path, text in texts.items()}
    found: dict[str, str | None] = {**texts, **dict.fromkeys(left & {*texts})}
    modules = {
        path: text
        for path, text in texts.items()
        if path.endswith(".py") and path.startswith(("tests/", "scripts/"))
    }
    for path, place in MOVED.items():
        if path in left:
            was, now = dotted(path), dotted(place)
            modules = {one: text.replace(was, now) for one, text in modules.items()} | {place: texts[path]}
    found |= modules
    smaller, mention = pruned(modules, mention, left)
    found |= smaller
    for path, text in texts.items():
        if path.endswith(".md") and mention.patterns:
            found[path] = readme(text, mention)
        elif path.endswith(".ipynb") and path not in left:
            found[path] = notebook(text, mention)
        elif path.startswith("tests/") and path.endswith(".txt"):
            found[path] = without_blocks(text, mention)
    return found


def personal(path: str, text: str, wish: Wish) -> str:
    """A text that says whose project it is."""
    if path in ("README.md", "CONTRIBUTING.md"):  # less what was measured, and compared, with the template
        text = re.sub(r"## (?:Speed|Beside others|Not run yet).*?\n\n(?=## |MIT)", "", text, flags=re.DOTALL)
    if path == "README.md":
        _, _, rest = text.partition("\n\n")
        _, _, rest = rest.partition("\n\n")
        rest = rest.replace("## Make it yours", "## What the template changes later")
        rest = rest.replace("in such a project: merges what its", "merges what the")
        rest = re.sub(r"\bMIT licence\b", f"{wish.license} licence", rest)
        return f"# {title(wish.name)}\n\n{wish.description}\n\n{rest}"
    if path == "CHANGELOG.md":
        return "# Changelog\n\n## Unreleased\n\n- Begun.\n"
    if path == "LICENSE":
        return licence(text, wish)
    if path == "pyproject.toml":
        told = {"description": wish.description, "license": wish.license}
        for key, value in told.items():
            line = f"{key} = {json.dumps(value, ensure_ascii=False)}"
            text = re.sub(rf"^{key} = .*", lambda _, line=line: line, text, count=1, flags=re.MULTILINE)
        author = json.dumps(wish.author, ensure_ascii=False)
        return text.replace("\nrequires-python", f"\nauthors = [{{name = {author}}}]\nrequires-python", 1)
    return text


def licence(text: str, wish: Wish) -> str:
    """The template's licence with the author beside its own authors; below the name of another."""
    year = re.findall(r"\(c\) (\d+)", text)[0]
    mine = f"Copyright (c) {year} {wish.author}"
    theirs = f"Copyright (c) {year} the authors of the template"
    if wish.license == "MIT":
        return re.sub(r"^Copyright .*", lambda _: f"{mine}\n{theirs}", text, flags=re.MULTILINE)
    text = re.sub(r"^Copyright .*", lambda _: theirs, text, flags=re.MULTILINE)
    return f"{mine}\nLicence: {wish.license}\n\nWhat comes from the template is under this one:\n\n{text}"
