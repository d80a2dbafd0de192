"""Constructs of Python in models: what the library builds of them, and whether it is followed."""
