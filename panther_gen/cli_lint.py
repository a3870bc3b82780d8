"""The commands of the linter: lint, explain, contract, server."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from panther_gen.errors import MachineError, UsageError

__all__ = ["commands"]

commands = typer.Typer(rich_markup_mode=None)


@commands.command(short_help="Check plugins against the contract of their base classes.")
def lint(
    paths: Annotated[list[Path] | None, typer.Argument(metavar="PATHS", show_default=False)] = None,
    output_format: Annotated[
        Literal["text", "json", "github", "sarif"], typer.Option("--format", help="How findings are printed.")
    ] = "text",
    strict: Annotated[
        bool | None,
        typer.Option("--strict/--no-strict", help="Let what could not be verified fail as well."),
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option(metavar="CODES", help="Use these rules only: PG101, PG1, a name; commas between."),
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option(metavar="CODES", help="Leave these rules out as well.")
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Leave out the findings that this file knows.")
    ] = None,
    write_baseline: Annotated[
        bool, typer.Option("--write-baseline", help="Let that file know what is found now.")
    ] = False,
    contract: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Check classes against this contract as well; repeatable."),
    ] = None,
    stdin_filename: Annotated[
        Path | None, typer.Option(metavar="PATH", help="With - for PATHS: the file that this is.")
    ] = None,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Judge everything anew, and remember nothing.")
    ] = False,
    fix: Annotated[bool, typer.Option("--fix", help="Mend what can be mended safely.")] = False,
    unsafe_fixes: Annotated[
        bool, typer.Option("--unsafe-fixes", help="With --fix or --diff: what needs a look afterwards too.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what --fix would change, and change nothing.")
    ] = False,
    explain: Annotated[
        str | None, typer.Option(metavar="CODE", help="Explain a rule, with examples, and check nothing.")
    ] = None,
) -> None:
    """Check plugins against the contract of their base classes; nothing of them is imported.

    PATHS are files and directories, or - for standard input; without any, the plugins below ./panther/
    are checked. Settings are read from [tool.panther-gen.lint] in the nearest pyproject.toml: select,
    ignore, per-file-ignores, exclude, strict, contract.
    """
    if explain is not None:
        from panther_gen.lint.pages.explanation import explain as explained

        typer.echo(explained(explain), nl=False)
        return
    from panther_gen.lint.command import run_lint

    status = run_lint(
        list(paths or []),
        output_format=output_format,
        strict=strict,
        select=_words("--select", select),
        ignore=_words("--ignore", ignore),
        contracts=contract or (),
        stdin_filename=stdin_filename,
        baseline=baseline,
        write_baseline=write_baseline,
        cached=not no_cache,
        fix=fix,
        unsafe_fixes=unsafe_fixes,
        diff=diff,
    )
    raise typer.Exit(status)


@commands.command(short_help="Explain a rule of the linter, or list them all.")
def explain(
    code: Annotated[str | None, typer.Argument(metavar="CODE", show_default=False)] = None,
    in_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Say what a rule of the linter is about and why, with code that it finds and code that is fine.

    CODE is a rule's code or name: PG101, workflow-overridden. Without it, all rules are listed.
    """
    from panther_gen.lint.pages import explanation

    if code is None:
        text = explanation.list_rules_as_json() if in_json else explanation.list_rules()
    else:
        text = explanation.explain_as_json(code) if in_json else explanation.explain(code)
    typer.echo(text, nl=False)


def _words(option: str, values: list[str] | None) -> list[str]:
    """Return the words of an option that is given more than once, or with commas.

    Raises:
        UsageError: it is given without any; an empty variable of a script must not mean all rules.
    """
    words = [word.strip() for value in values or () for word in value.split(",") if word.strip()]
    if values and not words:
        raise UsageError(f"{option} names no rule", cure=f"write {option} PG101,PG2, or leave it out")
    return words


@commands.command(short_help="Write the contract of another framework's base classes.")
def contract(
    package: Annotated[Path, typer.Argument(metavar="PACKAGE_DIR", show_default=False)],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="The file to write or replace.  [default: standard output]"
        ),
    ] = None,
    name: Annotated[
        str,
        typer.Option(metavar="DOTTED", help="What it is imported as.  [default: as its place says]"),
    ] = "",
) -> None:
    """Write down which methods of a package's classes are final, and which are required.

    PACKAGE_DIR is the directory of a package, or the file of a module; nothing of it is imported. The
    marks are typing.final and abc.abstractmethod, and those of PANTHER's base classes. The file is for
    panther-gen lint --contract FILE. Where files cannot be read, the rest is written and the status is 1.
    """
    from panther_gen.lint.contracts.command import run_contract

    raise typer.Exit(run_contract(package, output=output, name=name))


@commands.command(short_help="Lint in an editor: serve the Language Server Protocol.")
def server() -> None:
    """Serve one editor, by the Language Server Protocol on standard input and output.

    An editor starts it, with the words `panther-gen server`, in files of Python, Markdown, Jinja and in
    Dockerfiles; docs/editors.md shows how for VS Code, Neovim, Helix and Emacs. Settings are those of
    the pyproject.toml nearest to each file, as for `panther-gen lint`.

    It ends with 0 after the editor's shutdown and exit, and with 1 if the editor goes away without them.
    """
    from importlib.util import find_spec

    if find_spec("pygls") is None:
        import shlex

        from panther_gen.missing import requirement_of

        raise MachineError(
            "the language server needs pygls, which is not installed",
            cure=f"python -m pip install {shlex.quote(requirement_of('server'))}",
        )
    from panther_gen.server.serving import serve

    raise typer.Exit(serve())
