"""One notebook, run the way that fits it."""

from __future__ import annotations

import os
from typing import Any

from papermill.log import logger

from sroi.warm.choice import asked_for, needs_kernel, why_not_warm
from sroi.warm.client import LimitedClient, Limits, WiredClient
from sroi.warm.keeping import TruthfulManager
from sroi.warm.service import NoWarmProcess, WarmProcess, warm_process


def execute_notebook(
    nb: Any,
    kernel_name: str,
    output_path: str | None = None,
    progress_bar: Any = True,
    log_output: bool = False,
    autosave_cell_every: int = 30,
    **settings: Any,
) -> Any:
    """Run a notebook under papermill's keeper of its state, and return it."""
    keeper = TruthfulManager(
        nb,
        output_path=output_path,
        progress_bar=progress_bar,
        log_output=log_output,
        autosave_cell_every=autosave_cell_every,
    )
    keeper.notebook_start()
    try:
        _run(keeper, kernel_name, log_output=log_output, **settings)
    except BaseException:
        keeper.broken = True
        raise
    finally:
        keeper.cleanup_pbar()
        keeper.notebook_complete()
    return keeper.nb


def _run(
    keeper: TruthfulManager,
    kernel_name: str,
    start_timeout: float = 60,
    execution_timeout: float | None = None,
    run_timeout: float | None = None,
    memory_limit: int | None = None,
    seed: int | None = None,
    warm: str = "auto",
    **settings: Any,
) -> None:
    cell_seconds = execution_timeout or settings.pop("timeout", None)
    for other in ("input_path", "timeout", "startup_timeout"):
        settings.pop(other, None)
    limits = Limits(cell_seconds, run_timeout, memory_limit, seed)
    settings |= {"kernel_name": kernel_name, "startup_timeout": start_timeout, "log": logger}
    way = asked_for(keeper.nb, warm)
    process: WarmProcess | None = None
    reason = "it was asked for"
    if way != "stock":
        try:
            process, reason = _process_for(keeper.nb, kernel_name)
        except NoWarmProcess as none:
            reason = str(none)
    if process is None:
        _run_stock(keeper, limits, reason, settings)
        return
    if way == "auto":
        wants = needs_kernel(keeper.nb)
        way, reason = ("kernel", wants) if wants else ("shell", "")
    try:
        if way == "kernel":
            _run_forked_kernel(keeper, limits, process, reason, settings)
        else:
            _run_shell(keeper, limits, process, settings)
    except NoWarmProcess as none:
        # Raised before anything ran.
        _run_stock(keeper, limits, str(none), settings)


def _process_for(notebook: Any, kernel_name: str) -> tuple[WarmProcess, str]:
    reason = why_not_warm(notebook, kernel_name)
    if reason is not None:
        raise NoWarmProcess(reason)
    process, word = warm_process()
    if word:
        logger.warning(f"sroi-warm: {word}")
    return process, ""


def _run_shell(keeper: TruthfulManager, limits: Limits, process: WarmProcess, settings: dict[str, Any]) -> None:
    from sroi.warm.wired import WireManager

    logger.info("sroi-warm: forked from a warm process")
    settings.pop("config", None)
    WiredClient(keeper, limits, WireManager(process, limits.seed, limits.memory), **settings).execute()


def _run_forked_kernel(
    keeper: TruthfulManager, limits: Limits, process: WarmProcess, reason: str, settings: dict[str, Any]
) -> None:
    import functools

    from sroi.warm.forked import WarmKernelManager

    logger.info(f"sroi-warm: a kernel forked from a warm process{f', for {reason}' if reason else ''}")
    settings.setdefault("shutdown_kernel", "immediate")
    client = LimitedClient(keeper, limits, **settings)
    make = functools.partial(WarmKernelManager, process, limits.memory, kernel_name=client.kernel_name)
    client.km = make(config=client.config)
    client.execute(cleanup_kc=True)


def _run_stock(keeper: TruthfulManager, limits: Limits, reason: str, settings: dict[str, Any]) -> None:
    logger.warning(f"sroi-warm: this notebook starts a kernel of its own: {reason}")
    settings.setdefault("shutdown_kernel", "immediate")
    # Kernels of this environment come before those of the user's account.
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")
    LimitedClient(keeper, limits, **settings).execute()
