"""The linter: proves, without importing it, that a plugin only fills in template methods.

Two readers (:mod:`.ast_reader`, :mod:`.cst_reader`) turn a file into a :mod:`.summary`. :mod:`.modules`
and :mod:`.names` resolve names across files, :mod:`.hierarchy` makes classes with an order of bases,
:mod:`.contract` reads marks, the :mod:`.rules` judge classes, and :mod:`.engine` runs it all.
"""
