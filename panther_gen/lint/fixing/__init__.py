"""Fixes: what mends a finding, worked out when it is asked for, verified before it is written.

A rule says what to change (:meth:`panther_gen.lint.rule.Rule.fix`) with what :mod:`document` and
:mod:`python_code` offer it. :mod:`available` answers which findings have a fix, for outputs and editors;
:mod:`passes` applies fixes in memory until nothing is left to do; :mod:`writing` and :mod:`difference`
land or show the result. Nothing here is imported while files are checked.
"""

from __future__ import annotations
