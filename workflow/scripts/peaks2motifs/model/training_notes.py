"""What a network was trained with, as `training.save_model` notes it in model.keras; read without
Keras.
"""

import json
import zipfile


def read_trained(model: str) -> dict[str, str | int]:
    """The versions of Keras, its backend and NumPy, the device and threads that made a .keras file,
    its loss and whether k-mers are mixed in.

    Empty for a model that was saved without.
    """
    with zipfile.ZipFile(model) as archive:
        return json.loads(archive.read("metadata.json")).get("trained_with", {})
