"""A stored configuration builds what its places are for, and nothing that somebody else has thought of."""

import importlib.util
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml
from hydra import compose, initialize_config_dir
from hydra.utils import instantiate
from omegaconf import DictConfig

from kindling.check.words import plain
from kindling.error import RunError
from kindling.run import trust
from kindling.run.find import read_config
from kindling.run.trust import require_trusted
from tests.added import FILES, OWN
from tests.conftest import CONF
from tests.run.attack import ATTACKS
from tests.stand_in import stand_in
from tests.test_conf import OPTIONS, name, words

LATE = ("expected a subclass", "can't be imported")  # which no name alone can tell
RUNS = ("os.", "subprocess.", "pty.", "socket.", "urllib.", "shutil.", "pickle.", "ctypes.", "code.")
BY_PYTHON = ("os.listdir", "os.scandir", "os.putenv", "os.unsetenv", "os.mkdir", "os.rename")  # its imports
heard: list[str] = []
Watch = Callable[[], list[str]]


@pytest.fixture(scope="session")
def audited() -> Callable[[bool], None]:
    """Turns on or off that what Python audits is heard; a hook stays for good."""
    listening = False

    def hear(event: str, _: Any) -> None:
        if listening and event.startswith(RUNS) and event not in BY_PYTHON:
            heard.append(event)

    def listen(on: bool) -> None:
        nonlocal listening
        listening = on

    sys.addaudithook(hear)
    return listen


@pytest.fixture
def watched(
    audited: Callable[[bool], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Watch]:
    """What is imported by name meanwhile, with a module on the path that leaves a trace when it runs."""
    imported: list[str] = []

    def recorded(module: str) -> Any:
        imported.append(module)
        return import_module(module)

    trace = f"open({str(tmp_path / 'trace')!r}, 'w').close()"
    (tmp_path / "canary_module.py").write_text(f"{trace}\nclass Net:\n    pass\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(trust, "import_module", recorded)
    heard.clear()
    audited(True)
    yield lambda: imported
    audited(False)
    sys.modules.pop("canary_module", None)


def changed(config: dict[str, Any], place: str, value: Any) -> dict[str, Any]:
    """A configuration with another value in a place."""
    config = deepcopy(config)
    *above, last = place.split(".")
    inner = config
    for key in above:
        if not isinstance(inner.get(key), dict):
            inner[key] = {}
        inner = inner[key]
    inner[last] = value
    return config


@pytest.fixture(scope="session")
def good(composed: Callable[..., DictConfig]) -> dict[str, Any]:
    return plain(composed("regularizer=[l2,mixup]", "scheduler=step"))


@pytest.mark.parametrize("attack", ATTACKS, ids=[f"{n}-{place}" for n, (_, place, _) in enumerate(ATTACKS)])
def test_an_attack_is_refused_in_a_line_and_nothing_runs(
    attack: tuple[str, str, Any], good: dict[str, Any], watched: Watch, tmp_path: Path
) -> None:
    reason, place, value = attack
    with pytest.raises(RunError) as told:
        require_trusted(changed(good, place, value), "config.yaml")
    text = str(told.value)
    assert text.startswith("config.yaml: ")
    assert reason in text
    assert text.isprintable()
    assert len(text) < 500
    assert told.value.exit_code == 5
    assert heard == []
    assert not (tmp_path / "trace").exists()
    known = (*trust.TRUSTED, "collections.abc")
    trusted = [module for module in watched() if module in known or module.partition(".")[0] == "kindling"]
    assert watched() == (trusted if reason.startswith(LATE) else [])


def test_there_are_enough_attacks() -> None:
    assert len(ATTACKS) > 250


def test_what_is_watched_would_tell(watched: Watch, tmp_path: Path) -> None:
    instantiate({"_target_": "canary_module.Net"})
    assert (tmp_path / "trace").exists()
    subprocess.run([sys.executable, "-c", ""])
    assert "subprocess.Popen" in heard


@pytest.mark.parametrize("whole", [None, [], 3, DictConfig({})], ids=str)
def test_a_whole_that_is_no_mapping_is_refused(whole: Any) -> None:
    with pytest.raises(RunError, match=r"^x.ckpt: expected a plain mapping, got one of type \w+; name"):
        require_trusted(whole, "x.ckpt")


def test_all_names_are_judged_before_the_first_import(good: dict[str, Any], watched: Watch) -> None:
    last = {**good, "zoo": {"_target_": "os.system"}}
    with pytest.raises(RunError, match=r"zoo._target_: expected settings alone, got os.system"):
        require_trusted(last, "config.yaml")
    assert watched() == []


def test_a_refusal_needs_no_torch() -> None:
    program = (
        "import sys; from kindling.run.trust import require_trusted, RunError\n"
        "try: require_trusted({'model': {'_target_': 'os.system'}}, 'x')\n"
        "except RunError: print(*{'torch', 'hydra', 'omegaconf', 'yaml'} & set(sys.modules))"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout == "\n"


@pytest.mark.parametrize("path", OPTIONS, ids=name)
def test_every_option_is_accepted_as_a_run_stores_it(
    path: Path, composed: Callable[..., DictConfig], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = stand_in(name(path), tmp_path, monkeypatch)
    stored = plain(composed(*files, words(path, files)[-1]))
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
            plain(compose("config", words(own_conf / path.relative_to("conf"), [])[-1:])), "config.yaml"
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


def test_a_renamed_project_trusts_its_own_name() -> None:
    spec = importlib.util.spec_from_file_location("spark.run.trust", trust.__file__)
    assert spec is not None
    assert spec.loader is not None
    renamed = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(renamed)
    assert renamed.SLOTS["data"] == "spark.data.base.DataModule"
    with pytest.raises(RunError, match=r"expected a class of spark, .* in src/spark/run/trust.py"):
        renamed.require_trusted({"model": {"_target_": "kindling.model.mlp.MLP"}}, "config.yaml")


def test_it_takes_no_time(good: dict[str, Any]) -> None:
    def seconds() -> float:
        start = time.process_time()
        require_trusted(good, "config.yaml")
        return time.process_time() - start

    assert min(seconds() for _ in range(5)) < 0.02
