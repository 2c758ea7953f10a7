"""Augmentations: what is done to a batch of raw inputs, on its device, in training only."""
