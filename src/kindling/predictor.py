"""A trained network, from its checkpoint alone: raw inputs in, probabilities or values out."""

from collections.abc import Iterator, Sequence
from importlib import import_module
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from omegaconf import OmegaConf
from torch import Tensor

from kindling.augmentation.base import Augmentation
from kindling.build import build_module
from kindling.data.spec import DataSpec
from kindling.error import ConfigError, MachineError, RunError, UserError, one_line
from kindling.module import LitModule
from kindling.predict.array import Reader, usual_batch
from kindling.run.code import tell_changed
from kindling.run.find import find_checkpoint
from kindling.run.restore import require_format
from kindling.run.store import read_checkpoint
from kindling.run.trust import require_trusted

LEFT_OUT = {  # of the settings: what training alone needs, which may need a package that isn't here
    "augmentation": {"_target_": f"{Augmentation.__module__}.Augmentation", "_partial_": True},
    "mixers": {},
    "penalties": {},
    "scheduler": {},
}


class Predictor:
    """Predicts rows as evaluation does; `batch_size` rows at a time, on the device where the network is."""

    def __init__(self, module: LitModule, spec: DataSpec, reader: Reader) -> None:
        self.module = module.eval()
        self.spec = spec
        self.reader = reader

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes, in the order of their probabilities; none where numbers are predicted."""
        if self.spec.target == "real":
            return ()
        return tuple(self.spec.class_names or map(str, range(self.spec.num_targets)))

    def predict(self, raw: Any) -> NDArray[np.float32]:
        """Probabilities (rows, classes), of two classes that of the second (rows), or values (rows, values).

        `raw` is a path or several, an array or tensor of raw values (rows, *input_shape), or for tables
        and series rows: mappings by column, or lists in the order of the columns. Raises DataError.
        """
        return np.concatenate([outputs for _, outputs in self.batches(raw)])

    def predict_classes(self, raw: Any) -> NDArray[np.str_]:
        """The name of the likeliest class of each row; raises ConfigError where numbers are predicted."""
        return np.concatenate([self.likeliest(outputs) for _, outputs in self.batches(raw)])

    def batches(self, raw: Any) -> Iterator[tuple[dict[str, Sequence[Any]], NDArray[np.float32]]]:
        """The same a batch at a time, each with what tells its rows apart by the name of its column."""
        for names, inputs in self.reader.read(raw):
            yield names, self.outputs(inputs)

    @torch.inference_mode()
    def outputs(self, inputs: Tensor) -> NDArray[np.float32]:
        """Predictions of one batch of raw values (rows, *input_shape)."""
        batch = inputs.to(self.module.device), torch.zeros(len(inputs))
        found: NDArray[np.float32] = self.module.predict_step(batch, 0).float().cpu().numpy()
        return found

    def likeliest(self, outputs: NDArray[np.float32]) -> NDArray[np.str_]:
        """The name of the likeliest class, from probabilities."""
        if not self.classes:
            raise ConfigError(
                "predict_classes: expected a run that predicts classes; use predict for numbers"
            )
        places = outputs.argmax(1) if outputs.ndim == 2 else (outputs > 0.5).astype(np.int64)
        names: NDArray[np.str_] = np.array(self.classes)[places]
        return names


def load(path: str | PathLike[str], device: str = "auto", batch_size: int | None = None) -> Predictor:
    """The network of a run's folder, of a checkpoint or of `last`; raises RunError where it can't be used.

    `device` is auto, cpu or cuda; auto takes a GPU where there is one.
    """
    file = find_checkpoint(str(path))
    return predictor_of(read_checkpoint(file), file, device, batch_size)


def predictor_of(
    state: dict[str, Any], file: Path, device: str = "auto", batch_size: int | None = None
) -> Predictor:
    """The same from what a checkpoint holds, which messages call `file`."""
    place = find_device(device)
    try:
        require_format(state, file)
        if "shares" in state:
            raise RunError(
                f"{file}: holds no weights, they lie in {state['shares']}; name best.ckpt beside it"
            )
        kept = state["kindling"]
        require_trusted(kept["config"], str(file))
        spec = DataSpec(**{**kept["spec"], "input_shape": tuple(kept["spec"]["input_shape"])})
        reader = make_reader(kept["reading"], spec, batch_size or usual_batch(spec, place))
        module = rebuild(kept["config"], spec, state["state_dict"])
        tell_changed(module.net, kept, file)
    except (MachineError, RunError):
        raise
    except (
        UserError,
        ArithmeticError,
        AttributeError,
        LookupError,
        RuntimeError,
        TypeError,
        ValueError,
    ) as error:
        told = one_line(error) if isinstance(error, UserError | RuntimeError) else repr(error)
        raise RunError(
            f"{file}: can't be rebuilt ({told}); take the code that it was trained with"
        ) from error
    return Predictor(module.to(place), spec, reader)


def rebuild(config: dict[str, Any], spec: DataSpec, weights: dict[str, Tensor]) -> LitModule:
    """The module as it was trained, in 32 bits; the caller's random numbers stay as they are."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config["seed"])  # for what a network draws as it is made, and does not keep
        module = build_module(OmegaConf.create({**config, **LEFT_OUT}), spec, config["data"]["seed"])
    module.load_state_dict(weights)
    return module


def make_reader(reading: dict[str, Any], spec: DataSpec, batch_size: int) -> Reader:
    """The reader of a kind, from the module of that name in kindling.predict."""
    kind = reading["kind"]
    if not (Path(__file__).parent / "predict" / f"{kind}.py").is_file() or not kind.isidentifier():
        raise ValueError(f"unknown kind of samples: {kind}")
    reader: Reader = import_module(f"kindling.predict.{kind}").Reader(reading, spec, batch_size)
    return reader


def find_device(name: str) -> torch.device:
    """The device that a word means; raises UserError where there is none."""
    if name not in ("auto", "cpu", "cuda"):
        raise ConfigError(f"device: expected auto, cpu or cuda, got {name}")
    if name == "cuda" and not torch.cuda.is_available():
        raise MachineError("device: expected a GPU for cuda, got none; take cpu")
    return torch.device("cuda" if name != "cpu" and torch.cuda.is_available() else "cpu")
