import hashlib

import pytest

from store import snapshots

BODY = b"<!doctype html><script>alert(document.domain)</script>"


@pytest.fixture
def sha256(connection):
    found = snapshots.put(connection, BODY, "text/html; charset=ISO-8859-1")
    connection.commit()
    return found


def test_captured_bytes_come_back_whole_and_inert(site, sha256):
    answer = site.ask(f"/v1/snapshots/{sha256}")
    assert (answer.status, answer.body) == (200, BODY)
    assert hashlib.sha256(answer.body).hexdigest() == sha256
    assert answer.headers["content-type"] == "text/plain; charset=iso-8859-1"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"].startswith("inline")
    assert answer.headers["x-content-type-original"] == "text/html; charset=ISO-8859-1"


def test_as_a_download(site, sha256):
    answer = site.ask(f"/v1/snapshots/{sha256}?attachment=true")
    assert answer.headers["content-disposition"] == f'attachment; filename="{sha256[:16]}.txt"'
    assert answer.body == BODY


def test_a_snapshot_never_changes(site, sha256):
    answer = site.ask(f"/v1/snapshots/{sha256}", If_None_Match=f'"{sha256}"')
    assert (answer.status, answer.body) == (304, b"")
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize("name", ["0" * 64, "ABC", "..%2f..%2fetc%2fpasswd", "0" * 63 + "'", "%00"])
def test_other_names_lead_nowhere(site, name):
    assert site.ask(f"/v1/snapshots/{name}").status == 404


@pytest.mark.parametrize("label", ["text/html; charset=utf-7", "text/html\r\nX-Injected: 1", "é", "x" * 5000])
def test_what_a_server_called_the_bytes_is_harmless(site, connection, label):
    sha256 = snapshots.put(connection, label.encode(), label)
    connection.commit()
    answer = site.ask(f"/v1/snapshots/{sha256}")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert "x-injected" not in answer.headers
