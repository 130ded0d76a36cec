"""What takes long to make and is the same for many tests: made once in a run, and copied.

All workers of a run share the templates, and whoever needs one first makes it. Nothing is ever
written to one, so what a test has copied is its own.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import gettempdir, mkdtemp
from uuid import uuid4

# Workers are started with the environment of the process that leads them.
LEADS = "TENLINES_TEST_RUN" not in os.environ
RUN = os.environ.setdefault("TENLINES_TEST_RUN", uuid4().hex)
TEMPLATES = Path(gettempdir()) / f"tenlines-test-{RUN}-templates"


def copied(name: str, make: Callable[[Path], object], to: Path) -> None:
    """Fill a folder with a copy of the template of that name. make: fills an empty folder."""
    kept = TEMPLATES / name
    if not kept.exists():
        TEMPLATES.mkdir(exist_ok=True)
        making = Path(mkdtemp(dir=TEMPLATES))
        make(making)
        try:
            making.rename(kept)
        except OSError:
            # Another worker was faster, and its template is as good.
            assert kept.exists()
            shutil.rmtree(making)
    shutil.copytree(kept, to, dirs_exist_ok=True)


def discard() -> None:
    """Delete the templates of this run."""
    shutil.rmtree(TEMPLATES, ignore_errors=True)
