"""Going on with a run that was stopped or killed, to the bits that it would have come to."""

import logging
from copy import deepcopy
from functools import cached_property
from pathlib import Path
from typing import Any

from kindling.error import RunError, dotted
from kindling.run.find import is_run, read_config
from kindling.run.naming import is_first_rank
from kindling.run.process import lives
from kindling.run.trust import require_trusted
from kindling.run.word import key_of, read_json, read_status, stored_words, words_of

log = logging.getLogger(__name__)
FREE = (  # what can't alter the result; that moved data are the same is seen by their sha256
    *("logger", "save_interval", "resume", "check", "threads", "data.workers", "data.in_memory"),
    *("data.on_device", "data.root", "data.path", "data.target_path", "data.test_path", "data.mirror"),
    *("callback.progress", "trainer.max_epochs", "trainer.accelerator", "trainer.profiler"),
    *("trainer.enable_model_summary", "trainer.enable_progress_bar"),
)
STARTED = ("status.json", "command.txt")  # which a run writes before its settings


class Past:
    """What the folder of a run tells that is to go on."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.status = read_status(folder)
        kinds = {"data": dict, "resumed": list}
        facts = read_json(folder / "environment.json").items()
        self.environment: dict[str, Any] = {
            key: fact for key, fact in facts if isinstance(fact, kinds.get(key, object))
        }
        self.words = words_of(stored_words(folder))
        self.typed: dict[str, Any] | None = None  # the settings of a line that doesn't repeat the stored one

    @cached_property
    def config(self) -> dict[str, Any]:
        """Its settings; raises RunError where they build what isn't known."""
        return read_config(self.folder, self.typed)

    @property
    def done(self) -> bool:
        """Whether it came to its end."""
        return bool(self.status.get("status") == "done")

    def ended(self, config: dict[str, Any]) -> bool:
        """Whether nothing is left to do; raises RunError while it is still running."""
        if is_first_rank():
            self.require_idle()
        return self.done and config["trainer"].get("max_epochs") == self.config["trainer"].get("max_epochs")

    def settle(self, config: dict[str, Any], overrides: list[str]) -> dict[str, Any]:
        """The settings to go on with: those that it began with, and what of the line alters no result.

        Raises RunError where the line would alter it; what has changed in conf/ since then does not count.
        """
        self.typed = config if config.get("resume") in (None, "auto") else None
        changed = self.words ^ words_of(overrides)
        found = self._changed(config, changed) if changed else self.config
        if found != self.typed:
            require_trusted(found, f"resume: {self.folder}")
        return found

    def _changed(self, config: dict[str, Any], changed: set[str]) -> dict[str, Any]:
        differing = {key: (was, now) for key, was, now in differences(self.config, config)}
        altering = {key: values for key, values in differing.items() if not is_free(key)}
        if altering and not all(is_free(key_of(word)) for word in changed):
            key, (was, now) = next(iter(altering.items()))
            more = f" (and {len(altering) - 1} more)" if len(altering) > 1 else ""
            raise RunError(
                f"resume: {key} was {was} as {self.folder} began, got {now}{more}; "
                "leave it out or begin another run"
            )
        return self._with_free(config)

    def require_idle(self) -> None:
        """Refuse a run that is still running; raises RunError."""
        process = self.status.get("process") or {}
        if self.status.get("status") == "running" and lives(process):
            raise RunError(f"{self.folder}: is running, as process {process['pid']}; wait for it or stop it")

    def require_same_data(self, identity: dict[str, Any]) -> None:
        """Refuse other data than it began with; raises RunError."""
        known = self.environment.get("data") or identity
        for name, now in identity.items():
            if known.get(name) != now:
                raise RunError(
                    f"resume: the data's {name} was {known.get(name)} as {self.folder} began, got {now}; "
                    "bring back the data or begin another run"
                )

    def _with_free(self, config: dict[str, Any]) -> dict[str, Any]:
        found = deepcopy(self.config)
        for key in FREE:
            *parents, last = key.split(".")
            into, of = found, config
            for parent in parents:
                into, of = into.get(parent, {}), of.get(parent, {})
            if isinstance(of, dict) and last in of:
                into[last] = of[last]
        self._require_more_epochs(found)
        return found

    def _require_more_epochs(self, config: dict[str, Any]) -> None:
        was, now = (part["trainer"].get("max_epochs") for part in (self.config, config))
        if was == now:
            return
        endless = was in (None, -1) and now not in (None, -1)
        if endless or (now is not None and 0 <= now < was):
            raise RunError(f"resume: expected trainer.max_epochs={was} or more, got {now}; begin another run")
        if (config.get("scheduler") or {}).get("horizon") or "weight_averaging" in (
            config.get("callback") or {}
        ):
            raise RunError(
                f"resume: its schedule or average was laid out for {was} epochs; begin another run for {now}"
            )


def find_past(resume: bool, folder: Path) -> Past | None:
    """The run to go on with in a folder; None where a new one is to begin."""
    if resume and not is_run(folder):
        clear_start(folder)
    return Past(folder) if resume and is_run(folder) else None


def clear_start(folder: Path) -> None:
    """Remove what is left of a run that was killed before it had written its settings, and nothing else."""
    left = [*folder.glob(".*.[0-9]*"), *(folder / name for name in STARTED)]
    known = {*left, folder / "log.txt", folder / ".hydra"}
    if is_first_rank() and folder.is_dir() and known.issuperset(folder.iterdir()):
        Past(folder).require_idle()
        for path in left:
            path.unlink(missing_ok=True)


def differences(was: dict[str, Any], now: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """Each setting that is not the same, by its dotted name, with both values."""
    keys = dict.fromkeys([*dotted(was), *dotted(now)])
    pairs = [(key, look_up(was, key), look_up(now, key)) for key in keys]
    return [(key, old, new) for key, old, new in pairs if old != new and not isinstance(old or new, dict)]


def look_up(settings: Any, key: str) -> Any:
    """The value of a dotted name; None where there is none."""
    for part in key.split("."):
        settings = settings.get(part) if isinstance(settings, dict) else None
    return settings


def is_free(key: str) -> bool:
    """Whether a setting can't alter the result."""
    return any(key == free or key.startswith(f"{free}.") for free in FREE)


def tell(text: str) -> None:
    """One line, on standard output and in log.txt, of several processes from one."""
    if is_first_rank():
        print(text, flush=True)
        log.info(text)
