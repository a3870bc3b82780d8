"""The files of a plugin directory as the rules see them."""
