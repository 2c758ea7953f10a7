"""The state that a run goes on from: found, checked, and told to its loggers."""

from pathlib import Path
from typing import Any

from kindling.error import RunError
from kindling.run.keep import FORMAT
from kindling.run.resume import Past, differences, is_free, tell
from kindling.run.store import bring_back, clear_leftovers, read_checkpoint
from kindling.run.verify import newest_whole, previous

NEEDED = (
    *(("kindling", key) for key in ("config", "best_score", "should_stop", "measured", "metrics", "opening")),
    *(("callbacks", "Record", key) for key in ("rows", "validated", "validated_at")),
    *(("loops", "fit_loop", key) for key in ("epoch_progress", "epoch_loop.batch_progress")),
    *((key,) for key in ("state_dict", "optimizer_states", "lr_schedulers", "epoch")),
)
State = tuple[Path | None, dict[str, Any]]


def find_state(past: Past, identity: dict[str, Any]) -> State:
    """The newest checkpoint that verifies, and what it holds; raises RunError, and changes nothing."""
    past.require_same_data(identity)
    path, faults = newest_whole(path_of(past, "last.ckpt"))
    for fault in faults:
        tell(f"skipped: {fault}")
    if path is None:
        if "process" in past.status:  # it has run before
            tell(f"{past.folder}: no state was saved; begins anew")
        return None, {}
    state = read_checkpoint(path)
    require_format(state, path)
    require_parts(state, path)
    require_own(past, state["kindling"], path)
    if past.done and state["kindling"]["should_stop"]:
        epoch = state["epoch"] + 1
        raise RunError(f"{past.folder}: stopped early after epoch {epoch}; more epochs would change nothing")
    return path, state


def require_parts(state: dict[str, Any], path: Path) -> None:
    """Refuse what lacks a part of a state to go on from; raises RunError."""
    for place in NEEDED:
        found: Any = state
        for key in place:
            if not isinstance(found, dict) or key not in found:
                expected = f"{path}: expected the state of a run, got one without {' '.join(place)}"
                raise RunError(f"{expected}; bring back its own, or begin another run")
            found = found[key]


def require_own(past: Past, kept: dict[str, Any], path: Path) -> None:
    """Refuse the state of another run, and one whose best weights are gone; raises RunError."""
    for key, was, now in differences(past.config, kept["config"]):
        if not is_free(key):
            told = f"{path}: is of another run, {key} is {now} there and {was} in {past.folder}"
            raise RunError(f"{told}; bring back its own, or begin another run")
    best = path_of(past, "best.ckpt")
    if kept["best_score"] is not None and not has_best(kept, best):
        raise RunError(f"{best}: the best weights so far are gone or damaged; bring them back")


def has_best(kept: dict[str, Any], best: Path) -> bool:
    """Whether the best weights as of a state are there; those of a later epoch will come again."""
    whole, _ = newest_whole(best)
    if whole in (None, best):  # a killed write spoils the next best ones, and leaves these as predecessor
        return whole is not None
    sign = 1 if kept["config"]["monitor"]["mode"] == "min" else -1
    found: float = read_checkpoint(previous(best))["kindling"]["best_score"]
    return bool(sign * found <= sign * kept["best_score"])


def path_of(past: Past, name: str) -> Path:
    """Where a checkpoint of the run lies."""
    return past.folder / "checkpoints" / name


def require_format(state: dict[str, Any], path: Path) -> None:
    """Refuse what another version wrote and this one can't go on with; raises RunError."""
    form = state.get("kindling", {}).get("format", 0)
    if form == 0:
        raise RunError(
            f"{path}: has no place in the data to go on from; begin another run with init_from={path}"
        )
    if form > FORMAT:
        raise RunError(f"{path}: expected format {FORMAT}, got {form}, of a newer kindling; update this one")


def take_up(past: Past, state: dict[str, Any], trainer: Any) -> None:
    """Let the loggers go on, and remove what a killed write left behind."""
    if trainer.is_global_zero:
        clear_leftovers(past.folder)
        bring_back(path_of(past, "best.ckpt"))
    if not state:
        resume_loggers(trainer, [], 0)
        return
    record = state["callbacks"]["Record"]
    rows, begun = record["rows"], record["validated"]
    loop = state["loops"]["fit_loop"]
    epoch = loop["epoch_progress"]["current"]
    batches, step = loop["epoch_loop.batch_progress"]["current"], loop["epoch_loop.state_dict"]
    step = step["_batches_that_stepped"]
    ended = epoch["processed"] == epoch["started"]
    place = "" if ended else f", after batch {batches['processed']} of epoch {epoch['processed'] + 1}"
    tell(f"{past.folder}: goes on after {len(rows)} epochs{place}")
    if begun and not ended:
        rows = [*rows, {"epoch": epoch["processed"] + 1, **begun}]
    resume_loggers(trainer, rows, step - 1 if ended else step)
    if ended and rows:  # Lightning logs an epoch after its checkpoint, too late for a process that is killed
        last = {**rows[-1], "epoch": rows[-1]["epoch"] - 1}
        if record["validated_at"] < step - 1:  # amid the epoch: that is shown already
            last = {name: value for name, value in last.items() if not name.startswith("val/")}
        for logger in trainer.loggers:
            logger.log_metrics(last, step - 1)
            logger.save()


def resume_loggers(trainer: Any, rows: list[dict[str, float]], step: int) -> None:
    """Tell those that can go on."""
    for logger in trainer.loggers:
        if hasattr(logger, "resume"):
            logger.resume(rows, step)
