"""A rehearsal of the training: what one batch tells of layers, weights, memory and the loss."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import partial
from time import perf_counter
from typing import Any

import torch
from lightning_utilities.core.apply_func import apply_to_collection
from pytorch_lightning.utilities.seed import isolate_rng
from torch import Tensor, nn
from torch.autograd.graph import saved_tensors_hooks
from torch.nn.utils import get_total_norm
from torch.optim import Optimizer
from tqdm import tqdm

from kindling.data.base import DataModule
from kindling.data.spec import describe_shape
from kindling.error import MachineError, NotFiniteError
from kindling.look.facts import align, number, shorten
from kindling.module import Batch, LitModule

MOST_LAYERS = 40
SPLITS = {"train": "training", "val": "validation"}
OUT_OF_MEMORY = ("out of memory", "DefaultCPUAllocator")  # how GPUs and the CPU tell of it
Turn = tuple[Tensor | None, float, float]  # loss, none where a Trainer is needed; gradient's norm; seconds


def found_in(parts: Any, kind: type[Any]) -> list[Any]:
    """What is of a kind, in lists and dictionaries of any depth."""
    found: list[Any] = []
    apply_to_collection(parts, kind, found.append, allow_frozen=True)
    return found


def storages(tensors: Iterable[Tensor]) -> dict[int, int]:
    """The bytes of each piece of memory by its address: several tensors may share one."""
    pieces = (tensor.untyped_storage() for tensor in tensors)
    return {piece.data_ptr(): piece.nbytes() for piece in pieces}


@contextmanager
def without_trainer() -> Iterator[None]:
    """Leave out what only a Trainer makes possible."""
    try:
        yield
    except RuntimeError as error:
        if "is not attached to a `Trainer`" not in str(error):
            raise


def watch(module: nn.Module) -> dict[str, str]:
    """The shape that each part is going to give, by the part's name."""
    shapes: dict[str, str] = {}

    def note(name: str, part: nn.Module, inputs: Any, output: Any) -> None:
        first, *others = found_in(output, Tensor) or [None]
        more = f" and {len(others)} more" if others else ""  # as the state of a recurrent layer
        shapes[name] = "" if first is None else f"{tuple(first.shape)}{more}"

    for name, part in module.named_modules():
        part.register_forward_hook(partial(note, name))
    return shapes


def take_turn(module: LitModule, batch: Batch) -> Turn:
    """Forward and backward as in training; where there is no loss the gradients are zero."""
    module.zero_grad()
    start, loss = perf_counter(), None
    with without_trainer():
        loss = module.training_step(batch, 0)
    if loss is None:
        module(batch[0])
        for parameter in module.parameters():
            parameter.grad = torch.zeros_like(parameter)
    else:
        loss.backward()
        loss = loss.detach()
    norm = float(get_total_norm([p.grad for p in module.parameters() if p.grad is not None]))  # waits for all
    return loss, norm, perf_counter() - start


def take_step(module: LitModule, batch: Batch, turns: list[Turn]) -> list[Tensor]:
    """What the optimizers hold after a step; each turn that they ask for joins the others."""

    def closure() -> Tensor:
        turns.append(take_turn(module, batch))
        loss = turns[-1][0]
        return torch.zeros(()) if loss is None else loss

    held: list[Tensor] = []
    module.schedule = {}  # its length is the Trainer's to know
    with without_trainer():
        for optimizer in found_in(module.configure_optimizers(), Optimizer):
            getattr(optimizer, "train", lambda: None)()  # schedule_free has it
            optimizer.step(closure)
            held += found_in(list(optimizer.state.values()), Tensor)
    return held


def require_finite(loss: Tensor | None, norm: float) -> None:
    """Refuse what nothing can be learned from; raises NotFiniteError."""
    for what, value in (("training loss", loss), ("norm of the gradient", norm)):
        if value is not None and not math.isfinite(value):
            raise NotFiniteError(
                f"first batch: the {what} is {float(value)}, expected a finite number; "
                "keep data.normalization=standard, or choose another task.loss or model"
            )


def cut(name: str, depth: int) -> str:
    """The first words of a dotted name."""
    return ".".join(name.split(".")[:depth])


def list_layers(module: nn.Module, shapes: dict[str, str]) -> list[str]:
    """A line for each layer of what can learn, or for the blocks that they lie in where they are many."""
    names = [
        f"{child}.{name}".rstrip(".")
        for child, whole in module.named_children()
        for name, part in whole.named_modules()
        if list(whole.parameters()) and (not list(part.children()) or list(part.parameters(recurse=False)))
    ]
    depths = range(max(name.count(".") for name in names) + 1, 2, -1)
    depth = next((d for d in depths if len({cut(name, d) for name in names}) <= MOST_LAYERS), 2)
    weights, held = Counter[str](), Counter[str]()
    for name, parameter in module.named_parameters():
        place = cut(name.rpartition(".")[0], depth)
        weights[place] += parameter.numel()
        held[place] += 0 if parameter.requires_grad else parameter.numel()
    rows = [["layer", "output", "weights", "not learned"]]
    for place in dict.fromkeys(cut(name, depth) for name in names):
        kind = type(module.get_submodule(place)).__name__
        layer = shorten(f"{place.removeprefix('net.')} {kind}", 60)
        rows.append([layer, shapes.get(place, ""), f"{weights[place]:,}", f"{held[place]:,}"])
    table = align([row if held.total() else row[:-1] for row in rows], MOST_LAYERS)
    learned = weights.total() - held.total()
    return ["", *table, "", f"total         {weights.total():,} weights, {learned:,} of them learned"]


def perform(module: LitModule, batch: Batch) -> list[str]:
    """Train a module that nobody needs any more, and say what is seen."""
    shapes, kept, parameters = watch(module), dict[int, int](), list(module.parameters())

    def keep(tensor: Tensor) -> Tensor:
        kept.update(storages([tensor]))
        return tensor

    with saved_tensors_hooks(keep, lambda tensor: tensor):
        turns = [take_turn(module, batch)]
    loss, norm, _ = turns[0]
    require_finite(loss, norm)
    own = storages([*parameters, *module.buffers()])
    pieces = {
        "weights": storages(parameters),
        "gradients": storages(p for p in parameters if p.requires_grad),
        "optimizer": storages(take_step(module, batch, turns)),
        "for the backward pass": {at: size for at, size in kept.items() if at not in own},
    }
    sizes = [(what, sum(held.values())) for what, held in pieces.items()]
    parts = " + ".join(f"{tqdm.format_sizeof(size, 'B')} {what}" for what, size in sizes)
    whole = tqdm.format_sizeof(sum(size for _, size in sizes), "B")
    lines = [*list_layers(module, shapes), f"memory        {parts} = {whole}"]
    if module.device.type == "cuda":
        peak = tqdm.format_sizeof(torch.cuda.max_memory_allocated(module.device), "B")
        lines.append(f"peak          {peak} on {module.device}, with what was there before")
    if loss is not None:
        took = f"{1000 * min(seconds for *_, seconds in turns):,.1f} ms on {module.device}"
        said = f"training loss {number(loss)}, gradient norm {number(norm)}"
        lines.append(f"one batch     {said}; forward and backward took {took}")
    return lines


def rehearse(data: DataModule, module: LitModule, device: torch.device | None = None) -> str:
    """What a training would meet: rows, layers, weights, memory, and the loss of its first batch.

    All of it happens to a copy, on `device` or else where the module is; there is no precision and no
    callback of a Trainer's. Raises NotFiniteError, and MachineError where memory ends.
    """
    device = device or module.device
    with isolate_rng():
        batch = next(iter(data.train_dataloader()))
        rows = f"{len(batch[0]):,}"
        try:
            copy = deepcopy(module).to(device)
            seen = perform(copy, copy.transfer_batch_to_device(batch, device, 0))
        except (RuntimeError, MemoryError) as error:
            if not isinstance(error, MemoryError) and not any(sign in str(error) for sign in OUT_OF_MEMORY):
                raise
            text = f"memory: expected room for a batch of {rows} rows on {device}, got too little"
            raise MachineError(f"{text}; lower data.batch_size or choose a smaller model") from error
    counts = ", ".join(f"{len(split):,} {SPLITS.get(name, name)}" for name, split in data.splits.items())
    sample, target = describe_shape(data.spec.input_shape), data.spec.describe_target()
    head = [f"rows          {counts}; a batch has {rows}", f"input         {sample}; the target: {target}"]
    return "\n".join([*head, *seen])
