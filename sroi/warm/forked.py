"""A real kernel, sockets and all, that is forked from the warm process: for notebooks that talk to their kernel."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
import tempfile
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner

from sroi.warm.service import Run, WarmProcess
from sroi.warm.wired import open_or

_NUMBERS = itertools.count(1)


class _Process:
    """A forked run in the shape of a subprocess, as jupyter_client knows one."""

    stdin = stdout = stderr = None

    def __init__(self, run: Run) -> None:
        self.run = run
        self.pid = run.pid

    def poll(self) -> int | None:
        """Return the exit code, None while it runs."""
        if not self.run.poll():
            return None
        return -9 if self.run.exit_code is None else self.run.exit_code

    def send_signal(self, number: int) -> None:
        """Send a signal; the whole group is killed, only the kernel itself interrupted."""
        if number == signal.SIGINT:
            self.run.interrupt()
        elif not self.run.ended:
            os.killpg(self.pid, number)

    def kill(self) -> None:
        """Kill it and what it started."""
        self.run.kill()

    terminate = kill


class WarmProvisioner(LocalProvisioner):  # type: ignore[misc]
    """Forks the kernel from the warm process, where jupyter_client would start a program."""

    warm_process: WarmProcess
    memory_limit: int | None = None

    async def launch_kernel(self, cmd: list[str], **settings: Any) -> Any:
        """Fork the kernel and return how it is connected to."""
        argv = cmd[cmd.index("-f") :]
        environment = dict(settings.get("env") or os.environ)
        environment["JPY_PARENT_PID"] = str(os.getpid())
        environment.pop("PYTHONEXECUTABLE", None)
        with open(os.devnull, "rb") as nothing, tempfile.TemporaryFile() as lost:
            fds = {
                "stdin": nothing.fileno(),
                "stdout": open_or(1, lost.fileno()),
                "stderr": open_or(2, lost.fileno()),
            }
            run = self.warm_process.ask(
                "kernel", ["ipykernel_launcher.py", *argv], fds, env=environment, memory_limit=self.memory_limit
            )
        self.process = _Process(run)
        self.pid = self.pgid = run.pid
        return self.connection_info

    async def wait(self) -> int | None:
        """Wait until the kernel has ended, and return its exit code."""
        code = 0
        if self.process is not None:
            while (now := self.process.poll()) is None:
                await asyncio.sleep(0.01)
            code = now
        return code

    async def cleanup(self, restart: bool = False) -> None:
        """Be done with the run."""
        if self.process is not None:
            self.process.run.close()
        await super().cleanup(restart)


class WarmKernelManager(AsyncKernelManager):  # type: ignore[misc]
    """Has its kernel forked from a warm process."""

    def __init__(self, warm_process: WarmProcess, memory_limit: int | None, **settings: Any) -> None:
        if "config" not in settings or not settings["config"].get("KernelManager"):
            # By files in the warm process's private folder, not by open ports.
            place = os.path.join(os.path.dirname(warm_process.address), f"kernel-{os.getpid()}-{next(_NUMBERS)}")
            settings |= {"transport": "ipc", "ip": place}
        super().__init__(**settings)
        self._warm_process, self._memory_limit = warm_process, memory_limit

    async def _async_pre_start_kernel(self, **settings: Any) -> Any:
        self.provisioner = WarmProvisioner(
            kernel_spec=self.kernel_spec, kernel_id=self.kernel_id or "warm", parent=self
        )
        self.provisioner.warm_process = self._warm_process
        self.provisioner.memory_limit = self._memory_limit
        return await super()._async_pre_start_kernel(**settings)

    pre_start_kernel = _async_pre_start_kernel
