"""What tie-lint finds in others' packages, and how each finding was seen to be true.

    python -m tests.lab.packages.findings.collect 5.23.0     # finds, and keeps what was seen before
    python -m tests.lab.packages.findings.run                # with the release installed: sees
    python -m tests.lab.packages.findings.page               # writes the tables of docs/findings.md

A file of a release has one finding a line. ``how`` is "run" where the library was seen to do what the message
says, "read" where that follows from its source, and empty as long as nobody knows; ``shown`` says what was
seen or read.
"""
