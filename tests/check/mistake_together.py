"""Words that are right alone and wrong together; and what lies outside the words."""

TOGETHER = r"""
$ data=wine model=cnn
model=cnn needs images or sequences; data=wine … ; try model=mlp
$ data=wine model=resnet
model=resnet needs images or sequences; data=wine … ; try model=mlp
$ task=regression
task=regression needs numbers to predict; … ; write task=classification
$ data=diabetes task=classification
task=classification needs classes; data=diabetes … ; write task=regression
$ data=diabetes task=binary
task=binary needs classes; data=diabetes has … ; write task=regression
$ task.loss=cross_entropi
task.loss: expected one of … ; did you mean cross_entropy?
$ task.loss=mse
task.loss: expected one of … ; write task.loss=cross_entropy
$ data=diabetes task.loss=cross_entropy
task.loss: expected one of … ; write task.loss=mse
$ task.metrics=[accurracy]
task.metrics: expected one of … ; did you mean accuracy?
$ task.metrics=[acc]
task.metrics: expected one of … ; did you mean accuracy?
$ task.metrics=[roc_auc]
task.metrics: expected one of … ; did you mean auroc?
$ task.metrics=[mae]
task.metrics: expected one of … ; write task.metrics=accuracy
$ task.metrics=[confusion_matrix]
task.metrics: confusion_matrix is no single number; choose callback=[confusion_matrix]
$ monitor.metric=val/acc
monitor.metric: expected one of … ; did you mean val/accuracy?
$ monitor.metric=val/recall callback.early_stopping.mode=max
monitor.metric: expected one of … ; add it to task.metrics or choose another
$ monitor.metric=val/accuracy
monitor.mode: expected max for val/accuracy, got min; add monitor.mode=max
$ data=diabetes monitor.metric=val/r2 scheduler=plateau
monitor.mode: expected max for val/r2, got min; add monitor.mode=max
$ data=diabetes monitor.metric=val/mae monitor.mode=max
monitor.mode: expected min for val/mae, got max; add monitor.mode=min
$ monitor.metric=accuracy
monitor.metric: expected one of … ; did you mean val/accuracy?
$ monitor.metric=val_loss
monitor.metric: expected one of … ; did you mean val/loss?
$ monitor.metric=test/loss
monitor.metric: expected one of … ; did you mean val/loss?
$ monitor.mode=max
monitor.mode: expected min for val/loss, got max; add monitor.mode=min
$ callback.early_stopping.mode=max
callback.early_stopping.mode: expected min for val/loss, got max; add callback.early_stopping.mode=min
$ callback.early_stopping.monitor=val/accuracy
callback.early_stopping.mode: expected max for … got min; add callback.early_stopping.mode=max
$ callback.early_stopping.monitor=val/accuracy callback.early_stopping.mode=min
callback.early_stopping.mode: expected max for … got min; add callback.early_stopping.mode=max
$ callback.early_stopping.monitor=val/acc
callback.early_stopping.monitor: expected one of … ; did you mean val/accuracy?
$ scheduler=plateau scheduler.monitor=val/recall
scheduler.monitor: expected one of … ; add it to task.metrics or choose another
$ scheduler=plateau scheduler.monitor=val/accuracy
scheduler.scheduler.mode: expected max for val/accuracy … ; add scheduler.scheduler.mode=max
$ +callback.k={_target_:pytorch_lightning.callbacks.ModelCheckpoint,monitor:val/accuracy,mode:min}
callback.k.mode: expected max for val/accuracy, got min; add callback.k.mode=max
$ scheduler=cosine trainer.max_epochs=-1
scheduler=cosine: needs a run with an end, got … ; set a number
$ optimizer=sgd optimizer.momentum=0
optimizer.nesterov: expected false without … ; add optimizer.nesterov=false
$ optimizer=lbfgs layer_decay=0.5
optimizer=lbfgs: treats all layers alike; remove layer_decay
$ optimizer=lbfgs body_learning_rate=0.1
optimizer=lbfgs: treats all layers alike; remove body_learning_rate
$ optimizer=lbfgs regularizer=[weight_decay]
regularizer=[weight_decay]: sets … ; leave it out
$ freeze=body
freeze=body: expected learned weights to hold; add init_from=RUN
$ data.on_device=true data.in_memory=false
data.on_device: expected false beside … ; leave one of them out
$ freeze=gradual
freeze=gradual: expected learned weights to hold; add init_from=RUN
$ regularizer=[batch_norm,layer_norm]
regularizer=[batch_norm,layer_norm]: set model.norm to … ; choose one of them
$ regularizer=[dropout] model=sequential
regularizer=[dropout]: sets model.dropout, but … ; leave it out
$ regularizer=[stochastic_depth] model=lstm
regularizer=[stochastic_depth]: sets … ; leave it out
$ regularizer=[label_smoothing] data=diabetes
regularizer=[label_smoothing]: sets … ; leave it out
$ experiment=mnist model.hiden=3
model.hiden: no such setting with these words; did you mean model.hidden?
$ experiment=mnist model=cnn
conf/experiment/mnist.yaml: model.hidden: model=cnn has no such setting; add ~model.hidden to leave it out
$ init_from=nothing  # 5
init_from: nothing: expected a run's folder, a … ; name another, or write null
$ init_from=last  # 5
init_from: last: expected a run with … ; name a run's folder
$ init_from=3  # 5
init_from: 3: expected a run's folder, a … ; name another, or write null
$ model._target_=nothing.at.All  # 6
model._target_: nothing.at.All needs the package … ; type: python -m pip install nothing
$ module._target_=nothing.Module  # 6
module._target_: nothing.Module needs the package … ; type: python -m pip install nothing
$ -m model=mlp,cnn seeds=1,2
seeds=1,2: expected one value for the whole sweep, got several; write seeds=1
$ -m model=mlp,cnn sweep=grid,random
sweep=grid,random: expected one value for the whole sweep, got several; write sweep=grid
$ data=csv data.path=nothing.csv data.target=y  # 3
nothing.csv: expected a CSV file, got nothing there; set data.path
$ data=csv data.path= data.target=y  # 3
.: expected a CSV file, got a folder; set data.path
$ data=csv "data.path='grün.csv'" data.target=y  # 3
grün.csv: expected a CSV file, got nothing there; set data.path
"""
