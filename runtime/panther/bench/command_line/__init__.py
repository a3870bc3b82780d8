"""The words of ``python -m panther``, a file for each group of them."""
