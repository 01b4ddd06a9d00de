#!/usr/bin/env python3
"""Set up and run Tongkao from a checkout, with Python 3.11 or newer and pip and nothing else.

    python3 dev.py demo       mark the example and say where the files are
    python3 dev.py test       run every test that needs no system package; --require-all: leave nothing out
    python3 dev.py lint       style, types, who may import whom
    python3 dev.py docs       build the documentation; --update-snippets: write the outputs it shows anew
    python3 dev.py bench      timings
    python3 dev.py soak       long runs: the property tests with many more examples
    python3 dev.py system     install the Debian packages that some tests need (as root)
    python3 dev.py lock       lock the dependencies anew

Further arguments of test, bench and soak go to pytest. Everything is put into ``.tools`` and ``.venv`` of the checkout.
Where pip or uv is set to a mirror, the packages come from the mirror, pinned and hashed by ``requirements.lock``
(``docs/how-to/closed-network.md``).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import ssl
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PROGRAMS = VENV / ("Scripts" if os.name == "nt" else "bin")
OLDEST_PYTHON = (3, 11)
UV_VERSION = "0.13.8"
UV_FOLDER = ROOT / ".tools" / f"uv-{UV_VERSION}"
UV = UV_FOLDER / "bin" / ("uv.exe" if os.name == "nt" else "uv")
EXAMPLE = "examples/jiangsu-cities-2022"
DEMO_OUT = "demo-out"

#: Debian package -> what needs it. `system` installs the ones that are missing.
SYSTEM_PACKAGES = {
    "ca-certificates": "secure connections to the package registry",
}


def main(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    commands = {
        "demo": demo,
        "test": test,
        "lint": lint,
        "docs": docs,
        "bench": bench,
        "soak": soak,
        "system": system,
        "lock": lock,
    }
    if not arguments or arguments[0] not in commands:
        print(__doc__)
        return 0 if arguments and arguments[0] in ("help", "-h", "--help") else 2
    if sys.version_info < OLDEST_PYTHON:
        return fail(f"Tongkao needs Python 3.11 or newer, this is {sys.version.split()[0]}. Try: python3.11 dev.py")
    os.chdir(ROOT)
    return commands[arguments[0]](arguments[1:])


# --- commands ---------------------------------------------------------------------------------------------------------------


def demo(_: list[str]) -> int:
    """Mark the example, print the table, say where the files are."""
    if code := prepare(develop=False):
        return code
    out = ROOT / DEMO_OUT
    if out.exists():
        if not (out / "run.json").is_file():
            return fail(f"{DEMO_OUT} is there and is no earlier output of the demo; move it away first.")
        shutil.rmtree(out)
    say(f"marking {EXAMPLE}: thirteen cities, official figures, an illustrative scheme")
    if code := run(program("tongkao"), "score", EXAMPLE, "--out", DEMO_OUT):
        return code
    say(f"the files are in {out}")
    say(f"why a city stands where it does:  {os.path.relpath(program('tongkao'))} explain {DEMO_OUT} --unit 南通")
    return 0


def test(arguments: list[str]) -> int:
    """Run the tests; what was left out is named at the end."""
    if code := prepare():
        return code
    say("running the tests; what has to be left out here, and why, is said at the end")
    return run(program("python"), "-m", "pytest", "-n", "auto", "-p", "no:benchmark", *arguments)


def lint(_: list[str]) -> int:
    """Check style, format, types and imports; all four run, whatever the first ones say."""
    if code := prepare():
        return code
    checks = [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"], ["lint-imports"]]
    failed = []
    for check in checks:
        say(" ".join(check))
        if run(program(check[0]), *check[1:]):
            failed.append(" ".join(check))
    return fail("found fault: " + ", ".join(failed)) if failed else 0


def docs(arguments: list[str]) -> int:
    """Build the documentation, warnings being errors."""
    if code := prepare():
        return code
    if "--update-snippets" in arguments:
        say("running the commands and examples of the documentation and writing down what they print")
        if code := run(program("python"), "docs/snippets.py", "--update"):
            return code
    say("building the documentation")
    code = run(program("sphinx-build"), "-W", "--keep-going", "-q", "-b", "html", "docs", "docs/_build/html")
    if not code:
        say(f"open {ROOT / 'docs/_build/html/index.html'}")
    return code


def bench(arguments: list[str]) -> int:
    """Time the engine, linear algebra on one thread."""
    if code := prepare():
        return code
    one_thread = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL")}
    say("timing; close what else is running")
    return run(program("python"), "-m", "pytest", "benchmarks", *arguments, extra=one_thread)


def soak(arguments: list[str]) -> int:
    """Run the property tests with so many examples that it takes long."""
    if code := prepare():
        return code
    say("running the property tests with fifty times the examples")
    many = ["-m", "hypothesis", "--hypothesis-profile", "soak"]
    return run(program("python"), "-m", "pytest", "-n", "auto", "-p", "no:benchmark", *many, *arguments)


def system(_: list[str]) -> int:
    """Install the Debian packages of the table above that are missing."""
    if not shutil.which("dpkg-query"):
        return fail("this is no Debian system; Tongkao's tests use these packages: " + ", ".join(SYSTEM_PACKAGES))
    missing = [package for package in SYSTEM_PACKAGES if not is_installed(package)]
    for package, why in SYSTEM_PACKAGES.items():
        say(f"{package} ({why}): " + ("missing" if package in missing else "is there"))
    if not missing:
        say("no system package is missing")
        return 0
    if os.geteuid() != 0:
        return fail("only root may install system packages: sudo python3 dev.py system")
    apt = {"DEBIAN_FRONTEND": "noninteractive"}
    return run("apt-get", "update", "-q", extra=apt) or run(
        "apt-get", "install", "-q", "-y", "--no-install-recommends", *missing, extra=apt
    )


def lock(_: list[str]) -> int:
    """Lock the dependencies, and write the hashed lists that pip reads."""
    if code := fetch_uv():
        return code
    say("locking the dependencies")
    if code := run(UV, "lock"):
        return code
    for name, choice in (("requirements.lock", ["--no-default-groups", "--group", "build"]), ("requirements-dev.lock", [])):
        say(f"writing {name}")
        if code := run(UV, "export", "-q", "--locked", "--no-emit-project", "--no-annotate", *choice, "-o", name):
            return code
    return 0


# --- setting up -------------------------------------------------------------------------------------------------------------


def prepare(*, develop: bool = True) -> int:
    """Bring ``.venv`` to what the lock says: with uv from the registry, or with pip where packages come from elsewhere.

    Args:
        develop: With the tools for testing, checking and documenting.
    """
    elsewhere = package_source()
    if elsewhere is not None:
        return prepare_with_pip(elsewhere, develop=develop)
    if code := fetch_uv():
        return code
    say("checking that .venv holds what uv.lock says" if VENV.is_dir() else "putting the locked packages into .venv")
    return run(UV, "sync", "--locked", "--inexact", *([] if develop else ["--no-default-groups"]))


def fetch_uv() -> int:
    """Put the pinned uv into ``.tools``, once."""
    if UV.is_file():
        return 0
    say(f"fetching uv {UV_VERSION} into {UV_FOLDER.relative_to(ROOT)} with pip")
    code = pip("install", "--quiet", "--no-deps", "--target", str(UV_FOLDER), f"uv=={UV_VERSION}", python=sys.executable)
    return code and fail("pip could not fetch uv. TONGKAO_SETUP=pip does without it.")


def package_source() -> dict[str, str] | None:
    """Tell where packages come from if not from PyPI, as settings for pip; None for PyPI.

    uv refuses its lock under another index than the one it was made with, and does not read pip's settings.
    """
    mirror = os.environ.get("UV_DEFAULT_INDEX") or os.environ.get("UV_INDEX_URL")
    if mirror:
        return None if is_pypi(mirror) else {"PIP_INDEX_URL": mirror}
    listing = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False)
    settings = dict(line.split("=", 1) for line in listing.stdout.splitlines() if "=" in line)
    named = {name.rsplit(".", 1)[-1].replace("_", "-"): value.strip("'\"") for name, value in settings.items()}
    other_index = "index-url" in named and not is_pypi(named["index-url"])
    no_index = named.get("no-index", "").lower() in ("1", "true", "yes", "on")
    return {} if other_index or no_index or os.environ.get("TONGKAO_SETUP") == "pip" else None


def is_pypi(address: str) -> bool:
    """Tell whether an index is PyPI itself."""
    return address.rstrip("/") in ("https://pypi.org/simple", "https://pypi.python.org/simple")


def prepare_with_pip(source: dict[str, str], *, develop: bool) -> int:
    """Bring ``.venv`` to the hashed list of requirements with pip, from a mirror or a folder of wheels."""
    name = "requirements-dev.lock" if develop else "requirements.lock"
    digest = hashlib.sha256((ROOT / name).read_bytes()).hexdigest()
    mark = VENV / f"installed-{name}"
    if mark.is_file() and mark.read_text() == digest:
        return 0
    say(f"packages do not come from PyPI here: putting {name} (pinned and hashed) into .venv with pip")
    python = str(program("python"))
    if not Path(python).exists() and (code := run(sys.executable, "-m", "venv", "--without-pip", str(VENV))):
        return code
    install = ["--python", python, "install", "--quiet"]
    code = pip(*install, "--require-hashes", "-r", name, python=sys.executable, extra=source)
    code = code or pip(*install, "--no-deps", "--no-build-isolation", "--editable", ".", python=sys.executable, extra=source)
    if not code:
        mark.write_text(digest)
    return code


def pip(*arguments: str, python: str, extra: dict[str, str] | None = None) -> int:
    """Run pip, without the personal settings that cannot go with ``--target`` or another Python."""
    calm = {
        "PIP_USER": "0",
        "PIP_REQUIRE_VIRTUALENV": "0",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
    }
    if run(python, "-m", "pip", "--version", extra=calm, quiet=True):
        return fail("this Python has no pip. On Debian: apt-get install python3-pip")
    return run(python, "-m", "pip", *arguments, extra={**calm, **(extra or {})})


def environment() -> dict[str, str]:
    """Settings for uv: this Python, this checkout's ``.venv``, the certificates of the system where it has some."""
    settings = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONHOME")}
    settings["UV_PROJECT_ENVIRONMENT"] = str(VENV)
    settings["UV_PYTHON"] = sys.executable
    settings["UV_PYTHON_DOWNLOADS"] = "never"
    settings["PYTHONUTF8"] = "1"
    places = ssl.get_default_verify_paths()
    if places.cafile or places.capath:
        settings.setdefault("UV_SYSTEM_CERTS", "1")
    return settings


# --- small things -----------------------------------------------------------------------------------------------------------


def program(name: str) -> Path:
    """A program of the environment."""
    return PROGRAMS / (f"{name}.exe" if os.name == "nt" else name)


def run(*command: str | Path, extra: dict[str, str] | None = None, quiet: bool = False) -> int:
    """Run a program in the checkout and return its exit code."""
    sys.stdout.flush()
    hidden = subprocess.DEVNULL if quiet else None
    try:
        return subprocess.run(
            command, env={**environment(), **(extra or {})}, stdout=hidden, stderr=hidden, check=False
        ).returncode
    except FileNotFoundError:
        return fail(f"{command[0]} is not there")


def is_installed(package: str) -> bool:
    """Tell whether a Debian package is installed."""
    asked = subprocess.run(["dpkg-query", "-W", "-f", "${Status}", package], capture_output=True, text=True, check=False)
    return asked.stdout == "install ok installed"


def say(text: str) -> None:
    """Say what is being done."""
    print(f"dev.py: {text}", flush=True)


def fail(text: str) -> int:
    """Say what is wrong; the exit code is 1."""
    print(f"dev.py: {text}", file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
