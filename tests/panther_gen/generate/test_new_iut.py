"""``panther-gen new-iut``: what it writes, and what it says."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from panther_gen.blueprints import find_blueprint
from panther_gen.generate.iut import plan_new_iut
from panther_gen.generate.land import land
from panther_gen.generate.request import OPTIONS, NewIut
from panther_gen.generate.state import OWN_FILES
from panther_gen.names import KNOWN_PROTOCOLS, LANGUAGES

PLUGINS = Path("panther/plugins/services/iut")


@pytest.fixture
def copier_copy(tmp_path):
    """Render the blueprint with copier's own command; return the directory."""

    def copy(name, *data):
        destination = tmp_path / "by-copier" / name
        words = [word for pair in (f"name={name}", *data) for word in ("-d", pair)]
        blueprint = str(find_blueprint("iut").directory)
        command = [
            sys.executable,
            "-m",
            "copier",
            "copy",
            "--quiet",
            "--defaults",
            *words,
            blueprint,
            destination,
        ]
        # Its own settings file may hold defaults.
        settings = {"COPIER_SETTINGS_PATH": "/dev/null"}
        subprocess.run(
            command, check=True, env={"PATH": "/usr/bin:/bin", **settings}, stdin=subprocess.DEVNULL
        )
        return destination

    return copy


def test_it_writes_what_plain_copier_writes(run, tmp_path, copier_copy, assert_same_tree):
    answers = {
        "language": "python",
        "description": "It says \"hello\", {{ 7*7 }} 'times' \\ 100 %",
        "binary_name": "/usr/bin/my-server",
        "repo_url": "https://example.org/me/my_impl.git",
        "version": "2.1.0",
        "class_name": "Mine",
    }
    options = [word for question, answer in answers.items() for word in (OPTIONS[question], answer)]
    done = run("new-iut", "quic", "my_impl", *options)
    assert done.returncode == 0, done.stderr
    plain = copier_copy(
        "my_impl", "protocol=quic", *(f"{question}={answer}" for question, answer in answers.items())
    )
    plugin = tmp_path / PLUGINS / "quic/my_impl"
    for name in OWN_FILES:
        plugin.joinpath(name).unlink()
    assert_same_tree(plugin, plain)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("protocol", [*KNOWN_PROTOCOLS, "my_protocol"])
def test_every_protocol_and_language_has_the_files_of_the_guide(tmp_path, protocol, language):
    request = NewIut(tmp_path, protocol, "my_impl", {"language": language})
    written = land(plan_new_iut(request))
    assert {str(file.path.relative_to(request.directory)) for file in written[:-1]} >= {
        "__init__.py", "my_impl.py", "config_schema.py", "Dockerfile", "README.md", "tests/test_my_impl.py",
        "templates/client_command.jinja", "templates/server_command.jinja",
    }  # fmt: skip
    assert_python_parses(written)


@pytest.mark.parametrize(
    "description", ['"""', "\\", "\\N{x} \\x", "'''", "#", "{% raw %}", "\N{SNOWMAN}", "x" * 300]
)
def test_every_description_makes_a_plugin_that_parses(tmp_path, description):
    request = NewIut(tmp_path, "quic", "my_impl", {"description": description})
    assert_python_parses(plan_new_iut(request).files)


def assert_python_parses(files):
    modules = [file for file in files if file.path.suffix == ".py"]
    assert modules
    for module in modules:
        ast.parse(module.content, str(module.path))


def test_plugins_of_every_language_lint_clean(run, tmp_path):
    for language in LANGUAGES:
        land(plan_new_iut(NewIut(tmp_path, "quic", f"{language}_impl", {"language": language})))
    linted = run("lint", "--strict")
    assert linted.returncode == 0, linted.stdout + linted.stderr


def test_with_the_first_plugin_comes_an_experiment_that_runs_it(run, tmp_path):
    run("new-iut", "quic", "null", "--language", "c")
    (test,) = yaml.safe_load(tmp_path.joinpath("test_config.yaml").read_text())["tests"]
    assert test["network_environment"] == {"type": "localhost"}
    for role in ("server", "client"):
        service = test["services"][role]
        assert service["implementation"] == {"name": "null", "type": "iut"}
        assert (service["protocol"]["name"], service["protocol"]["role"]) == ("quic", role)
    assert test["services"]["client"]["protocol"]["target"] == "server"


def test_with_the_second_plugin_comes_none(run, tmp_path):
    run("new-iut", "quic", "first", "--language", "c")
    tmp_path.joinpath("test_config.yaml").unlink()
    done = run("new-iut", "http", "second", "--language", "c")
    assert done.returncode == 0
    assert not tmp_path.joinpath("test_config.yaml").exists()
    assert "test_config.yaml" not in done.stdout


def test_an_experiment_that_is_there_is_kept(run, tmp_path):
    mine = tmp_path / "test_config.yaml"
    mine.write_text("mine\n")
    done = run("new-iut", "quic", "my_impl", "--language", "c")
    assert done.returncode == 0
    assert mine.read_text() == "mine\n"
    assert "test_config.yaml" not in done.stdout


def test_it_says_what_it_made_and_what_comes_next(run, tmp_path):
    lines = run("new-iut", "quic", "my_impl", "--language", "c").stdout.splitlines()
    assert lines[0] == "created panther/plugins/services/iut/quic/my_impl/"
    made = {line.strip() for line in lines if line.startswith(" " * 10)}
    plugin = tmp_path / PLUGINS / "quic/my_impl"
    assert made == {str(file.relative_to(plugin)) for file in plugin.rglob("*") if file.is_file()}
    assert "created test_config.yaml" in lines
    following = lines[lines.index("next:") + 1 :]
    assert [line.strip().partition("  ")[0] for line in following[:3]] == [
        "panther-gen lint",
        "pytest panther/plugins/services/iut/quic/my_impl",
        "panther-gen try my_impl",
    ]
    assert (
        len({len(line) - len(line.partition("  ")[2].partition("  ")[2].lstrip()) for line in following[:3]})
        == 1
    )


def test_it_writes_below_another_directory_and_makes_that(run, tmp_path):
    done = run("new-iut", "quic", "my_impl", "--output", "some where/deep", "--language", "c")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "some where/deep" / PLUGINS / "quic/my_impl/my_impl.py").is_file()
    assert (tmp_path / "some where/deep/test_config.yaml").is_file()
    assert "created some where/deep/panther/plugins/services/iut/quic/my_impl/" in done.stdout
    assert "  cd 'some where/deep'\n" in done.stdout


def test_json_holds_the_same(run, tmp_path):
    document = json.loads(run("new-iut", "quic", "my_impl", "--json").stdout)
    assert document["version"] == 1
    assert document["root"] == str(tmp_path)
    assert document["directory"] == str(PLUGINS / "quic/my_impl")
    files = {
        str(path.relative_to(tmp_path)): path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()
    }
    assert {file["path"]: file["bytes"] for file in document["created"]} == files
    assert document["next"][-1] == "panther-gen try my_impl"


def test_a_protocol_of_ones_own_is_pointed_out(run):
    assert "did you mean 'quic'?" in run("new-iut", "qiuc", "x", "--language", "c").stdout
    assert "'mqtt' is a protocol of your own" in run("new-iut", "mqtt", "x", "--language", "c").stdout


def test_several_at_once_in_one_new_directory_all_succeed(tmp_path):
    command = [
        sys.executable,
        "-m",
        "panther_gen",
        "new-iut",
        "http",
        "--language",
        "c",
        "--output",
        "shared",
    ]
    together = [
        subprocess.Popen([*command, f"impl{number}"], cwd=tmp_path, stdout=subprocess.DEVNULL)
        for number in range(4)
    ]
    assert [process.wait() for process in together] == [0, 0, 0, 0]
    made = sorted(path.name for path in (tmp_path / "shared" / PLUGINS / "http").iterdir())
    assert made == ["impl0", "impl1", "impl2", "impl3"]
    assert sorted(path.name for path in tmp_path.joinpath("shared").iterdir()) == [
        "panther",
        "test_config.yaml",
    ]


def test_files_follow_the_umask(run, tmp_path):
    run("new-iut", "quic", "my_impl", "--language", "c", umask=0o077)
    assert {path.stat().st_mode & 0o077 for path in tmp_path.joinpath("panther").rglob("*")} == {0}


def test_the_persons_own_copier_settings_change_nothing(run, tmp_path):
    settings = tmp_path / "settings.yml"
    settings.write_text("defaults: {language: rust, description: leaked}\n")
    run("new-iut", "quic", "my_impl", "--defaults", env={"COPIER_SETTINGS_PATH": str(settings)})
    plugin = tmp_path / PLUGINS / "quic/my_impl"
    assert plugin.joinpath("endpoint").is_dir()
    assert "leaked" not in plugin.joinpath("my_impl.py").read_text()


def test_the_blueprint_asks_what_the_options_answer():
    questions = yaml.safe_load(find_blueprint("iut").questions_file.read_text())
    asked = {
        name for name, question in questions.items() if name[0] != "_" and question.get("when") is not False
    }
    assert asked == {"protocol", "name", *OPTIONS}
    assert tuple(questions["language"]["choices"]) == LANGUAGES
