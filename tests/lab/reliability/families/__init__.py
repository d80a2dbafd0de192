"""Families of models put together in the ways of real ones, built by the library and by tie-lint."""
