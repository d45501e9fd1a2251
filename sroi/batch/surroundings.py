"""What a run's figures rest on beside its inputs: packages, Python, system, and the state of the project's git."""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any


def packages() -> dict[str, str]:
    """Return the version of every installed package."""
    from importlib.metadata import distributions

    found: dict[str, str] = {}
    for each in distributions():
        with suppress(Exception):  # a damaged package says nothing of itself
            name = each.metadata["Name"]
            if name:
                found.setdefault(name.lower().replace("_", "-"), each.version)
    return dict(sorted(found.items()))


def packages_sha256(installed: Mapping[str, str]) -> str:
    """Return one hash for all packages and the Python that runs them."""
    lines = [f"python=={platform.python_version()}", *(f"{name}=={version}" for name, version in installed.items())]
    return hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()


def surroundings(folder: Path) -> dict[str, Any]:
    """Return what a sidecar says of where its run ran; `folder` is that of the template, whose git state is told."""
    from sroi.version import __version__

    installed = packages()
    return {
        "sroi_version": __version__,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "packages": installed,
        "packages_sha256": packages_sha256(installed),
        "git": _git(folder),
    }


def _git(folder: Path) -> dict[str, Any] | None:
    """Return the commit that the folder stands on, and whether files differ from it; None where there is no git."""
    commit = _said_by_git(folder, "rev-parse", "HEAD")
    if commit is None:
        return None
    changed = _said_by_git(folder, "status", "--porcelain", "--untracked-files=no")
    return {"commit": commit.strip(), "changed": None if changed is None else bool(changed.strip())}


def _said_by_git(folder: Path, *arguments: str) -> str | None:
    # A repository's own settings may name programs to run: those that looking at it would start are switched off.
    safe = ["-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}"]
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    try:
        run = subprocess.run(
            ["git", *safe, *arguments], cwd=folder, env=environment, timeout=10, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0) if sys.platform == "win32" else 0,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    return run.stdout.decode("utf-8", "replace") if run.returncode == 0 else None
