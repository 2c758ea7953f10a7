"""Names that nothing sets, or that another option brings."""

NAMES = r"""
$ modle=cnn
modle: no such setting with these words; did you mean model?
$ optmizer=sgd
optmizer: no such setting with these words; did you mean optimizer?
$ lr=0.1
lr: no such setting with these words; did you mean optimizer.lr?
$ +lr=0.1
lr: no such setting; did you mean optimizer.lr?
$ learning_rate=0.1
learning_rate: no such setting … ; did you mean optimizer.lr?
$ epochs=5
epochs: no such setting with these words; did you mean trainer.max_epochs?
$ batch_size=3
batch_size: no such setting … ; did you mean data.batch_size?
$ dropout=0.5
dropout: no such setting with these words; did you mean model.dropout?
$ momentum=0.5
momentum: no such setting … optimizer.momentum, which comes with optimizer=muon or optimizer=rmsprop?
$ patience=5
patience: no such setting … ; did you mean callback.early_stopping.patience?
$ early_stopping.patience=3
early_stopping.patience: no such setting … ; did you mean callback.early_stopping.patience?
$ launcher=joblib
launcher=joblib: no such option, … ray, slurm; see python train.py --help launcher
$ model.chanels=[8]
model.chanels: no such setting … ; see python train.py --help model
$ model=cnn model.chanels=[8]
model.chanels: no such setting … ; did you mean model.channels?
$ model=mlp model.hiden=[8]
model.hiden: no such setting with these words; did you mean model.hidden?
$ model=cnn model.hidden=[8]
model.hidden: no such setting … ; it comes with … model=lstm, model=mlp …
$ model.foo=1
model.foo: no such setting … ; see python train.py --help model
$ +model.foo=1
model.foo: model=mlp has no such setting … hidden, activation, norm, dropout, residual, stochastic_depth
$ +model.input_shape=[3]
model.input_shape: is filled in by the program; leave it out
$ model.input_shape=[3]
model.input_shape: no setting of conf/ yet; to pass it on, write '+model.input_shape=[3]'
$ data.nothing=1
data.nothing: no such setting … ; see python train.py --help data
$ +data.batchsize=3
data.batchsize: data=digits has no such setting; did you mean data.batch_size?
$ data=wine data.image_shape=[1,8,8]
data.image_shape: no such setting … ; it comes with data=digits
$ augmentation.rotation=3
augmentation.rotation: no such setting … ; it comes with augmentation=affine
$ +augmentation.foo=1
augmentation.foo: augmentation=none has no such setting; it takes none
$ optimizer.momentum=0.9
optimizer.momentum: no such setting … ; it comes with optimizer=muon, optimizer=rmsprop, optimizer=sgd
$ optimizer.learning_rate=0.1
optimizer.learning_rate: no such setting … ; did you mean optimizer.lr?
$ optimizer.amsgrad=true
optimizer.amsgrad: no setting of conf/ yet; to pass it on, write +optimizer.amsgrad=true
$ +optimizer.lrr=0.1
optimizer.lrr: optimizer=adam has no such setting; did you mean optimizer.lr?
$ ++optimizer.lrr=0.1
optimizer.lrr: optimizer=adam has no such setting; did you mean optimizer.lr?
$ +optimizer.lr=0.1
+optimizer.lr=0.1: optimizer.lr is there already; write optimizer.lr=0.1
$ optimizer=sgd optimizer.betas=[0.9,0.9]
optimizer.betas: no such setting … optimizer=nadam, … optimizer=radam …
$ optimizer=lbfgs +optimizer.weight_decay=0.1
optimizer.weight_decay: optimizer=lbfgs has no such setting … history_size, line_search_fn
$ scheduler.gamma=0.1
scheduler.gamma: no such setting … ; see python train.py --help scheduler
$ scheduler=step scheduler.gamma=0.1
scheduler.gamma: no such setting … ; did you mean scheduler.scheduler.gamma?
$ scheduler=step +scheduler.gamma=0.1
scheduler.gamma: scheduler=step has no such setting; did you mean scheduler.scheduler.gamma?
$ scheduler=step scheduler.scheduler.gama=1
scheduler.scheduler.gama: no such setting … ; did you mean scheduler.scheduler.gamma?
$ monitor.metrics=val/loss
monitor.metrics: no such setting … ; did you mean monitor.metric?
$ callback.early_stoping.patience=3
callback.early_stoping.patience: no such setting … ; did you mean callback.early_stopping.patience?
$ callback.early_stopping.patince=3
callback.early_stopping.patince: no such setting … ; did you mean callback.early_stopping.patience?
$ +callback.early_stopping.foo=1
callback.early_stopping.foo: callback has no such setting … strict, check_finite, stopping_threshold, …
$ callback=[] callback.early_stopping.patience=3
callback.early_stopping.patience: no such setting … ; it comes with 'callback=[early_stopping]'
$ logger.tensorboard.nme=x
logger.tensorboard.nme: no such setting … ; did you mean logger.tensorboard.name?
$ logger.wandb.project=x
logger.wandb.project: no such setting … ; it comes with 'logger=[wandb]'
$ trainer.max_epoch=3
trainer.max_epoch: no such setting … ; did you mean trainer.max_epochs?
$ +trainer.max_epoch=3
trainer.max_epoch: trainer=auto has no such setting; did you mean trainer.max_epochs?
$ trainer.benchmark=true
trainer.benchmark: no setting of conf/ yet; to pass it on, write +trainer.benchmark=true
$ trainer.strategy=ddp
trainer.strategy: no such setting … ; it comes with trainer=ddp, trainer=fsdp
$ +trainer.callbacks=[]
trainer.callbacks: is filled in by the program; leave it out
$ +trainer.logger=false
trainer.logger: is filled in by the program; leave it out
$ penalties.l1.strength=3
penalties.l1.strength: no such setting … ; it comes with 'regularizer=[l1]'
$ regularizer=[l1] penalties.l1.strenght=1
penalties.l1.strenght: no such setting … ; did you mean penalties.l1.strength?
$ regularizer=[ema] callback.ema.decya=1
callback.ema.decya: no such setting … ; did you mean callback.ema.decay?
$ task.positive_weight=2
task.positive_weight: no such setting … ; it comes with task=auto, task=binary
$ task.los=mse
task.los: no such setting with these words; did you mean task.loss?
$ +modle=cnn
modle: no such setting; did you mean module?
$ ++modle.x=1
modle: no such setting; did you mean module?
$ hydra.rnu.dir=x
hydra.rnu.dir: no such setting … ; did you mean hydra.run.dir?
$ hydra.run.dri=x
hydra.run.dri: no such setting … ; did you mean hydra.run.dir?
$ hydra.foo=1
hydra.foo: no such setting … ; see python train.py --hydra-help
$ seed.a=1
seed.a: seed is a single value; write seed=…
"""
