"""Which names something new may have."""

import ast
import builtins
import keyword
import re
from pathlib import Path

from adding.example import OWN, Example
from kindling.error import ConfigError

LONGEST = 30
TAKEN = ("none", "null", "true", "false", "yes", "no", "on", "off", "nan", "inf", "base")


def require_name(name: str) -> None:
    """Refuse what is no word of a command line and of Python; raises ConfigError."""
    expected = f"expected a name such as my_network, of small letters, digits and _, {LONGEST} at most"
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or len(name) > LONGEST:
        raise ConfigError(f"NAME: {expected}; got {name or 'nothing'}")
    if keyword.iskeyword(name) or name in {*TAKEN, *dir(builtins)}:
        raise ConfigError(f"NAME: {name}: means something else already; choose another")
    if name.startswith("test"):
        raise ConfigError(f"NAME: {name}: pytest would take its class for tests; choose another")


def require_free(root: Path, example: Example) -> None:
    """Refuse a name that something has, or that the example needs for something else; raises ConfigError."""
    word = f"{example.kind}={example.name}"
    for file in example.texts:
        for place in (file, f"{OWN}/{file}"):
            if (root / place).exists():
                raise ConfigError(f"{word}: is there already, as {place}; choose another name")
    known = [path for path in (root / "src" / "kindling" / "task").glob("*.py") if not example.has_yaml]
    if any(f'"{example.name}"' in path.read_text(encoding="utf-8") for path in known):
        raise ConfigError(f"{word}: a task knows that name already; choose another")
    for file, text in example.texts.items():
        if file.endswith(".py") and {example.title, example.name} & imported(text, example):
            raise ConfigError(f"{word}: the example imports something of that name; choose another")
    for path in sorted((root / "conf" / example.kind).glob("*.yaml")) if example.target else ():
        if f"_target_: {example.target}\n" in path.read_text(encoding="utf-8"):
            builds = f"builds {example.target}, which {word} would begin with"
            raise ConfigError(f"{example.kind}={path.stem}: {builds}; give it another _target_ first")


def imported(text: str, example: Example) -> set[str]:
    """The names that a file has from elsewhere."""
    own = f"kindling.{example.kind}.{example.name}"
    found = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import | ast.ImportFrom)]
    others = [node for node in found if getattr(node, "module", None) != own]
    return {alias.asname or alias.name for node in others for alias in node.names}
