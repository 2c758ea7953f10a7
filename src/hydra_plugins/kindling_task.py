"""task=auto: the target of the data decides, while a configuration is composed."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from hydra._internal.config_loader_impl import ConfigLoaderImpl
from hydra.core.config_search_path import ConfigSearchPath
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.plugins.search_path_plugin import SearchPathPlugin
from hydra.types import RunMode
from omegaconf import DictConfig

from kindling.check.auto import task_of

Load = Callable[..., DictConfig]


class TaskFromData(SearchPathPlugin):
    """Hydra has no hook between words and composition: the loader itself is wrapped, once."""

    def manipulate_search_path(self, search_path: ConfigSearchPath) -> None:
        """Called by Hydra at its start; the search path stays as it is."""
        # what all ways to compose go through, in Hydra 1.3 and 1.4
        if not hasattr(ConfigLoaderImpl._load_configuration_impl, "__wrapped__"):
            load = with_task(ConfigLoaderImpl._load_configuration_impl)
            ConfigLoaderImpl._load_configuration_impl = load  # type: ignore[method-assign]


def with_task(load: Load) -> Load:
    """Compose again with the task that was found, as if it had been typed."""

    @wraps(load)
    def load_configuration(
        self: ConfigLoaderImpl, *, overrides: list[str], run_mode: RunMode, **options: Any
    ) -> DictConfig:
        cfg = load(self, overrides=overrides, run_mode=run_mode, **options)
        is_asked = run_mode is RunMode.RUN and cfg.hydra.runtime.choices.get("task") == "auto"
        if not is_asked or not (found := task_of(cfg)):
            return cfg
        words = [*(word for word in overrides if word != "task=auto"), f"task={found}"]
        if options.get("parsed_overrides") is not None:  # Hydra 1.4 hands on what it has read
            options["parsed_overrides"] = OverridesParser.create().parse_overrides(words)
        return load(self, overrides=words, run_mode=run_mode, **options)

    return load_configuration
