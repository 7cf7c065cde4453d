"""Config and sample sheet: what can be wrong, what they decide; Python, yaml, jsonschema alone."""
