"""task=auto: the target of the data decides, while a configuration is composed."""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any

from hydra._internal.config_loader_impl import ConfigLoaderImpl
from hydra.core.config_search_path import ConfigSearchPath
from hydra.plugins.search_path_plugin import SearchPathPlugin
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from kindling.error import UserError

Load = Callable[..., DictConfig]


class TaskFromData(SearchPathPlugin):
    """Hydra has no hook between words and composition: the loader itself is wrapped, once."""

    def manipulate_search_path(self, search_path: ConfigSearchPath) -> None:
        """Called by Hydra at its start; the search path stays as it is."""
        if not hasattr(ConfigLoaderImpl.load_configuration, "__wrapped__"):
            load = with_task(ConfigLoaderImpl.load_configuration)
            ConfigLoaderImpl.load_configuration = load  # type: ignore[method-assign]


def with_task(load: Load) -> Load:
    """Compose again with the task that was found, as if it had been typed."""

    @wraps(load)
    def load_configuration(
        self: ConfigLoaderImpl, config_name: str, overrides: list[str], run_mode: RunMode, **options: Any
    ) -> DictConfig:
        cfg = load(self, config_name, overrides, run_mode, **options)
        if run_mode is RunMode.RUN and cfg.hydra.runtime.choices.get("task") == "auto":
            from kindling.source.target import find_task  # brings numpy: only where it is needed

            words = [word for word in overrides if word != "task=auto"]
            # what is wrong with the data is told by the checks, in a line of their own
            with suppress(UserError, OmegaConfBaseException, TypeError):
                data: Any = OmegaConf.to_container(cfg.data, resolve=True, throw_on_missing=True)
                return load(self, config_name, [*words, f"task={find_task(data)}"], run_mode, **options)
        return cfg

    return load_configuration
