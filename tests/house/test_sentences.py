"""What goes wrong on strangers' machines gets one sentence."""

from __future__ import annotations

import errno

import pytest

from ciforum.local import environment
from ciforum.trouble import from_os_error


@pytest.fixture
def log(tmp_path, monkeypatch):
    path = tmp_path / "install.log"
    monkeypatch.setattr(environment, "LOG", path)
    return path


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("Retrying (Retry(total=4, connect=None)) after connection broken", "No package index"),
        ("error: dns error: failed to lookup address information", "No package index"),
        ("ERROR: Could not install: [Errno 28] No space left on device", "The disk is full"),
        ("ERROR: Cannot install a and b: they conflict", "they conflict"),
    ],
)
def test_a_failed_installation_says_why(log, said, sentence):
    log.write_text(f"$ pip install\n{said}\n")

    with pytest.raises(environment.Failure, match=sentence) as failure:
        environment.fail("The packages could not be installed")

    assert "\n" not in str(failure.value)


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "The disk is full"),
        (errno.EACCES, "may not be read or written by this account"),
        (errno.EROFS, "read-only"),
    ],
)
def test_errors_of_the_system_get_a_sentence(number, sentence):
    trouble = from_os_error(OSError(number, "words of the system", "/some/file"))

    assert trouble is not None
    assert sentence in str(trouble)
    assert "/some/file" in str(trouble)


def test_other_errors_stay_what_they_are():
    assert from_os_error(OSError(errno.EINVAL, "words of the system")) is None
