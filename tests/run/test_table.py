"""A table fits a terminal, whatever stands in it."""

import pytest

from kindling.run.table import column, fit, lines, places, shorten, size, text

COLUMNS = [
    column("run", ["outputs/1", "outputs/22"]),
    column("words", ["optimizer.lr=0.1 model.hidden=[64,64] seed=3", "seed=4"]),
    column("val/loss", [0.123456, ""], digits=4),
    column("seconds", [5.0, 10.25], digits=4),
]


def test_without_a_limit_all_is_there() -> None:
    assert lines(COLUMNS) == [
        "run         words                                         val/loss  seconds",
        "outputs/1   optimizer.lr=0.1 model.hidden=[64,64] seed=3    0.1235        5",
        "outputs/22  seed=4                                                    10.25",
    ]


@pytest.mark.parametrize("limit", [20, 30, 40, 50, 60, 75, 200])
def test_no_line_is_longer_than_the_terminal(limit: int) -> None:
    assert max(map(places, lines(fit(COLUMNS, limit)))) <= limit


def test_texts_are_cut_before_columns_go_and_spare_ones_go_first() -> None:
    assert lines(fit(COLUMNS, 60))[1] == "outputs/1   optimizer.lr=0.1 model.hidde…    0.1235        5"
    assert [one.name for one in fit(COLUMNS, 40, ["seconds"])] == ["run", "words", "val/loss"]
    assert [one.name for one in fit(COLUMNS, 34, ["words"])] == ["run", "val/loss", "seconds"]
    assert [one.name for one in fit(COLUMNS, 5)] == ["run"]


def test_wide_letters_count_twice_and_what_moves_the_cursor_is_not_printed() -> None:
    table = lines([column("run", ["模型", "é", "a\x1b[2J\nb"]), column("x", [1, 2, 3])])
    assert table == ["run      x", "模型     1", "é        2", "a?[2J?b  3"]
    assert shorten("模型模型", 5) == "模型…"


def test_values_are_written_as_on_the_command_line() -> None:
    values = [True, None, [64, 64], "ä", 0.1, ["a"], {}]
    assert [text(value) for value in values] == ["true", "null", "[64, 64]", "ä", "0.1", '["a"]', "{}"]


def test_sizes_are_round() -> None:
    assert [size(one) for one in (0, 999, 1000, 12_300_000, 5e13)] == [
        "0 bytes",
        "999 bytes",
        "1.0 kB",
        "12 MB",
        "50000 GB",
    ]
