"""What a comparison with TLS needs: a certificate, and nginx as a server that does nothing else."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from runner.process import Unavailable, running

# TLS 1.3 is not among the defaults of versions before 1.23.4; every other setting of TLS is the default.
_NGINX_CONFIGURATION = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log /dev/stdout notice;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} ssl;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_certificate {folder}/certificate.pem;
    ssl_certificate_key {folder}/key.pem;
    location / {{ return 204; }}
  }}
}}
"""


@contextlib.contextmanager
def certificate() -> Iterator[Path]:
    """A folder with a new key of P-256, `key.pem`, and a certificate that it has signed itself, `certificate.pem`."""
    with tempfile.TemporaryDirectory(prefix="aerie-bench-") as folder:
        files = ["-keyout", f"{folder}/key.pem", "-out", f"{folder}/certificate.pem"]
        kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
        command = [openssl(), "req", *kind, "-days", "2", *files, *subject]
        subprocess.run(command, capture_output=True, check=True, timeout=20)
        yield Path(folder)


def openssl() -> str:
    return _program("openssl")


def nginx() -> str:
    # Debian has it where not every user looks.
    return _program("nginx", os.environ.get("PATH", "") + ":/usr/sbin")


def _program(name: str, path: str | None = None) -> str:
    """Where it is. Raises Unavailable."""
    if (found := shutil.which(name, path=path)) is None:
        raise Unavailable(f"{name} is not installed: script/bootstrap --test")
    return found


def nginx_version() -> str:
    said = subprocess.run([nginx(), "-v"], capture_output=True, text=True, check=True, timeout=20).stderr
    match = re.search(r"nginx/(\S+)", said)
    return match[1] if match else "?"


@contextlib.contextmanager
def running_nginx(port: int, cores: set[int]) -> Iterator[int]:
    """nginx with one worker that speaks TLS at this port, and all its files in a folder of its own: the worker's id."""
    with certificate() as folder:
        configuration = folder / "nginx.conf"
        configuration.write_text(_NGINX_CONFIGURATION.format(folder=folder, port=port))
        command = [nginx(), "-p", str(folder), "-e", "/dev/stdout", "-c", str(configuration)]
        with running(command, r"start worker process (\d+)", cores, ending=signal.SIGTERM) as (_, worker):
            yield int(worker)
