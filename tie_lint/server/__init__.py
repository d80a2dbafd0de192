"""The language server: what editors show while a model is written (``tie-lint server``)."""
