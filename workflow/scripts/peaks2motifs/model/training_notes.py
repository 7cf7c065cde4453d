"""Training notes: what `training.save_model` stores in model.keras, readable without Keras."""

import json
import zipfile


def read_training_notes(model: str) -> dict[str, str | int]:
    """Read from a .keras file how it was trained; empty for a model saved without notes.

    The notes hold the versions of Keras, its backend and NumPy, the device and the number of
    threads, the loss, and whether k-mers are mixed in.
    """
    with zipfile.ZipFile(model) as archive:
        return json.loads(archive.read("metadata.json")).get("trained_with", {})
