"""What a run or checkpoint of somebody else's may hold: by the reason to refuse it, what is put where.

A line without a place, as a list of names, is about `model._target_`. The values are YAML.
"""

from collections import OrderedDict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import torch
import yaml

WRITTEN = r"""
# expected a class of kindling, pytorch_lightning,
os.system os.popen os.remove os.fork posix.system subprocess.Popen subprocess.run pty.spawn shutil.rmtree
builtins.exec builtins.eval builtins.open builtins.compile builtins.getattr builtins.print sys.exit
torch.load torch.save torch.hub.load torch.hub.load_state_dict_from_url torch.jit.load torch.Tensor
torch.package.PackageImporter torch.serialization.load torch.utils.cpp_extension.load_inline
torch.ops.load_library torch.optim.torch.load torch.optim.adam.Adam torch.optim.SGD.step torch.nn.init.ones_
torch.nn.modules.Linear torch.optim.lr_scheduler.warnings.warn torch.nn.Module.apply torch.nn.functional.relu
joblib.load pickle.load pickle.loads pickle.Unpickler cloudpickle.loads dill.loads numpy.load marshal.loads
pandas.read_pickle yaml.unsafe_load shelve.open importlib.import_module runpy.run_path pydoc.locate
hydra.utils.get_method hydra.utils.get_object hydra.utils.instantiate hydra._internal.utils._locate
functools.partial functools.reduce operator.methodcaller operator.attrgetter types.FunctionType
code.interact pdb.run timeit.timeit cProfile.run ctypes.CDLL socket.create_connection webbrowser.open
urllib.request.urlretrieve pathlib.Path pathlib.Path.unlink multiprocessing.Process threading.Thread
logging.FileHandler logging.config.dictConfig atexit.register omegaconf.OmegaConf.load antigravity.fly
pytorch_lightning.LightningModule.load_from_checkpoint pytorch_lightning.Trainer.fit pytorch_lightning.os.x
pytorch_lightning.cli.LightningCLI pytorch_lightning.trainer.Trainer
pytorch_lightning.plugins.AsyncCheckpointIO
pytorch_lightning.utilities.migration.pl_legacy_patch lightning_fabric.utilities.cloud_io._load
canary_module.Net canary_module.inner.Net kindlin.model.mlp.MLP kindling_extra.Net kindling2.build.build
hydra_plugins.kindling_task.KindlingTask tests.run.attack.Path Kindling.model.mlp.MLP TORCH.nn.Linear
model._target_: "kindl\u0131ng.model.mlp.MLP"
model._target_: "k\u0456ndling.model.mlp.MLP"
model._target_: "\uff4bindling.model.mlp.MLP"
model._target_: "torch.\uff4fptim.SGD"
model._target_: "t\u043erch.nn.Linear"
trainer.plugins: [{_target_: subprocess.Popen, args: [id]}]
trainer.callbacks: [{_target_: subprocess.Popen, args: [id]}]
trainer.strategy: {_target_: subprocess.Popen, args: [id]}
trainer.logger: [[{_target_: subprocess.Popen, args: [id]}]]
trainer: {_target_: os.system, command: id}
model.hidden: [[[64, {_target_: os.system, command: id}]]]
callback.evil: {_target_: os.system, command: id}
callback.early_stopping.patience: {_target_: os.system, command: id}
callback: [{_target_: os.system, command: id}]
logger.evil: {_target_: os.system, command: id}
data.path: {_target_: builtins.open, file: x, mode: w}
data: {_target_: os.system, command: id}
task.metrics: [{within: {_target_: os.system, command: id}}]
optimizer.betas: [0.9, {_target_: os.system, command: id}]
optimizer: {_target_: os.system, command: id}
scheduler.scheduler: {_target_: os.system, command: id}
penalties.evil: {_target_: os.system, command: id}
mixers.evil: {_target_: os.system, command: id}
module: {_target_: os.system, command: id}
augmentation.transforms: [{RandomErasing: {_target_: os.system, command: id}}]

# expected a class by its dotted name
MLP kindling torch.nn.Linear.__init__ torch.optim.SGD.__init__ builtins.__import__ . .. .os.system 3.4
kindling..model kindling.model.mlp.MLP. kindling.model.mlp:MLP kindling/model/mlp.MLP os.system('id')
kindling.__spec__.loader kindling.model.mlp.MLP.__init__.__globals__ kindling.model.mlp.MLP() lambda:os.system
kindling.__main__.x kindling.model.__init__.MLP os.system;id
model._target_: ""
model._target_: " torch.nn.Linear"
model._target_: "torch.nn. Linear"
model._target_: "torch.nn.Linear\n"
model._target_: "torch.nn.Linear\0"
model._target_: "torch.nn.Linear\u200b"
model._target_: "torch\u2024nn\u2024Linear"
model._target_: "\e[2Jx.y"
model._target_: 3
model._target_: true
model._target_: null
model._target_: []
model._target_: [os.system]
model._target_: {_target_: os.system}

# expected settings alone
_target_: torch.nn.Linear
scheduler._target_: torch.optim.SGD
callback._target_: pytorch_lightning.callbacks.EarlyStopping
logger._target_: pytorch_lightning.loggers.CSVLogger
penalties._target_: kindling.regularizer.l2.L2
mixers._target_: kindling.regularizer.mixup.Mixup
monitor._target_: torch.nn.Linear
other: {_target_: os.system}
scheduler: [{_target_: torch.optim.lr_scheduler.StepLR}]
scheduler.monitor: {_target_: os.system}
hydra.launcher: {_target_: os.system}
init_from: {_target_: os.system}
seed: [{_target_: os.system}]
freeze: {_target_: torch.nn.Linear}

# expected a subclass of
kindling.build.Path kindling.build.instantiate kindling.build.partial kindling.build.pl kindling.build.build
kindling.run.folder.os kindling.run.folder.write_whole kindling.run.folder.Run kindling.error.traceback
kindling.module.nn kindling.module.torch kindling.module.MeanMetric kindling.model.sequential.inspect
kindling.logger.extra.import_module kindling.logger.extra.import_extra kindling.transfer.start_from
kindling.model.mlp.nothing kindling.model.mlp.mlp kindling.model.lstm.nn kindling.package
kindling.data.blobs.Blobs kindling.optimizer.muon.Muon kindling.run.trust.require_trusted
torch.nn.functional torch.nn.init torch.nn.modules torch.nn.Parameter torch.nn.factory_kwargs torch.nn.Buffer
torch.optim.SGD torch.optim.lr_scheduler.StepLR torch.optim.lr_scheduler.partial torch.optim.Optimizer
pytorch_lightning.Trainer pytorch_lightning.seed_everything pytorch_lightning.callbacks.EarlyStopping
pytorch_lightning.loggers.CSVLogger pytorch_lightning.loggers.os pytorch_lightning.LightningDataModule
model._target_: "kindling.model.mlp.\uff2dLP"
model.hidden: [64, {_target_: torch.optim.SGD}]
data._target_: torch.nn.Linear
data._target_: kindling.data.spec.DataSpec
data.path: {_target_: torch.nn.Linear}
task._target_: kindling.model.mlp.MLP
task._target_: kindling.task.choice.find
task.loss: {focal: {gamma: {_target_: torch.nn.Linear}}}
augmentation._target_: kindling.model.mlp.MLP
module._target_: torch.nn.Linear
module._target_: kindling.task.binary.Binary
optimizer._target_: torch.nn.Linear
optimizer._target_: torch.optim.lr_scheduler.StepLR
optimizer._target_: torch.optim.lr_scheduler.Optimizer
optimizer._target_: kindling.build.build
optimizer._target_: kindling.model.layer.make_norm
optimizer._target_: kindling.optimizer.group.layers
optimizer.lr: {_target_: torch.nn.Linear}
model._target_: kindling.optimizer.schedule_free.schedule_free
module._target_: kindling.model.layer.make_norm
scheduler.scheduler._target_: torch.optim.SGD
scheduler.scheduler._target_: kindling.scheduler.base.cosine
callback.early_stopping._target_: pytorch_lightning.loggers.CSVLogger
callback.mine.parts: [[{_target_: torch.nn.Linear}]]
logger.csv._target_: pytorch_lightning.callbacks.EarlyStopping
logger.csv._target_: kindling.logger.csv.Path
trainer._target_: kindling.module.LitModule
trainer._target_: pytorch_lightning.LightningModule
trainer.strategy._target_: torch.optim.SGD
trainer.strategy._target_: pytorch_lightning.Trainer
trainer.plugins: [{_target_: torch.nn.Linear}]
trainer.callbacks: [{_target_: pytorch_lightning.callbacks.EarlyStopping}]
trainer.logger: {_target_: pytorch_lightning.loggers.CSVLogger}
trainer.default_root_dir: {_target_: torch.nn.Linear}
trainer.profiler: {_target_: kindling.model.mlp.MLP}
penalties.l2._target_: kindling.data.blobs.Blobs
penalties.l2._target_: kindling.regularizer.max_norm.hold
mixers.mixup._target_: kindling.regularizer.l2.L2

# can't be imported
kindling.module.LitModule.forward kindling.nothing.Net kindling.os.system kindling.canary_module.Net
kindling.model.mlp.nn.Linear
model._target_: "kindling.m\u043edel.mlp.MLP"

# expected names of settings
model._recursive_: false
model._convert_: object
model._args_: [1]
model._self_: 1
model.__class__: 1
data._other: 1
callback._args_: []
_metadata: {}
_content: {}
model: {"x\e[2Jy": 1}
model: {"x\ny": 1}
model: {"x\u202ey": 1}
model: {3: 1}
model: {null: 1}
model: {true: 1}

# expected true or false
model._partial_: "yes"
model._partial_: 1
model._partial_: null
model._partial_: [true]
callback._partial_: {}

# expected a resolved value
seed: ${oc.env:HOME}
seed: ${seed}
seed: ${
data.path: ${eval:1+1}
data.path: a/${seed}/b
data.path: ???
model.activation: \${seed}
model._target_: ${oc.env:EVIL}
model._target_: kindling.model.${model.x}
task.metrics: [accuracy, "${oc.decode:x}"]

# expected no address
init_from: http://example.com/x.ckpt
init_from: s3://bucket/x.ckpt
init_from: file:///x.ckpt
init_from: simplecache::https://example.com/x
model.weights: https://example.com/x.pt
module.x: [HTTP://x]
callback.keep.dirpath: s3://bucket/x
trainer.default_root_dir: gs://bucket

# expected a plain value
seed: !!binary MA==
seed: !!set {a, b}
seed: 2026-01-01
"""


class Text(str):
    """Looks like a text, and is something else."""


class Number(int):
    """Looks like a number, and is something else."""


class Mapping(dict[str, Any]):
    """Looks like a mapping, and is something else."""


cycle: list[Any] = []
cycle.append(cycle)
bomb: Any = "x"
for _ in range(12):  # levels, of a trillion values in all
    bomb = [bomb] * 10

BUILT: dict[str, list[tuple[str, Any]]] = {
    "expected a class by its dotted name": [
        *[("model._target_", value) for value in (cycle, bomb, 10**5000)],
        ("model._target_", "x" * 5000),
    ],
    "expected names of settings": [
        ("model", {key: "os.system"}) for key in (Text("_target_"), b"_target_", ("a", "b"), 1.5)
    ],
    "expected a plain value": [
        *[("model._target_", value) for value in (b"os.system", print, Text("torch.nn.Linear"))],
        *[("seed", value) for value in ((0,), 1j, np.float64(1), torch.zeros(1), Number(3))],
        *[("data.path", value) for value in (Path("x"), Text("x"), date(2026, 1, 1))],
        *[("model", kind(_target_="torch.nn.Linear")) for kind in (OrderedDict, Mapping)],
    ],
    "expected 16 levels": [("seed", cycle), ("model.hidden", cycle), ("model.x" + ".x" * 40, 1)],
    "expected a size of": [
        *[("model.hidden", value) for value in (bomb, [0] * 200_000, "x" * 200_000)],
        *[("model", value) for value in ({f"x{n}": 0 for n in range(40_000)}, {"x" * 200_000: 0})],
    ],
}  # fmt: skip


def written() -> Iterator[tuple[str, str, Any]]:
    """Reason, place and value of each attack above."""
    reason = ""
    for line in filter(None, WRITTEN.splitlines()):
        place, mark, value = line.partition(": ")
        if line.startswith("# "):
            reason = line[2:]
        elif mark:
            yield reason, place, yaml.safe_load(f"{value}\n")
        else:
            yield from ((reason, "model._target_", target) for target in line.split())


ATTACKS = [
    *written(),
    *((reason, place, value) for reason, changes in BUILT.items() for place, value in changes),
]
