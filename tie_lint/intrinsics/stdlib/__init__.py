"""What Python's own library, and packages as plain as it, do where the construction of models uses them."""
