"""Knowing transformers: its contract, its own classes, and which releases a project targets."""
