"""The words of a command line: how they are taken apart, and why Hydra's grammar refuses one."""

import re
from collections.abc import Iterator
from itertools import islice

from hydra.core.override_parser.types import IntervalSweep, Override

from kindling.check.job import quoted, short
from kindling.check.option import Conf
from kindling.error import ConfigError, one_line, suggest

NAME = re.compile(r"[A-Za-z_][\w$-]*([./][\w$-]+)*(@[\w.:/-]*)?", re.ASCII)
PLAIN = re.compile(r"[\w\s/\\+.$%*@?|:,\[\]{}'\"-]", re.ASCII)  # what may stand without quotes
FUNCTIONS = ["choice", "range", "interval", "glob", "sort", "shuffle", "tag", "int", "float", "str", "bool"]
MOST = 1000  # values of one setting that are looked at


def key_of(word: str) -> str:
    """The name that a word sets, without what stands before and after it."""
    return word.lstrip("+~").partition("=")[0].partition("@")[0].strip()


def joined(conf: Conf, words: list[str]) -> Iterator[str]:
    """The words, with those in one that blanks have torn apart: `model = cnn`, `model cnn`, `x=[1, 2]`."""
    whole = ""
    for word in words:
        torn = (whole.endswith("=") or is_open(whole)) and "=" not in word and bool(key_of(whole) and word)
        if whole and (torn or word.startswith("=") or word in conf.options(whole)):
            whole = f"{whole} {word}"
            continue
        if whole:
            yield whole
        whole = word
        if not word:
            yield word
    if whole:
        yield whole


def is_open(word: str) -> bool:
    """Whether a list or a mapping in it goes on."""
    return any(word.count(first) > word.count(last) for first, last in ("[]", "{}"))


def torn(word: str) -> str:
    """A word that blanks have torn apart."""
    if is_open(word):
        return f"{start(word)}: expected a closing bracket, got none; close it, and put the word in quotes"
    if re.search(r"=[\[{]", word):
        return f"{start(word)}: expected one word, got several; write {quoted(short(word))}"
    write = short(re.sub(" ?= ?| ", "=", word, count=1))
    return f"{start(word)}: expected name=value without blanks; write {write}"


def start(word: str) -> str:
    """A word as a message begins with it; in quotes where its own colon would seem to be the message's."""
    return f"'{short(word)}'" if re.match(r"\s*:", word) else short(word)


def spread(override: Override) -> list[str]:
    """Each value that a sweep gives to a setting, as a word; of an interval both ends."""
    key = override.get_key_element()
    if isinstance(override._value, IntervalSweep):
        return [f"{key}={end}" for end in (override._value.start, override._value.end)]
    if override.is_sweep_override():
        try:
            return [f"{key}={value}" for value in islice(override.sweep_string_iterator(), MOST)]
        except ValueError as error:  # a step of 0
            raise ConfigError(f"{override.input_line}: {one_line(error)}; change the range") from None
    return [str(override.input_line)]


def unreadable(conf: Conf, word: str, text: str) -> str:
    """A word that Hydra's grammar refuses."""
    told, (name, _, value) = start(word), word.partition("=")
    if not word.strip():
        return "'': expected name=value, got an empty word; leave it out"
    if "=" not in word:
        return f"{told}: expected name=value, got a word alone; {name_it(conf, word)}"
    if not NAME.fullmatch(name.lstrip("+~")) or not re.match(r"(\+\+?|~)?\w", name):
        plain = name.strip("+~. ")
        write = (
            f"write {short(f'{plain}={value}')}" if NAME.fullmatch(plain) else "see python train.py --help"
        )
        got = short(name) if name.strip("+~ ") else "nothing"
        return f"{told}: expected a name of plain letters, digits, _ and . before the =, got {got}; {write}"
    if value.startswith("="):
        return f"{told}: expected one =, got two; write {short(f'{name}={value[1:]}')}"
    if re.search(r"\s[\w.]+=", value):
        return (
            f"{told}: expected one setting a word, got several; write each in quotes of its own, or in none"
        )
    pairs = re.findall(r"([\w.]+)(?:=([^,\[\]]*))?", value)
    if "=" in value and pairs and all(word in conf.options(name) for word, _ in pairs):
        return f"{told}: expected words alone, got one with a value; write {spelt(conf, name, pairs)}"
    return f"{told}: {refusal(name, value, short(text))}"


def spelt(conf: Conf, group: str, pairs: list[tuple[str, str]]) -> str:
    """How to choose options, and to set what they set where that is one setting."""
    words = ",".join(word for word, _ in pairs)
    write = [quoted(f"{group}=[{words}]" if conf.takes_list(group) else f"{group}={words}")]
    for word, value in pairs:
        told = [one for path in conf.files(group, word) for one in conf.read(path)]
        names = [one.name for one in told if one.text and one.text[0] != "{" and "._" not in one.name]
        write += [f"{name}={value}" for name in names if value and len(names) == 1]
    return " ".join(write)


def name_it(conf: Conf, word: str) -> str:
    """What to write for a word without a value."""
    name = key_of(word.replace(":", "=", 1))
    options = [f"{group}={word}" for group in conf.groups if word in conf.options(group)]
    if name != word and ":" in word:
        options.append(word.replace(":", "=", 1))
    elif name in conf.groups:
        options.append(f"{name}={next(iter(conf.options(name)), '…')}")
    return f"write {options[0]}" if options else "see python train.py --help"


def refusal(name: str, value: str, reason: str) -> str:
    """What is wrong with a value, and how to write it."""
    as_text = f"\"{name}='{short(value)}'\"" if "$" not in value else f"'{name}=\"{short(value)}\"'"
    call = re.match(r"(\w+)\((.*\)$)?", value)
    if call and call[2] is None and call[1] in FUNCTIONS:
        return f"expected a closing bracket after {call[1]}(, got none; close it"
    if call and call[2] is not None and call[1] not in FUNCTIONS:
        near = suggest(call[1], FUNCTIONS) or f"; as text, write {as_text}"
        return f"expected a value or one of {', '.join(FUNCTIONS)}, got {call[1]}(…){near}"
    if call and call[1] in FUNCTIONS:
        return f"expected what {call[1]} takes, got one with {reason}; as text, write {as_text}"
    if re.match(r"\$\{[^}'\"]*\$\{", value):
        return f"a reference within another needs quotes within quotes; write {as_text}"
    odd = "".join(dict.fromkeys(PLAIN.sub("", value)))
    if odd and not re.search(r"['\"]", value):
        return f"such characters as {' '.join(odd[:4])} need quotes within quotes; write {as_text}"
    if value.endswith(","):
        return "expected a value after the last comma, got none; leave no blanks, or put the word in quotes"
    reason = reason.replace("'<EOF>'", "its end").replace("<EOF>", "its end")
    mend = "leave no place between commas empty" if ",," in value else "close brackets and quotes"
    return f"expected a value that Hydra can read, got one with {reason}; {mend}"
