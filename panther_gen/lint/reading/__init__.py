"""From the text of a file to what the linter knows of it: by ``ast`` where that will do, else by libcst."""
