"""From a checkpoint to a file that is there only if it gives what the original does."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import shorten
from typing import Any

from kindling.data.spec import DataSpec, describe_shape
from kindling.error import MachineError, RunError, as_user_error, one_line
from kindling.export.agree import SIZES, difference, rows_of
from kindling.export.deployed import Deployed, describe
from kindling.predictor import predictor_of
from kindling.run.store import read_checkpoint
from kindling.source.whole import written_whole

LARGEST = 1e-5  # difference from the original
INSTEAD = "take another --format, or make the network's forward plainer"


def export(checkpoint: Path, form: Any, path: Path) -> str:
    """Write the file, load it again and compare the two; returns what was seen. Raises RunError."""
    state = read_checkpoint(checkpoint)
    predictor = predictor_of(state, checkpoint, "cpu")
    network = Deployed(predictor)
    with quiet(), refusing(checkpoint, form):
        content = form.write(network, describe(network, state["kindling"]))
    rows, title = rows_of(state, predictor)
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(path) as file:
        file.write(content)
        file.flush()
        with quiet(), refusing(checkpoint, form):
            found = difference(predictor, form.read(Path(file.name)), rows)
        if not found <= LARGEST:  # nan is none of both
            told = f"{checkpoint}: as {form.ENDING} it differs from the original by {found:.2g}"
            raise RunError(f"{told}, expected {LARGEST:g} or less; {INSTEAD}")
    sizes = ", ".join(map(str, SIZES))
    compared = f"compared on {title}, in batches of {sizes}: the largest difference is {found:.2g}"
    return f"{takes(predictor.spec)}; {compared}"


def takes(spec: DataSpec) -> str:
    """What goes into the file: of a table the columns in their order, a category each its own."""
    names = shorten(", ".join(spec.feature_names), 200, placeholder=" …")
    return f"takes {describe_shape(spec.input_shape)}{f' ({names})' if names else ''}"


@contextmanager
def refusing(checkpoint: Path, form: Any) -> Iterator[None]:
    """A network that the format can't express is the user's, and told in one line."""
    try:
        yield
    except Exception as error:  # exporters raise errors of any kind
        known = as_user_error(error)
        if known or isinstance(error, MemoryError):
            raise (known or MachineError("memory: it is too small for this network")) from error
        said = shorten(f"{type(error).__name__}: {one_line(error)}", 300, placeholder=" …")
        raise RunError(f"{checkpoint}: can't become {form.ENDING} ({said}); {INSTEAD}") from error


@contextmanager
def quiet() -> Iterator[None]:
    """Exporters warn of packages that they do without, and of their own code."""
    log = logging.getLogger("torch")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        log.setLevel(level)
