"""Reading Python: a file's outline, the facts of its classes, and the visitor that finds them."""
