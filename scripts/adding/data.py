"""The rows are as their spec says, and always the same."""

import torch

from kindling.data.example import Example


def test_the_rows_are_as_the_spec_says() -> None:
    data = Example(rows=200)
    rows = data.load()
    assert rows.inputs.shape == (200, *data.spec.input_shape)
    assert rows.targets.unique().tolist() == [*range(data.spec.num_targets)]


def test_they_are_the_same_again() -> None:
    first, again = (Example(rows=200).load() for _ in range(2))
    assert torch.equal(first.inputs, again.inputs)


def test_they_are_divided_without_a_rest() -> None:
    data = Example(rows=200)
    data.setup()
    assert {name: len(split) for name, split in data.splits.items()} == {"train": 130, "val": 30, "test": 40}
