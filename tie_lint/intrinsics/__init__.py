"""What known code does when it is called: the standard library, torch and transformers."""
