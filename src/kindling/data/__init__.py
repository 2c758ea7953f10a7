"""Datasets: what they are, how they are split, normalised and handed out in batches."""
