"""Tests of plugins run in every import mode of pytest, from every directory, however pytest is started."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("aioquic", reason="aioquic is the installed package that a plugin is called like")

MODES = ["prepend", "append", "importlib"]
STARTS = [("pytest",), ("python", "-m", "pytest")]
OPTIONS = ("-q", "-p", "no:cacheprovider", "-W", "error::pytest.PytestUnknownMarkWarning", "--strict-markers")
PLUGIN = "panther/plugins/services/iut/quic/my_impl"
# Tests in each plugin of the workspace; see the tests' text in conftest.py.
MY_IMPL, WEB_IMPL, AIOQUIC = 4, 4, 3


@pytest.fixture(scope="module")
def workspace(new_workspace, fill):
    workspace = new_workspace()
    fill(workspace)
    return workspace


def run_pytest(workspace, start, mode, *arguments, cwd="."):
    options = (*OPTIONS, f"--import-mode={mode}", *arguments)
    command = ("python", "-m", "pytest") if start[0] == "python" else (_pytest_beside(workspace.python),)
    return workspace.run(*command, *options, cwd=workspace.root / cwd)


def _pytest_beside(python):
    return python.rpartition("/")[0] + "/pytest"


def assert_passed(run, number):
    assert run.returncode == 0, run.stdout + run.stderr
    found = re.search(r"(\d+) passed", run.stdout)
    assert found, run.stdout
    assert int(found[1]) == number, run.stdout


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("start", "cwd", "number"),
    [
        (start, cwd, number)
        for cwd, number in (
            (".", MY_IMPL + WEB_IMPL + AIOQUIC),
            (PLUGIN, MY_IMPL),
            (f"{PLUGIN}/tests", MY_IMPL),
        )
        for start in STARTS
    ]
    + [(STARTS[0], PLUGIN.replace("my_impl", "aioquic"), AIOQUIC)],
)
def test_all_pass(workspace, start, mode, cwd, number):
    assert_passed(run_pytest(workspace, start, mode, cwd=cwd), number)


def test_files_and_test_ids_may_be_named(workspace):
    tests = "panther/plugins/services/iut/quic/my_impl/tests/test_my_impl.py"
    web = "panther/plugins/services/iut/http/web_impl"
    run = run_pytest(workspace, STARTS[0], "append", f"{tests}::test_there_is_one_class", web)
    assert_passed(run, 1 + WEB_IMPL)


def test_another_directory_may_be_named(workspace, tmp_path):
    assert_passed(run_pytest(workspace, STARTS[0], "prepend", workspace.root, cwd=tmp_path), 11)


@pytest.fixture
def twins(new_workspace):
    """Two plugins whose test files have one name."""
    workspace = new_workspace("twins")
    text = "def test_integration(service_manager):\n    assert service_manager.service_name == {!r}\n"
    for protocol, name in (("quic", "one"), ("http", "two")):
        workspace.plugin(protocol, name, "Manager", {"test_integration.py": text.format(name)})
    return workspace


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("start", STARTS)
def test_one_file_name_in_two_plugins(twins, start, mode):
    assert_passed(run_pytest(twins, start, mode), 2)


@pytest.mark.parametrize("mode", MODES)
def test_one_file_name_in_a_plugin_and_in_the_users_own_tests(twins, mode):
    twins.write("tests/test_integration.py", "def test_of_the_user():\n    pass\n")
    for order in (("panther", "tests"), ("tests", "panther")):
        assert_passed(run_pytest(twins, STARTS[0], mode, *order), 3)


@pytest.mark.parametrize("mode", ["prepend", "append"])
def test_a_helper_beside_the_tests_is_imported_as_pytest_does_it(twins, mode):
    for number, tests in enumerate(sorted(twins.root.glob("panther/plugins/services/iut/*/*/tests"))):
        (tests / f"helper_{number}.py").write_text(f"NUMBER = {number}\n")
        text = f"def test_it():\n    from helper_{number} import NUMBER\n    assert NUMBER == {number}\n"
        (tests / "test_integration.py").write_text(text)
    assert_passed(run_pytest(twins, STARTS[0], mode), 2)


@pytest.mark.parametrize("mode", MODES)
def test_a_failing_assertion_of_the_second_one_is_explained(twins, mode):
    (second,) = twins.root.glob("panther/plugins/services/iut/quic/*/tests/test_integration.py")
    second.write_text("def test_it():\n    left = 1\n    assert left == 2\n")
    run = run_pytest(twins, STARTS[0], mode)
    assert run.returncode == 1
    assert "assert 1 == 2" in run.stdout
    assert "1 passed" in run.stdout


@pytest.mark.parametrize("mode", MODES)
def test_generated_plugins_of_one_name_for_two_protocols(new_workspace, mode):
    workspace = new_workspace("generated")
    for protocol in ("tcp", "minip"):
        made = workspace.run("python", "-m", "panther_gen", "new-iut", protocol, "same", "--defaults")
        assert made.returncode == 0, made.stderr
    run = run_pytest(workspace, STARTS[0], mode, "-v")
    assert run.returncode == 0, run.stdout + run.stderr
    assert all(f"{protocol}/same/tests/test_same.py" in run.stdout for protocol in ("tcp", "minip"))


@pytest.mark.parametrize("mode", MODES)
def test_one_file_name_in_two_plugins_whose_tests_are_packages(twins, mode):
    for tests in twins.root.glob("panther/plugins/services/iut/*/*/tests"):
        (tests / "__init__.py").touch()
    assert_passed(run_pytest(twins, STARTS[0], mode), 2)


@pytest.mark.parametrize("mode", MODES)
def test_one_plugin_name_for_two_protocols(new_workspace, mode):
    workspace = new_workspace("namesakes")
    for protocol in ("quic", "http"):
        text = f"""
            from same import Manager

            def test_the_bare_name_is_the_plugin_of_the_test(service_manager):
                assert type(service_manager) is Manager
                assert Manager.protocol_name == "{protocol}"
        """
        workspace.plugin(protocol, "same", "Manager", {f"test_{protocol}.py": text})
    assert_passed(run_pytest(workspace, STARTS[0], mode), 2)


@pytest.mark.parametrize("mode", MODES)
def test_a_conftest_in_the_plugin_is_found(new_workspace, mode):
    workspace = new_workspace("conftest")
    test = "def test_it(role, service_manager):\n    assert service_manager.role == role\n"
    directory = workspace.plugin("quic", "my_impl", "Manager", {"test_it.py": test})
    conftest = (
        "import pytest\nfrom my_impl import Manager\n\n@pytest.fixture\ndef role():\n    return 'server'\n"
    )
    for place in (directory, directory.parent):
        workspace.write(place.relative_to(workspace.root) / "conftest.py", conftest)
    assert_passed(run_pytest(workspace, STARTS[0], mode), 1)


@pytest.mark.parametrize(
    ("package", "start", "from_root"),
    [
        ("panther", STARTS[0], True),
        ("panther", STARTS[1], True),
        ("panther", STARTS[1], False),
        ("panther/plugins", STARTS[0], False),
        ("panther/plugins/services", STARTS[0], False),
        ("panther/plugins/services", STARTS[1], True),
    ],
)
def test_an_init_file_above_the_plugins_is_refused_with_the_cure(new_workspace, package, start, from_root):
    workspace = new_workspace("hidden")
    directory = workspace.plugin("quic", "my_impl", "Manager", {"test_it.py": "def test_it():\n    pass\n"})
    init = workspace.write(f"{package}/__init__.py", "")
    run = run_pytest(workspace, start, "prepend", cwd=workspace.root if from_root else directory)
    assert run.returncode == 4, run.stdout + run.stderr
    assert str(init) in run.stderr
    assert "delete that file" in run.stderr
    assert "Traceback" not in run.stdout + run.stderr


def test_the_fixture_outside_any_plugin_says_so(new_workspace):
    workspace = new_workspace("outside")
    workspace.write("test_outside.py", "def test_it(service_manager):\n    pass\n")
    run = run_pytest(workspace, STARTS[0], "prepend")
    assert run.returncode == 1
    assert "test_outside.py lies in no plugin" in run.stdout


def test_the_fixture_of_a_broken_plugin_is_a_sentence(new_workspace):
    workspace = new_workspace("broken")
    directory = workspace.plugin(
        "quic", "bad", "Manager", {"test_bad.py": "def test_it(service_manager):\n    1\n"}
    )
    workspace.write(directory / "bad.py", "import no_such_package_of_anybody\n\nManager = 1\n")
    run = run_pytest(workspace, STARTS[0], "prepend")
    assert run.returncode == 1
    assert "needs the Python package 'no_such_package_of_anybody', which is not installed" in run.stdout
    assert "Traceback" not in run.stdout
    assert "During handling of the above exception" not in run.stdout, "it is said once"


def test_xdist_workers_find_the_plugins_too(workspace):
    pytest.importorskip("xdist")
    run = run_pytest(workspace, STARTS[0], "importlib", "-n", "1")
    assert_passed(run, MY_IMPL + WEB_IMPL + AIOQUIC)
