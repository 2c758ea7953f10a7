"""Each file of tests/own does what it says, by itself."""

import math
from types import SimpleNamespace

import pytest
import torch
from torch import nn

from kindling.data.spec import DataSpec
from kindling.error import ConfigError, UnsuitableError
from tests.added import make_gan, own


def test_orthogonal_follows_its_formula() -> None:
    module = own("regularizer/orthogonal")
    assert module.distance(torch.eye(3)) == 0
    assert module.distance(torch.eye(3)[:, :2]) == 0  # a tall matrix by its columns
    kernel = torch.tensor([[[2.0]], [[0.0]]]).reshape(1, 2, 1)
    assert module.distance(kernel) == (4 - 1) ** 2
    assert module.distance(torch.tensor([[1.0, 1.0], [1.0, 0.0]])) == 1 + 1 + 1 + 0
    net = nn.Linear(2, 2)
    net.weight.data = 2 * torch.eye(2)
    assert module.Orthogonal(0.5)(net) == 0.5 * 2 * (4 - 1) ** 2


def test_the_norm_is_that_of_all_gradients() -> None:
    net, logged = nn.Linear(1, 2), {}
    net.weight.grad, net.bias.grad = torch.tensor([[2.0], [4.0]]), torch.tensor([4.0, 0.0])
    module = SimpleNamespace(log=lambda name, value, **_: logged.update({name: value.item()}))
    optimizer = torch.optim.SGD([{"params": [net.weight]}, {"params": [net.bias]}])
    own("callback/gradient_norm").GradientNorm().on_before_optimizer_step(None, module, optimizer)
    assert logged == {"train/gradient_norm": 6.0}


def test_the_loss_of_counts_is_that_of_poisson() -> None:
    task = own("task/count").Count(DataSpec((1,), "real", 1))
    output, target = torch.randn(6, 1), torch.arange(6.0).unsqueeze(1)
    assert (task.predict(output) > 0).all()
    truth = -torch.distributions.Poisson(output.exp()).log_prob(target) - torch.lgamma(target + 1)
    torch.testing.assert_close(task.loss(output, target), truth.mean())


def test_counts_are_numbers() -> None:
    with pytest.raises(UnsuitableError, match="needs counts to predict; the data has 3 classes"):
        own("task/count").Count(DataSpec((1,), "class", 3))


def test_log_cosh_follows_its_formula_and_stays_finite() -> None:
    log_cosh = own("loss/log_cosh").log_cosh
    output, target = torch.tensor([[0.5, -2.0], [1000.0, -1000.0]]), torch.zeros(2, 2)
    near = (math.log(math.cosh(0.5)) + math.log(math.cosh(2))) / 2
    torch.testing.assert_close(log_cosh(output, target), torch.tensor([near, 1000 - math.log(2)]))


def test_within_counts_over_batches() -> None:
    metric = own("metric/within").Within(tolerance=0.5)
    metric.update(torch.tensor([[1.0], [2.5]]), torch.tensor([[1.0], [2.0]]))
    metric.update(torch.tensor([[4.0]]), torch.tensor([[2.0]]))
    assert metric.compute() == pytest.approx(2 / 3)


def test_within_refuses_a_tolerance_below_zero() -> None:
    with pytest.raises(ValueError, match="expected a tolerance of 0 or more, got -1"):
        own("metric/within").Within(tolerance=-1)


def test_a_gan_has_an_optimizer_for_each_network() -> None:
    module = make_gan(own("gan"))
    held = [
        {id(weight) for group in optimizer.param_groups for weight in group["params"]}
        for optimizer in module.configure_optimizers()
    ]
    assert held == [{id(weight) for weight in net.parameters()} for net in (module.net, module.generator)]


@pytest.mark.parametrize("part", ["schedule", "mixers"])
def test_a_gan_tells_what_it_trains_without(part: str) -> None:
    with pytest.raises(ConfigError, match="expected none with module GAN"):
        make_gan(own("gan"), **{part: {"something": 1}})


def test_no_rows_are_apart_from_themselves() -> None:
    distance = own("gan").energy_distance
    rows = torch.randn(20, 3)
    assert distance(rows, rows).item() == pytest.approx(0, abs=1e-5)
    one, other = torch.zeros(1, 1, 2), torch.tensor([[[3.0, 4.0]]])
    assert distance(one, other) == 2 * 5
