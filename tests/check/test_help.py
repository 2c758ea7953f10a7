"""Help comes from the files themselves: every group, every option, every setting with its meaning."""

from pathlib import Path

import pytest

from kindling.check.help import help_on
from kindling.check.option import Conf
from kindling.check.setting import description
from kindling.error import ConfigError
from tests.conftest import CONF, Train

OPTIONS = [path for path in sorted(CONF.glob("*/*.yaml")) if path.parent.name != "hydra"]


@pytest.fixture
def wide(monkeypatch: pytest.MonkeyPatch) -> Conf:
    """A terminal that cuts nothing."""
    monkeypatch.setenv("COLUMNS", "300")
    return Conf(CONF)


def test_all_options_have_a_line_and_the_defaults_a_mark(wide: Conf) -> None:
    lines = help_on(wide, []).splitlines()
    for path in OPTIONS:
        assert any(line[3:].startswith(f"{path.stem} ") and description(path) in line for line in lines)
    marked = [line.split()[1] for line in lines if line.startswith(" * ")]
    assert marked == [
        *("classification", "digits", "none", "mlp", "adam", "none"),
        *("early_stopping", "learning_rate_monitor", "progress", "csv", "tensorboard", "auto"),
        *("in_process", "grid"),
    ]
    assert any(line.split()[:2] == ["seed", "0"] for line in lines)


@pytest.mark.parametrize("path", OPTIONS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_an_option_shows_its_settings_with_their_meaning(path: Path, wide: Conf) -> None:
    group = path.parent.name
    text = help_on(wide, [f"{group}={path.stem}"])
    assert description(path) in text
    for one in wide.read(path):
        if one.comment and one.text:
            assert f"{one.name} " in text
            assert one.comment in text


def test_a_group_lists_its_options_and_its_default(wide: Conf) -> None:
    text = help_on(wide, ["optimizer"])
    assert text.count("\n * adam ") == 1
    assert "optimizer.betas" in text
    assert "+optimizer.…  also takes amsgrad" in text


def test_what_the_program_fills_in_is_no_setting(wide: Conf) -> None:
    assert "input_shape" not in help_on(wide, ["model=cnn"])
    assert "params" not in help_on(wide, ["optimizer"])


def test_a_setting_on_top_is_told(wide: Conf) -> None:
    assert help_on(wide, ["monitor"]).splitlines()[1].split()[:2] == ["monitor.mode", "min"]


@pytest.mark.parametrize(
    ("word", "hint"),
    [("optimzer", "did you mean optimizer?"), ("model=mlpp", "did you mean mlp?"), ("", "alone")],
)
def test_what_is_neither_is_told(word: str, hint: str) -> None:
    with pytest.raises(ConfigError, match=hint):
        help_on(Conf(CONF), [word])


def test_a_narrow_terminal_wraps_and_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    text = help_on(Conf(CONF), ["model=mlp"])
    assert max(map(len, text.splitlines()[1:])) <= 80
    assert "stochastic_depth" in text


def test_the_command_line_shows_it_without_torch(train: Train, tmp_path: Path) -> None:
    (tmp_path / "torch.py").write_text("raise SystemExit('torch is imported')")
    for words in (["--help"], ["-h", "model=cnn"], ["trainer", "--help"], ["--help=model=cnn"]):
        result = train(*words, PYTHONPATH=str(tmp_path))
        assert (result.returncode, result.stderr) == (0, "")
        assert any(word in result.stdout for word in ("conv", "trainer.max_epochs", "group=word"))
    assert not (tmp_path / "outputs").exists()


def test_a_word_is_looked_for_in_all_groups(wide: Conf) -> None:
    assert "optimizer.lr " in help_on(wide, ["lr"])
    text = help_on(wide, ["dropout"])
    assert text.startswith("'regularizer=[dropout]': Drops units")
    assert "0 to below 1; a list has one an entry" in text
    assert "data=mnist: " in help_on(wide, ["mnist"])
    assert "experiment=mnist: " in help_on(wide, ["mnist"])


def test_a_setting_alone_is_told(wide: Conf) -> None:
    assert help_on(wide, ["trainer.max_epochs"]).split()[:2] == ["trainer.max_epochs", "50"]
    with pytest.raises(ConfigError, match=r"did you mean trainer\.max_epochs\?"):
        help_on(wide, ["trainer.max_epoch"])
