"""A stored configuration may hold all that its places are for, the project's own and what was added."""

import shutil
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from hydra import compose, initialize_config_dir
from omegaconf import DictConfig

from kindling.check.words import own, plain
from kindling.error import RunError
from kindling.run import trust
from kindling.run.find import read_config
from kindling.run.resume import Past
from kindling.run.trust import require_trusted
from tests.added import FILES, OWN
from tests.conftest import CONF
from tests.run.attack import changed
from tests.stand_in import stand_in
from tests.test_conf import OPTIONS, name, words


@pytest.mark.parametrize("path", OPTIONS, ids=name)
def test_every_option_is_accepted_as_a_run_stores_it(
    path: Path, composed: Callable[..., DictConfig], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = stand_in(name(path), tmp_path, monkeypatch)
    stored = plain(own(composed(*files, words(path, files)[-1])))
    require_trusted(stored, "config.yaml")
    text = yaml.safe_dump(stored, sort_keys=False, allow_unicode=True)
    (tmp_path / "config.yaml").write_text(text, encoding="utf-8")
    assert read_config(tmp_path) == stored


@pytest.fixture
def own_conf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The configuration with tests/own added, whose Python is found while the test lasts."""
    shutil.copytree(CONF, tmp_path / "conf")
    shutil.copytree(OWN / "conf", tmp_path / "conf", dirs_exist_ok=True)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    for folder in {path.relative_to("src").parent for path in FILES if path.suffix == ".py"}:
        package = import_module(".".join(folder.parts))
        monkeypatch.setattr(package, "__path__", [*package.__path__, str(OWN / "src" / folder)])
    before = set(sys.modules)
    yield tmp_path / "conf"
    for added in set(sys.modules) - before:
        if added.startswith("kindling."):
            del sys.modules[added]


@pytest.mark.parametrize("path", [path for path in FILES if path.suffix == ".yaml"], ids=name)
def test_what_is_added_to_the_project_is_accepted(path: Path, own_conf: Path) -> None:
    with initialize_config_dir(str(own_conf), version_base="1.3"):
        require_trusted(
            plain(own(compose("config", words(own_conf / path.relative_to("conf"), [])[-1:]))), "config.yaml"
        )


RIGHT: list[tuple[str, Any]] = [
    ("optimizer._target_", "torch.optim.Adamax"),
    ("optimizer._target_", "kindling.optimizer.schedule_free.schedule_free"),
    ("trainer.strategy", {"_target_": "pytorch_lightning.strategies.DDPStrategy", "static_graph": True}),
    ("callback.timer", {"_target_": "pytorch_lightning.callbacks.Timer", "duration": "00:00:01:00"}),
    ("callback.early_stopping", None),
    ("model.head", {"_target_": "torch.nn.Linear", "in_features": 3, "out_features": 2}),
    ("data.mirror", "https://example.com/mnist/"),
    ("data.path", "/home/müller/Tabelle $1 {a} = ?.csv"),
    (
        "logger.mlflow",
        {"_target_": "kindling.logger.mlflow.MLFlowLogger", "tracking_uri": "http://localhost:5000"},
    ),
    ("init_from", "outputs/2026-01-01/10-00-00-abcdef"),
    ("data.drop", [f"column {number}" for number in range(2000)]),
    ("optimizer.lr", float("inf")),
]


@pytest.mark.parametrize(("place", "value"), RIGHT, ids=[place for place, _ in RIGHT])
def test_what_a_user_may_well_have_chosen_is_accepted(place: str, value: Any, good: dict[str, Any]) -> None:
    require_trusted(changed(good, place, value), "config.yaml")


def test_a_class_from_elsewhere_is_accepted_once_its_module_is_listed(
    good: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere.py").write_text("from torch import nn\nclass Net(nn.Module):\n    pass\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    theirs = changed(good, "model._target_", "elsewhere.Net")
    with pytest.raises(RunError, match=r"move it below src/kindling, or add its module to TRUSTED in src/"):
        require_trusted(theirs, "config.yaml")
    monkeypatch.setattr(trust, "TRUSTED", (*trust.TRUSTED, "elsewhere"))
    require_trusted(theirs, "config.yaml")
    del sys.modules["elsewhere"]


def test_a_function_counts_in_the_folder_of_its_group_alone(
    good: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("kindling.model.made", "kindling.made"):
        source = (
            "from torch import nn\ndef net() -> nn.Module: return nn.ReLU()\ndef other(): return nn.ReLU()\n"
        )
        monkeypatch.setitem(sys.modules, module, ModuleType(module))
        exec(source, vars(sys.modules[module]))
    require_trusted(changed(good, "model._target_", "kindling.model.made.net"), "config.yaml")
    for target in ("kindling.made.net", "kindling.model.made.other"):
        with pytest.raises(RunError, match=r"expected a subclass of torch.nn.Module that its own module"):
            require_trusted(changed(good, "model._target_", target), "config.yaml")


def test_a_class_of_the_users_own_goes_on_by_the_line_that_names_it_and_by_no_other(
    composed: Callable[..., DictConfig], tmp_path: Path
) -> None:
    typed = plain(own(composed("+callback.told._target_=told.Told", "resume=auto")))
    repeated = {**typed, "resume": str(tmp_path)}  # a line that takes its words from the folder itself
    (tmp_path / "status.json").write_text('{"status": "stopped", "overrides": []}', encoding="utf-8")
    for stored, line, goes_on in (
        (typed, typed, True),
        (typed, {**typed, "seed": 1}, False),
        (repeated, repeated, False),
    ):
        (tmp_path / "config.yaml").write_text(yaml.safe_dump(stored), encoding="utf-8")
        if goes_on:
            assert Past(tmp_path).settle(line, []) == line
            continue
        with pytest.raises(RunError, match=r"callback\.told"):
            Past(tmp_path).settle(line, [])
