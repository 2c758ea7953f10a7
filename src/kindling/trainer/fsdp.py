"""Weights, gradients and the optimizer's state shared out among processes: PyTorch's FSDP2."""

import os
import shutil
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import torch
from pytorch_lightning.strategies import ModelParallelStrategy
from torch import Tensor, distributed, nn
from torch.distributed.device_mesh import DeviceMesh
from torch.distributed.fsdp import FSDPModule, fully_shard
from torch.distributed.tensor import DTensor, distribute_tensor
from torch.optim import SGD, Optimizer

from kindling.run.store import read_checkpoint, sync_folder, write_checkpoint
from kindling.run.verify import digest_file, digests, previous, sha256

SHARES = "shares-"  # and a number: a folder beside last.ckpt, which names it, with a file of each process


class FullyShared(ModelParallelStrategy):
    """Each process holds a share of every weight, and puts a layer together while it computes.

    best.ckpt holds whole weights, as of any run; last.ckpt names the folder with the shares of its step.
    On several machines the run's folder has to be the same for all.
    """

    def setup_environment(self) -> None:
        """All processes share one network, which Lightning has the module share out."""
        self._data_parallel_size, self._tensor_parallel_size = self.num_nodes * self.num_processes, 1
        super().setup_environment()
        module: Any = self.lightning_module
        module.configure_model = partial(spread, module.net, self.device_mesh)

    def setup_optimizers(self, trainer: Any) -> None:
        """Without the fused kernel of SGD, which knows no shares."""
        super().setup_optimizers(trainer)
        for group in (group for one in self.optimizers if isinstance(one, SGD) for group in one.param_groups):
            group["fused"] = False

    def lightning_module_state_dict(self) -> dict[str, Any]:
        """As it lies in memory: what becomes of it depends on the checkpoint."""
        assert self.lightning_module is not None
        return self.lightning_module.state_dict()

    def optimizer_state(self, optimizer: Optimizer) -> dict[str, Any]:
        """As well."""
        return optimizer.state_dict()

    def save_checkpoint(self, checkpoint: dict[str, Any], filepath: Any, storage_options: Any = None) -> None:
        """Write the whole weights of the best epoch, or the share of each process."""
        path = Path(self.broadcast(filepath))
        shares = {"state_dict": checkpoint["state_dict"], "optimizer_states": checkpoint["optimizer_states"]}
        checkpoint.update(state_dict={}, optimizer_states=[])
        if path.name == "best.ckpt":
            checkpoint["state_dict"] = {name: whole(value) for name, value in shares["state_dict"].items()}
            files: dict[str, str] = {}
        else:
            folder = self.broadcast(next_folder(path.parent))
            files = self._write_shares(packed(shares), folder)
            checkpoint["shares"] = folder.name
        if self.is_global_zero:
            write_checkpoint(checkpoint, path, files)
            if files:
                remove_unnamed(path)

    def load_checkpoint(self, checkpoint_path: Any, weights_only: bool | None = None) -> dict[str, Any]:
        """Take over this process's share; raises RunError where it doesn't verify."""
        path = Path(self.broadcast(checkpoint_path))
        checkpoint = read_checkpoint(path)
        root = path.parent.parent if path.parent.name == "previous" else path.parent
        found = read_checkpoint(root / checkpoint["shares"] / self._own_file)
        module = self.lightning_module
        assert module is not None
        own = module.state_dict()
        module.load_state_dict({name: unpacked(found["state_dict"][name], own[name]) for name in own})
        for optimizer, state in zip(self.optimizers, found["optimizer_states"], strict=True):
            weights = [weight for group in optimizer.param_groups for weight in group["params"]]
            of_each = {key: unpacked(value, weights[key]) for key, value in state["state"].items()}
            optimizer.load_state_dict({**state, "state": of_each})
        return checkpoint

    @property
    def _own_file(self) -> str:
        return f"rank-{self.global_rank}.ckpt"

    def _write_shares(self, shares: dict[str, Any], folder: Path) -> dict[str, str]:
        """Write into a new folder, and rename it once all are done; the sha256 of each file by its path."""
        new = Path(self.broadcast(folder.with_name(f".{folder.name}.{os.getpid()}")))
        write_checkpoint(shares, new / self._own_file)
        digests: list[Any] = [None] * self.world_size
        distributed.all_gather_object(digests, (self._own_file, sha256(new / self._own_file)))
        if self.is_global_zero:
            new.replace(folder)
            sync_folder(folder.parent)
        return {f"{folder.name}/{name}": digest for name, digest in digests}


def spread(net: nn.Module, mesh: DeviceMesh) -> None:
    """Share out a network, each of its layers by itself; a second call does nothing.

    A recurrent layer is put together with the whole: it returns a view, of which torch warns.
    """
    if isinstance(net, FSDPModule):
        return
    net.to(memory_format=torch.contiguous_format)  # type: ignore[call-overload]  # it can share out no other
    for layer in net.children():
        has_weights = next(layer.parameters(), None) is not None
        is_called = type(layer).forward is not nn.Module.forward  # and no ModuleList
        if has_weights and is_called and not isinstance(layer, nn.RNNBase):
            fully_shard(layer, mesh=mesh["data_parallel"])
    fully_shard(net, mesh=mesh["data_parallel"])
    net.register_forward_pre_hook(agree)


def agree(net: nn.Module, inputs: Any) -> None:
    """Compute with the first process's running statistics in all, as DDP does."""
    for buffer in net.buffers():
        distributed.broadcast(buffer, 0)


def shared_out(weights: Mapping[str, Tensor], module: nn.Module) -> dict[str, Tensor]:
    """Whole weights as the module holds them: of some each process takes its share."""
    own = module.state_dict()
    return {name: share(value, own.get(name)) for name, value in weights.items()}


def share(value: Tensor, own: Any) -> Tensor:
    """What this process holds of a tensor."""
    if not isinstance(own, DTensor):
        return value
    return distribute_tensor(value.to(own.device), own.device_mesh, own.placements, src_data_rank=None)


def whole(value: Any) -> Any:
    """A tensor put together; all processes have to ask for it."""
    return value.full_tensor().cpu() if isinstance(value, DTensor) else value


def packed(state: Any) -> Any:
    """Plain tensors and values; what is a share is marked."""
    if isinstance(state, DTensor):
        return {"share": state.to_local()}
    if isinstance(state, dict):
        return {key: packed(value) for key, value in state.items()}
    return [packed(value) for value in state] if isinstance(state, list) else state


def unpacked(state: Any, own: Any) -> Any:
    """As the weight that it belongs to is shared out."""
    if isinstance(state, dict) and state.keys() == {"share"}:
        local = state["share"].to(own.device)
        return DTensor.from_local(
            local, own.device_mesh, own.placements, shape=own.shape, stride=own.stride()
        )
    if isinstance(state, dict):
        return {key: unpacked(value, own) for key, value in state.items()}
    return state


def next_folder(parent: Path) -> Path:
    """A new name for the shares of a step."""
    numbers = [int(path.name.removeprefix(SHARES)) for path in parent.glob(f"{SHARES}[0-9]*")]
    return parent / f"{SHARES}{max(numbers, default=0) + 1}"


def remove_unnamed(last: Path) -> None:
    """Remove the shares that neither last.ckpt nor its predecessor goes on from."""
    there = [path for path in (last, previous(last)) if digest_file(path).exists()]
    kept = {Path(name).parent.name for path in there for name in digests(path)}
    for folder in last.parent.glob(f"{SHARES}[0-9]*"):
        if folder.name not in kept:
            shutil.rmtree(folder)
