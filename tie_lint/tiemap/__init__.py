"""One model class, built and asked: embeddings, family, ties, and what loading and resizing make of them."""
