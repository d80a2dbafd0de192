"""An abstract interpreter of Python: what lowered code computes, over values that may be unknown."""
