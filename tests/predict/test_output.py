"""A file of predictions is there whole or not at all."""

from pathlib import Path

import pytest

from kindling.predict.output import writing


def test_parquet_keeps_numbers_and_texts(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    with writing(str(tmp_path / "out.parquet")) as output:
        output.write({"row": range(2), "prediction": ["a", "b"], "probability_a": [0.5, 0.25]})
        output.write({"row": range(2, 3), "prediction": ["c"], "probability_a": [0.125]})
    found = parquet.read_table(tmp_path / "out.parquet").to_pydict()
    assert found == {"row": [0, 1, 2], "prediction": ["a", "b", "c"], "probability_a": [0.5, 0.25, 0.125]}


def test_nothing_is_left_of_a_file_that_was_not_finished(tmp_path: Path) -> None:
    def stop() -> None:
        with writing(str(tmp_path / "out.csv")) as output:
            output.write({"row": [1]})
            assert len(list(tmp_path.iterdir())) == 1
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop()
    assert list(tmp_path.iterdir()) == []
