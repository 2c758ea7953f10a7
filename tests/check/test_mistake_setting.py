"""Every option misspelt, and every setting with values that it can't take, is refused in one line."""

import re
from collections.abc import Iterator
from itertools import zip_longest

import pytest
from omegaconf import OmegaConf

from kindling.check.compose import Composer
from kindling.check.option import Conf
from kindling.check.setting import Setting
from kindling.run.naming import run_folder
from tests.check.test_mistake import LACKING, OPTIONS, spoiled
from tests.conftest import CONF
from tests.stand_in import is_real

LISTS = ("regularizer", "callback", "logger")
ALSO = {  # what an option can't go without
    "csv": ["data.path=x", "data.target=y", "task=binary"],
    "npy": ["data.path=x", "data.target_path=y", "task=binary"],
    "timeseries": ["data.path=x", "data.column=y"],
    "image_folder": ["data.path=x"],
}
SAYS = re.compile(r"expected .*[;?]|needs a value; add ")
FREE = ("data.name", "scheduler.horizon", "scheduler.rates", "trainer.strategy", "trainer.devices")


def settings(group: str, option: str) -> list[Setting]:
    """What a file sets to one word or number; Hydra's own and free text aside."""
    found = Conf(CONF).read(CONF / group / f"{option}.yaml")
    plain = [one for one in found if one.text not in ("", "???") and not one.text.startswith(("$", "{", "["))]
    plain = [one for one in plain if not one.name.startswith("hydra.")]
    return [one for one in plain if "._" not in one.name and one.name not in FREE]


FILES = [(group, option) for group in OPTIONS for option in OPTIONS[group] if settings(group, option)]


@pytest.fixture(scope="module")
def composer() -> Iterator[Composer]:
    OmegaConf.register_new_resolver("run_folder", run_folder, replace=True)
    with Composer(Conf(CONF)) as composer:
        yield composer


def chosen(group: str, option: str) -> str:
    return f"{group}=[{option}]" if group in LISTS else f"{group}={option}"


def refused(composer: Composer, names: list[str], words: list[str]) -> bool:
    """Whether one line about each place, and none about another, says what was expected."""
    errors = [str(error) for error in composer.check(words)[1]]
    told = [error for error in errors if LACKING not in error]  # what an option needs may be missing here
    lines = [error.partition("yaml: ")[2] or error for error in told]
    starts = [line.partition(": ")[0] for line in lines]
    return sorted(starts) == sorted(names) and all(SAYS.search(one) and len(one) < 500 for one in lines)


@pytest.mark.parametrize("group", OPTIONS)
def test_an_option_that_is_misspelt_is_refused(group: str, composer: Composer) -> None:
    for option in OPTIONS[group]:
        for word in set(spoiled(option)) - set(OPTIONS[group]):
            assert refused(composer, [f"{group}={word}"], [chosen(group, word)]), word


def wrong(one: Setting) -> list[str]:
    """Values that a setting can't take, by the kind of the one that it has."""
    if isinstance(one.value, bool):
        return ["3", "maybe", "[true]", "1e400"]
    if isinstance(one.value, int | float):
        takes_null = one.name.startswith("trainer.") or one.name == "data.train_rows"
        ends = [*(["-9999999"] if one.bounds else []), *([] if takes_null else ["null"])]
        return ["nan", "inf", "1e400", "9" * 400, "word", "true", "[[1]]", *ends]
    return ["[[1]]", *(["no_such_word", "1.5"] if one.words else [])]


@pytest.mark.parametrize(("group", "option"), FILES)
def test_each_setting_refuses_what_it_cant_take(group: str, option: str, composer: Composer) -> None:
    kinds = zip_longest(*([f"{one.name}={value}" for value in wrong(one)] for one in settings(group, option)))
    also = ALSO.get(option, ["data.target=real"] if group == "task" and is_real(option) else [])
    for words in kinds:
        told = list(filter(None, words))
        names = [word.partition("=")[0] for word in told]
        assert refused(composer, names, [chosen(group, option), *also, *told]), told
