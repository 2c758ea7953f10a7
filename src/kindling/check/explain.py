"""Hydra's refusals in one line: what is wrong, what was expected, what to write instead."""

import re
from difflib import SequenceMatcher
from typing import Any

from hydra.core.override_parser.types import Glob, Override
from hydra.errors import MissingConfigException
from omegaconf import DictConfig, ListConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from kindling.check.fit import spelled
from kindling.check.grammar import key_of, spread
from kindling.check.job import quoted, short, taken
from kindling.check.option import Conf, chosen
from kindling.error import dotted, one_line, suggest

ALSO_CALLED = {"learning_rate": "lr", "bs": "batch_size", "wd": "weight_decay", "gpus": "devices"}


def misfit(conf: Conf, override: Override, cfg: DictConfig) -> str | None:
    """A part that the program needs and that a word takes away, or replaces by another kind of value."""
    name, line = override.key_or_group, short(str(override.input_line))
    above = name.rpartition(".")[0]
    try:
        held, around = (OmegaConf.select(cfg, one, throw_on_missing=False) for one in (name, above or name))
    except OmegaConfBaseException:  # it refers to what comes later, such as a job's number
        held, around = None, None
    if above and around is not None and not OmegaConf.is_config(around):
        return f"{name}: {above} is a single value; write {above}=…"
    declared = {one.name: one.comment for one in conf.read(conf.main)}
    if override.is_delete():
        of_run = name in declared and name.partition(".")[0] not in conf.groups
        needed = of_run or name in cfg or name.endswith("._target_")
        return f"{line}: the program needs it; leave this out" if needed else None
    if override.is_sweep_override():
        values = spread(override) if not isinstance(override._value, Glob) else []
        listed = f"'{name}=[{line.partition('=')[2]}]'" if isinstance(held, ListConfig) else ""
        write = listed or next(iter(values), "")
        return f"{line}: several values need -m; add -m{f', or write {write}' if write else ''}"
    value = override.value()
    if isinstance(held, ListConfig) and isinstance(value, dict):
        write = quoted(f"{name}={spelled(OmegaConf.to_container(held, resolve=False))}")
        return f"{name}: expected a list, got {short(spelled(value))}; write {write}"
    if not isinstance(held, DictConfig) or isinstance(value, dict):
        return None
    filled = re.search(r"filled by (\w+)", declared.get(name, ""))
    group, _, inner = name.partition(".")
    keys = sorted((str(key) for key in held), key=lambda key: (key.startswith("_"), key == "_partial_"))
    write = f"write {name}.{keys[0] if keys else 'NAME'}=…"
    if filled or (conf.takes_list(group) and inner and value in (None, False)):
        write = f"choose '{filled[1] if filled else group}=[…]', with or without it"
    write = "leave it out" if name == "hydra" else write
    return f"{name}: expected settings by name, got {short(spelled(value)) or 'nothing'}; {write}"


def told(error: BaseException) -> str:
    """What Hydra says in one line, of a group to override in the words of its version 1.3."""
    newer = r"Invalid Defaults List override '.+?'\. No earlier Group Default for '(.+?)' exists.*"
    return re.sub(newer, r"Could not override '\1'.", one_line(error))


def wrong_override(conf: Conf, word: str, error: BaseException, config: dict[str, Any]) -> str:
    """What Hydra has against a word or, with none, against the files."""
    text, name = re.sub(r"^In '.+?': ", "", told(error)), key_of(word)
    if text.startswith("Could not override"):
        if not word and (found := re.match(r"Could not override '(.+?)'", text)):  # a group, or a package
            name = word = found[1]
        if name in conf.groups:
            return (
                f"{short(word)}: expected settings of {name}, got others; see python train.py --help {name}"
            )
        return missing(conf, word, name, config)
    if text.startswith("Could not append"):
        return f"{short(word)}: {name} is there already; write {short(word.lstrip('+'))}"
    if text.startswith("Could not delete"):
        held = re.search(r"is (.*) and not", text)
        known = [one for one in dotted(config) if alike(name, one)]
        hint = f"; write ~{name}" if held else suggest(name, known) or "; leave it out"
        what = f"the value is {short(held[1])}" if held else "no such setting to take away"
        return f"{short(word)}: {what}{hint}"
    cause = error.__cause__
    reason = str(cause if isinstance(cause, OmegaConfBaseException) else error).partition("\n")[0]
    if word:
        where = f"python train.py --cfg all -p {name.partition('.')[0]}"
        return f"{short(word)}: {reason[:160]}; see {where}"
    return explain(conf, error)


def missing(conf: Conf, word: str, name: str, config: dict[str, Any]) -> str:
    """A name that nothing sets with these words: what it belongs to, or the nearest that there is."""
    if words := others(conf, name):
        return f"{name}: no such setting with these words; it comes with {', '.join(words)}"
    if "/" in name or "@" in name:
        group = name.partition("@")[0]
        near = suggest(group, conf.groups) or "; see python train.py --hydra-help"
        hint = f"; write {group}=…" if group in conf.groups else near
        return f"{name}: no such group with these words{hint}"
    held: Any = config
    parts = name.split(".")
    depth = 0
    while depth < len(parts) - 1 and isinstance(held, dict) and parts[depth] in held:
        held = held[parts[depth]]
        depth += 1
    told = taken(held.get("_target_")) if isinstance(held, dict) else None
    if told and name.rpartition(".")[2] in told.named and depth == len(parts) - 1:
        return f"{name}: no setting of conf/ yet; to pass it on, write {quoted(f'+{short(word)}')}"
    above, rest = ".".join(parts[:depth]), "".join(f".{part}" for part in parts[depth + 1 :])
    hint = nearest(conf, parts[depth], above, config, list(told.named) if told else [])
    return f"{short(name)}: no such setting with these words{hint.replace('?', f'{rest}?')}"


def others(conf: Conf, name: str) -> list[str]:
    """The words that would bring a setting of this name."""
    found = []
    for group in conf.groups:
        for word, path in conf.options(group).items() if group not in ("experiment", "debug") else ():
            if any(one.name == name for one in conf.read(path)):
                found.append(f"'{group}=[{word}]'" if conf.takes_list(group) else f"{group}={word}")
    return found[:6]


def nearest(conf: Conf, key: str, above: str, config: dict[str, Any], told: list[str]) -> str:
    """The setting that was meant, first of those beside it."""
    key = ALSO_CALLED.get(key, key)
    own = {name: value for name, value in config.items() if name != "hydra"}
    known = [*conf.groups, *dotted(config if above.startswith("hydra") else own)]
    beside = [other for other in known if other.rpartition(".")[0] == above]
    below = [other for other in known if other.startswith(f"{above}.")] if above else known
    for names in ([] if above else conf.groups, beside, below):
        if hint := suggest(key, [one for one in names if alike(key, one) or (above and names is beside)]):
            return hint
    if near := suggest(key, told):
        return near.replace("mean ", f"mean +{above}.").replace("?", "=…?")
    see = "--hydra-help" if above.startswith("hydra") else f"--help {above.partition('.')[0]}".strip()
    return (elsewhere(conf, key) if not above else "") or f"; see python train.py {see}"


def alike(key: str, name: str) -> bool:
    """Whether a name is near enough to be meant, though it may lie far from where it was looked for."""
    return SequenceMatcher(None, key.lower(), name.rpartition(".")[2].lower()).ratio() >= 0.7


def elsewhere(conf: Conf, key: str) -> str:
    """A setting of this name that another option brings."""
    for group in conf.groups:
        for path in conf.options(group).values() if group not in ("experiment", "debug") else ():
            for one in conf.read(path):
                if one.name.rpartition(".")[2] == key:
                    words = " or ".join(others(conf, one.name)[:2])
                    return f"; did you mean {one.name}, which comes with {words}?"
    return ""


def chosen_in(conf: Conf, group: str, word: str) -> str:
    """The file that makes a choice, as messages begin; nothing where it was typed."""
    for path in (conf.main, *(path for one in conf.groups for path in conf.options(one).values())):
        for other, words in chosen(path):
            if other == group and word in (words if isinstance(words, list) else [words]):
                return f"{conf.shown(path)}: "
    return ""


def explain(conf: Conf, error: BaseException) -> str:
    """What Hydra says where no single word is to blame."""
    text = told(error)
    inside = re.match(r"In '(\w+/\w+)': ", text)
    file = f"{conf.folder.name}/{inside[1]}.yaml: " if inside and inside[1] != "hydra/config" else ""
    if "Could not override '" in text:
        return file + wrong_override(conf, "", error, {})
    if text.startswith("Error merging override "):
        return wrong_override(conf, text.removeprefix("Error merging override "), error, {})
    group, _, word = str(getattr(error, "missing_cfg_file", "") or "").rpartition("/")
    if isinstance(error, MissingConfigException) and group:
        known = list(conf.options(group)) if group in conf.groups else list(error.options or ())
        hint = suggest(word, known) or "; install the plugin that has it, or leave it out"
        file = chosen_in(conf, group, word)
        return f"{file}{group}={short(word)}: no such option, expected one of {', '.join(known)}{hint}"
    where, reason = getattr(error, "full_key", None), str(error).partition("\n")[0]
    if lacking := re.search(r"Missing mandatory value: (\S+)", reason):
        return f"{lacking[1]}: needs a value; add {lacking[1]}=…"
    reason = re.sub(r"^\w+ raised while resolving interpolation: ", "", reason).strip('"')
    mends = {"Environment": "set it", "Unsupported": "name one such as oc.env", "": "write a value"}
    if "nterpolation key" in reason:
        reason += "; name a setting that is there"
    elif "nterpolation" in str(error):
        reason += f"; {next(mend for start, mend in mends.items() if reason.startswith(start))}"
    return f"{where}: {reason}" if where else text
