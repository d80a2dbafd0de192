"""What a project says it requires of transformers: in which files, in which words."""
