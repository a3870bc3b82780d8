"""The version of the distribution panther-gen-runtime."""

__version__ = "0.1.0"
