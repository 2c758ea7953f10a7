"""Schedules of the learning rate that torch does not have."""
