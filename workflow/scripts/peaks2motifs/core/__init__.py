"""Shared by all other rooms: job logs, tables, encoded sequences, statistics."""
