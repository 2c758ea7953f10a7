"""Choices of a group's option that no file makes, and what to choose instead."""

from hydra.core.override_parser.types import Glob, Override

from kindling.check.explain import alike
from kindling.check.fit import spelled
from kindling.check.grammar import spread
from kindling.check.job import quoted, short
from kindling.check.option import Conf
from kindling.check.setting import description
from kindling.error import suggest

NONE = ("", "none", "null", "false", "no", "off", "[]")  # how somebody may say that nothing is wanted


def unknown_option(conf: Conf, override: Override) -> str | None:
    """A choice that no file makes; nothing where it is right, or Hydra's own to judge."""
    group, value = override.key_or_group, None if override.is_delete() else override.value()
    if "/" not in group and group not in conf.groups:  # with a package, or it would be a setting
        is_setting = any(one.name == group for one in conf.read(conf.main))
        near = "" if is_setting else suggest(group, conf.groups)
        near = near or f"; write {short(f'{group}={spelled(value)}')}"
        return f"{short(str(override.input_line))}: @ goes with a group, which {group} is not{near}"
    if "/" in group:
        return None
    known, several = list(conf.options(group)), conf.takes_list(group)
    word = short(f"{override.get_key_element()}={spelled(value)}")
    if override.is_delete() and not several and conf.contents.get(group) is None:
        return None
    if override.is_delete():
        leave = f"write '{group}=[]'" if several else "leave this out"
        return f"{short(str(override.input_line))}: the program needs one; {leave}"
    if override.is_sweep_override():
        many = spread(override) if not isinstance(override._value, Glob) else [f"{group}={known[0]}"]
        listed = ",".join(one.partition("=")[2] for one in many)
        write = f"'{group}=[{listed}]'" if several and "[" not in listed else quoted(many[0])
        return f"{short(str(override.input_line))}: several values need -m; add -m, or write {write}"
    if override.is_add() and group not in conf.contents:
        return None
    if override.package is None and (override.is_add() or override.is_force_add()):
        return f"{word}: {group} has its word already; write {quoted(f'{group}={spelled(value)}')}"
    for one in value if isinstance(value, list) and several else [value]:
        if not isinstance(one, str) or one not in known:
            got = short(spelled(one))
            return (
                f"{group}={got}: no such option, expected one of {', '.join(known)}{choose(conf, group, got)}"
            )
    return None


def choose(conf: Conf, group: str, word: str) -> str:
    """Which option was meant, if one can tell."""
    if word.lower() in NONE:
        if conf.takes_list(group):
            return f"; write '{group}=[]'"
        if conf.contents.get(group) is None:
            return "; leave it out"
    name = word.strip("[]").rpartition("/")[2].removesuffix(".yaml") or word
    options = conf.options(group)
    own = next((told for told in map(description, options.values()) if told.startswith("Your own ")), "")
    near = suggest(name, [one for one in options if alike(name, one)] if own else list(options))
    return near or f"; {own[:1].lower()}{own[1:] or f'see python train.py --help {group}'}"
