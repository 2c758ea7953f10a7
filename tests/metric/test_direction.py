"""Each metric says which way is better, so that the best epoch is kept and not the worst."""

from collections.abc import Callable
from pathlib import Path

import pytest
from omegaconf import DictConfig

from kindling.build import build
from kindling.error import ConfigError
from tests.conftest import QUIET

BETTER = {
    "wine": {"auroc": "max", "average_precision": "max", "calibration_error": "min", "f1": "max"},
    "diabetes": {"r2": "max", "rmse": "min", "mae": "min"},
}


@pytest.mark.parametrize(("data", "metric"), [(data, name) for data in BETTER for name in BETTER[data]])
def test_the_other_way_is_refused(
    data: str, metric: str, composed: Callable[..., DictConfig], tmp_path: Path
) -> None:
    better = BETTER[data][metric]
    words = [*QUIET, f"data={data}", f"task.metrics=[{metric}]", f"monitor.metric=val/{metric}"]
    build(composed(*words, f"monitor.mode={better}"), tmp_path)
    with pytest.raises(ConfigError, match=f"expected {better} for val/{metric}"):
        build(composed(*words, f"monitor.mode={'min' if better == 'max' else 'max'}"), tmp_path)
