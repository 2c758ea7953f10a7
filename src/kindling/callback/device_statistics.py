"""What a training takes of the machine."""

import psutil
import pytorch_lightning as pl
import torch

GB = 1e9


class DeviceStatistics(pl.Callback):
    """Logs once an epoch, as a mean over the processes: how busy the CPU is, and the memory of a process.

    `device/cpu_percent` is of the whole machine since the epoch began; `device/memory_gb` is what the
    process holds at the epoch's end, `device/gpu_memory_gb` the most that its tensors took on its GPU.
    """

    def on_train_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Also where a run goes on amid an epoch, whose start does not come again."""
        self.on_train_epoch_start(trainer, pl_module)

    def on_train_epoch_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Begin to measure."""
        psutil.cpu_percent()
        if pl_module.device.type == "cuda":
            torch.cuda.reset_peak_memory_stats(pl_module.device)

    def on_train_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Log."""
        found = {"cpu_percent": psutil.cpu_percent(), "memory_gb": psutil.Process().memory_info().rss / GB}
        if pl_module.device.type == "cuda":
            found["gpu_memory_gb"] = torch.cuda.max_memory_allocated(pl_module.device) / GB
        pl_module.log_dict({f"device/{name}": value for name, value in found.items()}, sync_dist=True)
