"""Takes out of plain text and Markdown what speaks of an option or a file that leaves."""

import json
import re
from collections.abc import Callable

from .mention import Mention

SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z`*\[(])|(?<=[.!?]\*\*)\s+")
FIGURE = re.compile(r"\b0\.\d{3}")


def without_blocks(text: str, mention: Mention) -> str:
    """A text of lines, or of blocks that begin with `$ `, without those that speak of it."""
    blocks = re.split(r"^(?=\$ )", text, flags=re.MULTILINE)
    if len(blocks) == 1:
        blocks = text.splitlines(keepends=True)
    kept = [one for one in blocks if not mention.near(one)]
    opening = [blocks[0]] if blocks[0] not in kept else []  # the quotes of Python's are there
    closing = ['"""'] if blocks[-1].endswith('"""') and blocks[-1] not in kept else []
    return "".join([*opening, *kept, *closing])


def readme(text: str, mention: Mention) -> str:
    """Markdown without the words, lines, rows and sentences that speak of it, and what these led to."""
    blocks, kept, leads, changed = parts(text), [], False, False
    commands = next((block for block in blocks if block.startswith("```bash")), "")
    for block in blocks:
        shorter = commanded(block, mention) if block == commands else shortened(block, mention)
        changed = changed or (block == commands and shorter != block)
        if is_heading(block):
            leads = changed = False
        elif leads:
            shorter = ""  # what a sentence before spoke of
        elif changed and block != commands:
            shorter = sentences(shorter, FIGURE.search)  # which another command wouldn't reach
        leads = block.rstrip().endswith(":") and not shorter.rstrip().endswith(":")
        if shorter:
            kept.append(shorter)
    following = zip(kept, [*kept, "# "][1:], strict=True)
    return "\n\n".join(one for one, after in following if not is_empty(one, after)) + "\n"


def notebook(text: str, mention: Mention) -> str:
    """A notebook of which the prose has lost such sentences."""
    book = json.loads(text)
    for cell in book["cells"]:
        whole = "".join(cell["source"])
        if cell["cell_type"] == "markdown" and mention.within(whole):
            cell["source"] = readme(whole, mention).strip("\n").splitlines(keepends=True)
    book["cells"] = [cell for cell in book["cells"] if cell["source"]]
    return f"{json.dumps(book, indent=1, sort_keys=True, ensure_ascii=False)}\n"


def parts(text: str) -> list[str]:
    """Paragraphs, lists, tables and blocks of code."""
    found: list[str] = []
    for number, piece in enumerate(re.split(r"^(```.*?^```)$", text, flags=re.MULTILINE | re.DOTALL)):
        found += [piece] if number % 2 else re.split(r"\n{2,}|\n(?=\|)(?<!\|\n)", piece)
    return [one.strip("\n") for one in found if one.strip()]


def is_heading(block: str) -> bool:
    """Whether a block names a section."""
    return block.startswith("#")


def is_empty(block: str, after: str) -> bool:
    """Whether a heading of a section has nothing below it."""
    level = len(block) - len(block.lstrip("#"))
    return level > 1 and is_heading(after) and len(after) - len(after.lstrip("#")) <= level


def shortened(block: str, mention: Mention) -> str:
    """One block without what speaks of it."""
    if block.startswith("```"):
        opening, *lines, closing = block.split("\n")
        lines = [line for line in lines if not mention.within(line)]
        return "\n".join([opening, *lines, closing]) if lines else ""
    if block.startswith("|"):
        return table(block, mention)
    if block.startswith("- "):
        items = re.split(r"\n(?=- )", block)
        return "\n".join(filter(None, (sentences(item, mention.within, "- ") for item in items)))
    return sentences(block, mention.within)


def commanded(block: str, mention: Mention) -> str:
    """The first commands without such words, what is said of them still in one column."""
    shorter = re.sub(r" [\w.]+=\S+", lambda word: "" if mention.within(word[0]) else word[0], block)
    if shorter == block:
        return block
    lines = [re.split(r" {2,}(?=#)", line) for line in shorter.split("\n")]
    width = max((len(command) for command, *said in lines if said), default=0) + 5
    return "\n".join(command.ljust(width) + said[0] if said else command for command, *said in lines)


def table(block: str, mention: Mention) -> str:
    """A table without the words, and else the rows, that speak of it."""
    head, line, *rows = block.split("\n")
    kept = [one for row in rows if (one := table_row(row, mention))]
    return "\n".join([head, line, *kept]) if kept else ""


def table_row(row: str, mention: Mention) -> str:
    """One row; where its first cell is a group, its second lists the options."""
    cells = re.split(r" \|(?: |$)", row.strip()[2:-2])
    group = re.fullmatch(r"`(\w+)=(?:\[…\])?`", cells[0])
    if not group:
        return "" if mention.within(row) else row
    gone = {name for one, name in mention.options if one == group[1]}
    lists = [options(part, gone) for part in re.split(r"(?<=[;:]) ", cells[1])] if gone else [cells[1]]
    cells[1] = " ".join(filter(None, lists)).rstrip(";")
    if "`" not in cells[1]:
        return ""
    with_word = re.match(r"with `\[?(\w+)\]?`", cells[2]) if len(cells) > 2 else None
    if with_word and with_word[1] in gone:
        cells[2] = ""
    return f"| {' | '.join(cells)} |".replace("|  |", "| |")


def options(part: str, gone: set[str]) -> str:
    """A list of options, each with what is said of it in brackets, without some; nothing where all leave."""
    item = re.compile(r"\*{0,2}`(\w+)`(?:\*\*)?(?: \([^()]*(?:\([^()]*\)[^()]*)*\))?,? ?")
    ending = part[-1] if part.endswith((";", ":")) else ""
    whole = part.removesuffix(ending).rstrip(", ")
    left = item.sub(lambda found: "" if found[1] in gone else found[0], whole).rstrip(", ")
    return left + ending if left == whole or "`" in left else ""


def sentences(text: str, leaves: Callable[[str], object], mark: str = "") -> str:
    """A paragraph without some sentences, wrapped as it was where none leaves."""
    if not leaves(text):
        return text
    kept = [one for one in SENTENCE.split(text.removeprefix(mark)) if not leaves(one)]
    return wrapped(mark + " ".join(kept), " " * len(mark)) if kept else ""


def wrapped(text: str, indent: str, width: int = 118) -> str:
    """Words in lines."""
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = indent + word
        else:
            line = f"{line} {word}" if line else word
    return "\n".join([*lines, line])
