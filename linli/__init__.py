"""Linli 邻里."""

__version__ = "0.2.0"
