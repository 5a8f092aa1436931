"""A real server at a public address, as behind a TLS proxy, and behind a real one where there is one."""

from __future__ import annotations

import http.client
import os
import re
import secrets
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import processes

pytestmark = [pytest.mark.alone]
DEPLOY = Path(__file__).resolve().parents[1] / "deploy"
HOST = "site.example"


@dataclass(frozen=True)
class Site:
    port: int
    environment: dict[str, str]

    def get(
        self, path: str, *, host: str = HOST, proto: str = "https", **headers: str
    ) -> http.client.HTTPResponse:
        """As a proxy on this machine asks."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path, headers={"Host": host, "X-Forwarded-Proto": proto, **headers})
        return connection.getresponse()


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """`convene upgrade`, then `convene serve`, in a data folder of its own."""
    data = tmp_path_factory.mktemp("public")
    port = processes.free_port()
    environment = {
        **{
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("CONVENE_", "DATABASE_"))
        },
        "CONVENE_DATA": str(data),
        "CONVENE_PUBLIC_ADDRESS": f"https://{HOST}",
        "CONVENE_SECRET_KEY": secrets.token_urlsafe(50),
        "CONVENE_SMTP_HOST": "127.0.0.1",
        "CONVENE_SMTP_PORT": str(processes.free_port()),
        "CONVENE_MAIL_FROM": f"Convene <convene@{HOST}>",
        "CONVENE_PORT": str(port),
        "CONVENE_STREAM_PORT": str(processes.free_port()),
    }
    convene(environment, "upgrade")
    server, stream = (processes.start_with(environment, part) for part in ("serve", "stream"))
    site = Site(port, environment)
    try:
        processes.wait_for(lambda: answers(site))
        yield site
    finally:
        server.terminate()
        stream.terminate()
        assert (server.wait(30), stream.wait(30)) == (0, 0)


def convene(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        processes.command(*arguments),
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def answers(site: Site) -> bool:
    try:
        return site.get("/alive/").status == 200
    except OSError:
        return False


def test_djangos_own_check_for_deployment_finds_nothing(public):
    done = convene(public.environment, "manage", "check", "--deploy", "--fail-level", "INFO")
    assert (done.returncode, done.stderr) == (0, "")


def test_pages_say_to_come_by_https_alone(public):
    page = public.get("/open/")
    assert page.status == 200
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "script-src" not in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Referrer-Policy"] == "same-origin"


def test_who_comes_by_http_is_sent_to_https(public):
    sent = public.get("/open/?q=x", proto="http")
    assert (sent.status, sent.headers["Location"]) == (301, f"https://{HOST}/open/?q=x")


def test_a_monitor_on_the_machine_asks_without_the_proxy(public):
    assert public.get("/alive/", proto="http").status == 200


def test_another_name_is_refused(public):
    assert public.get("/open/", host="evil.example").status == 400


def test_cookies_travel_by_https_alone(public):
    page = public.get("/account/login/")
    cookies = page.headers.get_all("Set-Cookie") or []
    assert page.status == 200
    assert cookies
    assert [cookie for cookie in cookies if "Secure" not in cookie or "SameSite=Lax" not in cookie] == []


def test_static_files_are_named_by_their_content_and_kept(public):
    page = public.get("/open/").read().decode()
    (css,) = set(re.findall(r'href="(/static/css/app\.[0-9a-f]{12}\.css)"', page))
    style = public.get(css, **{"Accept-Encoding": "gzip"})
    assert style.status == 200
    assert "immutable" in style.headers["Cache-Control"]
    assert style.headers["Content-Encoding"] == "gzip"
    assert public.get("/static/css/app.css").headers.get("Cache-Control", "").count("immutable") == 0


def test_every_file_that_a_page_asks_for_is_there(public):
    page = public.get("/open/").read().decode()
    asked = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))
    assert len(asked) > 2
    assert [path for path in asked if public.get(path).status != 200] == []


def test_pages_may_read_the_stream_under_the_sites_own_address(public):
    policy = public.get("/open/").headers["Content-Security-Policy"]
    assert policy.endswith(f"; connect-src 'self' https://{HOST}")


def test_the_demo_has_no_door(public):
    for path in ("/demo/", "/demo/mailbox/"):
        assert public.get(path).status == 404
        assert public.get(path, host="localhost").status == 400


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"CONVENE_DEMO": "1"}, "CONVENE_DEMO lets anyone in"),
        ({"CONVENE_DEBUG": "1"}, "CONVENE_DEBUG shows internals"),
        ({"CONVENE_SECRET_KEY": ""}, "Set CONVENE_SECRET_KEY"),
        ({"CONVENE_PUBLIC_ADDRESS": "http://site.example"}, "must begin with https://"),
    ],
)
def test_a_public_site_does_not_start_with(public, changes, why):
    for command in ("serve", "worker", "doctor"):
        done = convene({**public.environment, **changes}, command)
        assert done.returncode == 1
        assert why in done.stderr
        assert "Traceback" not in done.stderr


def test_it_does_not_serve_a_database_behind_its_version(public, tmp_path):
    done = convene({**public.environment, "CONVENE_DATA": str(tmp_path)}, "serve")
    assert done.returncode == 1
    assert "run `convene upgrade` first" in done.stderr


def test_the_doctor_names_what_is_not_running(public):
    done = convene(public.environment, "doctor", "--quiet")
    assert done.returncode == 1
    found = [line.split()[:2] for line in done.stdout.splitlines()[:-1]]
    assert ["ERROR", "worker"] in found
    assert ["ERROR", "mail"] in found
    assert [line for line in found if line[1] in {"secret", "address", "database"}] == []


@pytest.mark.parametrize("unit", sorted((DEPLOY / "systemd").iterdir()), ids=lambda path: path.name)
def test_systemd_takes_the_service_files(unit):
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("needs systemd-analyze")
    done = subprocess.run([program, "verify", str(unit)], capture_output=True, text=True, check=False)
    # All it may miss is the program, which is not installed on this machine.
    said = [line for line in done.stderr.splitlines() if "is not executable" not in line]
    assert said == []


# --- behind a real proxy -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a self-signed certificate for the name."""
    folder = tmp_path_factory.mktemp("tls")
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs openssl")
    request = f"req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN={HOST} -addext subjectAltName=DNS:{HOST}"
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run([openssl, *request.split(), *files], check=True, capture_output=True)
    return folder


def caddy_command(folder: Path, port: int, site: Site) -> list[str]:
    """Our Caddyfile with this test's name, ports and certificate."""
    text = (DEPLOY / "Caddyfile").read_text()
    text = text.replace(
        "convene.example.org {", f"https://{HOST}:{port} {{\n\ttls {folder}/cert.pem {folder}/key.pem"
    )
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{site.port}")
    text = text.replace("127.0.0.1:8001", f"127.0.0.1:{site.environment['CONVENE_STREAM_PORT']}")
    options = "{\n\tauto_https disable_redirects\n\tadmin off\n}\n"
    (folder / "Caddyfile").write_text(options + text)
    return ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


def nginx_command(folder: Path, port: int, site: Site) -> list[str]:
    """Our nginx.conf with this test's name, ports and certificate."""
    text = (DEPLOY / "nginx.conf").read_text()
    text = re.sub(r"server \{\n    listen 80;.*?\n\}\n", "", text, count=1, flags=re.DOTALL)
    text = text.replace("listen 443", f"listen {port}").replace("    listen [::]:443 ssl http2;\n", "")
    text = text.replace("/etc/letsencrypt/live/convene.example.org/fullchain.pem", f"{folder}/cert.pem")
    text = text.replace("/etc/letsencrypt/live/convene.example.org/privkey.pem", f"{folder}/key.pem")
    text = text.replace("convene.example.org", HOST).replace("127.0.0.1:8000", f"127.0.0.1:{site.port}")
    text = text.replace("127.0.0.1:8001", f"127.0.0.1:{site.environment['CONVENE_STREAM_PORT']}")
    paths = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off;\npid {folder}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\naccess_log off;\n{paths}{text}}}\n"
    )
    return ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]


@pytest.mark.parametrize("make", [caddy_command, nginx_command], ids=["caddy", "nginx"])
def test_through_a_tls_proxy_as_the_how_to_sets_it_up(public, certificate, make):
    port = processes.free_port()
    command = make(certificate, port, public)
    program = shutil.which(command[0], path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.skip(f"{command[0]} is not installed")
    proxy = subprocess.Popen(
        [program, *command[1:]],
        env={**os.environ, "HOME": str(certificate), "XDG_DATA_HOME": str(certificate)},
        stderr=subprocess.DEVNULL,
    )
    trust = ssl.create_default_context(cafile=str(certificate / "cert.pem"))

    def ask(path: str, **headers: str) -> http.client.HTTPResponse:
        # The name is checked against the certificate; the address is this machine's.
        connection = _Named("127.0.0.1", port, context=trust, timeout=30)
        connection.request("GET", path, headers={"Host": HOST, **headers})
        return connection.getresponse()

    def up() -> bool:
        try:
            return ask("/alive/").status == 200
        except OSError:
            return False

    try:
        processes.wait_for(up)
        page = ask("/open/")
        assert page.status == 200
        assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
        # What a visitor claims is not believed: neither that it came by http, nor for whom.
        assert ask("/open/", **{"X-Forwarded-Proto": "http"}).status == 200
        assert ask("/demo/", **{"X-Forwarded-For": "127.0.0.1"}).status == 404
        assert ask("/stream/").read() == b"0 pages"
    finally:
        proxy.terminate()
        proxy.wait(30)


class _Named(http.client.HTTPSConnection):
    """Connects to an address and asks for HOST by name, as its certificate has it."""

    def connect(self) -> None:
        http.client.HTTPConnection.connect(self)
        self.sock = self._context.wrap_socket(self.sock, server_hostname=HOST)
