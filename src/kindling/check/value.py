"""Each value of a job against what its target takes and what its file declares."""

import re
from collections.abc import Iterator
from typing import Any

from kindling.check.fit import Schema, describe, fits, spelled
from kindling.check.job import Job, short, tables, taken
from kindling.check.kind import of_parameter
from kindling.check.setting import parsed
from kindling.check.signature import Parameters
from kindling.check.target import is_there, missing_target
from kindling.error import ConfigError, UserError, suggest

# what build.py fills in, so that nobody may set it
FACTS = {
    "model": {"input_shape", "num_outputs"},
    "task": {"spec"},
    "augmentation": {"spec", "seed"},
    "mixers": {"spec"},
    "optimizer": {"params"},
    "scheduler": {"optimizer"},
    "logger": {"save_dir"},
    "trainer": {"callbacks", "logger", "plugins", "default_root_dir"},
    "module": {
        *("net", "task", "input_shape", "optimizer", "schedule", "penalties", "augmentation", "mixers"),
        *("rates", "seed"),
    },
}
HYDRA = {"_target_", "_partial_", "_args_", "_convert_", "_recursive_"}
BY_NAME = {"callback", "logger", "mixers", "penalties", "scheduler"}  # hold parts, and are none
SCHEDULE = {"scheduler", "interval", "frequency", "monitor", "strict", "name", "horizon", "rates"}
LATER = "<known when the job starts>"  # for ${hydra:…}


def wrong_values(job: Job) -> Iterator[UserError]:
    """Every setting that nothing reads, lacks a value, or has one that it doesn't take."""
    for key, value in job.config.items():
        yield from wrong_value(job, key, value, None)
    yield from wrong_parts(job)
    for name, table in tables(job.config):
        target = table.get("_target_")
        if "_target_" in table and not is_there(target):
            yield missing_target(job, name, target)
            continue
        told = taken(target)
        if target is not None and is_partial(name) and "_partial_" not in table:
            yield ConfigError(
                f"{job.where(name)}: expected _partial_: true beside _target_, got none; add it"
            )
        yield from unknown_settings(job, name, table, told)
        if told and not table.get("_args_"):
            yield from lacking_settings(job, name, table, told)
        for key, value in table.items():
            full = f"{name}.{key}"
            yield from (
                wrong_instruction(job, full, value) if key in HYDRA else wrong_value(job, full, value, told)
            )


def is_held(name: str) -> bool:
    """Whether the program itself takes what is built there, and not another part."""
    group, *inner = name.split(".")
    return len(inner) == (group in BY_NAME)


def is_partial(name: str) -> bool:
    """Whether the program calls what is built there with facts of its own."""
    return is_held(name) and name.partition(".")[0] in FACTS


def wrong_parts(job: Job) -> Iterator[UserError]:
    """What stands among callbacks or penalties and is none; null switches one off."""
    for group in sorted(BY_NAME - {"scheduler"}):
        held = job.at(group)
        for key, value in held.items() if isinstance(held, dict) else []:
            off = value is None and group in ("callback", "logger")
            if not off and not (isinstance(value, dict) and "_target_" in value):
                where, got = job.where(f"{group}.{key}"), short(spelled(value)) or "nothing"
                yield ConfigError(f"{where}: expected a _target_ with its settings, got {got}; leave it out")


def wrong_instruction(job: Job, name: str, value: Any) -> Iterator[UserError]:
    """What Hydra or build.py can't do with a target: only what is called with facts is left partial."""
    part, _, key = name.rpartition(".")
    kind = {"_args_": "array", "_partial_": "boolean", "_recursive_": "boolean"}.get(key, "string")
    decided = key == "_partial_" and is_held(part)
    schema = {"enum": [is_partial(part)]} if decided else {"type": kind}
    if not fits(value, schema):
        got = short(spelled(value)) or "nothing"
        yield ConfigError(f"{job.where(name)}: expected {describe(schema)}, got {got}; leave it out")


def wrong_value(job: Job, name: str, value: Any, told: Parameters | None) -> Iterator[UserError]:
    """A value that the setting doesn't take."""
    if value == "???":
        where = job.where(name)
        yield ConfigError(f"{where}: needs a value; add {name}=…")
        return
    known = told is not None and name.rpartition(".")[2] in told.named
    setting = job.settings.get(name)
    if setting and re.fullmatch(r"\$\{[\w.]+\}", setting.text) and not job.typed(name):
        return  # what it refers to is judged itself
    is_table = known or (setting is not None and setting.text and not setting.text.startswith("{"))
    if isinstance(value, dict) and ("_target_" in value or not is_table):
        return
    schema = job.schema(name, told)
    if not fits(value, schema) and LATER not in str(value):
        words = [one for one in texts(schema) if isinstance(one, str)]
        line, got = f"{job.where(name)}: expected {describe(schema)}, got", short(spelled(value)) or "nothing"
        if fits_unquoted(value, schema):
            yield ConfigError(f"{line} the text {got}{job.decoded(name, value)}")
        else:
            yield ConfigError(f"{line} {got}{job.remedy(name, value, words, schema)}")


def fits_unquoted(value: Any, schema: Schema) -> bool:
    """Whether a text would do without its quotes; yes and no are true and false to YAML alone."""
    if not isinstance(value, str) or value.lower() in ("yes", "on", "no", "off"):
        return False
    return fits(parsed(value), schema)


def texts(schema: Any) -> Iterator[Any]:
    """All words that a schema names, in lists too."""
    yield from schema.get("enum", ())
    for one in [*schema.get("anyOf", ()), *filter(None, [schema.get("items")])]:
        yield from texts(one)


def unknown_settings(
    job: Job, name: str, table: dict[str, Any], told: Parameters | None
) -> Iterator[UserError]:
    """Settings that the target doesn't take, or that the program fills in."""
    group, _, inner = name.partition(".")
    facts = FACTS.get(group, set()) if table.get("_target_") else set()
    if group == "scheduler" and not inner:
        told = Parameters(dict.fromkeys(SCHEDULE))  # type: ignore[arg-type]
    if told is None and group not in job.conf.groups:  # a table of the run's own, as monitor
        lines = job.conf.read(job.conf.main)
        own = [one.name.removeprefix(f"{name}.") for one in lines if one.name.startswith(f"{name}.")]
        told = Parameters(dict.fromkeys(own)) if own else None  # type: ignore[arg-type]
    if told is None or told.open_ended:
        return
    known = [one for one in told.named if one not in facts]
    for key in table:
        full = f"{name}.{key}"
        if key in facts and key in told.named:
            yield ConfigError(f"{job.where(full)}: is filled in by the program; leave it out")
        elif key not in told.named and key not in HYDRA:
            yield ConfigError(unknown(job, full, name, known))


def unknown(job: Job, full: str, name: str, known: list[str]) -> str:
    """What to say of a setting that isn't one of those that are known."""
    group, key = name.partition(".")[0], full.rpartition(".")[2]
    path = job.setters.get(full)
    near = suggest(key, known)
    if not near and group == "scheduler" and "scheduler" in known:
        near = f"; did you mean scheduler.scheduler.{key}?"
    takes = ", ".join(known[:8]) + (", …" if len(known) > 8 else "")
    hint = near.replace("mean ", f"mean {name}.") if near and "." not in near else near
    hint = hint or (f"; it takes {takes}" if known else "; it takes none")
    if path and job.conf.group(path) == "regularizer" and not job.typed(full):
        lacks = f"but {job.named(group)} has no such setting; leave it out"
        return f"regularizer=[{path.stem}]: sets {full}, {lacks}"
    other_class = f"{name}._target_" in job.keys
    if path and not job.typed(full) and (other_class or job.conf.group(path) != group):
        hint = f"; add ~{full} to leave it out"
    who = str(job.at(f"{name}._target_")).rpartition(".")[2] if other_class else job.named(group)
    return f"{job.where(full)}: {who} has no such setting{hint}"


def lacking_settings(job: Job, name: str, table: dict[str, Any], told: Parameters) -> Iterator[UserError]:
    """Arguments without a default that nobody gives."""
    filled = FACTS.get(name.partition(".")[0], set())
    if name == "scheduler.scheduler":
        asked = {one: job.at(f"scheduler.{one}") for one in ("horizon", "rates")}
        filled = filled | {str(argument) for argument in asked.values()}
        for one, argument in asked.items():
            if isinstance(argument, str) and argument not in told.named and not told.open_ended:
                takes = ", ".join(key for key in told.named if key not in FACTS["scheduler"])
                got = f"got {short(argument)}{job.remedy(f'scheduler.{one}', argument, list(told.named))}"
                yield ConfigError(f"{job.where(f'scheduler.{one}')}: expected one of {takes}, {got}")
                return
    for key, parameter in told.named.items():
        if not parameter.required or key in filled:
            continue
        full = f"{name}.{key}"
        setting = job.settings.get(full)
        refers = setting is not None and "${" in setting.text  # and what it refers to is judged itself
        if key not in table:
            place = job.where(f"{name}._target_").removesuffix("._target_")
            yield ConfigError(f"{place}.{key}: needs a value; add +{full}=…")
        elif table[key] is None and not refers and not fits(None, of_parameter(parameter)):
            yield ConfigError(f"{job.where(full)}: needs a value; add {full}=…")
