"""Changes to source files as exact edits: every byte outside of them stays as it is."""
