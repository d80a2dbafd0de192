"""Mending files: which offered edits are right, in which order they are made, and how files are replaced."""
