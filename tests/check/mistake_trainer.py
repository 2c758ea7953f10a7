"""Settings of Lightning's Trainer, and what this machine would need for them."""

TRAINER = r"""
$ trainer.max_epochs=1.5
trainer.max_epochs: expected a whole number … ; write trainer.max_epochs=50
$ trainer.accelerator=GPU
trainer.accelerator: expected one of … ; did you mean gpu?
$ trainer.devices=null
trainer.devices: expected a list … ; write trainer.devices=1
$ trainer.devices=0
trainer.devices: expected how many, … ; write trainer.devices=1
$ trainer.devices=[]
trainer.devices: expected how many, … ; write trainer.devices=1
$ trainer.devices=[0,0]
trainer.devices: expected how many, … ; write trainer.devices=1
$ trainer.devices=cuda
trainer.devices: expected how many, … ; write trainer.accelerator=cuda
$ trainer=cpu trainer.devices=-1
trainer.devices: expected a number of processes on the CPU, got -1; write trainer.devices=1
$ trainer=cpu trainer.devices=[0]
trainer.devices: expected a number of processes on the CPU, got [0]; write trainer.devices=1
$ +trainer.limit_train_batches=-1
trainer.limit_train_batches: expected a whole … got -1; write trainer.limit_train_batches=1.0
$ +trainer.limit_train_batches=2.5
trainer.limit_train_batches: expected a whole … got 2.5; write trainer.limit_train_batches=1.0
$ +trainer.limit_train_batches=0
trainer.limit_train_batches: expected a whole … got 0; write trainer.limit_train_batches=1.0
$ +trainer.limit_val_batches=x
trainer.limit_val_batches: expected a number … ; see python train.py --help trainer
$ +trainer.val_check_interval=0
trainer.val_check_interval: expected a whole … got 0; write trainer.val_check_interval=1.0
$ +trainer.overfit_batches=-1
trainer.overfit_batches: expected a whole … got -1; write trainer.overfit_batches=0
$ +trainer.profiler=foo
trainer.profiler: expected one of simple, … ; write trainer.profiler=simple
$ +trainer.profiler=advancd
trainer.profiler: expected one of simple, … ; did you mean advanced?
$ +trainer.gradient_clip_algorithm=norms
trainer.gradient_clip_algorithm: expected one of … ; did you mean norm?
$ +trainer.max_time=5
trainer.max_time: expected days:hours:minutes:seconds, got 5; write trainer.max_time=00:12:00:00
$ +trainer.max_time={hour:5}
trainer.max_time: expected days:hours:minutes:seconds, … ; write trainer.max_time=00:12:00:00
$ +trainer.limit_train_batches=a
trainer.limit_train_batches: expected a number … ; see python train.py --help trainer
$ trainer.max_epochs=0
trainer: expected one epoch or more and no fast_dev_run; try debug=one_batch
$ +trainer.limit_val_batches=0
trainer.limit_val_batches: expected 1 or more, as … measures monitor.metric=val/loss, got 0; leave it out
$ +trainer.val_check_interval=00:00:01:00
trainer.val_check_interval: expected batches for … ; leave one of them out
$ trainer.accelerator=tpu  # 6
trainer.accelerator: tpu needs the package … ; type: python -m pip install torch_xla
$ trainer.precision=transformer-engine  # 6
trainer.precision: transformer-engine needs … ; type: python -m pip install transformer_engine
$ trainer=ddp trainer.strategy=deepspeed_stage_2  # 6
trainer.strategy: deepspeed_stage_2 needs the … ; type: python -m pip install deepspeed
$ +trainer.fast_dev_run=true
trainer: expected one epoch or more and no fast_dev_run; try debug=one_batch
"""
