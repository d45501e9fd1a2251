"""The engine `sroi-warm`, as papermill finds it: `papermill --engine sroi-warm in.ipynb out.ipynb`.

papermill imports this module whenever it is imported itself, so that nothing is loaded here before it is used.
"""

from __future__ import annotations

from typing import Any


class WarmEngine:
    """Runs notebooks by forking each from a process with the heavy imports done.

    What papermill's own engine takes, and: `execution_timeout` (seconds for a cell), `run_timeout` (seconds for the
    run), `memory_limit` (bytes), `seed` (of random and numpy.random; without one, fresh for every run),
    `start_timeout`, and `warm`: auto, shell, kernel or stock, the way of running. Faults: `sroi.warm.faults`.
    """

    @classmethod
    def execute_notebook(cls, nb: Any, kernel_name: str, **settings: Any) -> Any:
        """Run a notebook and return it; its outputs, times and state are written into it, and saved as it goes."""
        from sroi.warm.running import execute_notebook

        return execute_notebook(nb, kernel_name, **settings)

    @classmethod
    def nb_kernel_name(cls, nb: Any, name: str | None = None) -> str:
        """Return the name of the kernel that a notebook asks for, or `name`."""
        from papermill.utils import nb_kernel_name

        return str(nb_kernel_name(nb, name))

    @classmethod
    def nb_language(cls, nb: Any, language: str | None = None) -> str:
        """Return the language of a notebook, or `language`."""
        from papermill.utils import nb_language

        return str(nb_language(nb, language))
