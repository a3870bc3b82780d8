"""The examples of a plugin, recognised: what a blueprint writes from and what a person is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from panther_gen.generate.command_line.choosing import own_url
from panther_gen.generate.command_line.example import Example, read_example
from panther_gen.generate.command_line.parameters import Parameter, Value, default_scheme, parameters_of
from panther_gen.generate.command_line.pieces import Piece, Text, Use, composed, parameters_in
from panther_gen.generate.command_line.recognise import Finding, recognised
from panther_gen.generate.command_line.shapes import Files, FilesHere, as_url

__all__ = ["CommandLine", "Group", "Variable", "read_command_lines"]

ROLES = ("server", "client")


@dataclass(frozen=True)
class Group:
    """Arguments that are given together or not at all."""

    words: tuple[tuple[Piece, ...], ...]
    unless_empty: str = ""
    """They are left out where this parameter is empty; the empty string: they are always given."""


@dataclass(frozen=True)
class Variable:
    """An environment variable; ``unless_empty`` as for :class:`Group`."""

    name: str
    pieces: tuple[Piece, ...]
    unless_empty: str = ""


@dataclass(frozen=True)
class CommandLine:
    """How a role's program is started, with parameters in place of the example's values."""

    role: str
    protocol: str
    text: str
    """The example, as it was given."""

    example: Example
    findings: tuple[Finding, ...]

    @property
    def program(self) -> str:
        """The program, as it was written."""
        return self.example.program

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The arguments."""
        pieces = [(Text(word.text),) if word.text else () for word in self.example.arguments]
        words: list[tuple[Piece, ...]] = list(pieces)
        options: dict[int, int] = {}
        for finding in self.findings:
            if finding.proposal is not None and not finding.slot.is_variable:
                before = finding.slot.before
                front: tuple[Piece, ...] = (Text(before),) if before else ()
                words[finding.slot.index] = (*front, *finding.proposal.pieces)
                if finding.slot.flag_index is not None:
                    options[finding.slot.flag_index] = finding.slot.index
        return tuple(self._grouped(words, options))

    def _grouped(self, words: list[tuple[Piece, ...]], options: Mapping[int, int]) -> Iterator[Group]:
        always: list[tuple[Piece, ...]] = []
        index = 0
        while index < len(words):
            # An option goes where its value goes.
            last = options.get(index, index)
            off = self._off(words[last])
            if off:
                if always:
                    yield Group(tuple(always))
                always = []
                yield Group(tuple(words[index : last + 1]), off)
                index = last + 1
            else:
                always.append(words[index])
                index += 1
        if always:
            yield Group(tuple(always))

    def _off(self, pieces: tuple[Piece, ...]) -> str:
        """Return the parameter that leaves a word out where it is empty; empty: none does."""
        found = parameters_in(pieces)
        return found[0] if len(found) == 1 and self._parameters[found[0]].may_be_off else ""

    @cached_property
    def variables(self) -> tuple[Variable, ...]:
        """The environment variables."""
        made = []
        for finding in self.findings:
            if finding.slot.is_variable:
                plain: tuple[Piece, ...] = (Text(finding.slot.value),) if finding.slot.value else ()
                pieces = finding.proposal.pieces if finding.proposal else plain
                made.append(Variable(finding.slot.name, pieces, self._off(pieces)))
        return tuple(made)

    @property
    def _parameters(self) -> Mapping[str, Parameter]:
        return parameters_of(self.protocol, self.role)

    @cached_property
    def values(self) -> dict[str, Value]:
        """The example's own value of each parameter."""
        found: dict[str, Value] = {}
        for piece in self._pieces():
            if isinstance(piece, Use):
                if piece.value is not None:
                    found[piece.parameter] = piece.value
                else:
                    found.setdefault(piece.parameter, self._url)
        return found

    @property
    def port(self) -> int:
        """The server's port in the example, also where it stands only in the URL; 0: it names none."""
        url = as_url(str(self.values.get("url", "")))
        in_url = url.address.port if url is not None and url.address is not None else 0
        return int(self.values.get("port", in_url))

    @property
    def _url(self) -> str:
        proposals = [finding.proposal for finding in self.findings if finding.proposal is not None]
        return own_url(proposals, default_scheme(self.protocol))

    @cached_property
    def other_values(self) -> dict[str, Value]:
        """Another value of each parameter, for tests."""
        return {name: self._other(name, value) for name, value in self.values.items()}

    def _other(self, name: str, value: Value) -> Value:
        other = self._parameters[name].other
        if other != value:
            return other
        return f"{other}-2" if isinstance(other, str) else other + 1

    def _pieces(self) -> Iterator[Piece]:
        for group in self.groups:
            for word in group.words:
                yield from word
        for variable in self.variables:
            yield from variable.pieces

    def arguments(self, values: Mapping[str, Value]) -> list[str]:
        """Return the arguments for some values, as the generated method does."""
        return [
            composed(word, values)
            for group in self.groups
            if not group.unless_empty or values[group.unless_empty]
            for word in group.words
        ]

    def environment(self, values: Mapping[str, Value]) -> dict[str, str]:
        """Return the environment variables for some values, as the generated method does."""
        return {
            variable.name: composed(variable.pieces, values)
            for variable in self.variables
            if not variable.unless_empty or values[variable.unless_empty]
        }


def read_command_lines(
    protocol: str, texts: Mapping[str, str], files: Files | None = None
) -> dict[str, CommandLine]:
    """Return what examples of a server, a client or both are recognised as, by role.

    Args:
        protocol: what the programs speak.
        texts: by role, a command line as a person types it.
        files: what is there of the files that are named; None: those of the working directory.

    Raises:
        UsageError: a command line cannot be split, or needs a shell.
    """
    examples = {role: read_example(texts[role], f"--{role}") for role in ROLES if role in texts}
    parts = {role: (example.arguments, example.variables) for role, example in examples.items()}
    found = recognised(protocol, parts, FilesHere() if files is None else files)
    return {
        role: CommandLine(role, protocol, texts[role], example, tuple(found[role]))
        for role, example in examples.items()
    }
