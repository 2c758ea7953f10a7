#!/usr/bin/env python3
"""Begin something of your own: python scripts/add.py model my_network.

It writes the YAML, the Python file and a test, each a working example to rewrite, names the word in
README.md and in what editors know, and says what to type. Nothing that is there is written over.

exit codes: 0 written, 2 wrong words or a name that is taken, 6 this machine lacks something.
"""

import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

import installed  # noqa: F401  # or it ends here, and says what to type
import make_schema
from yaml import YAMLError

from adding.example import KINDS, Example, examples
from adding.name import require_free, require_name
from adding.table import with_word
from kindling.check.command import Parser, exit_code
from kindling.error import ConfigError, one_line
from kindling.run.stop import Stop
from kindling.source.whole import written_whole
from kindling.typed import runner

ROOT = Path(__file__).resolve().parents[1]
README = "README.md"


def parser() -> Parser:
    """The words of the command."""
    words = Parser("scripts/add.py", __doc__)
    words.add_argument("kind", metavar="KIND", choices=list(KINDS), help=f"one of {', '.join(KINDS)}")
    words.add_argument("name", metavar="NAME", help="small letters, digits and _: the word to choose it by")
    words.add_argument("--like", metavar="EXAMPLE", help="what to begin with, of those in tests/own")
    return words


def write(texts: dict[str, str]) -> None:
    """Write each file, and the editors' schemas; if one can't be, everything is as before."""
    schemas = [ROOT / make_schema.FOLDER / f"{path.stem}.json" for path in (ROOT / "conf").iterdir()]
    before = {path: content(path) for path in [*(ROOT / name for name in texts), *schemas]}
    try:
        for name, text in texts.items():
            replace(ROOT / name, text.encode())
        make_schema.write(ROOT)
    except BaseException as error:
        for path, was in before.items():
            with suppress(OSError):
                if was is None:
                    path.unlink(missing_ok=True)
                elif content(path) != was:
                    replace(path, was)
        if isinstance(error, YAMLError):  # of another file, which somebody is writing
            raise ConfigError(f"conf: {one_line(error)}; mend it first") from None
        raise


def content(path: Path) -> bytes | None:
    """What a file holds; None where there is none."""
    return path.read_bytes() if path.exists() else None


def replace(path: Path, new: bytes) -> None:
    """Write a file, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(path) as file:
        file.write(new)


def main(words: Sequence[str]) -> None:
    """Do what the words say."""
    Stop().listen()  # so that a signal leaves nothing half
    told = parser().parse_args(words)
    require_name(told.name)
    example = Example(ROOT, told.kind, told.like or examples(ROOT, told.kind)[0], told.name)
    require_free(ROOT, example)
    texts = example.texts
    readme = ROOT / README
    shown = readme.read_text(encoding="utf-8") if readme.is_file() else ""
    named = with_word(shown, told.kind, told.name)
    write(texts | ({README: named} if named != shown else {}))
    print(*texts, sep="\n")
    print(f"named in: {f'{README}, ' * (named != shown)}{make_schema.FOLDER.as_posix()}")
    print(f"try: {runner()}python train.py {example.words}")
    for test in (name for name in texts if name.startswith("tests/")):
        print(f"     {runner()}pytest -n0 {test}")


if __name__ == "__main__":
    sys.exit(exit_code(partial(main, sys.argv[1:])))
