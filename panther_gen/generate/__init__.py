"""Generating a plugin, in three stages: answers, a plan in memory, and landing it all at once.

:mod:`.answers` and :mod:`.request` check what is asked for, :mod:`.plan` renders it into a plan and touches
nothing, and :mod:`.land` carries the plan out or leaves the tree as it was. For a plugin that exists,
:mod:`.update` plans changes of its files, and :mod:`.journal` carries them out.
"""
