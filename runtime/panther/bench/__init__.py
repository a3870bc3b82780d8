"""The bench: experiments, environments, evidence and results, on top of the runtime that plugins import."""
