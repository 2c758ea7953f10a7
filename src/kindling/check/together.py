"""Words that are right alone and wrong together: they train nothing, or something else than was said."""

from collections.abc import Iterator
from itertools import combinations

from kindling.check.fold import folds
from kindling.check.job import Job, short, taken
from kindling.check.node import world, wrong_nodes
from kindling.check.score import monitors, scores, told
from kindling.check.setting import GLOBAL
from kindling.check.shares import wrong_shares
from kindling.error import ConfigError, UserError, dotted, suggest

FACADES = {"regularizer", "experiment", "debug"}


def wrong_together(job: Job, in_sweep: bool) -> Iterator[UserError]:
    """Every mistake that shows only in the whole configuration."""
    parts = (names, clashes, ends, processes, wrong_shares, samples, targets, folds)
    for check in (*parts, scores, monitors, layers, momentum, rows):
        for text in check(job):
            yield ConfigError(text)
    for text in wrong_nodes(job, in_sweep):
        yield ConfigError(text)
    if in_sweep:
        for text in sweeps(job):
            yield ConfigError(text)


def names(job: Job) -> Iterator[str]:
    """Names on top that nothing reads."""
    for group in sorted(FACADES & job.config.keys()):
        yield f"conf/{group}: expected each file to begin with the line {GLOBAL}, got one without; add it"
    top = {one.name.partition(".")[0] for one in job.conf.read(job.conf.main)}
    for name in sorted(job.config.keys() - top - set(job.conf.groups) - FACADES):
        texts = [path.read_text(encoding="utf-8") for path in job.conf.chosen_files(job.choices)]
        if not any(f"${{{name}" in text for text in [*texts, *job.overrides]):
            hint = suggest(name, [one for one in dotted(job.config) if one != name]) or "; leave it out"
            yield f"{short(job.where(name))}: no such setting{hint}"


def clashes(job: Job) -> Iterator[str]:
    """Two regularizers that set the same thing to different values."""
    words = [word for word in job.choices.get("regularizer") or [] if isinstance(word, str)]
    for first, second in combinations(words, 2):
        one, other = (values(job, word) for word in (first, second))
        for name in sorted(one.keys() & other.keys()):
            if one[name] != other[name]:
                both = f"{one[name]} and {other[name]}"
                yield f"regularizer=[{first},{second}]: set {name} to {both}; choose one of them"


def values(job: Job, word: str) -> dict[str, str]:
    """What a regularizer sets, by dotted name."""
    path = job.conf.options("regularizer").get(word)
    lines = job.conf.read(path) if path else ()
    return {one.name: one.text for one in lines if one.text and not one.text.startswith("{")}


def ends(job: Job) -> Iterator[str]:
    """A run that trains nothing, or a schedule over a run without an end."""
    if job.at("trainer.fast_dev_run") or job.at("trainer.max_epochs") == 0:
        yield "trainer: expected one epoch or more and no fast_dev_run; try debug=one_batch"
    for name in ("accumulate_grad_batches", "check_val_every_n_epoch", "num_nodes"):
        told = job.at(f"trainer.{name}")
        if isinstance(told, int) and told < 1:
            yield f"{job.where(f'trainer.{name}')}: expected a whole number of 1 or more, got {told}; write 1"
    horizon = job.at("scheduler.horizon")
    endless = job.at("trainer.max_epochs") == -1 and job.at("trainer.max_steps") in (None, -1)
    if horizon and endless and job.at(f"scheduler.scheduler.{horizon}") is None:
        yield f"{job.named('scheduler')}: needs a run with an end, got trainer.max_epochs=-1; set a number"


def alone(job: Job) -> bool:
    """Whether one process trains."""
    told = job.at("trainer.devices")
    one = str(told) == "1" or (isinstance(told, list) and len(told) == 1)
    return one and job.at("trainer.strategy") in (None, "auto")


def processes(job: Job) -> Iterator[str]:
    """Processes that don't know of one another."""
    if alone(job) and world() > 1:
        yield f"trainer: each of {world()} processes would train alone; add trainer=ddp"


def sweeps(job: Job) -> Iterator[str]:
    """Several processes that would each run a whole sweep."""
    if world() > 1:
        yield "sweep: expected one process, got several of torchrun or srun; start it without, by launcher="
    elif not alone(job) and not job.at("launcher._target_"):  # Lightning would run it in each
        yield "trainer: expected one process a job, as this one runs all, got several; add launcher=process"


def samples(job: Job) -> Iterator[str]:
    """A network that can't read such samples, as tables; both classes say so in a constant."""
    has = "image" if job.at("data.image_shape") else told(job, "data", "sample")
    needs = told(job, "model", "samples")
    if isinstance(has, str) and isinstance(needs, tuple) and has not in needs:
        kinds = " or ".join(f"{one}s" for one in needs)
        rows = "rows of a table" if has == "table" else f"{has}s"
        yield f"{job.named('model')} needs {kinds}; {job.named('data')} has {rows}; try model=mlp"


def targets(job: Job) -> Iterator[str]:
    """A task for classes on numbers to predict, or the other way."""
    kinds = {"class": "classes", "real": "numbers to predict"}
    needs, has = told(job, "task", "kind"), told(job, "data", "kind")
    if isinstance(has, str) and "." in has:
        has = str(job.at(has))  # a list where one was typed, which its own check refuses
    if needs in kinds and has in kinds and needs != has:
        fits = "regression" if has == "real" else "classification"
        yield (
            f"{job.named('task')} needs {kinds[str(needs)]}; {job.named('data')} has {kinds[str(has)]}; "
            f"write task={fits}"
        )


def layers(job: Job) -> Iterator[str]:
    """Layers that wait or learn at rates of their own, where nothing can tell them apart."""
    if job.at("freeze") in ("body", "gradual") and job.at("init_from") is None:
        yield f"freeze={job.at('freeze')}: expected learned weights to hold; add init_from=RUN"
    settings = taken(job.at("optimizer._target_"))
    apart = [
        name for name, value in (("body_learning_rate", None), ("layer_decay", 1)) if job.at(name) != value
    ]
    apart += ["freeze=gradual"] if job.at("freeze") == "gradual" else []
    if settings and not settings.open_ended and "weight_decay" not in settings.named and apart:
        yield f"{job.named('optimizer')}: treats all layers alike; remove {', '.join(apart)}"


def momentum(job: Job) -> Iterator[str]:
    """Nesterov's momentum without any, which torch refuses."""
    if job.at("optimizer.nesterov") is True and job.at("optimizer.momentum") == 0:
        yield "optimizer.nesterov: expected false without momentum, got true; add optimizer.nesterov=false"


def rows(job: Job) -> Iterator[str]:
    """All rows in a GPU's memory, and none in that of the machine."""
    if job.at("data.on_device") is True and job.at("data.in_memory") is False:
        expected = "expected false beside data.in_memory=false, got true"
        yield f"{job.where('data.on_device')}: {expected}; leave one of them out"
