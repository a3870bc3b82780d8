"""The command line: what each command takes, and which part of the package it hands that to.

Only the command line itself is imported here; everything heavy is imported by the command that needs
it, so that ``panther-gen --help`` costs little more than Python.
"""

from __future__ import annotations

import gc
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from panther_gen import __version__, cli_blueprints, cli_plugins
from panther_gen.completion import complete_iut, complete_language, complete_protocol
from panther_gen.errors import MachineError, UsageError
from panther_gen.layout import default_root
from panther_gen.names import check_name, check_protocol

if TYPE_CHECKING:
    from panther_gen.generate import NewIut

__all__ = ["app"]

# \b keeps the lines of a paragraph from being joined.
_EPILOG = """\
\b
Exit codes: 0 done; 1 the linter found something, a test failed, or a plugin is
  not up to date; 2 refused; 3 a fault of panther-gen or of a blueprint; 4 this
  machine lacks something; 5 conflicts are to be resolved;
  129, 130, 141, 143 stopped by SIGHUP, Ctrl-C, a closed pipe, SIGTERM.
"""

_NAMES = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
_PASSED_ON = {"allow_extra_args": True, "ignore_unknown_options": True, "allow_interspersed_args": False}

# Plain help: drawing it with rich would double the time that --help takes.
app = typer.Typer(
    name="panther-gen",
    context_settings=_NAMES,
    epilog=_EPILOG,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"panther-gen {__version__}")
        raise typer.Exit


@app.callback()
def panther_gen(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Scaffold, lint and run implementation-under-test plugins for protocol test benches."""


@app.command("new-iut", short_help="Make a plugin for an implementation.")
def new_iut(
    protocol: Annotated[
        str | None,
        typer.Argument(metavar="PROTOCOL", show_default=False, autocompletion=complete_protocol),
    ] = None,
    name: Annotated[str | None, typer.Argument(metavar="NAME", show_default=False)] = None,
    language: Annotated[
        Literal["python", "rust", "c", "go"] | None,
        typer.Option(
            help="What it is written in.  [default: python; with --server or --client: c]",
            autocompletion=complete_language,
        ),
    ] = None,
    description: Annotated[
        str | None, typer.Option(metavar="TEXT", help="One line about the implementation.")
    ] = None,
    binary_name: Annotated[
        str | None,
        typer.Option("--binary", metavar="PROGRAM", help="Its program, by name or path.  [default: NAME]"),
    ] = None,
    server: Annotated[
        str | None,
        typer.Option(metavar="COMMAND", help="How you start its server by hand, in one pair of quotes."),
    ] = None,
    client: Annotated[
        str | None, typer.Option(metavar="COMMAND", help="How you start its client by hand.")
    ] = None,
    repo_url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="The Git repository that its Docker image is built from."),
    ] = None,
    class_name: Annotated[
        str | None, typer.Option(metavar="CLASS", help="What the plugin's class is called.")
    ] = None,
    version: Annotated[
        str | None,
        typer.Option("--plugin-version", metavar="VERSION", help="The plugin's version.  [default: 0.1.0]"),
    ] = None,
    defaults: Annotated[
        bool, typer.Option("--defaults", help="Ask nothing; take the default of what is not said.")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="The directory that holds, or will hold, panther/.  [default: the nearest that does, or .]",
        ),
    ] = None,
    in_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON; asks nothing.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="List what would be made; make nothing.")
    ] = False,
    show_diff: Annotated[bool, typer.Option("--diff", help="Show what would be made; make nothing.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace files that exist and differ.")] = False,
) -> None:
    """Make a plugin for an implementation under test, ready to run.

    PROTOCOL is quic, http, minip, tcp, or any other word for a protocol of your own. NAME is what the
    plugin is called. It is written to DIR/panther/plugins/services/iut/PROTOCOL/NAME/, whole or not at
    all; what exists is never changed without --force. With the first plugin comes a test_config.yaml
    that runs it.

    With --server "myserver -p 4443 --cert cert.pem", --client or both, the plugin is written from that
    example: ports, hosts, certificates, directories and URLs in it become parameters, and what they were
    taken for is shown. Nothing of it is run.

    On a terminal, what decides (PROTOCOL, NAME and --language) is asked for where it is missing, and
    then the rest too. With these three given, or --defaults, nothing is asked.
    """
    # A short process that imports much and makes little garbage: collecting it costs a tenth of the time.
    gc.disable()
    from panther_gen.generate.interruption import Interruption

    may_ask = not (defaults or in_json) and sys.stdin.isatty() and sys.stdout.isatty()
    ask = may_ask and (protocol is None or name is None or language is None)
    root = default_root() if output is None else output
    with Interruption() as interruption:
        protocol, name = _place(protocol, name, root, ask=ask)

        from panther_gen.generate import land, plan_new_iut, report, request_for, said, sweep

        answers = said(
            language=language,
            description=description,
            binary_name=binary_name,
            repo_url=repo_url,
            class_name=class_name,
            version=version,
        )
        request = request_for(root, protocol, name, answers, server=server, client=client)
        if ask:
            _confirm(request)
        sweep(request.root, request.directory)
        if dry_run or show_diff or force:
            plan = plan_new_iut(request, ask=ask, may_exist=True)
            if cli_plugins.settle(
                plan,
                dry_run=dry_run,
                show_diff=show_diff,
                force=force,
                in_json=in_json,
                interruption=interruption,
            ):
                return
        else:
            plan = plan_new_iut(request, ask=ask)
        written = land(plan, point_of_no_return=interruption.hold)
        if in_json:
            typer.echo(report.as_json(request, plan, written))
        else:
            from panther_gen.runtime import find_runtimes

            installed = bool(find_runtimes())
            above = output is None and root != Path()
            typer.echo(report.as_text(request, plan, written, runtime_installed=installed, above=above))


def _confirm(request: NewIut) -> None:
    """Show what examples were taken for, before anything else is asked."""
    if request.command_lines:
        from panther_gen.generate.questions import confirm_command_lines

        confirm_command_lines(request.command_lines)


def _place(protocol: str | None, name: str | None, output: Path, *, ask: bool) -> tuple[str, str]:
    """Return protocol and name, asked for if need be; a value that was given is checked before that."""
    if protocol is not None:
        check_protocol(protocol)
    if name is not None:
        check_name(name)
    missing = [word for word, value in (("PROTOCOL", protocol), ("NAME", name)) if value is None]
    if missing and not ask:
        verb = "is" if len(missing) == 1 else "are"
        raise UsageError(
            f"{' and '.join(missing)} {verb} missing, and nothing is asked here",
            cure="panther-gen new-iut PROTOCOL NAME, such as panther-gen new-iut quic my_impl",
        )
    if missing:
        from panther_gen.generate.questions import ask_name, ask_protocol

        protocol = protocol if protocol is not None else ask_protocol()
        name = name if name is not None else ask_name(output, protocol)
    assert protocol is not None
    assert name is not None
    return protocol, name


@app.command(short_help="Check plugins against the contract of their base classes.")
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
        from panther_gen.lint.explanation import explain as explained

        typer.echo(explained(explain), nl=False)
        return
    from panther_gen.lint.command import run_lint

    status = run_lint(
        list(paths or []),
        output_format=output_format,
        strict=strict,
        select=_words(select),
        ignore=_words(ignore),
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


@app.command(short_help="Explain a rule of the linter, or list them all.")
def explain(
    code: Annotated[str | None, typer.Argument(metavar="[CODE]", show_default=False)] = None,
    in_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Say what a rule of the linter is about and why, with code that it finds and code that is fine.

    CODE is a rule's code or name: PG101, workflow-overridden. Without it, all rules are listed.
    """
    from panther_gen.lint import explanation

    if code is None:
        text = explanation.list_rules_as_json() if in_json else explanation.list_rules()
    else:
        text = explanation.explain_as_json(code) if in_json else explanation.explain(code)
    typer.echo(text, nl=False)


def _words(values: list[str] | None) -> list[str]:
    """Return the words of an option that is given more than once, or with commas."""
    return [word.strip() for value in values or () for word in value.split(",") if word.strip()]


@app.command(short_help="Write the contract of another framework's base classes.")
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
    from panther_gen.lint.contract_command import run_contract

    raise typer.Exit(run_contract(package, output=output, name=name))


@app.command(short_help="Lint in an editor: serve the Language Server Protocol.")
def server() -> None:
    """Serve one editor, by the Language Server Protocol on standard input and output.

    An editor starts it, with the words `panther-gen server`, in files of Python, Markdown, Jinja and in
    Dockerfiles; docs/editors.md shows how for VS Code, Neovim, Helix and Emacs. Settings are those of
    the pyproject.toml nearest to each file, as for `panther-gen lint`.

    It ends with 0 after the editor's shutdown and exit, and with 1 if the editor goes away without them.
    """
    from importlib.util import find_spec

    if find_spec("pygls") is None:
        raise MachineError(
            "the language server needs pygls, which is not installed",
            cure='python -m pip install "panther-gen[server]"',
        )
    from panther_gen.server.serving import serve

    raise typer.Exit(serve())


@app.command("try", context_settings=_PASSED_ON, add_help_option=False)
def try_plugin(
    context: typer.Context,
    words: Annotated[list[str] | None, typer.Argument(autocompletion=complete_iut)] = None,
) -> None:
    """Run a plugin's server against its own client, here and now."""
    _start_runtime(context, "try", words)


@app.command("run", context_settings=_PASSED_ON, add_help_option=False)
def run_experiment(
    context: typer.Context, words: Annotated[list[str] | None, typer.Argument()] = None
) -> None:
    """Run an experiment file."""
    _start_runtime(context, "run", words)


@app.command("validate", context_settings=_PASSED_ON, add_help_option=False)
def validate_experiment(
    context: typer.Context, words: Annotated[list[str] | None, typer.Argument()] = None
) -> None:
    """Check an experiment file and run nothing."""
    _start_runtime(context, "validate", words)


@app.command("schema", context_settings=_PASSED_ON, add_help_option=False)
def print_schema(context: typer.Context, words: Annotated[list[str] | None, typer.Argument()] = None) -> None:
    """Print the JSON Schema of experiment files, for editors."""
    _start_runtime(context, "schema", words)


def _start_runtime(context: typer.Context, word: str, words: list[str] | None) -> None:
    """Become ``python -m panther WORD``: the arguments, ``--help`` among them, are passed on as they are."""
    from panther_gen.runtime import check_runtime, start

    arguments = [*(words or []), *context.args]
    try:
        check_runtime()
    except MachineError:
        if not {"-h", "--help"}.isdisjoint(arguments):
            typer.echo(context.get_help())
        raise
    start(word, arguments)


app.add_typer(cli_plugins.commands)
app.add_typer(cli_blueprints.commands)
