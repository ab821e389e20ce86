from ipaddress import ip_address

import pytest

from tests.payloads import REFUSED
from timeline.addresses import BlockedAddressError, Target, check, check_address, check_url, is_public


@pytest.mark.parametrize("url", REFUSED, ids=repr)
def test_refused_urls(url: str) -> None:
    with pytest.raises(BlockedAddressError):
        check_url(url)


def test_the_table_is_long_enough() -> None:
    assert len(set(REFUSED)) >= 40


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://example.com/a?b#c", Target(scheme="https", host="example.com", port=443)),
        ("HTTP://EXAMPLE.com:8080", Target(scheme="http", host="example.com", port=8080)),
        ("https://xn--bcher-kva.example.org./", Target(scheme="https", host="xn--bcher-kva.example.org", port=443)),
        ("http://8.8.8.8/", Target(scheme="http", host="8.8.8.8", port=80)),
        ("http://[2606:4700::1111]:81/", Target(scheme="http", host="2606:4700::1111", port=81)),
        ("https://a_b.example.com/", Target(scheme="https", host="a_b.example.com", port=443)),
        ("https://1password.com/", Target(scheme="https", host="1password.com", port=443)),
    ],
)
def test_public_urls(url: str, target: Target) -> None:
    assert check_url(url) == target


def test_an_internal_address_is_opened_by_its_exact_host_and_port() -> None:
    allowed = ["127.0.0.1:8321", "[::1]:9000", "hooks.internal:443"]
    assert check_url("http://127.0.0.1:8321/x", allowed=allowed).key == "127.0.0.1:8321"
    assert check_url("http://[::1]:9000/", allowed=allowed).key == "[::1]:9000"
    assert check_url("https://hooks.internal/", allowed=allowed).key == "hooks.internal:443"
    for other in ("http://127.0.0.1/", "http://127.0.0.1:8322/", "http://127.1:8321/", "http://hooks.internal/"):
        with pytest.raises(BlockedAddressError):
            check_url(other, allowed=allowed)
    with pytest.raises(BlockedAddressError):  # spelling rules hold for allowed hosts too
        check_url("http://x@127.0.0.1:8321/", allowed=allowed)


def test_errors_never_show_the_path_or_the_password_of_a_url() -> None:
    for url in (
        "https://u:hunter2@hooks.example.com/services/T0/hunter2",
        "https://hooks.example.com/services/T0/hunter2 ",
        "ftp://hooks.example.com/services/hunter2",
        "https://hooks.example.com:99999/hunter2?token=hunter2",
        "https://hooks.example.com\\hunter2",
        "https:///hunter2",
    ):
        with pytest.raises(BlockedAddressError) as caught:
            check_url(url)
        assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "address", ["10.1.2.3", "::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::", "192.0.0.8"]
)
def test_addresses_that_are_never_connected_to(address: str) -> None:
    assert not is_public(ip_address(address))
    with pytest.raises(BlockedAddressError, match=r"not a public internet address"):
        check_address(address)


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "2a00:1450::1"]
)
def test_addresses_of_the_public_internet(address: str) -> None:
    check_address(address)
    check(address)


@pytest.mark.parametrize(
    "name", ["", ".", "-a.example", "a" * 64 + ".example", "exa mple", "ex%61mple.com", "a." * 130 + "com"]
)
def test_things_that_are_not_names(name: str) -> None:
    with pytest.raises(BlockedAddressError):
        check(name)
