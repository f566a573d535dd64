"""podman for `make compose-test`: set up from Debian's packages, with images made on the spot.

No image is pulled: the bases are made by debootstrap, and stand-ins for the public images of
docker-compose.yml are built on them, so that this works where only packages can be had.
"""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from shutil import which

from ops import venv
from ops.packages import Package
from ops.places import CHECKOUT, LOCAL
from ops.say import doing
from ops.shell import attempt, find, run

HOME = LOCAL / "containers"
PREFIX = "localhost/tessera-test"
DEBIAN = f"{PREFIX}/debian:bookworm"
LIMITS = ("nofile=1024:1024", "nproc=4096:4096")
CERTIFICATES = "/run/machine-certificates.crt"


def _program(name: str) -> Callable[[], bool]:
    return lambda: which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin") is not None


PACKAGES = (
    *(
        Package(name, _program(name))
        for name in ("podman", "runc", "buildah", "iptables", "debootstrap")
    ),
    Package("netavark", Path("/usr/lib/podman/netavark").exists),
    Package("aardvark-dns", Path("/usr/lib/podman/aardvark-dns").exists),
    Package("containernetworking-plugins", Path("/usr/lib/cni/bridge").exists),
)
# crun, podman's first choice, refuses the hybrid cgroups of many virtual machines.
CONFIGURATION = f"""\
[engine]
runtime = "runc"
[containers]
default_ulimits = [{", ".join(f'"{limit}"' for limit in LIMITS)}]
"""


class Engine:
    """podman and podman-compose with a configuration and an environment of our own."""

    def __init__(self, env: Mapping[str, str]) -> None:
        HOME.mkdir(parents=True, exist_ok=True)
        configuration = HOME / "containers.conf"
        configuration.write_text(CONFIGURATION)
        self.env = {**env, "CONTAINERS_CONF": str(configuration)}

    def podman(self, *arguments: str, what: str = "podman") -> str:
        """Run podman; a failure becomes one line."""
        command = [find("podman"), *arguments]
        return run(command, what=what, env=self.env, cwd=CHECKOUT, log=HOME / "podman.log")

    def succeeds(self, *arguments: str) -> bool:
        """Whether podman ends well with these arguments."""
        return attempt([find("podman"), *arguments], env=self.env).returncode == 0

    def compose(self, *arguments: str, what: str) -> str:
        """Run podman-compose on docker-compose.yml."""
        options = [f"--podman-build-args={' '.join(self._build_options())}"]
        command = [str(venv.PYTHON), "-m", "podman_compose", *options, *arguments]
        return run(command, what=what, env=self.env, cwd=CHECKOUT, log=HOME / "compose.log")

    def make_base(self) -> None:
        """Make the Debian that everything else is built on."""
        if self.succeeds("image", "exists", DEBIAN):
            return
        root, archive = HOME / "debian", HOME / "debian.tar"
        with doing("Making a Debian base image"):
            command = [find("debootstrap"), "--variant=minbase", "bookworm", str(root)]
            if not root.exists():
                run(command, what="debootstrap", log=HOME / "debootstrap.log")
            run([find("tar"), "-C", str(root), "-cf", str(archive), "."], what="tar")
            self.podman("import", str(archive), DEBIAN)
            archive.unlink()

    def make_standins(self) -> dict[str, str]:
        """Build stand-ins for the public images; returns the variables that name them."""
        made = {}
        for target, variable in (
            ("postgis", "POSTGIS_IMAGE"),
            ("redis", "REDIS_IMAGE"),
            ("caddy", "PROXY_IMAGE"),
        ):
            made[variable] = f"{PREFIX}/{target}"
            with doing(f"Building the image {made[variable]}"):
                command = ["build", *self._build_options(), f"--build-arg=BASE_IMAGE={DEBIAN}"]
                command += [f"--target={target}", f"--tag={made[variable]}"]
                command += ["--file=ops/compose/test/standins.Dockerfile", "."]
                self.podman(*command, what=f"Building {target}")
        return made

    def _build_options(self) -> list[str]:
        options = ["--network=host", *(f"--ulimit={limit}" for limit in LIMITS)]
        if own := os.environ.get("PIP_CERT"):
            options.append(f"--volume={own}:{CERTIFICATES}:ro")
            options += [
                f"--env=PIP_CERT={CERTIFICATES}",
                f"--env=NODE_EXTRA_CA_CERTS={CERTIFICATES}",
            ]
        return options
