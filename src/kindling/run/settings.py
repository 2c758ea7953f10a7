"""The settings that a run has left, read as text that anybody may have written."""

from pathlib import Path
from typing import Any

import yaml
from yaml.constructor import ConstructorError

from kindling.error import RunError, one_line
from kindling.run.trust import DEEPEST

LARGEST = 200_000  # bytes of a file
LONGEST = 10_000  # characters of a value


def read_settings(path: Path) -> Any:
    """What a YAML file of plain values holds; raises RunError for a damaged one, and for any other."""
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise RunError(f"{path}: expected {LARGEST:,} bytes or fewer, got more; name another run")
    try:
        return yaml.load(content.decode("utf-8"), PlainLoader)
    except (yaml.YAMLError, ValueError, ArithmeticError) as error:
        raise RunError(f"{path}: can't be read ({one_line(error)}); name another run") from None


class PlainLoader(yaml.SafeLoader):
    """Takes what a run writes, without YAML's references, tags and repeated keys.

    A reference to a list of references to a list … is small, and what it stands for fills the memory.
    """

    level = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Called for each value, with those that hold it still open."""
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        if event.anchor or event.tag:
            raise ConstructorError(None, None, "found a reference or a tag", event.start_mark)
        if self.level > DEEPEST or len(getattr(event, "value", "")) > LONGEST:
            raise ConstructorError(None, None, "found a value too deep or too long", event.start_mark)
        self.level += 1
        node = super().compose_node(parent, index)
        self.level -= 1
        return node

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        """Called for each mapping; YAML itself lets a later value win in silence."""
        found = super().construct_mapping(node, deep)
        if len(found) < len(node.value):
            raise ConstructorError(None, None, "found a key twice", node.start_mark)
        return found
