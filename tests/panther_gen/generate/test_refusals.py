"""``panther-gen new-iut`` refused: a clear sentence, a documented status, and the tree as it was before."""

from __future__ import annotations

import resource
import shutil
import subprocess
from pathlib import Path

import pytest

from panther_gen.errors import UsageError
from panther_gen.generate.iut import plan_new_iut
from panther_gen.generate.request import OPTIONS, NewIut

PLUGIN = Path("panther/plugins/services/iut/quic/my_impl")
NEW = ("new-iut", "quic", "my_impl", "--language", "c")


@pytest.fixture
def refused(run, tmp_path, tree):
    """Run a command that must be refused and change nothing; return its message."""

    def refuse(*arguments, status=2, **options):
        before = tree(tmp_path)
        done = run(*(arguments or NEW), **options)
        assert done.returncode == status, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        assert done.stdout == ""
        assert tree(tmp_path) == before
        return done.stderr

    return refuse


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/x",
        "class",
        "1st",
        "My Impl",
        "a;rm -rf /",
        "a" * 300,
        "{{7*7}}",
        "a\x1b[2J",
        "/abs",
        "",
        "a/b",
    ],
)
def test_a_name_that_is_none(refused, name):
    for arguments in (("quic", name), (name, "my_impl")):
        message = refused("new-iut", *arguments, "--defaults")
        assert message.startswith("panther-gen: the p")
        assert "\n  cure: " in message
        assert "\x1b" not in message


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--binary", "two words"),
        ("--binary", "-x"),
        ("--binary", "  "),
        ("--binary", "a\nb"),
        ("--binary", "$(id)"),
        ("--description", "two\nlines"),
        ("--description", "x" * 5000),
        ("--repo-url", "https://example.org/x; rm -rf /"),
        ("--repo-url", "not a url"),
        ("--class-name", "import os"),
        ("--class-name", "lower"),
        ("--plugin-version", "'"),
    ],
)
def test_an_answer_that_cannot_be_used_is_named_by_its_option(tmp_path, option, value):
    questions = {spelling: question for question, spelling in OPTIONS.items()}
    with pytest.raises(UsageError) as refusal:
        plan_new_iut(NewIut(tmp_path, "quic", "my_impl", {questions[option]: value}))
    assert str(refusal.value).startswith(f"{option} '")
    assert refusal.value.cure
    assert list(tmp_path.iterdir()) == []


def test_an_answer_that_the_blueprint_refuses_is_a_sentence(refused):
    message = refused(*NEW, "--binary", "two words")
    assert message.startswith("panther-gen: --binary 'two words' cannot be used\n  cure: use ")


def test_a_directory_that_exists_with_its_files(refused, tmp_path):
    plugin = tmp_path / PLUGIN
    plugin.joinpath("deep").mkdir(parents=True)
    plugin.joinpath("deep", "file.py").write_text("mine")
    message = refused()
    assert f"the directory '{PLUGIN}' exists already:\n  deep/file.py\n" in message
    assert f"rm -r {PLUGIN}" in message


def test_of_many_files_some_are_listed(refused, tmp_path):
    tmp_path.joinpath(PLUGIN).mkdir(parents=True)
    for number in range(20):
        tmp_path.joinpath(PLUGIN, f"file{number}").touch()
    assert "\n  and 8 more\n" in refused()


def test_an_empty_directory_that_exists(refused, tmp_path):
    tmp_path.joinpath(PLUGIN).mkdir(parents=True)
    assert "exists already, and is empty" in refused()


def test_a_file_in_the_plugins_place(refused, tmp_path):
    tmp_path.joinpath(PLUGIN).parent.mkdir(parents=True)
    tmp_path.joinpath(PLUGIN).touch()
    assert "exists already" in refused()


def test_a_file_where_a_directory_is_needed(refused, tmp_path):
    tmp_path.joinpath("panther").mkdir()
    tmp_path.joinpath("panther/plugins").touch()
    assert "'panther/plugins' is a file, where a directory is needed" in refused()


def test_a_file_for_the_output_directory(refused, tmp_path):
    tmp_path.joinpath("file").touch()
    assert "'file' is a file" in refused(*NEW, "--output", "file")


def test_a_file_above_the_output_directory(refused, tmp_path):
    tmp_path.joinpath("file").touch()
    assert "'file' is a file\n  cure: choose a directory" in refused(*NEW, "--output", "file/below/that")


@pytest.mark.parametrize("place", ["circle", "circle/below"])
def test_a_link_to_itself_for_the_output_directory(refused, tmp_path, place):
    tmp_path.joinpath("circle").symlink_to("circle")
    assert "'circle' is a symbolic link to nothing" in refused(*NEW, "--output", place)


@pytest.mark.parametrize(
    "hiding",
    [
        "panther.py",
        "panther/__init__.py",
        "panther/plugins/__init__.py",
        "panther/plugins/services/__init__.py",
    ],
)
def test_a_file_that_would_hide_the_runtime(refused, tmp_path, hiding):
    tmp_path.joinpath(hiding).parent.mkdir(parents=True, exist_ok=True)
    tmp_path.joinpath(hiding).touch()
    message = refused()
    assert f"hidden by '{hiding}'" in message
    assert f"cure: remove what hides it: rm {hiding}" in message


@pytest.mark.parametrize("link", ["panther", "panther/plugins", "panther/plugins/services/iut/quic"])
def test_a_link_out_of_the_root(refused, tmp_path, link):
    outside, root = tmp_path / "outside", tmp_path / "root"
    outside.mkdir()
    root.joinpath(link).parent.mkdir(parents=True)
    root.joinpath(link).symlink_to(outside)
    assert f"'{link}' is a symbolic link out of '.', to '{outside}'" in refused(cwd=root)


@pytest.mark.parametrize("target", ["nowhere", "panther"])
def test_a_link_to_nothing(refused, tmp_path, target):
    tmp_path.joinpath("panther").symlink_to(target)
    assert "'panther' is a symbolic link to nothing" in refused()


def test_a_link_within_the_root_is_followed(run, tmp_path):
    tmp_path.joinpath("elsewhere").mkdir()
    tmp_path.joinpath("panther").symlink_to("elsewhere")
    assert run(*NEW).returncode == 0
    assert tmp_path.joinpath(PLUGIN, "my_impl.py").is_file()
    assert tmp_path.joinpath("panther").is_symlink()


def test_a_directory_that_may_not_be_written(refused, tmp_path, obey_permissions):
    tmp_path.chmod(0o555)
    message = refused(status=4, preexec_fn=obey_permissions)
    assert f"cannot write '{PLUGIN}' below '.': Permission denied" in message
    assert "--output DIR" in message


def test_a_place_that_can_hold_nothing(refused):
    assert "cannot " in refused(*NEW, "--output", "/proc/nothing", status=4)


def test_a_path_that_is_too_long(refused):
    assert "File name too long" in refused(*NEW, "--output", "x" * 300, status=4)


def test_a_limit_on_the_size_of_files(refused):
    message = refused(status=4, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)))
    assert "File too large" in message
    assert "ulimit -f" in message


@pytest.fixture
def small_disk(tmp_path):
    """Mount a file system of 16 KiB; skip where that is not allowed."""
    place = tmp_path / "disk"
    place.mkdir()
    if shutil.which("mount") is None:
        pytest.skip("there is no mount program")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", place], capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"mounting a small disk is not allowed: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_full_disk(refused, small_disk):
    message = refused(cwd=small_disk, status=4)
    assert f"cannot write '{PLUGIN}' below '.': No space left on device" in message
    assert "nothing was left behind" in message


def test_a_full_disk_for_temporary_files(refused, small_disk):
    message = refused(env={"TMPDIR": str(small_disk)}, status=4)
    assert "directory for temporary files (TMPDIR): No space left on device" in message


BROKEN_BLUEPRINTS = {
    "syntax": (
        {"copier.yml": "", "a.txt.jinja": "one\n{% if %}\n"},
        "a.txt.jinja:2: the blueprint 'iut' does not",
    ),
    "undefined": (
        {"copier.yml": "_envops: {undefined: jinja2.StrictUndefined}", "a.txt.jinja": "one\n{{ nothing }}\n"},
        "a.txt.jinja:2: the blueprint 'iut' does not render: 'nothing' is undefined",
    ),
    "runtime": (
        {"copier.yml": "", "a.txt.jinja": "{{ 1 // 0 }}"},
        "a.txt.jinja:1: the blueprint 'iut' does not",
    ),
    "questions": ({"copier.yml": "a: [1\n"}, "copier.yml"),
    "type": ({"copier.yml": "a: {type: strange, default: 1}"}, "copier refuses the blueprint 'iut'"),
    "default": (
        {"copier.yml": "a: {type: str, default: '{{ 1'}", "x.txt": ""},
        "copier.yml: the blueprint 'iut' does not",
    ),
    "required": ({"copier.yml": "a: {type: str}"}, "copier refuses the blueprint 'iut'"),
    "missing": ({}, "this installation has no blueprint 'iut'"),
    "newer": ({"copier.yml": "_min_copier_version: '99'"}, "copier refuses the blueprint 'iut'"),
}


@pytest.mark.parametrize(("files", "sentence"), BROKEN_BLUEPRINTS.values(), ids=BROKEN_BLUEPRINTS)
def test_a_broken_blueprint_names_its_file_and_line(run, other_blueprint, tree, files, sentence):
    checkout = other_blueprint({f"{name}": text for name, text in files.items()})
    done = run("new-iut", "quic", "my_impl", "--defaults", cwd=checkout, env={"PYTHONDONTWRITEBYTECODE": "1"})
    assert done.returncode == 3, done.stderr
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert (
        sorted(path.name for path in checkout.iterdir()) == ["blueprints", "panther_gen"][bool(not files) :]
    )
