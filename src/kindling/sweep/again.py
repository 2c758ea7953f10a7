"""The command line that trains a trial again, all of its seeds and folds."""

import shlex
from collections.abc import Sequence

from kindling.run.plain import number
from kindling.run.word import key_of
from kindling.sweep.member import FOLD, FOLDS, SEED
from kindling.sweep.summary import MEMBER, Summary
from kindling.typed import runner


def command(trial: Summary) -> str:
    """Ready to be pasted."""
    return runner() + shlex.join(["python", "train.py", *words(trial)])


def words(trial: Summary) -> list[str]:
    """Those of its jobs, with `seeds` and `cv` in place of what is one job's alone."""
    told = [seeds(distinct(trial, SEED)), folds(distinct(trial, FOLD), distinct(trial, FOLDS))]
    added = [word for one in told for word in one]
    replaced = {key for key, one in zip(MEMBER, told, strict=True) if one}
    if "cv" in map(key_of, added):
        replaced.add(FOLDS)
    keys = {*replaced, *map(key_of, added)}
    kept = [word for word in trial.jobs[0].overrides if key_of(word) not in keys]
    several = any("," in word for word in added)
    return [*(["-m"] if several else []), *kept, *added]


def seeds(found: Sequence[str]) -> list[str]:
    """From the first one on, where they follow each other; nothing for a single one."""
    if len(found) < 2:
        return []
    numbers = whole(found)
    if numbers and numbers == [*range(numbers[0], numbers[0] + len(found))]:
        return [f"{SEED}={numbers[0]}", f"seeds={len(found)}"]
    return [f"{SEED}={','.join(found)}"]


def folds(found: Sequence[str], count: Sequence[str]) -> list[str]:
    """All of them, or those that there are; nothing for a single one."""
    if len(found) < 2:
        return []
    if whole(found) == [*range((whole(count) or [0])[0])]:
        return [f"cv={count[0]}"]
    return [f"{FOLD}={','.join(found)}"]


def distinct(trial: Summary, name: str) -> list[str]:
    """What its jobs set it to, by their words or by default, in order."""
    found = [(job.words.get(name), job.settings.get(name)) for job in trial.jobs]
    told = {word or str(value) for word, value in found if word or value is not None}
    return sorted(told, key=lambda word: number(word) or 0)


def whole(found: Sequence[str]) -> list[int]:
    """The whole numbers that these words are; nothing if one is none."""
    return [int(word) for word in found] if all(word.isdecimal() for word in found) else []
