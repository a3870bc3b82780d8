"""The commands on plugins that exist: update, diff, status, list, destroy."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from panther_gen.cli_options import Json
from panther_gen.completion import complete_plugin
from panther_gen.errors import CONFLICTS, UsageError

if TYPE_CHECKING:
    from panther_gen.generate.changes import Changes
    from panther_gen.generate.interruption import Interruption
    from panther_gen.generate.plan import ChangePlan

__all__ = ["commands", "settle"]

#: What a rule that is about more than style begins with.
_BREAKING = ("PG0", "PG1")

commands = typer.Typer(rich_markup_mode=None)

_Plugins = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PLUGIN]...",
        show_default=False,
        help="NAME, PROTOCOL/NAME or a directory.",
        autocompletion=complete_plugin,
    ),
]
_BlueprintDirectory = Annotated[
    Path | None, typer.Option("--blueprint", metavar="DIR", help="Take the blueprint in DIR instead.")
]
_Answers = Annotated[
    list[str] | None, typer.Option("--set", metavar="QUESTION=ANSWER", help="Change an answer.")
]


@commands.command(short_help="Bring plugins up to their blueprint, keeping your edits.")
def update(
    plugins: _Plugins = None,
    everything: Annotated[bool, typer.Option("--all", help="Update every plugin here.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="List what would change; change nothing.")
    ] = False,
    show_diff: Annotated[
        bool, typer.Option("--diff", help="Show what would change; change nothing.")
    ] = False,
    adopt: Annotated[
        bool, typer.Option("--adopt", help="Only record what a plugin without a record was generated from.")
    ] = False,
    answers: _Answers = None,
    blueprint: _BlueprintDirectory = None,
    in_json: Json = False,
) -> None:
    """Bring plugins up to the present version of their blueprint; no line of yours is lost.

    What you have not touched becomes the new version; what you have edited is merged with it, also under
    another name; what you have deleted stays deleted. Where both changed the same lines, both stand between
    conflict markers, and the exit status is 5. All plugins are updated, or none: not if a merged file would
    not parse, or break the contract of its base class. That is planned for all of them; where they lie below
    several roots, it is then carried out one root after the other.
    """
    gc.disable()
    from panther_gen.generate.interruption import Interruption
    from panther_gen.generate.journal import commit
    from panther_gen.generate.update import check_merged

    with Interruption() as interruption:
        changed = _answered(answers)
        plans = _planned(plugins or [], everything, adopt=adopt, blueprint=blueprint, changed=changed)
        for plan in plans:
            check_merged(plan, _findings)
        if not (dry_run or show_diff):
            for plan in plans:
                commit(plan, point_of_no_return=interruption.hold)
        _print(plans, in_json=in_json, show_diff=show_diff, landed=not (dry_run or show_diff))
        if not (plans or in_json or show_diff):
            typer.echo("there are no plugins here that have a record: nothing to update")
    if any(plan.having("conflict") for plan in plans):
        raise typer.Exit(CONFLICTS)


@commands.command(short_help="Show what an update would change.")
def diff(
    plugins: _Plugins = None,
    answers: _Answers = None,
    blueprint: _BlueprintDirectory = None,
    in_json: Json = False,
) -> None:
    """Show what an update would change, as a unified diff; change nothing.

    The exit status is 0 if an update would change nothing, 1 if it would, 5 if it would mark conflicts.
    """
    gc.disable()
    everything = not plugins
    plans = _planned(plugins or [], everything, adopt=False, blueprint=blueprint, changed=_answered(answers))
    _print(plans, in_json=in_json, show_diff=True, landed=False)
    if any(plan.having("conflict") for plan in plans):
        raise typer.Exit(CONFLICTS)
    if any(plan.to_land for plan in plans):
        raise typer.Exit(1)


@commands.command(short_help="Say which plugins are behind, edited or conflicted.")
def status(plugins: _Plugins = None, blueprint: _BlueprintDirectory = None, in_json: Json = False) -> None:
    """Say which plugins are behind their blueprint, edited, or have conflicts; render nothing.

    The exit status is 0 if none is behind, 1 if one is, 5 if one has conflicts, 2 if a record cannot be used.
    """
    from panther_gen.generate.status_report import run_status

    raise typer.Exit(run_status(plugins or [], blueprint=blueprint, in_json=in_json))


@commands.command("list", short_help="List blueprints, protocols, languages and plugins.")
def list_everything(in_json: Json = False) -> None:
    """List the blueprints, the protocols and languages that they know, and the plugins here."""
    gc.disable()
    from panther_gen.blueprints import known_blueprints
    from panther_gen.generate.selecting import select
    from panther_gen.generate.status import statuses
    from panther_gen.generate.status_report import inventory

    blueprints = known_blueprints(None)
    found = statuses(select([], everything=True), blueprints)
    typer.echo(inventory(blueprints, found, in_json=in_json))


@commands.command(short_help="Remove a plugin, but for what you have edited.")
def destroy(
    plugin: Annotated[str, typer.Argument(metavar="PLUGIN", help="NAME, PROTOCOL/NAME or a directory.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List what would go; change nothing.")] = False,
    in_json: Json = False,
) -> None:
    """Remove the files of a plugin that are as they were generated; what you have edited or made stays."""
    from panther_gen.generate.destroy import plan_destroy
    from panther_gen.generate.interruption import Interruption
    from panther_gen.generate.journal import commit
    from panther_gen.generate.selecting import select

    with Interruption() as interruption:
        (selected,) = select([plugin], everything=False)
        plan = plan_destroy(selected)
        if not (yes or dry_run):
            if in_json or not (sys.stdin.isatty() and sys.stdout.isatty()):
                raise UsageError(
                    f"destroying '{plugin}' has to be confirmed, and nothing is asked here",
                    cure="--yes confirms it; --dry-run lists what would go",
                )
            from panther_gen.generate.questions import ask_to_remove
            from panther_gen.generate.show import as_list

            typer.echo(as_list(plan))
            if not ask_to_remove():
                typer.echo("nothing has been changed")
                raise typer.Exit
        if not dry_run:
            commit(plan, point_of_no_return=interruption.hold)
        _print([plan], in_json=in_json, show_diff=False, landed=not dry_run)


def settle(
    plan: ChangePlan,
    *,
    dry_run: bool,
    show_diff: bool,
    force: bool,
    in_json: bool,
    interruption: Interruption,
) -> bool:
    """Show the plan of a new plugin, or carry it out where the plugin exists; tell if nothing is left to do.

    Nothing is done where none of the three switches is said: the plan is to be landed.

    Raises:
        UsageError: the directory exists, and ``force`` is not said.
    """
    if not (dry_run or show_diff or force):
        return False
    from panther_gen.generate.journal import commit
    from panther_gen.generate.target import check_target

    changes = plan.changes(force=force)
    if dry_run or show_diff:
        _print([changes], in_json=in_json, show_diff=show_diff, landed=False)
        if not force:
            check_target(plan.root, plan.directory)
        return True
    if not (plan.root / plan.directory).is_dir():
        return False
    commit(changes, point_of_no_return=interruption.hold)
    _print([changes], in_json=in_json, show_diff=False, landed=True)
    return True


def _answered(words: Sequence[str] | None) -> dict[str, str]:
    """Return the answers of ``--set``."""
    answers = {}
    for word in words or ():
        question, equals, answer = word.partition("=")
        if not equals:
            raise UsageError(f"--set '{word}' has no answer", cure="write --set QUESTION=ANSWER")
        answers[question] = answer
    return answers


def _planned(
    words: Sequence[str], everything: bool, *, adopt: bool, blueprint: Path | None, changed: Mapping[str, str]
) -> list[Changes]:
    """Return the plan of each root; plugins without a record are left out where all are meant."""
    from panther_gen.blueprints import known_blueprints
    from panther_gen.generate.selecting import select
    from panther_gen.generate.several import plan_several

    selected = select(words, everything=everything)
    return plan_several(
        selected, known_blueprints(blueprint), adopt=adopt, changed=changed, skip_untracked=everything
    )


def _findings(paths: Sequence[Path], contents: Mapping[Path, bytes]) -> list[tuple[str, str, str]]:
    """Return what ``panther-gen lint`` finds that keeps a plugin from running: broken files and contracts."""
    from panther_gen.lint.running.engine import check_files

    return [
        (finding.code, f"{finding.path}:{finding.span.line}", finding.message)
        for finding in check_files(paths, contents).findings
        if finding.severity == "error" and finding.code.startswith(_BREAKING)
    ]


def _print(plans: Sequence[Changes], *, in_json: bool, show_diff: bool, landed: bool) -> None:
    from panther_gen.generate import show

    if in_json:
        typer.echo(show.several_as_json(plans, landed=landed))
        return
    shown: Callable[[Changes], str] = show.as_diff if show_diff else show.as_list
    text = "\n".join(filter(None, map(shown, plans)))
    if text:
        typer.echo(text)
    if not landed and not show_diff:
        typer.echo("nothing has been changed")
