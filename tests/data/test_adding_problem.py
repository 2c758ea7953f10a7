"""The target is the sum of the two marked numbers."""

import torch

from kindling.data.adding_problem import AddingProblem


def test_two_numbers_are_marked_one_in_each_half_and_the_target_is_their_sum() -> None:
    inputs, targets = AddingProblem(rows=100, steps=10).load()[:]
    values, marks = inputs.unbind(2)
    assert torch.equal(marks[:, :5].sum(1), torch.ones(100))
    assert torch.equal(marks[:, 5:].sum(1), torch.ones(100))
    torch.testing.assert_close(targets[:, 0], (values * marks).sum(1))


def test_guessing_the_mean_costs_a_sixth() -> None:
    targets = AddingProblem(rows=20000, steps=4).load().targets
    assert abs(targets.var() - 1 / 6) < 0.005
