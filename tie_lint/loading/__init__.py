"""What ``from_pretrained`` makes of a model class, its config.json and its checkpoint together."""
