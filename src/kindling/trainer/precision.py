"""What trainer.precision=auto stands for: bfloat16 where the device has it and the work is worth it."""

import logging
from typing import Any, Literal

import torch
from torch import Tensor, nn

from kindling.data.spec import DataSpec
from kindling.run.naming import is_first_rank

log = logging.getLogger(__name__)
FLOAT32 = "32-true"
Device = Literal["cpu", "cuda", "mps"]
# Below so many multiplications a batch, or uses of each weight, turning weights and inputs into bfloat16
# takes what it saves: measured on a CPU; on a GPU reckoned from how long kernels take to start.
WORTH: dict[Device, float] = {"cpu": 1.5e7, "cuda": 1e9, "mps": float("inf")}
USES = 64


def settle(net: nn.Module, spec: DataSpec, batch_size: int, accelerator: str) -> str:
    """Lightning's name of what `auto` comes to; the choice is told, in the log alone where it is float32."""
    chosen, why = choose(net, spec, batch_size, used(accelerator))
    log.info("precision %s: %s", chosen, why)
    if chosen != FLOAT32 and is_first_rank():
        print(f"precision {chosen}: {why}; trainer.precision={FLOAT32} is float32")
    return chosen


def choose(net: nn.Module, spec: DataSpec, batch_size: int, device: Device) -> tuple[str, str]:
    """The precision and why; numbers to predict keep all of their digits."""
    kind = "CPU" if device == "cpu" else "GPU"
    if spec.target == "real":
        return FLOAT32, "bfloat16 would round what is predicted to three digits"
    if not has_bfloat16(device):
        return FLOAT32, f"this {kind} does not compute in bfloat16"
    uses, weights = applied(net, spec.input_shape)
    if batch_size * uses < max(WORTH[device], USES * weights):
        return FLOAT32, "so small a network would not gain by bfloat16"
    return "bf16-mixed", f"this {kind} computes in bfloat16"


def has_bfloat16(device: Device) -> bool:
    """Whether it multiplies such numbers faster than float32."""
    if device == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    able: dict[str, Any] = getattr(torch.cpu, "get_capabilities", dict)() if device == "cpu" else {}
    return any(able.get(name, False) for name in ("amx_bf16", "avx512_bf16"))


def used(accelerator: str) -> Device:
    """The device that Lightning takes by that name."""
    if accelerator != "cpu" and torch.cuda.is_available():
        return "cuda"
    return "mps" if accelerator != "cpu" and torch.backends.mps.is_available() else "cpu"


@torch.no_grad()
def applied(net: nn.Module, input_shape: tuple[int, ...]) -> tuple[int, int]:
    """How many multiplications its kernels need for one sample, and how many weights they have."""
    with_kernels = [layer for layer in net.modules() if kernels(layer)]
    products: list[int] = []

    def count(layer: nn.Module, inputs: Any, output: Any) -> None:
        first = output if isinstance(output, Tensor) else output[0]
        is_map = any(kernel.ndim > 2 for kernel in kernels(layer))  # of a convolution
        places = first.numel() // first.shape[1 if is_map else -1]
        products.append(places * sum(kernel.numel() for kernel in kernels(layer)))

    hooks = [layer.register_forward_hook(count) for layer in with_kernels]
    was = {layer: layer.training for layer in net.modules()}
    net.eval()(torch.zeros(1, *input_shape))
    for layer, training in was.items():
        layer.training = training
    for hook in hooks:
        hook.remove()
    return sum(products), sum(kernel.numel() for layer in with_kernels for kernel in kernels(layer))


def kernels(layer: nn.Module) -> list[nn.Parameter]:
    """Its own matrices and kernels of convolutions."""
    return [weight for weight in layer.parameters(recurse=False) if weight.ndim > 1]
