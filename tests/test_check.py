"""Mistakes on the command line become one line with the nearest word, without importing torch."""

import subprocess
import sys

import pytest

from kindling.check.launch import flags_last
from kindling.error import dotted, suggest
from tests.conftest import PROJECT, Train

MISTAKES = {
    "model=cnnn": "model=cnnn: no such option, expected one of cnn, lstm, mlp, resnet, sequential; did",
    "regularizer=[dropuot]": "did you mean dropout?",
    "optmizer=sgd": "optmizer: no such setting with these words; did you mean optimizer?",
    "model=cnn model.chanels=[8]": "no such setting with these words; did you mean model.channels?",
    "model=mlp model.hiden=[8]": "no such setting with these words; did you mean model.hidden?",
    "modle=cnn": "did you mean model?",
    "lr=0.1": "lr: no such setting with these words; did you mean optimizer.lr?",
    "epochs=5": "did you mean trainer.max_epochs?",
    "+lr=0.1": "lr: no such setting; did you mean optimizer.lr?",
    "scheduler=step scheduler.gamma=0.1": "did you mean scheduler.scheduler.gamma?",
    "scheduler=step +scheduler.gamma=0.1": "scheduler.gamma: no such setting; did you mean",
    "trainer.precision=64": "these words; to pass on a new one, write +trainer.precision=…",
    "data.path=grün.csv": "data.path=grün.csv: such characters as ü ~ ( ) need quotes within quotes",
    "seed=[1": "no viable alternative at input '[1'",
    "experiment=null": "Config group override must be a string or a list",
    "data.batch_size=???": "data.batch_size: needs a value; add data.batch_size=…",
    "monitor.metric=${nothing}": "Interpolation key 'nothing' not found",
    "--config-name=nothing": "nothing",
}


@pytest.mark.parametrize("words", MISTAKES)
def test_a_mistake_is_one_line_and_exit_code_2(words: str, train: Train) -> None:
    result = train(*words.split())
    assert result.returncode == 2
    assert MISTAKES[words] in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


def test_flags_may_stand_anywhere() -> None:
    assert flags_last(["a=1", "-m", "b=2"]) == ["a=1", "b=2", "-m"]
    assert flags_last(["--cfg", "job", "a=1"]) == ["a=1", "--cfg", "job"]
    assert flags_last(["a=1", "--config-dir=x", "b=2"]) == ["a=1", "b=2", "--config-dir=x"]
    assert flags_last(["--info", "a=1"]) == ["a=1", "--info"]
    assert flags_last(["--info", "config", "a=1"]) == ["a=1", "--info", "config"]


def test_settings_have_dotted_names() -> None:
    assert list(dotted({"a": {"b": 1, "c": {}}, "d": None})) == ["a", "a.b", "a.c", "d"]


def test_a_word_like_no_other_gets_no_wrong_advice() -> None:
    assert suggest("zzzz", ["model", "data"]) == ""


def test_help_never_imports_torch() -> None:
    program = "import sys; sys.argv = ['train.py', '--help']; import runpy\n"
    program += "try: runpy.run_path('train.py', run_name='__main__')\n"
    program += "finally: assert not {'torch', 'pytorch_lightning', 'matplotlib'} & set(sys.modules)"
    result = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True)
    assert "Configuration groups" in result.stdout
    assert result.returncode == 0, result.stderr
