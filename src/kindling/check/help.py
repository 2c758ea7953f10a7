"""What the program can do and what can be set, as the files of `conf/` say it themselves."""

from collections.abc import Iterator
from shutil import get_terminal_size
from textwrap import fill

from kindling.check.fit import describe
from kindling.check.job import taken
from kindling.check.kind import of_value
from kindling.check.option import Conf
from kindling.check.setting import Setting, description
from kindling.check.value import FACTS, HYDRA
from kindling.error import ConfigError, suggest

HEAD = """\
Train, test and record one configuration:  python train.py model=cnn optimizer.lr=0.01

  group=word      swaps a part; the words are below, the defaults marked with *
  group.name=…    changes a setting of it; python train.py --help model=cnn lists them
  -m              runs every combination: -m optimizer.lr=0.01,0.001 seed=0,1,2
  check=true      checks everything, tries one batch and trains nothing
  --cfg job       shows the whole configuration that the other words make
"""
FOOT = """
Lists take several words in place of the defaults: 'callback=[early_stopping,progress]'; [] is none.
Tab completion in bash and zsh: eval "$(python train.py -sc install=bash)"
Tab completion in fish: python train.py -sc install=fish | source
More: README.md.
"""


def help_on(conf: Conf, words: list[str]) -> str:
    """All groups with a line on each option; or of some groups, or options, the settings as well.

    Raises ConfigError for what is neither.
    """
    if not words:
        body = "\n".join("\n".join(of_group(conf, group)) for group in conf.groups)
        return f"{HEAD}\n{body}\n\nsettings of the run\n{settings_on_top(conf)}\n{FOOT}".rstrip()
    return "\n\n".join(on_word(conf, word) for word in words)


def on_word(conf: Conf, word: str) -> str:
    """The help on a group, an option `group=word`, or a setting's group."""
    name, _, option = word.strip("'\"").lstrip("+").partition("=")
    group = name.partition(".")[0]
    known = conf.options(group)
    if group in conf.groups:
        if "." in name:
            return of_setting(conf, group, name)
        if not option:
            default = conf.contents.get(group)
            shown = [default] if isinstance(default, str) and default in known else list(known)
            if conf.takes_list(group):
                shown = list(known)
            parts = [of_option(conf, group, one) for one in shown]
            return "\n".join([*of_group(conf, group), "", "\n\n".join(parts)]).rstrip()
        chosen = option.strip("[]").split(",")
        for one in chosen:
            if one not in known:
                hint = suggest(one, list(known)) or f"; write {group}={next(iter(known))}"
                raise ConfigError(f"--help {word}: no such option, expected one of {', '.join(known)}{hint}")
        return "\n\n".join(of_option(conf, group, one) for one in chosen)
    top = [one for one in conf.read(conf.main) if one.name == group or one.name.startswith(f"{group}.")]
    if not top and (found := list(so_called(conf, word))):
        return "\n\n".join(found)
    if not top:
        hint = suggest(group, [*conf.groups, *(one.name for one in conf.read(conf.main))])
        expected = f"expected one of {', '.join(conf.groups)}"
        raise ConfigError(f"--help {word}: {expected}{hint or '; write --help alone'}")
    return "\n".join(rows(top))


def so_called(conf: Conf, word: str) -> Iterator[str]:
    """The options of that name, and the settings of that name, of any group."""
    yield from (of_option(conf, group, word) for group in conf.groups if word in conf.options(group))
    files = [conf.main, *(path for group in conf.groups for path in conf.options(group).values())]
    told = [one for path in files for one in conf.read(path) if one.name.rpartition(".")[2] == word]
    if lines := dict.fromkeys(rows([one for one in told if one.comment])):
        yield "\n".join(lines)


def of_setting(conf: Conf, group: str, name: str) -> str:
    """The lines of a setting, as each option that has it declares it; raises ConfigError where none has."""
    told = [one for path in conf.options(group).values() for one in (*conf.read(conf.main), *conf.read(path))]
    found = [one for one in told if one.name == name or one.name.startswith(f"{name}.")]
    if not found:
        hint = suggest(name, [one.name for one in told if one.name.startswith(f"{group}.")])
        raise ConfigError(f"--help {name}: no such setting{hint or f'; see python train.py --help {group}'}")
    return "\n".join(dict.fromkeys(rows(found)))


def of_group(conf: Conf, group: str) -> Iterator[str]:
    """The options of a group with a line on each."""
    default = conf.contents.get(group)
    marked = default if isinstance(default, list) else [default]
    several = conf.takes_list(group)
    yield f"{group}=[…]" if several else f"{group}="
    for word, path in conf.options(group).items():
        mark = "*" if word in marked else " "
        yield fitted(f" {mark} {word:<22} {description(path)}")


def of_option(conf: Conf, group: str, word: str) -> str:
    """The settings of an option: name, value, what it takes, and what for."""
    path = conf.options(group)[word]
    title = f"'{group}=[{word}]'" if conf.takes_list(group) else f"{group}={word}"
    found: dict[str, Setting] = {}
    for file in (conf.main, *conf.files(group, word)):
        for one in conf.read(file):
            if file != conf.main or one.name.startswith(f"{group}."):
                known = found.get(one.name)
                found[one.name] = (
                    one if one.comment or not known else Setting(one.name, one.text, known.comment, file)
                )
    lines = list(rows(list(found.values())))
    more = others(found, group)
    return "\n".join([f"{title}: {description(path)}.", *lines, *more])


def rows(settings: list[Setting]) -> Iterator[str]:
    """A line on each setting that has a value."""
    above = {one.name.rpartition(".")[0] for one in settings}
    told = [one for one in settings if one.name.rpartition(".")[2] not in HYDRA and one.text]
    shown = [one for one in told if one.comment or not (one.text.startswith("{") and one.name in above)]
    names = max((len(one.name) for one in shown), default=0)
    values = min(max((len(one.text) for one in shown), default=0), 30)
    for one in shown:
        yield hanging(f"  {one.name:<{names}}  {one.text:<{values}}  ", one.comment or kind(one))


def kind(setting: Setting) -> str:
    """What a setting takes, where no comment says more."""
    return "" if "${" in setting.text else describe(of_value(setting.value))


def others(found: dict[str, Setting], group: str) -> list[str]:
    """What the target takes beside the settings of the file."""
    lines = []
    for name, one in found.items():
        if name.endswith("._target_") and (told := taken(one.text)):
            above = name.removesuffix("._target_")
            free = [
                key for key in told.named if f"{above}.{key}" not in found and key not in FACTS.get(group, ())
            ]
            if free:
                lines.append(hanging(f"  +{above}.…  ", f"also takes {', '.join(free)}"))
    return lines


def settings_on_top(conf: Conf) -> str:
    """The settings that belong to no group."""
    own = [one for one in conf.read(conf.main) if one.name.partition(".")[0] not in conf.groups]
    return "\n".join(rows(own))


def fitted(text: str) -> str:
    """A line that fits the terminal; whole where there is none."""
    width = get_terminal_size((200, 24)).columns
    return text if len(text) <= width else f"{text[: width - 1].rstrip()}…"


def hanging(start: str, text: str) -> str:
    """A text beside what it is about, on as many lines as it needs."""
    if not text:
        return start.rstrip()
    width = max(get_terminal_size((120, 24)).columns, len(start) + 30)
    return fill(text, width, initial_indent=start, subsequent_indent=" " * len(start))
