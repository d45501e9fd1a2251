"""The command line: parses, runs the command asked for, says what was refused. Thin: it imports nothing heavy."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from types import ModuleType
from typing import Any, NoReturn

from sroi.arguments import USAGE, build_parser
from sroi.commands import COMMANDS, command_module
from sroi.commands.printing import DONE, FAULTS, complain
from sroi.errors import MethodRefused, NameRefused, SroiError, TemplateRefused

_STOPPED = 130


def command() -> NoReturn:
    """Run the command that this process was started for, and end the process.

    Ending without taking every object apart saves a sixth of a short command's time. Once Jupyter has been loaded it
    is left to close its own affairs.
    """
    # A command lives for a moment: collecting what start-up allocates takes a tenth of it and frees nothing.
    gc.disable()
    for wish in ("SIGTERM", "SIGHUP"):  # a wish to end is met as Ctrl-C is: tidily
        if hasattr(signal, wish):
            signal.signal(getattr(signal, wish), _interrupt)
    status = main()
    if "papermill" in sys.modules:
        sys.exit(status)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(status)


def _interrupt(number: int, frame: Any) -> NoReturn:
    raise KeyboardInterrupt


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status: 0 done, 1 the map has errors (or, with --strict, findings), 2 usage."""
    # pydantic looks for plug-ins in the metadata of every installed package; none has any business with a value map.
    plug_ins_left_alone = "PYDANTIC_DISABLE_PLUGINS" not in os.environ
    if plug_ins_left_alone:
        os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
        sys.modules.setdefault(_NoPlugIns.LOADER, _NoPlugIns(_NoPlugIns.LOADER))
    try:
        return _run(sys.argv[1:] if arguments is None else arguments)
    finally:
        if plug_ins_left_alone:
            os.environ.pop("PYDANTIC_DISABLE_PLUGINS", None)
        if isinstance(sys.modules.get(_NoPlugIns.LOADER), _NoPlugIns):
            del sys.modules[_NoPlugIns.LOADER]


class _NoPlugIns(ModuleType):
    """Stands for pydantic's loader of plug-ins while a command runs.

    That imports importlib.metadata, and with it email, sockets and archives, a twentieth of a short command's time, in
    order to find no plug-ins. Whoever asks for anything else of it is given the loader itself.
    """

    LOADER = "pydantic.plugin._loader"
    get_plugins = tuple

    def __getattr__(self, name: str) -> Any:
        from importlib import import_module

        if name.startswith("__"):
            raise AttributeError(name)
        if sys.modules.get(self.LOADER) is self:
            del sys.modules[self.LOADER]
        return getattr(import_module(self.LOADER), name)


def _run(arguments: Sequence[str]) -> int:
    parser = build_parser(COMMANDS, command_module, arguments)
    options = parser.parse_args(arguments)
    if not hasattr(options, "run"):
        parser.print_help()
        return USAGE
    try:
        if sys.stdout is None:
            sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  # a command started without one
        status: int = options.run(options)
        sys.stdout.flush()
        return status
    except (MethodRefused, NameRefused, TemplateRefused) as error:
        complain(str(error))
        return USAGE
    except SroiError as error:
        complain(str(error))
        return FAULTS
    except KeyboardInterrupt:
        complain("Stopped. Nothing half written was left behind.")
        return _STOPPED
    except BrokenPipeError:
        sys.stderr.close()
        return DONE
    except OSError as error:
        complain(f"This could not be written ({error.strerror or error}). Make room, or name another place.")
        return FAULTS
