"""A row an epoch, complete at any moment."""

import csv
from pathlib import Path

from kindling.logger.csv import CSVLogger


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "metrics.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_what_one_epoch_logs_is_one_row(tmp_path: Path) -> None:
    logger = CSVLogger(str(tmp_path))
    for epoch in range(3):
        logger.log_metrics({"val/loss": 0.5, "epoch": epoch})
        logger.save()
        logger.log_metrics({"train/loss": 0.25 * epoch, "epoch": epoch})
        logger.save()
        assert len(rows(tmp_path)) == epoch + 1
    assert rows(tmp_path)[2] == {"epoch": "3", "val/loss": "0.5", "train/loss": "0.5"}


def test_a_column_that_comes_late_is_empty_above(tmp_path: Path) -> None:
    logger = CSVLogger(str(tmp_path))
    logger.log_metrics({"a": 1.0, "epoch": 0})
    logger.save()
    logger.log_metrics({"a": 2.0, "b": 3.0, "epoch": 1})
    logger.save()
    assert [row["b"] for row in rows(tmp_path)] == ["", "3.0"]


def test_a_shorter_row_leaves_nothing_of_the_longer_one(tmp_path: Path) -> None:
    logger = CSVLogger(str(tmp_path))
    for value in (0.123456789, 1.0):
        logger.log_metrics({"a": value, "epoch": 0})
        logger.save()
    assert (tmp_path / "metrics.csv").read_text() == "epoch,a\n1,1.0\n"


def test_test_metrics_are_not_an_epoch(tmp_path: Path) -> None:
    logger = CSVLogger(str(tmp_path))
    logger.log_metrics({"test/loss": 1.0, "epoch": 7})
    logger.save()
    assert not (tmp_path / "metrics.csv").exists()
