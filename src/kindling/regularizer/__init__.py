"""Penalties on the weights, added to the training loss."""
