"""What can't be trained as it was meant is refused: words that clash, and names that nothing reads."""

from itertools import combinations
from pathlib import Path

import pytest

from kindling.error import ConfigError
from kindling.ready import require_agreement, require_known_names
from tests.conftest import CONF, Train

OPTIONS = sorted(path.stem for path in (CONF / "regularizer").glob("*.yaml"))


def test_one_value_for_one_setting(tmp_path: Path) -> None:
    (tmp_path / "regularizer").mkdir()
    for word, value in (("low", 0.1), ("high", 0.2), ("again", 0.1)):
        text = f"# @package _global_\nmodel: {{inner: {{dropout: {value}}}}}\n"
        (tmp_path / "regularizer" / f"{word}.yaml").write_text(text)
    require_agreement(tmp_path, ["regularizer=[low,again]", "model=mlp"])
    with pytest.raises(ConfigError, match=r"set model\.inner\.dropout to 0\.1 and 0\.2; choose one of them"):
        require_agreement(tmp_path, ["model=mlp", "regularizer=[low, high]"])


def test_only_the_two_norms_clash() -> None:
    clashes = []
    for pair in combinations(OPTIONS, 2):
        try:
            require_agreement(CONF, [f"regularizer=[{','.join(pair)}]"])
        except ConfigError:
            clashes.append(pair)
    assert clashes == [("batch_norm", "layer_norm")]


def test_a_command_line_is_told(train: Train) -> None:
    result = train("regularizer=[batch_norm,layer_norm]")
    assert result.returncode == 2
    expected = "regularizer=[batch_norm,layer_norm]: set model.norm to batch and layer; choose one of them\n"
    assert result.stderr == expected


@pytest.mark.parametrize("group", ["regularizer", "experiment", "debug"])
def test_a_file_that_lacks_its_first_line_is_told(group: str) -> None:
    with pytest.raises(ConfigError, match=f"conf/{group}: expected each file to begin with the line"):
        require_known_names(CONF, {group: {"model": {"dropout": 0.5}}})
