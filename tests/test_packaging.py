"""The package as it ships: file lists, versions, weight, and who may import whom."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import gui_agent
from gui_agent.serving.process import MINIMUM

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
SETUPTOOLS = PYPROJECT["tool"]["setuptools"]
FOLDERS: dict[str, str] = {"gui_agent": "gui_agent"} | SETUPTOOLS["package-dir"]
"""Package → the folder it is built from."""


def folder(package: str) -> Path:
    parent = max((name for name in FOLDERS if f"{package}.".startswith(f"{name}.")), key=len)
    rest = package.removeprefix(parent).strip(".")
    return ROOT / FOLDERS[parent] / rest.replace(".", "/")


def tracked() -> list[Path]:
    """Files that are, or are about to be, in git."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [ROOT / line for line in listed.splitlines() if (ROOT / line).is_file()]


def test_every_package_is_listed() -> None:
    """Unlisted, a folder works in an editable install and is missing from the wheel."""
    sources = {ROOT / "gui_agent": "gui_agent"}
    sources |= {ROOT / path: name for name, path in SETUPTOOLS["package-dir"].items()}
    there = set()
    for top, name in sources.items():
        for init in top.glob("**/__init__.py"):
            there.add(".".join([name, *init.parent.relative_to(top).parts]))
    assert there == set(SETUPTOOLS["packages"])


@pytest.mark.parametrize("name", ["platforms", "prompts"])
def test_the_links_stay_links(name: str) -> None:
    link = ROOT / "gui_agent" / name
    if link.is_file() and os.name == "nt":
        pytest.skip("a checkout without link support")
    assert link.is_symlink()
    assert os.readlink(link).replace("\\", "/") == f"../{name}"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The file names in a wheel that is built from what is tracked, as a release would be."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for path in tracked():
        copy = source / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", str(out), str(source)]
    built = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert built.returncode == 0, built.stdout[-2000:] + built.stderr[-2000:]
    with zipfile.ZipFile(next(out.glob("*.whl"))) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_every_file_of_every_package(wheel: set[str]) -> None:
    wanted = set()
    for package in SETUPTOOLS["packages"]:
        for path in folder(package).rglob("*"):
            relative = path.relative_to(folder(package))
            own = path.is_file() and path.suffix != ".pyc"
            if own and not (folder(package) / relative.parts[0] / "__init__.py").exists():
                wanted.add(f"{package.replace('.', '/')}/{relative.as_posix()}")
    assert wanted - wheel == set()


def test_the_wheel_holds_nothing_else(wheel: set[str]) -> None:
    tops = {name.split("/")[0] for name in wheel}
    assert tops == {"gui_agent", f"gui_agent-{gui_agent.__version__}.dist-info"}
    kinds = {Path(name).suffix for name in wheel if name.startswith("gui_agent/")}
    assert kinds <= {
        ".py",
        ".typed",
        ".js",
        ".html",
        ".j2",
        ".md",
        ".css",
        ".json",
        ".txt",
        ".jinja",
    }


def test_the_changelog_begins_with_this_version() -> None:
    versions = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert next(v for v in versions if v != "Unreleased") == gui_agent.__version__


def test_the_import_rules_hold() -> None:
    script = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [script], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def seconds(*command: str) -> float:
    """The best of five runs, in CPU seconds of the process (user and system)."""
    best = float("inf")
    for _ in range(5):
        before = os.times()
        subprocess.run([sys.executable, *command], check=True, capture_output=True, timeout=60)
        after = os.times()
        spent = after.children_user + after.children_system
        best = min(best, spent - before.children_user - before.children_system)
    return best


def test_importing_is_cheap() -> None:
    bare = seconds("-c", "")
    assert seconds("-c", "import gui_agent") - bare < 0.15


def test_vllm_is_an_extra_of_its_own() -> None:
    """Gigabytes that only a machine with a GPU wants."""
    extras = PYPROJECT["project"]["optional-dependencies"]
    [vllm] = map(Requirement, extras["serve"])
    assert vllm.name == "vllm"
    assert vllm.specifier.contains(MINIMUM)
    assert vllm.marker
    assert not vllm.marker.evaluate({"sys_platform": "win32"})
    assert not any("serve" in Requirement(one).extras for one in extras["all"])


def test_importing_does_nothing(tmp_path: Path) -> None:
    """No output, no file, no environment variable, no thread, no heavy package."""
    code = (
        "import os, sys, threading; before = dict(os.environ)\n"
        "import gui_agent, gui_agent.cli.main, gui_agent.settings\n"
        "assert dict(os.environ) == before and threading.active_count() == 1\n"
        "heavy = {'openai', 'playwright', 'PIL', 'cv2', 'onnxruntime'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


def test_a_core_install_stays_small() -> None:
    """Fewer than 30 distributions without extras, counted through everything they need."""
    seen: set[str] = set()
    todo = ["gui-agent"]
    while todo:
        name = canonicalize_name(todo.pop())
        if name in seen:
            continue
        seen.add(name)
        needs = [Requirement(line) for line in requires(name) or ()]
        todo += [n.name for n in needs if n.marker is None or n.marker.evaluate({"extra": ""})]
    assert 8 < len(seen) < 30
