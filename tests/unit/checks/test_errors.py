"""The error for what the user can mend says where it is."""

import pytest
from peaks2motifs.checks.errors import InputError, located
from peaks2motifs.core import joblog


def test_places_are_put_in_front_from_the_inside_out():
    message = r"^config: model: too short$"
    with pytest.raises(InputError, match=message), located("config"), located("model"):
        raise InputError("too short")


def test_other_errors_pass_unchanged():
    with pytest.raises(ValueError, match=r"^not ours$"), located("config"):
        raise ValueError("not ours")


def test_jobs_raise_the_same_error():
    assert joblog.InputError is InputError
