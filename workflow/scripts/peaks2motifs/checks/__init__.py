"""Checks of config and sample sheet before any job starts; Python, yaml and jsonschema alone."""
