"""A directory with Debian in it, made with debootstrap, in which commands are run."""

import os
import shlex
import shutil
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def require_tools(script: str) -> None:
    """Ends the program where roots cannot be made."""
    if os.geteuid() != 0:
        sys.exit(f"{script}: it makes roots with debootstrap: run it as root")
    for program in ("debootstrap", "tar", "unshare"):
        if shutil.which(program) is None:
            sys.exit(f"{script}: {program} is missing: apt-get install debootstrap tar util-linux")


def mirror() -> str:
    """Where this machine gets Debian from."""
    asked = ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Codename: bookworm", "Component: main"]
    found = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.split()
    return found[0] if found else "http://deb.debian.org/debian"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(port: int, path: str) -> str:
    """What a server in a root answers, which shares this machine's network. Raises OSError."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
        return answer.read().decode()


class DebianRoot:
    """The root, with the directory and the user of what is run in it."""

    def __init__(self, folder: Path, suite: str = "bookworm"):
        self.root = folder
        self.workdir = "/"
        self.user = "root"
        # Folders of this machine that are seen in it: where, and which.
        self.binds: dict[str, Path] = {}
        made = folder / "etc/aerie-root-is-made"
        if made.exists():
            return
        print(f"--- debootstrap {suite}", flush=True)
        subprocess.run(
            ["debootstrap", "--variant=minbase", suite, str(folder), mirror()], check=True, stdout=subprocess.DEVNULL
        )
        self._arrange(suite)
        made.touch()

    def _arrange(self, suite: str) -> None:
        """Names, proxies and certificates are those of this machine, as a container engine arranges it."""
        folder = self.root
        for name in ("resolv.conf", "hosts"):
            shutil.copy(f"/etc/{name}", folder / "etc" / name)
        names = ["apt/apt.conf.d"]
        if suite == "bookworm":
            # With what this machine has beside Debian's own packages.
            names.append("apt/sources.list.d")
            if Path("/etc/apt/sources.list").exists():
                shutil.copy("/etc/apt/sources.list", folder / "etc/apt/sources.list")
        for name in names:
            if Path("/etc", name).exists():
                shutil.copytree(Path("/etc", name), folder / "etc" / name, dirs_exist_ok=True)
        if (own := Path("/usr/local/share/ca-certificates")).exists():
            shutil.copytree(own, folder / own.relative_to("/"), dirs_exist_ok=True)
        (folder / "usr/sbin/policy-rc.d").write_text("#!/bin/sh\nexit 101\n")
        (folder / "usr/sbin/policy-rc.d").chmod(0o755)

    def bring_npm_settings(self) -> None:
        """Where npm packages come from on this machine."""
        if (settings := Path.home() / ".npmrc").exists():
            shutil.copy(settings, self.root / "root/.npmrc")

    def bring_checkout(self) -> None:
        """Copies what git knows of the checkout, as it is now, into the working directory."""
        target = self.root / self.workdir.lstrip("/")
        target.mkdir(parents=True, exist_ok=True)
        files = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True).stdout
        archive = subprocess.run(["tar", "--null", "-T", "-", "-cf", "-"], cwd=ROOT, input=files, check=True, capture_output=True)
        subprocess.run(["tar", "-C", str(target), "--no-same-owner", "-xf", "-"], input=archive.stdout, check=True)

    def command(self, words: list[str]) -> list[str]:
        inner = f"cd {shlex.quote(self.workdir)} && exec {shlex.join(words)}"
        if self.user != "root":
            inner = f"exec setpriv --reuid={self.user} --regid=$(id -g {self.user}) --clear-groups sh -c {shlex.quote(inner)}"
        shell = f"mount -t proc proc /proc; {inner}"
        binds = "".join(
            f"mkdir -p {shlex.quote(f'{self.root}{where}')}; mount --bind {shlex.quote(str(which))} {shlex.quote(f'{self.root}{where}')}; "
            for where, which in self.binds.items()
        )
        outer = f"set -e; {binds}exec chroot {shlex.quote(str(self.root))} sh -c {shlex.quote(shell)}"
        return ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", outer]

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy") or name.startswith(("npm_config", "NODE_EXTRA"))}
        # Authorities that this machine trusts are in Debian's file, too; Node.js has a list of its own.
        ours = {"HOME": "/root", "NODE_EXTRA_CA_CERTS": "/etc/ssl/certs/ca-certificates.crt"}
        return {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", **kept, **ours}

    def run(self, step: str) -> None:
        print(f"--- RUN {step}", flush=True)
        subprocess.run(self.command(["sh", "-c", step]), check=True, env=self.environment())
