"""MLflow, in files without a server unless told otherwise; mlflow-skinny is an extra."""

import logging
import os
from pathlib import Path
from typing import Any

from pytorch_lightning.loggers import MLFlowLogger as LightningLogger
from pytorch_lightning.utilities import rank_zero_only

from kindling.logger.extra import import_extra, keep_id, kept_id, run_name

QUIET = {  # read when mlflow is imported
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_ALLOW_FILE_STORE": "true",  # a database would want sqlalchemy and alembic, and seconds a run
}


class MLFlowLogger(LightningLogger):
    """Writes to `mlflow/` in the run's folder, or to the server at `tracking_uri`."""

    def __init__(self, save_dir: str, experiment: str = "kindling", tracking_uri: str | None = None) -> None:
        for name, value in QUIET.items():
            os.environ.setdefault(name, value)
        import_extra("mlflow", "mlflow", "mlflow-skinny")
        logging.getLogger("pytorch_lightning.loggers.mlflow").setLevel(logging.ERROR)  # a new one is no news
        local = (Path(save_dir).absolute() / "mlflow").as_uri()
        self.folder, self.known = save_dir, kept_id(save_dir, "mlflow")
        super().__init__(experiment, run_name(save_dir), tracking_uri or local, run_id=self.known)

    @rank_zero_only
    def log_hyperparams(self, params: Any) -> None:
        """Tell the settings, once: MLflow lets none be told anew. A run that goes on is running again."""
        if self.known:
            self.experiment.update_run(self.known, "RUNNING")
        else:
            super().log_hyperparams(params)
            keep_id(self.folder, "mlflow", str(self.run_id))

    def finalize(self, status: str = "success") -> None:
        """Nothing: Lightning calls it after training, and the test is still to come."""

    @rank_zero_only
    def close(self, exit_code: int) -> None:
        """End the run, which would stay RUNNING."""
        if self._initialized:
            status = "FINISHED" if exit_code == 0 else "KILLED" if exit_code > 128 else "FAILED"
            self.experiment.set_terminated(self.run_id, status)
