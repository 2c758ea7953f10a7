"""No row or filter of a kernel is ever longer than the bound."""

import pytest
import torch
from torch import Tensor, nn

from kindling.error import ConfigError
from kindling.regularizer.max_norm import hold
from tests.regularizer.conftest import Traced

BOUND = 0.5
FAST = ["optimizer.lr=1.0", "optimizer.nesterov=false", "trainer.max_epochs=2"]


def longest(weights: dict[str, Tensor]) -> float:
    return max(float(kernel.flatten(1).norm(dim=1).max()) for kernel in weights.values() if kernel.ndim > 1)


def test_a_long_filter_keeps_its_direction_and_a_short_one_its_length() -> None:
    net = nn.Conv2d(2, 2, 3)
    net.weight.data[0] = 5.0
    net.weight.data[1] = 0.01
    bias = net.bias.detach().clone()
    hold(net, 2.0)
    assert net.weight[0].norm().item() == pytest.approx(2.0, rel=1e-5)
    torch.testing.assert_close(net.weight[0].std(), torch.tensor(0.0))
    assert (net.weight[1] == 0.01).all()
    assert torch.equal(net.bias, bias)


@pytest.mark.parametrize(
    "words",
    [["optimizer.momentum=0"], ["optimizer.momentum=0.9"], ["+trainer.accumulate_grad_batches=2"],
     ["optimizer=adamw", "optimizer.lr=0.1"], ["optimizer=muon", "optimizer.lr=0.1"],
     ["model=lstm", "data=digits", "optimizer.lr=1.0"]],
)  # fmt: skip
def test_it_holds_at_every_step(words: list[str], traced: Traced) -> None:
    fast = [*([] if words[0] in ("optimizer=adamw", "optimizer=muon") else FAST), *words]
    assert longest(traced(*fast)[-1][-1]) > 1.5 * BOUND, "without it the kernels must grow"
    _, trainer, steps = traced(*fast, "regularizer=[max_norm]", f"callback.max_norm.bound={BOUND}")
    assert len(steps) == trainer.global_step > 4
    assert max(map(longest, steps)) == pytest.approx(BOUND, rel=1e-5)


@pytest.mark.parametrize("both", ["regularizer=[max_norm,ema]", "regularizer=[ema,max_norm]"])
def test_an_average_of_held_weights_is_held_and_is_of_them(both: str, traced: Traced) -> None:
    module, trainer, steps = traced(*FAST, both, f"callback.max_norm.bound={BOUND}", "callback.ema.decay=0.5")
    assert max(map(longest, steps)) <= BOUND * (1 + 1e-5)
    expected = steps[0]["1.0.weight"]
    for step in steps[1:]:
        expected = 0.5 * expected + 0.5 * step["1.0.weight"]
    torch.testing.assert_close(module.net.state_dict()["1.0.weight"], expected)
    assert longest(module.net.state_dict()) <= BOUND * (1 + 1e-5)
    kept = torch.load(f"{trainer.checkpoint_callbacks[-1].last}", weights_only=True)["state_dict"]
    held = {name: weight for name, weight in kept.items() if name.startswith("net.")}
    assert longest(held) <= BOUND * (1 + 1e-5)


def test_an_optimizer_with_two_sets_of_weights_is_refused(traced: Traced) -> None:
    pytest.importorskip("schedulefree")
    with pytest.raises(ConfigError, match=r"regularizer=\[max_norm\]: .* got schedule_free; choose another"):
        traced("optimizer=schedule_free", "regularizer=[max_norm]")
