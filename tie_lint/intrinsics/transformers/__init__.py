"""What transformers does, release by release: models, configs, auto classes and saving."""
