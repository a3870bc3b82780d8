"""The part of the runtime that every plugin stands on."""
