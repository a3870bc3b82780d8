"""A MINIP plugin in Perl, which every Debian has: its image needs no network to be built."""

from .perl_pong import PerlPongServiceManager

__all__ = ["PerlPongServiceManager"]
