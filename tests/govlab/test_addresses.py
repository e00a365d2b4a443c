"""Addresses that people type: only those on the public internet are called, however they are written."""

import socket
from ipaddress import ip_address
from typing import Any

import pytest

from govlab.addresses import Refused, Target, is_public, parse

HOSTILE = {
    # written as people write them
    "http://example.org/": "scheme",
    "ftp://example.org/": "scheme",
    "gopher://example.org/": "scheme",
    "file:///etc/passwd": "scheme",
    "//example.org/": "scheme",
    "example.org": "scheme",
    "": "scheme",
    "https://": "malformed",
    "https:///path": "malformed",
    "https://user@example.org/": "credentials",
    "https://user:password@example.org/": "credentials",
    "https://example.org@127.0.0.1/": "credentials",
    "https://@127.0.0.1/": "credentials",
    "https://example.org:22/": "port",
    "https://example.org:80/": "port",
    "https://example.org:0/": "port",
    "https://example.org:65536/": "malformed",
    "https://example.org:x/": "malformed",
    "https://example.org/#part": "malformed",
    "https://exam ple.org/": "malformed",
    "https://example.org\\@127.0.0.1/": "malformed",
    "https://example.org/\r\nHost: x": "malformed",
    "https://example.org/\x00": "malformed",
    "https://exa%6dple.org/": "malformed",
    "https://[::1/": "malformed",
    f"https://example.org/{'a' * 500}": "malformed",
    # inside, in every way of writing it
    "https://127.0.0.1/": "inside",
    "https://127.0.0.1./": "inside",
    "https://127.1/": "inside",
    "https://2130706433/": "inside",
    "https://0x7f000001/": "inside",
    "https://0x7f.1/": "inside",
    "https://017700000001/": "inside",
    "https://0177.0.0.1/": "inside",
    "https://127.0.0.0x1/": "inside",
    "https://0/": "inside",
    "https://0.0.0.0/": "inside",
    "https://10.0.0.8/": "inside",
    "https://100.64.0.1/": "inside",
    "https://169.254.169.254/latest/meta-data/": "inside",
    "https://172.16.0.1/": "inside",
    "https://192.168.1.1:8443/": "inside",
    "https://198.18.0.1/": "inside",
    "https://224.0.0.1/": "inside",
    "https://255.255.255.255/": "inside",
    "https://１２７.０.０.１/": "inside",
    "https://127。0。0。1/": "inside",
    "https://[::1]/": "inside",
    "https://[::]/": "inside",
    "https://[::ffff:127.0.0.1]/": "inside",
    "https://[::ffff:7f00:1]/": "inside",
    "https://[::127.0.0.1]/": "inside",
    "https://[64:ff9b::10.0.0.1]/": "inside",
    "https://[64:ff9b:1::1]/": "inside",
    "https://[2002:7f00:1::]/": "inside",
    "https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/": "inside",
    "https://[2001:db8::1]/": "inside",
    "https://[fe80::1]/": "inside",
    "https://[fe80::1%25eth0]/": "malformed",
    "https://[fc00::1]/": "inside",
    "https://[fd12:3456::1]/": "inside",
    "https://[ff02::1]/": "inside",
    "https://[fec0::1]/": "inside",
    "https://localhost/": "inside",
    "https://LOCALHOST./": "inside",
    "https://a.localhost/": "inside",
    # the portal itself
    "https://govlab.example/": "own",
    "https://GOVLAB.example.:8443/": "own",
}
GOOD = {
    "https://example.org": Target(True, "example.org", 443, "/"),
    "HTTPS://Example.ORG./hooks?a=1&b=ก": Target(True, "example.org", 443, "/hooks?a=1&b=%E0%B8%81"),
    "https://example.org:8443/ก": Target(True, "example.org", 8443, "/%E0%B8%81"),
    "https://example.org:1024/a%20b": Target(True, "example.org", 1024, "/a%20b"),
    "https://93.184.216.34/": Target(True, "93.184.216.34", 443, "/"),
    "https://[2606:2800:220:1::1]:8443/": Target(True, "2606:2800:220:1::1", 8443, "/"),
    "https://[::ffff:8.8.8.8]/": Target(True, "::ffff:8.8.8.8", 443, "/"),
    "https://ตัวอย่าง.ไทย/": Target(True, "xn--72c1a1bt4awk9o.xn--o3cw4h", 443, "/"),
}


@pytest.fixture(autouse=True)
def portal(settings: Any) -> None:
    settings.PORTAL_URL = "https://govlab.example"


@pytest.mark.parametrize("address", HOSTILE, ids=ascii)
def test_what_must_not_be_called_is_refused_before_the_network_is_asked(address: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse(address)
    assert refusal.value.key == HOSTILE[address]


@pytest.mark.parametrize("address", GOOD, ids=ascii)
def test_what_lies_on_the_public_internet_is_taken_apart(address: str) -> None:
    assert parse(address) == GOOD[address]


def test_plain_http_is_only_for_trying_out(settings: Any) -> None:
    settings.WEBHOOKS_PLAIN = True
    assert parse("http://example.org/a") == Target(False, "example.org", 80, "/a")
    for address, key in {"http://127.0.0.1/": "inside", "http://example.org:22/": "port"}.items():
        with pytest.raises(Refused) as refusal:
            parse(address)
        assert refusal.value.key == key


def test_the_header_host_names_the_port_where_it_is_not_the_usual_one() -> None:
    named = [parse(address).named for address in ("https://a.test", "https://a.test:8443", "https://[2606:2800::1]")]
    assert named == ["a.test", "a.test:8443", "[2606:2800::1]"]


ADDRESSES = {
    **dict.fromkeys(("8.8.8.8", "93.184.216.34", "1.1.1.1", "2606:2800:220:1::1", "2001:4860:4860::8888"), True),
    **dict.fromkeys(("::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::"), True),
    **dict.fromkeys(("::ffff:10.0.0.1", "64:ff9b::127.0.0.1", "2002:a00:1::", "2002:c0a8:101::1"), False),
    **dict.fromkeys(("100.64.0.0", "100.127.255.255", "192.0.0.8", "192.88.99.1", "203.0.113.9", "240.0.0.1"), False),
    **dict.fromkeys(("::", "::1", "::8.8.8.8", "100::1", "2001::1", "2001:db8::1", "3fff::1", "5f00::1"), False),
    **dict.fromkeys(("fe80::1", "fe80::1%eth0", "2606:2800::1%eth0", "fc00::1", "ff0e::1", "", "a", "0x7f.1"), False),
}


def test_an_address_is_public_as_the_table_says() -> None:
    assert {text: is_public(text) for text in ADDRESSES} == ADDRESSES


def test_asking_only_whether_an_address_is_private_would_let_hostile_ones_through() -> None:
    """The naive twin: what most guards ask."""
    through = [
        text for text in ("100.64.0.1", "64:ff9b::127.0.0.1", "2002:7f00:1::") if not ip_address(text).is_private
    ]
    assert through == ["100.64.0.1", "64:ff9b::127.0.0.1", "2002:7f00:1::"]
    assert [is_public(text) for text in through] == [False, False, False]


def test_the_odd_ways_of_writing_lead_to_this_machine_indeed() -> None:
    """Without this the table above would be about names that nobody can look up."""
    for odd in ("127.1", "2130706433", "0x7f000001", "017700000001", "0x7f.1"):
        assert socket.getaddrinfo(odd, 443, type=socket.SOCK_STREAM)[0][4][0] == "127.0.0.1"
