"""What torch does: layers and their parameters, tensors, the module tree, and what may be shared."""
