"""A network that has been edited since its run is told of, as its weights may come to something else."""

import sys
from collections.abc import Callable, Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest
from torch import nn

from kindling.predictor import predictor_of
from kindling.run.code import digest_code, tell_changed
from kindling.run.store import read_checkpoint

TEXT = "from torch import nn\n\n\nclass Net(nn.Module):\n    pass\n"


@pytest.fixture
def net(tmp_path: Path) -> Iterator[nn.Module]:
    (tmp_path / "network.py").write_text(TEXT)
    spec = spec_from_file_location("network", tmp_path / "network.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "network", module)
        yield module.Net()


def test_an_edit_is_told_once(net: nn.Module, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    kept = {"code": digest_code(net)}
    tell_changed(net, kept, Path("best.ckpt"))
    tell_changed(net, {}, Path("best.ckpt"))  # of a run before there was a digest
    assert caplog.messages == []
    (tmp_path / "network.py").write_text(TEXT.replace("pass", "x = 1"))
    tell_changed(net, kept, Path("best.ckpt"))
    told = "has changed since best.ckpt was trained; its results may differ from the run's"
    assert caplog.messages == [f"{tmp_path}/network.py: {told}"]


def test_a_network_without_a_file_has_no_digest() -> None:
    assert digest_code(type("Net", (nn.Module,), {"__module__": "builtins"})()) == ""


def test_a_checkpoint_knows_the_code_of_its_network(
    fitted: Callable[..., tuple[Any, Any, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    *_, trainer = fitted("data=digits", "model=mlp", "debug=one_batch")
    path = Path(trainer.checkpoint_callbacks[-1].last)
    state = read_checkpoint(path)
    caplog.clear()
    predictor_of(state, path)
    assert caplog.messages == []
    state["kindling"]["code"] = "of another"
    predictor_of(state, path)
    assert len(caplog.messages) == 1
    assert "mlp.py: has changed since" in caplog.messages[0]
