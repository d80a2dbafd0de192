"""A static linter that says why the embeddings of a transformers model will not be tied."""

__version__ = "0.1.0"
