"""Mistakes in the files of somebody's own conf/ are told with the file's name."""

import shutil
from pathlib import Path

import pytest

from tests.check.test_mistake import SITE, judge
from tests.conftest import CONF, PROJECT

OWN = "# My own.\n_target_: kindling.model.mlp.MLP\n_partial_: true\n"
MINE = {  # the file, what is in it, the words, and what is said
    "a wrong type": (
        "model/mine.yaml",
        f"{OWN}hidden: 64\n",
        "model=mine",
        "conf/model/mine.yaml: model.hidden: expected a list … got 64; … ",
    ),
    "out of range": (
        "model/mine.yaml",
        f"{OWN}hidden: [64]\ndropout: high  # 0 to below 1\n",
        "model=mine",
        "conf/model/mine.yaml: model.dropout: expected a number … got high; … ",
    ),
    "an unknown key": (
        "model/mine.yaml",
        f"{OWN}hidden: [64]\nhiden: [64]\n",
        "model=mine",
        "conf/model/mine.yaml: model.hiden: model=mine has no such setting; did you mean model.hidden?",
    ),
    "a lacking key": (
        "model/mine.yaml",
        OWN,
        "model=mine",
        "conf/model/mine.yaml: model.hidden: needs a value; add +model.hidden=…",
    ),
    "broken YAML": ("model/mine.yaml", f"{OWN}hidden: [64\n", "model=mine", " … mine.yaml … ; mend the file"),
    "a tab": ("model/mine.yaml", f"{OWN}\thidden: [64]\n", "model=mine", " … mine.yaml … ; mend the file"),
    "a class that is misspelt": (
        "model/mine.yaml",
        "# My own.\n_target_: kindling.model.mlp.MPL\n_partial_: true\n",
        "model=mine",
        "conf/model/mine.yaml: model._target_: kindling.model.mlp.MPL isn't there; … ",
    ),
    "a module that is missing": (
        "model/mine.yaml",
        "# My own.\n_target_: kindling.model.mine.Mine\n_partial_: true\n",
        "model=mine",
        "conf/model/mine.yaml: model._target_: kindling.model.mine.Mine isn't there; … ",
    ),
    "no _target_ but a word": (
        "model/mine.yaml",
        "# My own.\n_target_: MLP\n_partial_: true\n",
        "model=mine",
        "conf/model/mine.yaml: model._target_: expected a class by its dotted name, got MLP; … ",
    ),
    "no first line": (
        "experiment/mine.yaml",
        "# My own.\nmodel: {hidden: [8]}\n",
        "experiment=mine",
        "conf/experiment: expected each file to begin with the line # @package _global_ … ; add it",
    ),
    "a setting of another network": (
        "experiment/mine.yaml",
        "# @package _global_\n# My own.\nmodel: {channels: [8]}\n",
        "experiment=mine",
        "conf/experiment/mine.yaml: model.channels: model=mlp has no such setting; … ",
    ),
    "an option that isn't there": (
        "experiment/mine.yaml",
        "# @package _global_\n# My own.\ndefaults:\n  - override /model: mlpp\n",
        "experiment=mine",
        "conf/experiment/mine.yaml: model=mlpp: no such option … ; did you mean mlp?",
    ),
    "a group that isn't there": (
        "experiment/mine.yaml",
        "# @package _global_\n# My own.\ndefaults:\n  - override /modle: cnn\n",
        "experiment=mine",
        "conf/experiment/mine.yaml: modle … ; did you mean model?",
    ),
    "a name on top": (
        "experiment/mine.yaml",
        "# @package _global_\n# My own.\nepochs: 3\n",
        "experiment=mine",
        "conf/experiment/mine.yaml: epochs: no such setting; … ",
    ),
}


@pytest.mark.parametrize("name", MINE)
def test_a_mistake_in_a_file_is_told_with_its_name(name: str, tmp_path: Path) -> None:
    path, text, words, said = MINE[name]
    copy, here = tmp_path / "copy", tmp_path / "here"
    shutil.copytree(CONF, copy / "conf")
    shutil.copy(PROJECT / "train.py", copy)
    (copy / "conf" / path).write_text(text)
    (copy / "sitecustomize.py").write_text(SITE)
    here.mkdir()
    judge(here, 2, [said], words, program=copy / "train.py", PYTHONPATH=str(copy))


def test_a_package_that_is_lacking_has_a_code_of_its_own(tmp_path: Path) -> None:
    copy, here = tmp_path / "copy", tmp_path / "here"
    shutil.copytree(CONF, copy / "conf")
    shutil.copy(PROJECT / "train.py", copy)
    (copy / "conf/model/mine.yaml").write_text("# My own.\n_target_: not_installed.Net\n_partial_: true\n")
    here.mkdir()
    said = "conf/model/mine.yaml: model._target_: … needs the package not_installed … ; type: … "
    judge(here, 6, [said], "model=mine", program=copy / "train.py")
