"""``panther-gen status`` and ``list``: how plugins stand, for people, for scripts and for CI."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from panther_gen.blueprints import find_blueprint
from panther_gen.generate.state import STATE_FILE, read_state, state_text


@pytest.fixture
def stand(run):
    """Return the exit status, and how each plugin stands."""

    def ask(*arguments):
        done = run("status", "--json", *arguments)
        assert "Traceback" not in done.stderr
        document = json.loads(done.stdout)
        assert document["version"] == 1
        return done.returncode, {one["plugin"]: one for one in document["plugins"]}

    return ask


def test_a_fresh_plugin_is_up_to_date(run, stand):
    run("new-iut", "quic", "sample", "--language", "c")
    status, plugins = stand()
    assert status == 0
    assert plugins == {
        "quic/sample": {
            "plugin": "quic/sample",
            "kind": "iut",
            "directory": "panther/plugins/services/iut/quic/sample",
            "blueprint": "iut",
            "blueprint_version": plugins["quic/sample"]["newest_version"],
            "newest_version": plugins["quic/sample"]["newest_version"],
            "blueprint_changed": False,
            "protocol_changed": False,
            "tracked": True,
            "behind": False,
            "edited": [],
            "deleted": [],
            "conflicted": [],
            "problem": "",
        }
    }
    assert run("status").stdout == "quic/sample  up to date\n"


def test_what_the_author_did_is_named_and_is_no_fault(run, stand, released):
    plugin = released()
    plugin.joinpath("Dockerfile").unlink()
    plugin.joinpath("README.md").write_text("Mine.\n")
    config = plugin / "config_schema.py"
    config.write_bytes(config.read_bytes().replace(b"\n", b"\r\n"))
    status, plugins = stand()
    assert status == 0
    assert plugins["quic/sample"]["edited"] == ["README.md"]
    assert plugins["quic/sample"]["deleted"] == ["Dockerfile"]
    assert "edited: README.md; deleted: Dockerfile" in run("status", "sample").stdout


def test_behind_and_conflicted_have_exit_codes(run, stand, released, newer):
    plugin = released()
    status, plugins = stand("--blueprint", newer)
    assert (status, plugins["quic/sample"]["behind"]) == (1, True)
    assert "behind: 1 of 1000" in run("status", "--blueprint", newer).stdout
    plugin.joinpath("Dockerfile").write_text("<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n")
    status, plugins = stand("--blueprint", newer)
    assert (status, plugins["quic/sample"]["conflicted"]) == (5, ["Dockerfile"])


def test_a_blueprint_that_changed_within_its_version(run, stand, make_newer):
    run("new-iut", "quic", "sample", "--language", "c")
    version = find_blueprint("iut").version
    changed = make_newer({"macros/markdown.jinja": lambda text: text + "{# new #}"}, version=version)
    status, plugins = stand("--blueprint", changed)
    assert (status, plugins["quic/sample"]["blueprint_changed"]) == (1, True)
    told = run("status", "--blueprint", changed).stdout
    assert told == f"quic/sample  behind: the blueprint 'iut' has changed within version {version}\n"
    assert run("update", "--all", "--blueprint", changed).returncode == 0
    assert stand("--blueprint", changed)[0] == 0


def test_a_blueprint_that_is_newer_or_not_here(run, stand, released, newer):
    plugin = released()
    run("update", "--all", "--blueprint", newer)
    status, plugins = stand()
    assert status == 2
    assert "is newer than this panther-gen's" in plugins["quic/sample"]["problem"]
    state = replace(read_state(plugin), blueprint="own")
    plugin.joinpath(STATE_FILE).write_bytes(state_text(state))
    status, plugins = stand()
    assert status == 2
    assert "its blueprint 'own' is not here; there are: iut" in plugins["quic/sample"]["problem"]
    refused = run("update", "sample")
    assert refused.returncode == 2
    assert "cure: --blueprint DIR says where it is" in refused.stderr


def test_a_plugin_without_a_record_is_no_fault(stand, released):
    plugin = released()
    plugin.joinpath(".panther-gen.json").unlink()
    status, plugins = stand()
    assert status == 0
    assert plugins["quic/sample"]["tracked"] is False
    assert "--adopt" in plugins["quic/sample"]["problem"]


def test_it_writes_nothing(run, released, tree, tmp_path):
    released()
    before = tree(tmp_path)
    assert [run(command).returncode for command in ("status", "list")] == [0, 0]
    assert tree(tmp_path) == before


def test_list_names_blueprints_protocols_languages_and_plugins(run, released):
    assert "plugins:    none here" in run("list").stdout
    released()
    text = run("list").stdout
    for word in ("iut (version", "quic, http, minip, tcp", "python, rust, c, go", "quic/sample  up to date"):
        assert word in text
    document = json.loads(run("list", "--json").stdout)
    assert document["protocols"] == ["quic", "http", "minip", "tcp"]
    assert document["languages"] == ["python", "rust", "c", "go"]
    assert [one["id"] for one in document["blueprints"]] == ["iut", "protocol", "tester"]
    assert [one["plugin"] for one in document["plugins"]] == ["quic/sample"]


@pytest.mark.parametrize("command", ["status", "list", "diff", "update"])
def test_a_file_that_may_not_be_read_is_named(run, released, obey_permissions, command):
    released().joinpath("README.md").chmod(0)
    words = () if command == "list" else ("sample",)
    done = run(command, *words, preexec_fn=obey_permissions)
    assert done.returncode == 4
    assert "/panther/plugins/services/iut/quic/sample/README.md': Permission denied\n" in done.stderr
    assert done.stderr.endswith("  cure: make it readable\n")


@pytest.mark.parametrize("depth", [0, 1])
def test_a_directory_that_may_not_be_read_is_not_taken_for_empty(run, released, obey_permissions, depth):
    directory = [released(), *released().parents][depth]
    directory.chmod(0)
    done = run("status", preexec_fn=obey_permissions)
    directory.chmod(0o755)
    assert done.returncode == 4
    assert f"{directory.name}" in done.stderr
    assert "Permission denied\n  cure: make it readable" in done.stderr


def test_where_nothing_is(run):
    assert run("status").stdout == "there are no plugins here\n"


def test_the_help_tells_the_exit_codes(run):
    assert "5 conflicts are to be resolved" in run("--help").stdout
    assert "5 if one has conflicts" in " ".join(run("status", "--help").stdout.split())
    assert "the exit status is 5" in " ".join(run("update", "--help").stdout.split())
