"""A run of the linter: groups of files, judged by processes, with verdicts that are kept."""
