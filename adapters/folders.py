"""Folders that are still there after a power cut.

A file that is on the disk is found by its name, which is on the disk only when its folder is,
and so on upwards.
"""

import os
from pathlib import Path


def make(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for their owner alone; durable.

    Raises OSError, FileExistsError where something else has the name.
    """
    missing = [one for one in (folder, *folder.parents) if not one.is_dir()]
    for one in reversed(missing):
        one.mkdir(mode=0o700, exist_ok=True)
        sync(one.parent)


def sync(folder: Path) -> None:
    """Have the names in the folder on the disk when this returns."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
