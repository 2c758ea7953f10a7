"""The record of a run: its folder, what ran there, and how it went."""
