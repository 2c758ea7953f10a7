"""Flags, and words that Hydra can't read, with what is said of them."""

WORDS = r"""
$ --halp
--halp: no such flag; did you mean --help?
$ --multirn
--multirn: no such flag; did you mean --multirun?
$ --help modle
--help modle: expected one of … ; did you mean module?
$ --help model=cnnn
--help model=cnnn: no such option … ; did you mean cnn?
$ --help=modle
--help modle: expected one of … ; did you mean module?
$ --config-name
argument --config-name/-cn: expected one argument; see python train.py --help
$ --config-name=nothing
--config-name=nothing: expected one of config, got no file; leave it out
$ --config-dir=nothing
--config-dir=nothing: expected a folder, got none there; name another
$ --config-path=nothing
--config-path: expected a folder, got none at … ; leave it out
$ --cfg
argument --cfg/-c: expected one argument; see python train.py --help
$ --cfg jobb
argument --cfg/-c: invalid choice: 'jobb' (choose … ; see python train.py --help
$ --cfg job -p foo
--package foo: no part of that name; write --cfg job alone
$ --cfg job --package=modl
--package modl: no part of that name; did you mean model?
$ --cfg job -p init_from
--package init_from: holds nothing; write --cfg job alone
$ -p model
--package model: goes with --cfg, got none; write --cfg job --package model
$ -m hydra.searchpath=[file:///nothing]
hydra.searchpath: expected a folder, got none at /nothing; name another
$ --info nothing
argument --info/-i: invalid choice: 'nothing' … ; see python train.py --help
$ -model=cnn
-model: no such flag; did you mean model=… without the dashes?
$ -x
-x: no such flag; see python train.py --help
$ model lstm
model lstm: expected name=value without blanks; write model=lstm
$ model = lstm
model = lstm: expected name=value without blanks; write model=lstm
$ model= lstm
model= lstm: expected name=value without blanks; write model=lstm
$ model =lstm
model =lstm: expected name=value without blanks; write model=lstm
$ task.metrics=[accuracy, f1]
task.metrics=[accuracy, f1]: expected one word, got several; write 'task.metrics=[accuracy, f1]'
$ 'model.activation={elu:' {alpha: 0.5}}
model.activation={elu: {alpha: 0.5}}: expected one word … ; write 'model.activation={elu: {alpha: 0.5}}'
$ model.hidden=[64, 64
model.hidden=[64, 64: expected a closing bracket, got none; close it, and put the word in quotes
$ -m model = lstm,cnn
model = lstm,cnn: expected name=value without blanks; write model=lstm,cnn
$ -m task.metrics=[accuracy, f1] seed=0,1
task.metrics=[accuracy, f1]: expected one word, got several; write 'task.metrics=[accuracy, f1]'
$ model
model: expected name=value, got a word alone; write …
$ mnist
mnist: expected name=value, got a word alone; write data=mnist
$ model:cnn
model:cnn: expected name=value, got a word alone; write model=cnn
$ model==cnn
model==cnn: expected one =, got two; write model=cnn
$ seed=[1
seed=[1: expected a value that Hydra can read, … ; close brackets and quotes
$ 'seed="1'
seed="1: expected a value that Hydra can read, … ; close brackets and quotes
$ seed={a:1
seed={a:1: expected a value that Hydra can read, … ; close brackets and quotes
$ seed=1]
seed=1]: expected a value that Hydra can read, … ; close brackets and quotes
$ regularizer=[dropout
regularizer=[dropout: expected a value that Hydra … ; close brackets and quotes
$ regularizer=[dropout,,l1]
regularizer=[dropout,,l1]: expected a value that … ; leave no place between commas empty
$ 'a b'
a b: expected name=value, got a word alone; see python train.py --help
$ 'a b=1'
a b=1: expected a name … ; see python train.py --help
$ ' model=cnn'
 model=cnn: expected a name … ; write model=cnn
$ =3
=3: expected a name … ; see python train.py --help
$ =
=: expected a name … ; see python train.py --help
$ ''
'': expected name=value, got an empty word; leave it out
$ ' '
'': expected name=value, got an empty word; leave it out
$ ~
~: expected name=value, got a word alone; see python train.py --help
$ +
+: expected name=value, got a word alone; see python train.py --help
$ +=1
+=1: expected a name … ; see python train.py --help
$ ~=1
~=1: expected a name … ; see python train.py --help
$ +++seed=1
+++seed=1: expected a name … ; write seed=1
$ ..=1
..=1: expected a name … ; see python train.py --help
$ a..b=1
a..b=1: expected a name … ; see python train.py --help
$ seed.=1
seed.=1: expected a name … ; write seed=1
$ seed@x=1
seed@x=1: @ goes with a group, which seed is not; write seed=1
$ model@x=cnn
model@x: no such group with these words; write model=…
$ @x=1
@x=1: expected a name … ; see python train.py --help
$ größe=3
größe=3: expected a name … ; see python train.py --help
$ 😀=1
😀=1: expected a name … ; see python train.py --help
$ seed=😀
seed=😀: such characters as 😀 need quotes within quotes; write "seed='😀'"
$ model=cnñ
model=cnñ: such characters as ñ … ; write "model='cnñ'"
$ data.path=grün.csv
data.path=grün.csv: such characters as ü … ; write "data.path='grün.csv'"
$ data.root=a=b
data.root=a=b: such characters as = … ; write "data.root='a=b'"
$ 'data.root=a;b'
data.root=a;b: such characters as ; … ; write "data.root='a;b'"
$ data.root=(a)
data.root=(a): such characters as ( … ; write "data.root='(a)'"
$ data.root=~/x
data.root=~/x: such characters as ~ … ; write "data.root='~/x'"
$ data.root=a,b
data.root=a,b: several values need -m; add -m, or write data.root=a
$ "data=csv data.target=y"
data=csv data.target=y: expected one setting a … ; write each in quotes of its own, or in none
$ data.root=${nothing
data.root=${nothing: expected a value that Hydra … ; close brackets and quotes
$ seed=${oc.decode:${oc.env:NO,1}}
seed=${oc.decode:${oc.env:NO,1}}: a reference … ; write 'seed="${oc.decode:${oc.env:NO,1}}"'
$ data.root=${HOME}
data.root: Interpolation key 'HOME' not found; name a setting that is there
$ data.root=${oc.env:NOTHING}
data.root: Environment variable 'NOTHING' not found; set it
$ data.root=${nosuch:1}
data.root: Unsupported interpolation type nosuch; name one such as oc.env
$ monitor.metric=${nothing}
monitor.metric: Interpolation key 'nothing' not found; name a setting that is there
$ seed=${seed}
seed: Recursive interpolation detected; write a value
$ seed=???
seed: needs a value; add seed=…
$ data.batch_size=???
data.batch_size: needs a value; add data.batch_size=…
$ seed=int(a)
seed=int(a): expected what int takes, got one … ; as text, write "seed='int(a)'"
$ seed=nothing(1)
seed=nothing(1): expected a value or one of … ; as text, write "seed='nothing(1)'"
$ 'optimizer.lr=interval(0.1,1'
optimizer.lr=interval(0.1,1: expected a closing … ; close it
"""
