"""A MINIP server in C, for what looks into a program: it loses memory, races, spends time, or crashes."""

from .c_pong import CPongServiceManager

__all__ = ["CPongServiceManager"]
