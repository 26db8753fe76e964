"""Use cases: each command of the producer as one function."""
