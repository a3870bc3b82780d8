"""``panther-gen``, and ``python -m panther_gen``: the one place where errors end as an exit status."""

from __future__ import annotations

import functools
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from panther_gen.errors import MachineError, PantherGenError, machine_error, shown

__all__ = ["main"]

#: Set to 1, it shows the traceback of a fault of panther-gen itself.
DEBUG_VARIABLE = "PANTHER_GEN_DEBUG"

_COMPLETION_VARIABLE = "_PANTHER_GEN_COMPLETE"
_PROGRAM = "panther-gen"

#: What newer typers put before what is wrong with a choice.
_OF_PYDANTIC = "Value error, "

#: Here a command that was killed while it changed files has left what the next one undoes.
_JOURNAL = "panther/.panther-gen-journal"
_STOPPED_BY = 128


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status; :mod:`panther_gen.errors` lists them.

    Args:
        arguments: the words after ``panther-gen``; None: those of this process.
    """
    try:
        _open_what_is_closed()
        _show_every_character()
        status = _run(sys.argv[1:] if arguments is None else arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        # Before the sentence is out, a second Ctrl-C would bring a traceback.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        return _fail("stopped", _STOPPED_BY + signal.SIGINT)
    except PantherGenError as error:
        return _fail(str(error), error.exit_code)
    except BrokenPipeError:
        _discard_output()
        return _STOPPED_BY + signal.SIGPIPE
    except OSError as error:
        return _fail_by_machine(error)
    except Exception as error:  # noqa: BLE001 - whatever is left is a bug of ours, and ends here
        return _fail_by_bug(error)
    return status


def _run(arguments: Sequence[str]) -> int:
    if os.path.lexists(_JOURNAL) and _COMPLETION_VARIABLE not in os.environ:
        from panther_gen.generate.journal import recover

        print(f"panther-gen: {recover(Path())}", file=sys.stderr)
    if _is_plain("lint", arguments):
        # An editor runs this on every save: reading options would take longer than checking a file.
        from panther_gen.lint.command import run_lint

        return run_lint([Path(word) for word in arguments[1:]])
    if _is_plain("status", arguments):
        # A prompt or a hook may run this as often.
        from panther_gen.generate.status_report import run_status

        return run_status(arguments[1:])
    from typer import Exit

    command = _command()
    if _COMPLETION_VARIABLE in os.environ:
        command.main(list(arguments), prog_name=_PROGRAM)
    try:
        # Not the command's own main: it ends a closed pipe with the status of a failed test.
        with command.make_context(_PROGRAM, list(arguments)) as context:
            command.invoke(context)
    except Exit as ending:
        return ending.exit_code
    except Exception as error:
        # A usage error; typer has brought click's classes under another name since 0.29.
        if not (hasattr(error, "show") and hasattr(error, "exit_code")):
            raise
        if isinstance(getattr(error, "message", None), str):
            error.message = error.message.removeprefix(_OF_PYDANTIC)  # type: ignore[attr-defined]
        error.show()
        hint = _forgotten_quotes(arguments)
        if hint:
            print(hint, file=sys.stderr)
        return int(error.exit_code)
    return 0


@functools.cache
def _command() -> Any:
    """Return all commands; reading their options from functions takes a while, and is done once."""
    from typer.main import get_command

    from panther_gen.cli import app
    from panther_gen.cli_help import plain

    return plain(get_command(app))


def _forgotten_quotes(arguments: Sequence[str]) -> str:
    """Say that a command has to be quoted, where its words have been taken for those of panther-gen."""
    for option in ("--server", "--client"):
        at = arguments.index(option) + 1 if arguments[:1] == ["new-iut"] and option in arguments else 0
        if at and len(arguments) > at + 1 and " " not in arguments[at]:
            command = " ".join(arguments[at : at + 3])
            return f'  cure: quote the command, or its words are taken for options: {option} "{command} …"'
    return ""


def _is_plain(command: str, arguments: Sequence[str]) -> bool:
    """Tell whether the words are a command with nothing but paths."""
    return (
        arguments[:1] == [command]
        and not any(word.startswith("-") or not word for word in arguments[1:])
        and _COMPLETION_VARIABLE not in os.environ
    )


def _open_what_is_closed() -> None:
    """Write to nowhere where whoever started this has closed standard output or standard error."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115


def _show_every_character() -> None:
    """Let a terminal of any encoding, and arguments that are not UTF-8, be printed with escapes."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _fail(message: str, status: int) -> int:
    print(f"panther-gen: {message}", file=sys.stderr)
    return status


def _fail_by_machine(error: OSError) -> int:
    # Output that can not be written once would fail again when Python flushes it at the end.
    _discard_output()
    if isinstance(error.filename, str | bytes):
        failure = machine_error(error, f"use {shown(Path(os.fsdecode(error.filename)))}")
        if isinstance(error, PermissionError):  # which may have been reading, by a command without --output
            failure.cure = "make it readable and writable, or use another place"
    elif isinstance(error, FileNotFoundError):  # os.getcwd() names no file, and output is open already
        failure = MachineError("the working directory is gone", cure="cd to one that exists")
    else:  # whatever the command has made by now stays
        reason = error.strerror or str(error)
        failure = MachineError(f"cannot write the output: {reason}", cure="send it to another place")
    return _fail(str(failure), failure.exit_code)


def _fail_by_bug(error: Exception) -> int:
    if isinstance(error, ModuleNotFoundError):
        from panther_gen.missing import missing_package

        missing = missing_package(error)
        if missing is not None:
            return _fail(str(missing), missing.exit_code)
    if os.environ.get(DEBUG_VARIABLE) == "1":
        import traceback

        traceback.print_exception(error)
    hint = f"please report it, with the command and what {DEBUG_VARIABLE}=1 in front of it shows"
    return _fail(f"this is a fault of panther-gen itself: {type(error).__name__}: {error}\n  cure: {hint}", 3)


def _discard_output() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


if __name__ == "__main__":
    sys.exit(main())
