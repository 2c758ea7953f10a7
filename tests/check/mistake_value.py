"""Values of a wrong kind, out of range, or not among the words that a setting takes."""

VALUES = r"""
$ seed=-1
seed: expected a whole number … ; write seed=0
$ seed=1.5
seed: expected a whole number … ; write seed=0
$ seed=a
seed: expected a whole number … ; write seed=0
$ seed=null
seed: expected a whole number … ; write seed=0
$ seed=true
seed: expected a whole number … ; write seed=0
$ seed=[1]
seed: expected a whole number … ; write seed=0
$ seed=
seed: expected a whole number … ; write seed=0
$ seed=1e3
seed: expected a whole number … ; write seed=0
$ seed=4294967296
seed: expected a whole number … ; write seed=0
$ data.batch_size=0
data.batch_size: expected a whole number … ; write data.batch_size=32
$ 'data.batch_size="32"'
data.batch_size: expected a whole number … got the text 32; write data.batch_size=32
$ data.batch_size=${oc.env:NOTHING,32}
data.batch_size: expected … got the text 32; write 'data.batch_size="${oc.decode:${oc.env:NOTHING,32}}"'
$ 'model.hidden="[8]"'
model.hidden: expected a list, … got the text [8]; write 'model.hidden=[8]'
$ data.val_fraction=20
data.val_fraction: expected a number … got 20; did you mean data.val_fraction=0.2?
$ data.val_fraction=1
data.val_fraction: expected a number … ; write data.val_fraction=0.15
$ data.val_fraction=nan
data.val_fraction: expected a number … ; write data.val_fraction=0.15
$ data.train_rows=0
data.train_rows: expected a whole number … ; write data.train_rows=null
$ data.normalization=standart
data.normalization: expected one of … ; did you mean standard?
$ data.normalization=false
data.normalization: expected one of … ; write data.normalization=standard
$ data.balanced=yes
data.balanced: expected true or false, got yes; write data.balanced=true
$ data.in_memory=sometimes
data.in_memory: expected true or false … ; write data.in_memory=auto
$ data.workers=-1
data.workers: expected a whole number … ; write data.workers=2
$ data.root=[a]
data.root: expected text … ; write data.root=null
$ data.image_shape=8
data.image_shape: expected a list … ; write 'data.image_shape=[8]'
$ data.target=klass
data.target: expected one of class, real, got klass; did you mean class?
$ data=csv
conf/data/csv.yaml: data.path: needs a value; add data.path=…
conf/data/csv.yaml: data.target: needs a value; add data.target=…
$ data=csv data.target=y
conf/data/csv.yaml: data.path: needs a value; add data.path=…
$ data=csv data.path=null data.target=y
data.path: needs a value; add data.path=…
$ data=csv data.path=x.csv data.target=y data.missing=fill
data.missing: expected one of … ; write data.missing=error
$ data=image_folder data.path=x data.mode=gray
data.mode: expected one of rgb, grey, got gray; did you mean grey?
$ data=blobs data.classes=1
data.classes: expected a whole number … ; write data.classes=3
$ model.hidden=64
model.hidden: expected a list … ; write 'model.hidden=[64]'
$ model.hidden=[64,-1]
model.hidden: expected a list … ; write 'model.hidden=[64,64]'
$ model.hidden=[[64]]
model.hidden: expected a list … ; write 'model.hidden=[64,64]'
$ model.hidden={a:64}
model.hidden: expected a list, got {a:64}; write 'model.hidden=[64,64]'
$ model.hidden=null
model.hidden: needs a value; add model.hidden=…
$ model.activation=rellu
model.activation: expected … ; did you mean relu?
$ model.norm=btach
model.norm: expected a list … ; did you mean batch?
$ model.dropout=1
model.dropout: expected a number … ; write model.dropout=0.0
$ model.dropout=50
model.dropout: expected a number … got 50; did you mean model.dropout=0.5?
$ model.dropout=[0.1,2]
model.dropout: expected a number … ; write model.dropout=0.0
$ model.residual=maybe
model.residual: expected true or false … ; write model.residual=false
$ model=cnn model.pooling=maximum
model.pooling: expected a list … ; did you mean max?
$ model=lstm model.hidden=[64]
model.hidden: expected a whole number … ; write model.hidden=64
$ model=sequential model.layers=3
model.layers: expected text … ; see python train.py --help model
$ model._target_=kindling.model.mlp.MPL
model._target_: kindling.model.mlp.MPL isn't there; did you mean kindling.model.mlp.MLP?
$ model._target_=kindling.modl.mlp.MLP
model._target_: kindling.modl.mlp.MLP isn't there; did you mean kindling.model.mlp.MLP?
$ model._target_=torch.nn.Linaer
model._target_: torch.nn.Linaer isn't there; did you mean torch.nn.Linear?
$ optimizer._target_=torch.optim.Adamx
optimizer._target_: torch.optim.Adamx isn't there; did you mean torch.optim.Adamax?
$ optimizer._target_=torch.optim.Nothing
optimizer._target_: torch.optim.Nothing isn't there; expected a class of that name in its file
$ model._target_=mlp
model._target_: expected a class by its dotted name, got mlp; see conf/
$ model._target_=3
model._target_: expected a class by its dotted name, got 3; see conf/
$ optimizer.lr=0
optimizer.lr: expected a number above 0, got 0; write optimizer.lr=1e-3
$ optimizer.lr=a
optimizer.lr: expected a number above 0, got a; write optimizer.lr=1e-3
$ optimizer.lr=inf
optimizer.lr: expected a number above 0, got inf; write optimizer.lr=1e-3
$ optimizer.lr=1e400
optimizer.lr: expected a number above 0, got inf; write optimizer.lr=1e-3
$ optimizer.lr={a:1}
optimizer.lr: expected a number … ; write optimizer.lr=1e-3
$ optimizer.betas=0.9
optimizer.betas: expected a list … ; write 'optimizer.betas=[0.9,0.999]'
$ optimizer.betas=[0.9]
optimizer.betas: expected a list … ; write 'optimizer.betas=[0.9,0.999]'
$ optimizer.fused=1
optimizer.fused: expected true or false … ; write optimizer.fused=true
$ +optimizer.amsgrad=3
optimizer.amsgrad: expected true or false … ; see python train.py --help optimizer
$ scheduler=step scheduler.interval=batch
scheduler.interval: expected one of … ; write scheduler.interval=epoch
$ scheduler=step scheduler.scheduler=3
scheduler.scheduler: expected settings by name … ; write scheduler.scheduler.step_size=…
$ scheduler=step scheduler.scheduler.step_size=1.5
scheduler.scheduler.step_size: expected a whole number … ; write scheduler.scheduler.step_size=10
$ scheduler=plateau scheduler.scheduler.factor=1.5
scheduler.scheduler.factor: expected a number … ; write scheduler.scheduler.factor=0.5
$ scheduler=multistep scheduler.scheduler.milestones=0.5
scheduler.scheduler.milestones: expected a list … ; write 'scheduler.scheduler.milestones=[0.5]'
$ scheduler=onecycle scheduler.rates=lr
scheduler.rates: expected one of … ; write scheduler.rates=max_lr
$ monitor=val/loss
monitor: expected settings by name, got val/loss; write monitor.metric=…
$ monitor.metric=null
monitor.metric: expected text, got null; write monitor.metric=val/loss
$ monitor.metric=3
monitor.metric: expected text, got 3; write monitor.metric=val/loss
$ monitor.mode=maximize
monitor.mode: expected one of … ; did you mean max?
$ callback.early_stopping.patience=1.5
callback.early_stopping.patience: expected a whole number … ; write callback.early_stopping.patience=10
$ callback.early_stopping=null
callback.early_stopping: expected settings by name … ; choose 'callback=[…]', with or without it
$ callback.progress=false
callback.progress: expected settings by name … ; choose 'callback=[…]', with or without it
$ logger=[wandb] logger.wandb.mode=offlin
logger.wandb.mode: expected one of … ; did you mean offline?
$ regularizer=[grad_clip] trainer.gradient_clip_val=0
trainer.gradient_clip_val: expected a number … ; write trainer.gradient_clip_val=1.0
$ freeze=head
freeze: expected one of none, body, gradual, got head; write freeze=none
$ layer_decay=2
layer_decay: expected a number … ; write layer_decay=1.0
$ body_learning_rate=-1
body_learning_rate: expected a number … ; write body_learning_rate=null
$ init_from=
init_from: expected a run's folder, a checkpoint … ; write null
$ init_from=[a]
init_from: expected a word or a number or null, got [a]; write init_from=null
$ check=maybe
check: expected true or false, got maybe; write check=false
$ module=gan
module: expected settings by name, got gan; write module._target_=…
$ penalties=null
penalties: expected settings by name … ; choose 'regularizer=[…]', with or without it
$ mixers=mixup
mixers: expected settings by name … ; choose 'regularizer=[…]', with or without it
$ regularizer=[l1] penalties.l1=3
penalties.l1: expected settings by name … ; write penalties.l1.strength=…
$ regularizer=[l1] penalties.l1.strength=-1
penalties.l1.strength: expected a number … ; write penalties.l1.strength=1e-3
$ regularizer=[mixup] mixers.mixup.alpha=0
mixers.mixup.alpha: expected a number … ; write mixers.mixup.alpha=0.2
$ task.loss=3
task.loss: expected text … ; write task.loss=cross_entropy
$ task.loss=[mse]
task.loss: expected text … ; write task.loss=cross_entropy
$ task.metrics=3
task.metrics: expected text … ; write 'task.metrics=[accuracy]'
$ task.label_smoothing=1
task.label_smoothing: expected a number … ; write task.label_smoothing=0.0
$ task.class_weights=balance
task.class_weights: expected a list … ; did you mean balanced?
$ seed=a optimizer.lr=-1 model.dropout=2
seed: expected a whole number … ; write seed=0
model.dropout: expected a number … ; write model.dropout=0.0
optimizer.lr: expected a number above 0, got -1; write optimizer.lr=1e-3
"""
