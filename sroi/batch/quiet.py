"""papermill's own words and warnings kept from a user's terminal, for as long as it runs and no longer."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def papermill_quiet() -> Iterator[None]:
    """Let papermill say errors alone within the block; afterwards it is as the program that called us had it."""
    log = logging.getLogger("papermill")
    was = log.level
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        log.setLevel(logging.ERROR)
        try:
            yield
        finally:
            log.setLevel(was)
