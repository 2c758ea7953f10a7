"""Tables are read as they stand, and what is wrong with one is told with its line."""

import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from kindling.error import DataError
from kindling.source.column import Column
from kindling.source.reader import CHUNK, Table, read_table

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """A file with this text or these bytes."""

    def write_file(text: str | bytes, name: str = "table.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write_file


def names(table: Table) -> list[str]:
    return [column.name for column in table.columns]


def test_a_header_is_found(write: Write) -> None:
    table = read_table(write("width,colour\n1.5,red\n2,blue\n"))
    assert names(table) == ["width", "colour"]
    assert table.columns[0].numbers.tolist() == [1.5, 2.0]
    assert table.columns[1].words == ["red", "blue"]
    assert list(table.lines) == [2, 3]


@pytest.mark.parametrize("text", ["5.1,red\n4.9,blue\n", "red,red,x\nblue,red,y\n", "p,x\ne,x\np,y\n"])
def test_without_a_header_columns_are_named_by_position(text: str, write: Write) -> None:
    table = read_table(write(text))
    assert names(table) == ["0", "1", "2"][: len(table.columns)]
    assert len(table.lines) == text.count("\n")


def test_a_header_can_be_told(write: Write) -> None:
    path = write("2019,2020\n1,2\n")
    assert names(read_table(path)) == ["0", "1"]
    assert names(read_table(path, header=True)) == ["2019", "2020"]


@pytest.mark.parametrize("delimiter", list(",;\t|"))
def test_the_delimiter_is_found(delimiter: str, write: Write) -> None:
    table = read_table(write(f"a{delimiter}b\n1{delimiter}2\n"))
    assert names(table) == ["a", "b"]


def test_quotes_blank_lines_and_a_byte_order_mark_are_understood(write: Write) -> None:
    table = read_table(write('\ufeffname,n\r\n"a, ""b""\nc",1\r\n\r\nd,2\r\n'))
    assert names(table) == ["name", "n"]
    assert table.columns[0].words == ['a, "b"\nc', "d"]
    assert list(table.lines) == [3, 5]


@pytest.mark.parametrize("cell", ["", "NA", "n/a", "NaN", "null", "?", " "])
def test_a_missing_value_is_marked(cell: str, write: Write) -> None:
    table = read_table(write(f"a,b\n1,x\n{cell},{cell}\n3,y\n"))
    assert table.columns[0].missing.tolist() == [False, True, False]
    assert table.columns[1].missing.tolist() == [False, True, False]


def test_a_column_is_found_by_name_and_by_position(write: Write) -> None:
    table = read_table(write("a,b,7\n1,2,3\n"), header=True)
    found = [table.column(key, "target").name for key in ("b", 0, -1, 7)]
    assert found == ["b", "a", "7", "7"]


def test_compressed_tables_are_read(write: Write) -> None:
    assert names(read_table(write(gzip.compress(b"a,b\n1,2\n"), "table.csv.gz"))) == ["a", "b"]


def test_numbers_can_be_taken_as_words(write: Write) -> None:
    path = write("code,n\n007,1\n8,2\n")
    assert read_table(path).columns[0].numbers.tolist() == [7, 8]
    assert read_table(path, categorical=["code"]).columns[0].words == ["007", "8"]
    assert read_table(path, categorical=[0]).columns[0].words == ["007", "8"]


def test_codes_keep_their_text_where_they_are_told_to_be_categories(write: Write) -> None:
    rows = [f"{row:05d},1" for row in range(CHUNK)] + [f"x{row},1" for row in range(CHUNK)]
    path = write("code,n\n" + "\n".join(rows))
    column = read_table(path, categorical=["code"]).columns[0]
    assert column.words[7] == "00007"
    assert len(column.words) == 2 * CHUNK
    assert read_table(path).columns[0].stray == (CHUNK, "x0")


def test_words_keep_every_letter_and_an_empty_start_is_no_number(write: Write) -> None:
    rows = [",1"] * CHUNK + [" a ,1", "NA,1"]
    column = read_table(write("w,n\n" + "\n".join(rows))).columns[0]
    assert column.words[-2:] == [" a ", "NA"]
    assert column.categories == ["a"]
    assert column.missing.sum() == CHUNK + 1


@pytest.mark.parametrize(
    ("dates", "row"),
    [
        (["2020-9-20", "2020-10-1", "2021-01-01"], None),
        (["2020-02-01", "2020-01-01", "2020-03-01"], 1),
        (["31/01/2020", "01/02/2020", "02/02/2020"], None),
        (["01/31/2020", "02/01/2020", "02/02/2020"], None),
        (["02/02/2020", "01/02/2020", "31/01/2020"], 1),
        (["2020-01-01 09:00", "2020-01-01 10:00", "2020-01-01 09:30"], 2),
        (["2020-01-01T09", "2020-01-01T09"], None),
    ],
)
def test_dates_that_fall_are_found(dates: list[str], row: int | None) -> None:
    assert Column("day", words=dates).falls() == row


@pytest.mark.parametrize(
    "words", [["0,5", "1,5"], ["45%", "3%"], ["$3.50"], ["1 000"], ["12:30"], ["0x1f"], ["3_1"]]
)
def test_numbers_in_another_form_are_known(words: list[str]) -> None:
    assert Column("n", words=words).odd_numbers


def test_an_underscore_makes_a_word_of_a_number(write: Write) -> None:
    assert read_table(write("n,m\n10,1\n1_000,2\n")).columns[0].stray == (1, "1_000")


@pytest.mark.parametrize("words", [["red", "blue"], ["A11", "A12"], ["18-25", "26-40"], ["x1"]])
def test_words_are_no_numbers_in_another_form(words: list[str]) -> None:
    assert not Column("w", words=words).odd_numbers


@pytest.mark.parametrize(("numbers", "close"), [(1.7e9, True), (2e4, False)])
def test_numbers_that_32_bits_can_not_tell_apart_are_told(numbers: float, close: bool, write: Write) -> None:
    table = read_table(write("t,n\n" + "".join(f"{numbers + row},1\n" for row in range(30))))
    if close:
        with pytest.raises(DataError, match=r"column t: .* differ by too little for 32 bits; subtract"):
            table.require_clean(table.columns[0])
    else:
        table.require_clean(table.columns[0])


def test_a_first_line_that_has_a_wanted_name_is_a_header(write: Write) -> None:
    path = write("x,y\nn,y\ny,n\n")
    assert names(read_table(path)) == ["0", "1"]
    assert names(read_table(path, wanted=["y"])) == ["x", "y"]
    with pytest.raises(DataError, match=r"has no column z, expected one of 0, 1; .* add data\.header=true"):
        read_table(path).column("z", "target")


def test_a_position_is_a_whole_number_and_a_name_is_none(write: Write) -> None:
    table = read_table(write("0,1,3\n1,2,4\n"), header=True)
    for key in ("2", "-1", 1.7):
        with pytest.raises(DataError, match="has no column"):
            table.column(key, "target")  # type: ignore[arg-type]


def test_a_category_that_is_no_column_is_told(write: Write) -> None:
    with pytest.raises(DataError, match=r"data\.categorical: .* has no column Code, .*did you mean code\?"):
        read_table(write("code,b\n1,2\n"), categorical=["Code"])


def test_commas_in_names_are_no_delimiters(write: Write) -> None:
    assert names(read_table(write("a, in cm;b\n1;2\n"))) == ["a, in cm", "b"]


def test_chunks_join_without_loss(write: Write) -> None:
    count = 2 * CHUNK + 5
    table = read_table(write("n,w\n" + "".join(f"{row},w{row % 3}\n" for row in range(count))))
    assert np.array_equal(table.columns[0].numbers, np.arange(count))
    assert table.columns[1].words[-1] == f"w{(count - 1) % 3}"


def test_dates_are_known_from_other_words(write: Write) -> None:
    table = read_table(write("a,b,c\n1949-01,3/4/2021,may\n1949-02,4/4/2021,june\n"))
    assert [column.dates for column in table.columns] == [True, True, False]


def test_the_same_file_is_read_once_and_a_changed_one_again(write: Write) -> None:
    path = write("a,b\n1,2\n")
    first = read_table(path)
    assert read_table(path) is first
    write("a,b\n1,2\n3,4\n")
    assert len(read_table(path).lines) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "expected a table, got an empty file"),
        ("\n\n", "expected a table, got an empty file"),
        ("a,b\n", "expected rows under its header, got none"),
        ("a,b\n1,2\n3\n", "line 3: expected 2 cells, got 1; mend the line or set data.delimiter"),
        ("a,b\n1,2\n3,4,5\n", "line 3: expected 2 cells, got 3"),
        ("a,b,a\n1,2,3\n", None),
        (b"a,b\n1,\xe9\n", "expected UTF-8, got the byte 0xe9; save it as UTF-8"),
        (b"PK\x03\x04\x00\x00\x00\x00", "expected a CSV file, got a binary one"),
        ("a,b\n1,2\n".encode("utf-16"), "expected a CSV file, got a binary one"),
        ('a,b\n"x,2\n3,4\n', "mend its quotes and line ends"),
        ('a,b\n"x"y,2\n', "mend its quotes and line ends"),
    ],
)
def test_what_is_no_table_is_told(text: str | bytes, message: str | None, write: Write) -> None:
    path = write(text)
    with pytest.raises(DataError) as caught:
        read_table(path, header="auto" if message else True)
    assert (message or "line 1: expected different names, got a twice; rename one") in str(caught.value)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("cut", [9, 1])
def test_a_truncated_archive_is_told(cut: int, write: Write) -> None:
    with pytest.raises(DataError, match="damaged"):
        read_table(write(gzip.compress(b"a,b\n1,2\n" * 99)[:-cut], "table.csv.gz"))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"expected a CSV file, got nothing there; set data\.path"):
        read_table(tmp_path / "nothing.csv")
    with pytest.raises(DataError, match="expected a CSV file, got a folder"):
        read_table(tmp_path)


def test_an_unknown_column_is_told_with_the_nearest(write: Write) -> None:
    table = read_table(write("width,colour\n1,red\n"))
    with pytest.raises(DataError, match=r"data\.target: .* has no column widht, .*did you mean width\?"):
        table.column("widht", "target")
    with pytest.raises(DataError, match=r"has no column 2, expected one of width, colour"):
        table.column(2, "target")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "a,b\n1,x\n2,y\nten,z\n",
            r"line 4, column a: expected a number, got 'ten'; mend it, or .*categorical",
        ),
        ("1,x\n2,y\ninf,z\n", r"line 3, column 0: expected a number up to 3\.4e\+38, got inf"),
        ("1,x\n1e999,y\n", r"line 2, column 0: expected a number up to 3\.4e\+38, got inf"),
    ],
)
def test_a_stray_cell_among_numbers_is_told_with_its_line(text: str, message: str, write: Write) -> None:
    table = read_table(write(text))
    with pytest.raises(DataError, match=message):
        table.require_clean(table.columns[0])


def test_a_header_that_was_not_seen_is_told(write: Write) -> None:
    table = read_table(write("a,2020\n1,2\n3,4\n"))
    with pytest.raises(DataError, match=r"line 1, .* is it a header\? add data\.header=true"):
        table.require_clean(table.columns[0])
