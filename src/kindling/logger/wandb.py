"""Weights & Biases, offline unless told otherwise; wandb is an extra."""

import os
from secrets import token_hex
from typing import Any, Literal

from pytorch_lightning.loggers import WandbLogger as LightningLogger
from pytorch_lightning.utilities import rank_zero_only

from kindling.logger.extra import import_extra, keep_id, kept_id, run_name

QUIET = {  # nothing on the terminal, nor of the code: the run's own record has that
    "silent": True,
    "console": "off",
    "disable_git": True,
    "disable_code": True,
    "disable_job_creation": True,
}


class WandbLogger(LightningLogger):
    """Writes to `wandb/` in the run's folder, which `wandb sync` sends to an account later."""

    def __init__(
        self, save_dir: str, project: str = "kindling", mode: Literal["offline", "online"] = "offline"
    ) -> None:
        os.environ.setdefault("WANDB_ERROR_REPORTING", "false")  # it would send its own failures home
        settings: Any = import_extra("wandb", "wandb", "wandb").Settings(**QUIET)
        self.folder, self.id = save_dir, kept_id(save_dir, "wandb") or token_hex(4)
        own: dict[str, Any] = {"name": run_name(save_dir), "id": self.id}
        if mode == "online":
            own["resume"] = "allow"
        super().__init__(save_dir=save_dir, project=project, mode=mode, settings=settings, **own)
        self._wandb_init.pop(
            "anonymous", None
        )  # Lightning passes it on, and wandb warns that it means nothing

    @rank_zero_only
    def log_hyperparams(self, params: Any) -> None:
        """Tell the settings; the run may go on from here."""
        super().log_hyperparams(params)
        keep_id(self.folder, "wandb", self.id)

    @rank_zero_only
    def close(self, exit_code: int) -> None:
        """End the run, so that the next job of a sweep begins one of its own."""
        if self._experiment is not None:
            self._experiment.finish(exit_code=exit_code)
