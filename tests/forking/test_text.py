"""The README of a project speaks of what is left."""

import pytest

from scripts.forking.mention import Mention
from scripts.forking.text import readme

GONE = Mention({("data", "wine"), ("data", "blobs"), ("scheduler", "step")}, {"scripts/table.py"})


@pytest.mark.parametrize(
    ("text", "left"),
    {
        "words of a table": (
            "| `data=` | **`digits`**; tables `wine`, `csv` (yours); made `blobs` | with `wine`: `x=1` |",
            "| `data=` | **`digits`**; tables `csv` (yours) | |",
        ),
        "the last before others": (
            "| `data=` | **`csv`**; made `moons`, `wine`; yours: `npy` | `x=1` |",
            "| `data=` | **`csv`**; made `moons`; yours: `npy` | `x=1` |",
        ),
        "words of another group": ("| `sweep=` | `wine` | |", "| `sweep=` | `wine` | |"),
        "a row": ("| `data=wine` | 3 |\n| `data=csv` | 4 |", "| `data=csv` | 4 |"),
    }.values(),
)
def test_a_table_loses(text: str, left: str) -> None:
    head = "| a | b |\n|---|---|\n"
    assert readme(f"{head}{text}\n", GONE) == f"{head}{left}\n"


@pytest.mark.parametrize(
    ("text", "left"),
    {
        "a sentence": ("One. With `data=wine` more. Two.\n", "One. Two.\n"),
        "a paragraph": ("One.\n\nSee `scripts/table.py`.\n", "One.\n"),
        "an item": ("- One.\n- `scheduler=step` too.\n- Two.\n", "- One.\n- Two.\n"),
        "a line of code": (
            "```bash\na\n```\n\n```bash\nb data=wine\nc\n```\n",
            "```bash\na\n```\n\n```bash\nc\n```\n",
        ),
        "all lines": ("```bash\na\n```\n\nOne.\n\n```bash\nb data=wine\n```\n", "```bash\na\n```\n\nOne.\n"),
        "what it led to": ("One. Of `data=wine`:\n\n| a |\n|---|\n| 1 |\n\nTwo.\n", "One.\n\nTwo.\n"),
        "a section": (
            "# A\n\nOne.\n\n## B\n\nOn `data=blobs`.\n\n## C\n\nTwo.\n",
            "# A\n\nOne.\n\n## C\n\nTwo.\n",
        ),
        "a word of a command": ("```bash\nrun data=wine\n```\n", "```bash\nrun\n```\n"),
        "nothing": ("One wine.\nA step.\n", "One wine.\nA step.\n"),
    }.values(),
)
def test_it_loses(text: str, left: str) -> None:
    assert readme(text, GONE) == left


def test_the_first_command_loses_a_word_and_what_it_would_reach() -> None:
    text = "```bash\nrun data=wine lr=1  # trains\ntest              # tests\n```\n\n"
    left = "```bash\nrun lr=1     # trains\ntest         # tests\n```\n\n"
    after = "\n\n# B\n\nOf 0.123.\n"
    assert readme(f"{text}It is. It reaches 0.987.{after}", GONE) == f"{left}It is.{after}"
