"""A stored configuration builds what its places are for, and nothing that somebody else has thought of."""

import importlib.util
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hydra.utils import instantiate
from omegaconf import DictConfig

from kindling.error import RunError
from kindling.run import trust
from kindling.run.trust import require_trusted
from tests.run.attack import ATTACKS, changed

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
