"""How a raw sample of a set is read, told in plain values: what kindling.predict needs to read others."""

from collections.abc import Sequence
from typing import Any

import torch

from kindling.data.spec import DataSpec
from kindling.source.feature import Feature

MODES = {1: "grey", 3: "rgb"}  # by the channels of an image


def usual_reading(spec: DataSpec, dtype: torch.dtype) -> dict[str, Any]:
    """Rows of numbers are cells of a table, images of bytes are image files, all else is an array."""
    shape = spec.input_shape
    if len(shape) == 1:
        return table_reading([Feature(name) for name in spec.feature_names or map(str, range(shape[0]))])
    if len(shape) == 3 and shape[0] in MODES and dtype == torch.uint8:
        return {"kind": "image", "mode": MODES[shape[0]]}
    return {"kind": "array"}


def table_reading(features: Sequence[Feature], **others: Any) -> dict[str, Any]:
    """A table with these columns to learn from, by their names or, where these are numbers, by position."""
    names = [feature.name for feature in features]
    header = names != [str(at) for at in range(len(names))]
    columns = [feature.plain() for feature in features]
    return {"kind": "table", "columns": columns, "names": names, "header": header, **others}
