"""Starting the runtime: in our place, with the words as they are, and only when it is the runtime.

The runtimes here are fakes that print what they are given; the command that starts them is real.
"""

from __future__ import annotations

import json
import signal
import subprocess
import textwrap

import pytest

FAKE_MAIN = """\
import json, os, sys
print(json.dumps({"arguments": sys.argv[1:], "parent": os.getppid(), "pid": os.getpid()}), flush=True)
if sys.argv[2:] == ["wait"]:
    sys.stdin.read()
sys.exit(7)
"""


@pytest.fixture
def runtime(tmp_path):
    """Put a runtime into a directory of its own; return that directory, for PYTHONPATH."""
    return make_runtime(tmp_path / "site")


def make_runtime(site):
    site.joinpath("panther").mkdir(parents=True)
    site.joinpath("panther", "version.py").write_text('__version__ = "0.1.0"\n')
    site.joinpath("panther", "__main__.py").write_text(FAKE_MAIN)
    return site


def make_distribution(site, name, version, *files):
    information = site / f"{name.replace('-', '_')}-{version}.dist-info"
    information.mkdir(parents=True)
    information.joinpath("METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    information.joinpath("RECORD").write_text("".join(f"{file},,\n" for file in files))
    for file in files:
        site.joinpath(file).parent.mkdir(parents=True, exist_ok=True)
        site.joinpath(file).touch()


@pytest.mark.parametrize(
    ("word", "arguments"),
    [
        ("try", ["my_impl"]),
        ("try", ["--set", "port=1", "my_impl", "--", "-x", ""]),
        ("try", ["--help"]),
        ("run", ["-h"]),
        ("run", []),
        ("validate", ["x.yaml"]),
        ("schema", []),
        ("run", ["a file.yaml", "--version"]),
    ],
)
def test_the_words_reach_the_runtime_as_they_are(run, bare_python, runtime, word, arguments):
    done = run(word, *arguments, python=bare_python, env={"PYTHONPATH": str(runtime)})
    assert json.loads(done.stdout)["arguments"] == [word, *arguments]
    assert done.returncode == 7


def test_nothing_of_ours_remains_in_between(bare_python, runtime, tmp_path):
    process = subprocess.Popen(
        [bare_python, "-m", "panther_gen", "try", "wait"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(runtime)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    told = json.loads(process.stdout.readline())
    assert told["pid"] == process.pid
    process.send_signal(signal.SIGTERM)
    process.communicate()
    assert process.returncode == -signal.SIGTERM


def test_without_the_runtime_the_cure_is_named(run, bare_python):
    done = run("try", "my_impl", python=bare_python)
    assert done.returncode == 4
    assert "the runtime that does so is not installed" in done.stderr
    assert f"cure: {bare_python} -m pip install 'panther-gen[runtime]'" in done.stderr


@pytest.mark.parametrize(
    ("told", "cure"),
    [
        (
            '{"url": "file://CHECKOUT", "dir_info": {"editable": true}}',
            "pip install 'CHECKOUT PLACE/runtime'",
        ),
        ('{"url": "file://CHECKOUT", "dir_info": {}}', "pip install 'CHECKOUT PLACE/runtime'"),
        ('{"url": "file:///gone", "dir_info": {}}', "pip install 'panther-gen[runtime]'"),
        ('{"url": "file://CHECKOUT/x.whl", "archive_info": {}}', "pip install 'panther-gen[runtime]'"),
        ("{", "pip install 'panther-gen[runtime]'"),
    ],
)
def test_the_cure_takes_the_runtime_from_where_panther_gen_comes_from(run, bare_python, tmp_path, told, cure):
    """PEP 610: an index does not have what was installed from a checkout."""
    checkout = tmp_path / "check out"
    for directory in (checkout, checkout / "runtime"):
        directory.mkdir()
        (directory / "pyproject.toml").touch()
    facts = tmp_path / "packages" / "panther_gen-1.dist-info"
    facts.mkdir(parents=True)
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: panther-gen\nVersion: 1\n")
    (facts / "direct_url.json").write_text(told.replace("CHECKOUT", str(checkout).replace(" ", "%20")))
    done = run("try", "my_impl", python=bare_python, env={"PYTHONPATH": str(facts.parent)})
    assert done.returncode == 4
    assert cure.replace("CHECKOUT PLACE", str(checkout)) in done.stderr


def test_without_the_runtime_help_is_still_something(run, bare_python):
    done = run("try", "--help", python=bare_python)
    assert done.returncode == 4
    assert "Run a plugin's server against its own client" in done.stdout
    assert "not installed" in done.stderr


@pytest.mark.parametrize("hiding", ["panther/__init__.py", "panther/plugins/__init__.py", "panther.py"])
def test_a_file_of_the_users_that_hides_the_runtime_is_named(run, bare_python, runtime, tmp_path, hiding):
    here = tmp_path / "here"
    here.joinpath(hiding).parent.mkdir(parents=True, exist_ok=True)
    here.joinpath(hiding).touch()
    done = run("run", "x.yaml", python=bare_python, cwd=here, env={"PYTHONPATH": str(runtime)})
    assert done.returncode == 4
    assert f"{here / hiding} (of no installed distribution)" in done.stderr
    assert f"cure: rm {here / hiding}" in done.stderr
    assert done.stdout == ""


def test_another_distribution_that_ships_the_package_is_named(run, bare_python, runtime):
    make_distribution(runtime, "panther-net", "1.2.0", "panther/__init__.py", "panther/core.py")
    make_distribution(runtime, "panther-gen-runtime", "0.1.0", "panther/version.py")
    done = run("try", "x", python=bare_python, env={"PYTHONPATH": str(runtime)})
    assert done.returncode == 4
    assert f"{runtime}/panther/__init__.py (panther-net 1.2.0)" in done.stderr
    assert "-m pip uninstall --yes panther-net && " in done.stderr
    assert "--force-reinstall --no-deps panther-gen-runtime" in done.stderr


def test_another_distribution_is_found_without_the_runtime_too(run, bare_python, tmp_path):
    site = tmp_path / "site"
    make_distribution(site, "panther", "5.3.1", "panther/__init__.py")
    done = run("try", "x", python=bare_python, env={"PYTHONPATH": str(site)})
    assert done.returncode == 4
    assert "(panther 5.3.1)" in done.stderr


def test_a_package_that_only_an_import_hook_knows_is_named(run, bare_python, runtime, tmp_path):
    hidden = tmp_path / "elsewhere" / "panther_of_another.py"
    hidden.parent.mkdir()
    hidden.touch()
    hook = f"""
        import sys
        from importlib.util import spec_from_file_location

        class Finder:
            @staticmethod
            def find_spec(name, path=None, target=None):
                return spec_from_file_location(name, {str(hidden)!r}) if name == "panther" else None

        sys.meta_path.insert(0, Finder)
        """
    tmp_path.joinpath("hooks").mkdir()
    tmp_path.joinpath("hooks", "sitecustomize.py").write_text(textwrap.dedent(hook))
    done = run("try", "x", python=bare_python, env={"PYTHONPATH": f"{tmp_path / 'hooks'}:{runtime}"})
    assert done.returncode == 4
    assert str(hidden) in done.stderr


def test_what_another_distribution_took_along_when_it_went_is_noticed(run, bare_python, tmp_path):
    site = tmp_path / "site"
    make_distribution(site, "panther-gen-runtime", "0.1.0", "panther/version.py")
    done = run("try", "x", python=bare_python, env={"PYTHONPATH": str(site)})
    assert done.returncode == 4
    assert "panther-gen-runtime 0.1.0 is installed, but files of it are gone" in done.stderr
    assert "--force-reinstall" in done.stderr


def test_two_runtimes_are_refused(run, bare_python, runtime, tmp_path):
    second = make_runtime(tmp_path / "second")
    done = run("try", "x", python=bare_python, env={"PYTHONPATH": f"{runtime}:{second}"})
    assert done.returncode == 4
    assert f"'{runtime}', '{second}'" in done.stderr


def test_plugins_in_the_working_directory_hide_nothing(run, bare_python, runtime, tmp_path):
    tmp_path.joinpath("panther/plugins/services/iut/quic/one").mkdir(parents=True)
    tmp_path.joinpath("panther/plugins/services/iut/quic/one/__init__.py").touch()
    done = run("try", "one", python=bare_python, env={"PYTHONPATH": str(runtime)})
    assert done.returncode == 7
