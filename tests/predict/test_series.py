"""Windows of a series, each with its forecast."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kindling.error import DataError
from kindling.predictor import load

Fitted = Callable[..., tuple[Any, Any, Any]]


@pytest.mark.parametrize("batch_size", [1, 3, 50])
def test_windows_go_on_from_one_part_to_the_next(batch_size: int, fitted: Fitted, tmp_path: Path) -> None:
    days = [f"2020-01-{day:02}" for day in range(1, 32)] + [f"2020-02-{day:02}" for day in range(1, 29)]
    rows = [f"{day},{at * 7 % 12},{at % 5}" for at, day in enumerate(days)]
    (tmp_path / "s.csv").write_text("\n".join(["day,a,b", *rows]))
    words = [
        f"data.path={tmp_path}/s.csv",
        "data.column=b",
        "data.inputs=[a]",
        "data.steps=4",
        "data.horizon=2",
    ]
    data, _, trainer = fitted("data=timeseries", *words)
    predictor = load(trainer.checkpoint_callbacks[-1].best, batch_size=batch_size)
    found = predictor.predict(tmp_path / "s.csv")
    assert found.shape == (59 - 4 + 1, 2)
    windows = data.splits["train"].inputs  # without the last two, whose future is not known
    np.testing.assert_allclose(found[:-2], predictor.predict(windows), rtol=1e-5, atol=1e-6)
    names = [names["row"] for names, _ in predictor.batches(tmp_path / "s.csv")]
    assert [row for part in names for row in part] == list(range(3, 59))
    (tmp_path / "t.csv").write_text("\n".join(["day,a,b", *reversed(rows)]))
    with pytest.raises(DataError, match=r"t.csv, line 3, column day: expected rising dates; mend it"):
        load(trainer.checkpoint_callbacks[-1].best, batch_size=max(batch_size, 3)).predict(tmp_path / "t.csv")
    (tmp_path / "t.csv").write_text("\n".join(["day,a,b", *rows[:3]]))
    with pytest.raises(DataError, match="expected 4 rows or more, got 3"):
        predictor.predict(tmp_path / "t.csv")
