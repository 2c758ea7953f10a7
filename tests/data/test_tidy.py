"""Values that are no finite numbers are found, and those that are only large are none of them."""

from math import inf, nan

import pytest
import torch

from kindling.data.tidy import first_not_finite


@pytest.mark.parametrize(
    ("values", "row"),
    [
        ([[1.0, 2.0], [3.0, 4.0]], None),
        ([[1.0, 2.0], [3.0, nan]], 3),
        ([[1.0, inf], [-inf, 1.0]], 2),
        ([[3e38, 3e38], [3e38, 3e38]], None),  # their sum is no number of 32 bits
        ([[3e38, 3e38], [3e38, -inf]], 3),
    ],
)
def test_the_first_row_that_is_not_finite(values: list[list[float]], row: int | None) -> None:
    parts = [torch.zeros(2, 2), torch.tensor(values)]
    assert first_not_finite(iter(parts)) == row


def test_a_number_that_32_bits_do_not_hold_is_not_finite() -> None:
    assert first_not_finite([torch.tensor([[1.0], [1e300]], dtype=torch.float64)]) == 1
