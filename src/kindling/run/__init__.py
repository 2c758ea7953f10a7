"""The folder of a run: what ran, how it went, and what came out."""
