"""Imports over http from a real server, and the guard on addresses."""

from __future__ import annotations

import gzip
import http.server
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from artesian.core.errors import Forbidden, InvalidArgument, NotFound, ParseError
from artesian.core.settings import Settings, load
from artesian.frame.io import Source, open_source
from artesian.frame.io.http import check_address
from artesian.frame.parse import guess_setup, parse

TEXT = b"a,b\n" + b"".join(b"%d,x%d\n" % (i, i % 3) for i in range(20_000))


class Handler(http.server.BaseHTTPRequestHandler):
    """A small site with a table, redirects and faults."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/table.csv":
            self._answer(200, TEXT)
        elif path == "/table.csv.gz":
            self._answer(200, gzip.compress(TEXT))
        elif path == "/to-table":
            self._answer(302, b"", Location="/table.csv")
        elif path == "/to-inside":
            self._answer(302, b"", Location="http://169.254.169.254/latest/meta-data/")
        elif path == "/to-file":
            self._answer(302, b"", Location="file:///etc/passwd")
        elif path == "/loop":
            self._answer(302, b"", Location="/loop")
        elif path == "/secret" and self.headers.get("Authorization") == "Basic dXNlcjpwYXNz":
            self._answer(200, TEXT)
        elif path == "/host":
            self._answer(200, self.headers["Host"].encode())
        elif path == "/broken":
            self.send_response(200)
            self.send_header("Content-Length", "1000000")
            self.end_headers()
            self.wfile.write(TEXT[:1000])
            self.close_connection = True
        elif path == "/slow":
            time.sleep(3)
        elif path == "/error":
            self._answer(500, b"no")
        else:
            self._answer(404, b"none")

    def _answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def trusting(tmp_path: Path) -> Settings:
    return load({"import_roots": [str(tmp_path)], "allow_private_urls": True, "http_timeout_secs": 0.5}, environment={})


@pytest.mark.parametrize("path", ["/table.csv", "/table.csv.gz", "/to-table", "/table.csv?token=a%20b"])
def test_a_table_is_imported_over_http(site: str, trusting: Settings, tmp_path: Path, path: str) -> None:
    source = [Source(site + path)]
    setup = guess_setup(source, settings=trusting)
    frame = parse(source, setup, folder=tmp_path, settings=trusting).frame
    assert frame["a"].values.to_list() == list(range(20_000))
    assert frame["b"].levels == ["x0", "x1", "x2"]


def test_user_and_password_in_the_address_are_sent_and_not_told(site: str, trusting: Settings) -> None:
    address = site.replace("http://", "http://user:pass@")
    with open_source(address + "/secret", trusting) as stream:
        assert stream.read() == TEXT
    with pytest.raises(NotFound) as caught:
        open_source(address + "/none", trusting)
    assert "pass" not in str(caught.value)


def test_the_name_that_was_asked_for_is_the_host(site: str, trusting: Settings) -> None:
    port = site.rpartition(":")[2]
    with open_source(f"http://localhost:{port}/host", trusting) as stream:
        assert stream.read() == f"localhost:{port}".encode()


@pytest.mark.parametrize(
    ("path", "error", "sentence"),
    [
        ("/none", NotFound, "status 404"),
        ("/error", ParseError, "status 500"),
        ("/loop", ParseError, "redirects more than"),
        ("/to-file", InvalidArgument, "no address that can be imported"),
    ],
)
def test_what_is_no_file(site: str, trusting: Settings, path: str, error: type[Exception], sentence: str) -> None:
    with pytest.raises(error, match=sentence):
        open_source(site + path, trusting)


@pytest.mark.alone
def test_a_silent_server_is_given_up_after_the_timeout(site: str, trusting: Settings) -> None:
    started = time.monotonic()
    with pytest.raises(ParseError, match="does not answer"):
        open_source(site + "/slow", trusting)
    assert time.monotonic() - started < 2.5


def test_a_transfer_that_breaks_off_is_an_error(site: str, trusting: Settings) -> None:
    with open_source(site + "/broken", trusting) as stream, pytest.raises(ParseError, match="broke off"):
        stream.read()


def test_a_port_where_nothing_listens(trusting: Settings) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ParseError, match="does not answer"):
        open_source(f"http://127.0.0.1:{port}/a.csv", trusting)


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost that signs itself, and its key."""
    import datetime as dt

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = (
        builder.serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
    )
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    signed = builder.sign(key, hashes.SHA256())
    pem, secret = folder / "cert.pem", folder / "key.pem"
    pem.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return pem, secret


def test_https_checks_the_certificate_against_the_name_asked_for(
    trusting: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection goes to an address, but the certificate must be that of the host named."""
    pem, secret = certificate(tmp_path)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, secret)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        address = f"https://localhost:{server.server_port}/table.csv"
        with pytest.raises(ParseError, match="does not answer"):
            open_source(address, trusting)
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        with open_source(address, trusting) as stream:
            assert stream.read() == TEXT
        with pytest.raises(ParseError, match="does not answer"):
            open_source(f"https://127.0.0.1:{server.server_port}/table.csv", trusting)
    finally:
        server.shutdown()
        server.server_close()


def test_an_unknown_host(trusting: Settings) -> None:
    with pytest.raises(NotFound, match="is not known"):
        open_source("http://no-such-host.invalid/a.csv", trusting)


@pytest.mark.parametrize("address", ["http:///a", "http://[::1/a", "http://host:99999/a", "https://"])
def test_what_is_no_address(trusting: Settings, address: str) -> None:
    with pytest.raises((InvalidArgument, NotFound)):
        open_source(address, trusting)


# ---- the guard ----


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "0.0.0.0", "[::1]", "2130706433", "0x7f.1", "127.1", "[::ffff:127.0.0.1]", "[::]"],
)
def test_loopback_is_guarded_in_every_spelling(site: str, host: str) -> None:
    port = site.rpartition(":")[2]
    with pytest.raises((Forbidden, NotFound)):
        open_source(f"http://{host}:{port}/table.csv", Settings())


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "0.0.0.0", "127.8.9.1", "198.18.0.1",
        "::1", "fe80::1", "fc00::1", "fd12:3456::1", "ff02::1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::a00:1", "::",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public_are_guarded(address: str) -> None:
    with pytest.raises(Forbidden, match="allow_private_urls"):
        check_address("host", address, Settings())


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_public_addresses_pass(address: str) -> None:
    check_address("host", address, Settings())


def test_an_own_public_address_is_guarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine's own address is one that a socket can be bound to."""
    from artesian.frame.io import http as module

    monkeypatch.setattr(module, "_is_own", lambda address: address == "93.184.216.34")
    with pytest.raises(Forbidden):
        check_address("host", "93.184.216.34", Settings())
    monkeypatch.undo()
    assert module._is_own("127.0.0.1")
    assert not module._is_own("93.184.216.34")


def test_redirects_are_guarded_too(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first address is let through, as if it were public; the one it redirects to is not."""
    from artesian.frame.io import http as module

    real = module.check_address

    def only_loopback(host: str, address: str, settings: Settings) -> None:
        if address != "127.0.0.1":
            real(host, address, settings)

    monkeypatch.setattr(module, "check_address", only_loopback)
    with pytest.raises(Forbidden, match=r"169\.254\.169\.254"):
        open_source(site + "/to-inside", Settings())


def test_every_address_of_a_host_must_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    def answers(*arguments: object, **options: object) -> list[tuple[object, ...]]:
        return [(0, 0, 0, "", ("93.184.216.34", 80)), (0, 0, 0, "", ("10.0.0.1", 80))]

    monkeypatch.setattr(socket, "getaddrinfo", answers)
    with pytest.raises(Forbidden, match=r"10\.0\.0\.1"):
        open_source("http://two-faced.example/a.csv", Settings())


def test_the_address_that_was_checked_is_the_one_connected_to(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server that answers otherwise the second time is asked only once."""
    port = int(site.rpartition(":")[2])
    asked = []

    def answers(host: str, *arguments: object, **options: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *a, **o: answers(host) if host == "rebind.example" else real(host, *a, **o)
    )
    with open_source(
        f"http://rebind.example:{port}/table.csv", load({"allow_private_urls": True}, environment={})
    ) as stream:
        assert stream.read() == TEXT
    assert asked == ["rebind.example"]
