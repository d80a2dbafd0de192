"""What the fixes of the findings in others' packages do, asked of the library.

    python -m tests.lab.packages.fixes fix --release 5.23.0 --out FILE [--only REGEX]
    python -m tests.lab.packages.fixes check --fixed FILE [--only REGEX]    # where that release is installed
    python -m tests.lab.packages.fixes table                                # writes those of docs/repair.md

``fix`` makes each fix that is offered, alone, and then all safe ones of a package at once, and all there are.
``check`` lets the library build, save, load and resize the classes that a fix can reach, before and after,
and writes the file of the release here. What it cannot build is "not run": somebody reads it, and writes
down there under ``read`` what the fix does, and so of one that is not right.
"""
