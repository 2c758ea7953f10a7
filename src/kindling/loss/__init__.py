"""Losses of one's own: `task.loss=within` finds the function `within` in `within.py` of this folder.

A loss gets the outputs and the targets of a batch and returns one loss a row (batch). For classes
these are logits (batch, classes) and class numbers (batch); a binary task hands over two logits as
well. For numbers both are (batch, num_targets), in units of the target's spread. Further arguments
are its settings, `task.loss={within:{width:2}}`; a ValueError refuses one of them in a line.

A loss for classes that has an argument `smoothing`, 0 by default, receives `task.label_smoothing`
there while training. `KIND = "class"` or `"real"` in the file keeps it for classes or for numbers.
"""
