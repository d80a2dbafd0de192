"""Files and the library as one namespace, and the interpreter that runs in it."""
