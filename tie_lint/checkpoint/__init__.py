"""What a model's folder holds beside its code: config.json and the names, types and shapes of its tensors."""
