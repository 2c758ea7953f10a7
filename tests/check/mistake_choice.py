"""Choices that no file makes, several values, and several mistakes at once."""

CHOICES = r"""
$ model=
model=: no such option … ; see python train.py --help model
$ model=null
model=null: no such option … ; see python train.py --help model
$ model=[cnn]
model=[cnn]: no such option … ; did you mean cnn?
$ model=3
model=3: no such option … ; see python train.py --help model
$ model=true
model=true: no such option … ; see python train.py --help model
$ model={a:1}
model={a:1}: expected settings of model, got others; see python train.py --help model
$ model=CNN
model=CNN: no such option … ; did you mean cnn?
$ model=../cnn
model=../cnn: no such option … ; did you mean cnn?
$ optimizer=sgd.yaml
optimizer=sgd.yaml: no such option … ; did you mean sgd?
$ optimizer=lamb
optimizer=lamb: no such option … ; see python train.py --help optimizer
$ data=cifar100
data=cifar100: no such option … ; did you mean cifar10?
$ data=iris
data=iris: no such option … ; your own table: data=csv data.path=table.csv data.target=price
$ data=table.csv
data=table.csv: no such option … ; your own table: data=csv data.path=table.csv data.target=price
$ augmentation=flip
augmentation=flip: no such option … ; did you mean crop_flip?
$ task=regresion
task=regresion: no such option … ; did you mean regression?
$ scheduler=step_lr
scheduler=step_lr: no such option … ; did you mean step?
$ scheduler=reduce_on_plateau
scheduler=reduce_on_plateau: no such option … ; did you mean plateau?
$ callback=early_stoping
callback=early_stoping: no such option … ; did you mean early_stopping?
$ callback=null
callback=null: no such option … ; write 'callback=[]'
$ callback=[null]
callback=null: no such option … ; write 'callback=[]'
$ callback=[[progress]]
callback=[progress]: no such option … ; did you mean progress?
$ logger=false
logger=false: no such option … ; write 'logger=[]'
$ logger=[cvs]
logger=cvs: no such option … ; did you mean csv?
$ trainer=GPU
trainer=GPU: no such option … ; did you mean gpu?
$ regularizer=none
regularizer=none: no such option … ; write 'regularizer=[]'
$ regularizer=[drop_out,l1]
regularizer=drop_out: no such option … ; did you mean dropout?
$ regularizer=dropout=0.5
regularizer=dropout=0.5: expected words alone, got … ; write 'regularizer=[dropout]' model.dropout=0.5
$ regularizer=[l1=0.1,ema]
regularizer=[l1=0.1,ema]: expected words alone … ; write 'regularizer=[l1,ema]' penalties.l1.strength=0.1
$ optimizer=adam=0.1
optimizer=adam=0.1: expected words alone, got one with a value; write optimizer=adam
$ 'regularizer=[dropout l1]'
regularizer=dropout l1: no such option … ; did you mean dropout?
$ experiment=null
experiment=null: no such option … ; leave it out
$ experiment=[mnist]
experiment=[mnist]: no such option … ; did you mean mnist?
$ debug=1
debug=1: no such option … ; see python train.py --help debug
$ hydra=default
hydra: expected settings by name, got default; leave it out
$ hydra/launcher=bsic
hydra/launcher=bsic: no such option … ; did you mean basic?
$ hydra/launcher=joblib
hydra/launcher=joblib: no such option … ; install the plugin that has it, or leave it out
$ hydra/nothing=x
hydra/nothing: no such group … ; see python train.py --hydra-help
$ ~model
~model: the program needs one; leave this out
$ ~callback
~callback: the program needs one; write 'callback=[]'
$ ~hydra
~hydra: the program needs it; leave this out
$ ~seed
~seed: the program needs it; leave this out
$ ~monitor.metric
~monitor.metric: the program needs it; leave this out
$ ~model._target_
~model._target_: the program needs it; leave this out
$ ~nothing
~nothing: no such setting to take away; leave it out
$ ~optimizer.lr=5
~optimizer.lr=5: the value is 0.001; write ~optimizer.lr
$ +model=cnn
+model=cnn: model has its word already; write model=cnn
$ ++experiment=nothing
++experiment=nothing: experiment has its word already; write experiment=nothing
$ model=cnn,mlp
model=cnn,mlp: several values need -m; add -m, or write model=cnn
$ seed=0,1
seed=0,1: several values need -m; add -m, or write seed=0
$ model.hidden=64,64
model.hidden=64,64: several values need -m; add -m, or write 'model.hidden=[64,64]'
$ regularizer=dropout,l1
regularizer=dropout,l1: several values need -m; add -m, or write 'regularizer=[dropout,l1]'
$ 'seed=range(0,3)'
seed=range(0,3): several values need -m; add -m, or write seed=0
$ 'optimizer.lr=interval(0.1,1)'
optimizer.lr=interval(0.1,1): several values need -m; add -m, or write optimizer.lr=0.1
$ 'seed=glob(*)'
seed=glob(*): several values need -m; add -m
$ -m seed=
seed: expected a whole number … ; write seed=0
$ -m model=cnn,mlpp
model=mlpp: no such option … ; did you mean mlp? (in model=mlpp)
$ -m model=cnn,mlp model.channels=[8]
model.channels: no such setting … ; it comes with model=cnn … (in model=mlp model.channels=[8])
$ -m model=cnn,lstm model.norm=batch,layerr
model.norm: expected a list … ; did you mean layer? (in model=cnn model.norm=layerr)
model.norm: expected one of … ; did you mean layer? (in model=lstm model.norm=layerr)
$ -m optimizer.lr=0.1,-1
optimizer.lr: expected a number … ; write optimizer.lr=1e-3 (in optimizer.lr=-1)
$ -m 'model.dropout=interval(0,0.5)'
model.dropout=interval(0,0.5): expected … ; write model.dropout=0.0,0.5, or add sweep=random or sweep=optuna
$ -m 'optimizer.lr=tag(a,interval(0.1,1))' seed=1,2
optimizer.lr=tag(a,interval(0.1,1)): expected … optimizer.lr=0.1,1.0, or add sweep=random or sweep=optuna
$ -m +hydra.sweeper.params.seed=1,2
+hydra.sweeper.params.seed=1,2: expected the settings … ; write seed=1,2
$ -m 'hydra.sweeper.params={seed:a}'
hydra.sweeper.params={seed:a}: expected the settings … ; write seed=a
$ -m hydra.run.dir=a,b
hydra.run.dir=a,b: expected one value, … ; write hydra.run.dir=a
$ hydra.mode=MULTIRUN seed=0,a
seed: expected a whole number … ; write seed=0 (in hydra.mode=MULTIRUN seed=a)
$ -m 'optimizer.lr=rnge(1,3)'
optimizer.lr=rnge(1,3): expected a value or one … ; did you mean range?
$ -m 'optimizer.lr=range(1,3'
optimizer.lr=range(1,3: expected a closing … ; close it
$ -m 'seed=range(0,100000)' modle=x
modle: no such setting with these words; did you mean model?
$ -m 'model=glob(x*)'
model=glob(x*): expected one or more of … cnn, … ; change what is matched
$ -m 'model=choice(cnn,mlpp)'
model=mlpp: no such option … ; did you mean mlp? (in model=mlpp)
$ -m 'regularizer=[l1],[l3]'
regularizer=l3: no such option … ; see python train.py --help regularizer (in regularizer=[l3])
$ -m seed=0,1,a
seed: expected a whole number … ; write seed=0 (in seed=a)
$ -m modle=cnn,mlp
modle: no such setting with these words; did you mean model?
$ -m data=wine,digits model=cnn
model=cnn needs images or sequences; data=wine … ; try model=mlp (in data=wine model=cnn)
$ -m trainer=ddp seed=1,2
trainer: expected one process a job, as this one runs all, got several; add launcher=process
$ modle=cnn optimzer=sgd
modle: no such setting with these words; did you mean model?
optimzer: no such setting with these words; did you mean optimizer?
$ model=cnnn data=minst seed=a
model=cnnn: no such option … ; did you mean cnn?
data=minst: no such option … ; did you mean mnist?
seed: expected a whole number … ; write seed=0
$ model=cnnn model.channels=[8]
model=cnnn: no such option … ; did you mean cnn?
$ model = cnn seed=[1 optimizer.lr=0
model = cnn: expected name=value without blanks; write model=cnn
seed=[1: expected a value that Hydra can read, … ; close brackets and quotes
optimizer.lr: expected a number above 0, got 0; write optimizer.lr=1e-3
"""
