"""The files of conf/ declare their settings; what they say holds for their own values."""

import re
from pathlib import Path

import pytest

from kindling.check.fit import fits
from kindling.check.job import Job, taken
from kindling.check.option import Conf
from kindling.check.setting import Setting, description, parsed, read
from tests.conftest import CONF

FILES = sorted(CONF.glob("*/*.yaml"))
EDITS = {"regularizer", "experiment", "debug"}
JUDGED_BY_LIGHTNING = ("devices", "limit_train_batches", "limit_val_batches", "limit_test_batches")
LIKE_A_RANGE = re.compile(r"\d *(\.\.|-|to) *\d|[<>≤≥]|between|at (least|most)|positive").search


def write(path: Path, text: str) -> Path:
    """A file in folders that are made for it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


@pytest.fixture
def conf(tmp_path: Path) -> Conf:
    """A small configuration."""
    main = "defaults:\n  - _self_\n  - model: big\n  - part: [a]\n  - debug: null\n\nseed: 0  # 0 or more\n"
    write(tmp_path / "config.yaml", main)
    write(tmp_path / "model/small.yaml", "# A small one.\n_target_: x.Small\nsize: 1  # above 0; how wide\n")
    write(tmp_path / "model/big.yaml", "# A big one.\ndefaults: [small]\nsize: 9\ndeep: {a: 1, b: [x, y]}\n")
    write(tmp_path / "part/a.yaml", "# Part.\na:\n  rate: 1e-3  # 0 to 1\n  'name': \"a # b\"  # text\n")
    write(tmp_path / "part/b.yaml", "# @package _global_\n# Other.\nmodel: {size: 3}\n")
    write(
        tmp_path / "debug/quick.yaml",
        "# @package _global_\n# Quick.\ndefaults:\n  - override /part: [b]\nmodel:\n  size: 2\n",
    )
    write(tmp_path / "more/model/own.yaml", "# Own.\nsize: 5\n")
    return Conf(tmp_path)


def test_the_table_of_contents_tells_the_groups(conf: Conf) -> None:
    assert conf.groups == ["model", "part", "debug", "more"]
    assert conf.contents == {"model": "big", "part": ["a"], "debug": None}
    assert conf.takes_list("part")
    assert not conf.takes_list("model")
    assert list(conf.options("model")) == ["big", "small"]


def test_another_folder_adds_options(conf: Conf) -> None:
    assert list(Conf(conf.folder, beside=conf.folder / "more").options("model")) == ["big", "small", "own"]


def test_settings_have_their_names_values_and_comments(conf: Conf) -> None:
    settings = conf.settings({"model": "big", "part": ["a"], "debug": None})
    told = {one.name: (one.text, one.comment) for one in settings.values()}
    assert told["seed"] == ("0", "0 or more")
    assert told["model.size"] == ("1", "above 0; how wide")
    assert told["model.deep.b"] == ("[x,y]", "")
    assert told["part.a.rate"] == ("1e-3", "0 to 1")
    assert settings["part.a.rate"].value == 0.001


def test_the_last_file_of_a_job_sets_a_value(conf: Conf) -> None:
    choices = {"model": "big", "part": ["b"], "debug": "quick"}
    job = Job(conf, ["seed=3"], choices, {})
    assert job.setters["model.size"].name == "quick.yaml"
    assert job.where("model.size") == f"{conf.folder.name}/debug/quick.yaml: model.size"
    assert job.where("seed") == "seed"


def test_a_chosen_file_may_choose_a_list(conf: Conf) -> None:
    assert conf.lists({"debug": None}) == {"part": ["a"]}
    assert conf.lists({"debug": "quick"}) == {"part": ["b"]}


@pytest.mark.parametrize(
    ("text", "value"), [("1e-3", 0.001), ("2.5E-3", 0.0025), ("yes", True), ("[1, a]", [1, "a"]), ("{", "{")]
)
def test_values_are_read_as_hydra_reads_them(text: str, value: object) -> None:
    assert parsed(text.lower()) == value


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_value_fits_what_its_file_and_its_target_say(path: Path) -> None:
    group = path.parent.name
    if group in EDITS | {"hydra"}:
        return
    conf = Conf(CONF)
    job = Job(conf, [], {group: [path.stem] if conf.takes_list(group) else path.stem}, {})
    targets = {
        one.name.removesuffix("._target_"): one.text for one in read(path, group) if "_target_" in one.name
    }
    for name, setting in job.settings.items():
        if (
            setting.text
            and "${" not in setting.text
            and setting.text != "???"
            and "_target_" not in setting.text
        ):
            told = taken(targets.get(name.rpartition(".")[0]))
            assert fits(setting.value, job.schema(name, told)), (name, setting.text)


def numbers(value: object) -> list[float]:
    """The numbers in a value, in lists of any depth."""
    parts = value if isinstance(value, list) else []
    own = [value] if isinstance(value, int | float) and not isinstance(value, bool) else []
    return own + [one for part in parts for one in numbers(part)]


def unlimited(settings: list[Setting]) -> set[str]:
    """Numbers that no file gives a range; and what has words like a range, in a form that nothing reads."""
    limited = {one.name for one in settings if one.bounds}
    told = [
        one for one in settings if numbers(one.value) or (one.value is None and LIKE_A_RANGE(one.comment))
    ]
    return {one.name for one in told} - limited


def test_every_number_has_a_range() -> None:
    conf = Conf(CONF)
    files = [path for path in (conf.main, *FILES) if path.parent.name != "hydra"]
    found = unlimited([one for path in files for one in conf.read(path)])
    assert found == {f"trainer.{name}" for name in JUDGED_BY_LIGHTNING}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("size: 1  # above 0; how wide", set()),
        ("size: 1  # between 0 and 1", {"size"}),
        ("size: [1, 2]  # 0..1", {"size"}),
        ("size: null  # 0 - 1", {"size"}),
        ("size: null  # 1 or more; null takes all", set()),
        ("size: null  # a folder", set()),
        ("size: big  # or 3", set()),
    ],
)
def test_a_range_in_another_form_is_found(line: str, found: set[str], tmp_path: Path) -> None:
    assert unlimited(list(read(write(tmp_path / "x.yaml", line)))) == found


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_file_says_what_it_is_for(path: Path) -> None:
    first = description(path)
    assert 10 < len(first) <= 110
    assert not first.endswith(".")
