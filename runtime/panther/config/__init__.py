"""Configuration of plugins and how it is validated."""
