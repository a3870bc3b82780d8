"""The language server: the linter in an editor, as :mod:`pygls` speaks the protocol.

It is an extra of the distribution (``panther-gen[server]``): nothing outside of this package imports it,
but for the command that starts it.
"""
