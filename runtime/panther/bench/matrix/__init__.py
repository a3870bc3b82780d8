"""The interoperability matrix: every server of a protocol against every client, in several cases.

From the bottom up: :mod:`cases` (what is tried), :mod:`judging` (what proves it), :mod:`sides` (what a plugin
can do in a role, and whether it is installed), :mod:`pairing` (a test for each cell, or why there is none),
:mod:`outcomes` (cells and their results), :mod:`document`, :mod:`table` and :mod:`page` (how they are shown),
:mod:`command` (the command line's part).
"""
