"""Calls outside: to the address that was checked and no other, in a limited time, with a limited answer."""

import http.client
import shutil
import socket
import ssl
import subprocess
from pathlib import Path
from typing import Any

import pytest

from govlab import calling
from govlab.addresses import Refused
from govlab.calling import READ, Network, check, post
from tests.receiver import PUBLIC, Receiver, Way

ADDRESS = "http://hooks.test/in"


@pytest.fixture(autouse=True)
def _plain(settings: Any) -> None:
    settings.WEBHOOKS_PLAIN = True


def test_the_call_goes_to_the_address_that_was_checked_and_names_the_host(receiver: Receiver) -> None:
    way = Way(receiver)
    answer = post("http://hooks.test:8080/in?a=1", {"X-A": "ก".encode().decode("latin-1")}, b"body", way.network)
    [got] = receiver.got
    assert (answer.status, got.path, got.body) == (204, "/in?a=1", b"body")
    assert (got.headers["Host"], got.headers["Content-Length"], got.headers["Connection"]) == (
        "hooks.test:8080",
        "4",
        "close",
    )
    assert (way.asked, way.reached) == ([("hooks.test", 8080)], [(PUBLIC, 8080)])


@pytest.mark.parametrize(
    ("found", "key"),
    [
        (["127.0.0.1"], "inside"),
        (["::1"], "inside"),
        (["::ffff:127.0.0.1"], "inside"),
        (["fe80::1%eth0"], "inside"),
        ([PUBLIC, "10.0.0.1"], "inside"),
        (["10.0.0.1", PUBLIC], "inside"),
        ([PUBLIC, "169.254.169.254", PUBLIC], "inside"),
        ([], "unknown"),
        (socket.gaierror("no such name"), "unknown"),
        (UnicodeError("label too long"), "unknown"),
    ],
    ids=str,
)
def test_a_name_is_called_only_if_each_of_its_addresses_is_public(found: Any, key: str, receiver: Receiver) -> None:
    way = Way(receiver, found)
    for ask in (lambda: check(ADDRESS, way.network), lambda: post(ADDRESS, {}, b"", way.network)):
        with pytest.raises(Refused) as refusal:
            ask()
        assert refusal.value.key == key
    assert (way.reached, receiver.got) == ([], [])


def test_the_portals_own_address_is_refused_although_it_is_public(receiver: Receiver) -> None:
    way = Way(receiver, own={PUBLIC})
    with pytest.raises(Refused) as refusal:
        post(ADDRESS, {}, b"", way.network)
    assert (refusal.value.key, way.reached) == ("own", [])


def test_this_machines_own_addresses_are_known(settings: Any, monkeypatch: Any) -> None:
    settings.PORTAL_URL = "https://own.test"
    monkeypatch.setattr(calling, "lookup", lambda host, port: [PUBLIC] if host == "own.test" else [])
    assert [calling.is_own(address) for address in ("127.0.0.1", PUBLIC, "8.8.8.8")] == [True, True, False]


def test_a_name_that_means_another_address_a_moment_later_is_not_asked_again(receiver: Receiver) -> None:
    """DNS rebinding: public when it is checked, inside when it is connected to."""
    answers = iter([[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]])
    way = Way(receiver, lambda: next(answers))
    assert post(ADDRESS, {}, b"", way.network).status == 204
    assert (len(way.asked), way.reached) == (1, [(PUBLIC, 80)])


def test_the_naive_way_would_connect_to_where_the_name_leads_by_then(receiver: Receiver) -> None:
    """The negative control: check, then let the library look the name up once more."""
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    way = Way(receiver, lambda: next(answers))
    check(ADDRESS, way.network)
    [again] = way.network.lookup("hooks.test", 80)
    assert again == "127.0.0.1"


def test_at_every_call_the_name_is_checked_anew(receiver: Receiver) -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    way = Way(receiver, lambda: next(answers))
    post(ADDRESS, {}, b"", way.network)
    with pytest.raises(Refused):
        post(ADDRESS, {}, b"", way.network)
    assert len(receiver.got) == 1


def test_no_redirect_is_followed(receiver: Receiver) -> None:
    receiver.answer = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n"
    assert post(ADDRESS, {}, b"", Way(receiver).network).status == 302
    assert len(receiver.got) == 1


def test_of_a_long_answer_only_the_beginning_is_read(receiver: Receiver) -> None:
    receiver.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 900000000000\r\n\r\n" + b"a" * (READ + 1)
    assert post(ADDRESS, {}, b"", Way(receiver).network).status == 200


@pytest.mark.parametrize(
    "answer",
    [b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 x\r\n\r\n", b"", b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200],
    ids=["ssh", "no status", "nothing", "headers"],
)
def test_what_is_no_answer_is_an_error_that_the_caller_knows(answer: bytes, receiver: Receiver) -> None:
    receiver.answer = answer
    with pytest.raises((http.client.HTTPException, OSError)):
        post(ADDRESS, {}, b"", Way(receiver).network)


def test_an_answer_that_drips_ends_with_the_time(receiver: Receiver) -> None:
    """Each byte comes in time, all of them together never do: the clock goes on by a second at each look."""
    receiver.answer = b"HTTP/1.1 200 OK\r\n"
    receiver.drips = True
    way = Way(receiver)
    with pytest.raises(TimeoutError):
        post(ADDRESS, {}, b"", way.ticking(1.0))
    assert receiver.dripped < 60


def test_a_look_up_that_never_ends_is_not_waited_for(receiver: Receiver, monkeypatch: Any) -> None:
    monkeypatch.setattr(calling, "LOOK_UP_SECONDS", 0.01)
    way = Way(receiver, receiver.never)
    with pytest.raises(Refused) as refusal:
        post(ADDRESS, {}, b"", way.network)
    assert refusal.value.key == "unknown"


def test_the_next_address_is_tried_when_one_takes_no_connection(receiver: Receiver) -> None:
    way = Way(receiver, ["93.184.216.35", PUBLIC], dead={"93.184.216.35"})
    assert post(ADDRESS, {}, b"", way.network).status == 204
    assert way.reached == [("93.184.216.35", 80), (PUBLIC, 80)]
    with pytest.raises(ConnectionRefusedError):
        post(ADDRESS, {}, b"", Way(receiver, dead={PUBLIC}).network)


# --- TLS -------------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for hooks.test with its key, which nobody else knows."""
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("no openssl on this machine")
    folder = tmp_path_factory.mktemp("tls")
    subject = ("-subj", "/CN=hooks.test", "-addext", "subjectAltName=DNS:hooks.test")
    files = ("-keyout", str(folder / "both.pem"), "-out", str(folder / "cert.pem"))
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", *subject, *files]
    subprocess.run(command, check=True, capture_output=True)
    with (folder / "both.pem").open("a") as both:
        both.write((folder / "cert.pem").read_text())
    return folder


@pytest.fixture
def tls_receiver(certificate: Path, receiver: Receiver) -> Receiver:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "both.pem")
    context.sni_callback = lambda _sock, name, _context: receiver.names.append(name)
    receiver.tls = context
    return receiver


def test_the_name_is_said_and_its_certificate_checked(tls_receiver: Receiver, certificate: Path) -> None:
    trusted = ssl.create_default_context(cafile=str(certificate / "cert.pem"))
    answer = post("https://hooks.test/in", {}, b"body", Way(tls_receiver).with_tls(trusted))
    assert (answer.status, tls_receiver.names, tls_receiver.got[0].body) == (204, ["hooks.test"], b"body")
    with pytest.raises(ssl.SSLCertVerificationError):
        post("https://other.test/in", {}, b"body", Way(tls_receiver).with_tls(trusted))
    with pytest.raises(ssl.SSLCertVerificationError):  # nobody known has signed it
        post("https://hooks.test/in", {}, b"body", Way(tls_receiver).network)
    assert len(tls_receiver.got) == 1


def test_what_speaks_no_tls_is_an_error(receiver: Receiver) -> None:
    with pytest.raises((ssl.SSLError, OSError)):
        post("https://hooks.test/in", {}, b"body", Way(receiver).network)
    assert receiver.got == []


def test_outside_tests_the_system_is_asked() -> None:
    network = Network()
    assert (network.lookup, network.is_own, network.connect) == (
        calling.lookup,
        calling.is_own,
        socket.create_connection,
    )
    assert network.lookup("127.0.0.1", 443) == ["127.0.0.1"]
