"""The README's table of words."""

import re


def with_word(readme: str, group: str, name: str) -> str:
    """The text with one more option in the row of its group; as it is where there is no such row."""
    row = re.search(rf"^\| `{group}=(?:\[…\])?` \| (?P<options>[^|]*?) \|", readme, re.MULTILINE)
    options = [*re.finditer(r"`\w+`\*{0,2}(?: \((?:`[^`]*`|[^()`])*\))?", row["options"])] if row else []
    if not row or not options:
        return readme
    end = row.start("options") + options[-1].end()
    return f"{readme[:end]}, `{name}`{readme[end:]}"
