"""From paths to results: finding files, checking each, in one process or several, and caching the results."""
