"""What TensorBoard's tab HPARAMS makes of several runs."""

from pathlib import Path
from typing import Any

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams.metadata import EXPERIMENT_TAG, SESSION_END_INFO_TAG, SESSION_START_INFO_TAG
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData

from kindling.logger.tensorboard import TensorBoardLogger


def logged(folder: Path, settings: dict[str, Any]) -> tuple[set[str], dict[str, Any], float]:
    """The tags of the tab, the settings and the result, read back."""
    logger = TensorBoardLogger(str(folder), name="tensorboard", version="", default_hp_metric=False)
    logger.log_hyperparams(settings, {"best/val/loss": 0.25}, 3)
    logger.finalize("success")
    events = EventAccumulator(str(folder / "tensorboard")).Reload()
    tags = {name: one.plugin_data for name, one in events.summary_metadata.items() if "hparams" in name}
    begins = HParamsPluginData.FromString(tags[SESSION_START_INFO_TAG].content).session_start_info
    return set(tags), dict(begins.hparams), events.Scalars("best/val/loss")[0].value


def test_settings_and_results_of_a_run_are_there_without_a_list_that_would_stand_for_all_runs(
    tmp_path: Path,
) -> None:
    tags, settings, result = logged(tmp_path, {"optimizer": {"lr": 0.1, "betas": [0.9, 0.99]}, "seed": 0})
    assert tags == {SESSION_START_INFO_TAG, SESSION_END_INFO_TAG}, f"and not {EXPERIMENT_TAG}"
    assert settings["optimizer/lr"].number_value == 0.1
    assert settings["optimizer/betas"].string_value == "[0.9, 0.99]"
    assert result == 0.25
    assert (tmp_path / "tensorboard" / "hparams.yaml").exists()
