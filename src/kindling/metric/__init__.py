"""Metrics of one's own: `task.metrics=[within]` finds the class `Within` in `within.py` of this folder.

The class is named like the file, in capitals instead of underscores: `TopK` in `top_k.py`. It is a
torchmetrics.Metric of which `compute` returns one number. `update` gets predictions and targets: for
classes probabilities (batch, classes), or (batch) of class 1 in a binary task, with class numbers
(batch); for numbers both (batch, num_targets), in the target's own units. Arguments of its
constructor are its settings, `task.metrics=[{within:{width:2}}]`, but for `num_classes`, which is
filled in; a ValueError refuses one of them in a line.

One that keeps lists of rows is left out while training, as each epoch would gather all of its rows
again. `KIND = "class"` or `"real"` in the file keeps it for classes or for numbers.
"""
