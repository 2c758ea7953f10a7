"""What is left out around Lightning's hooks, and what is not."""

from collections.abc import Callable
from pathlib import Path

import pytest
from omegaconf import DictConfig
from torch import nn

from kindling.build import build
from kindling.quick import NoProfiler, QuickModule
from tests.conftest import QUIET


@pytest.mark.parametrize(("words", "is_quick"), [([], True), (["+trainer.profiler=simple"], False)])
def test_a_profiler_that_is_asked_for_stays(
    words: list[str], is_quick: bool, composed: Callable[..., DictConfig], tmp_path: Path
) -> None:
    trainer = build(composed(*QUIET, "data=wine", *words), tmp_path)[2]
    assert isinstance(trainer.profiler, NoProfiler) is is_quick  # type: ignore[attr-defined]


def test_only_the_note_of_a_hook_is_plain() -> None:
    module = QuickModule()
    module._current_fx_name = "training_step"
    module.layer = nn.Linear(2, 1)
    assert vars(module)["_current_fx_name"] == "training_step"
    assert [name for name, _ in module.named_parameters()] == ["layer.weight", "layer.bias"]
