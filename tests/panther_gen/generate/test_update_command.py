"""``panther-gen update`` and ``diff``: a released version's plugin, edited, brought to a newer blueprint."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

CONFLICTS = 5
MINE = "# A line of mine.\n"


@pytest.fixture
def update(run, newer):
    """Update the plugins below the working directory to the newer blueprint; return what was said."""

    def start(*arguments, status=0, blueprint=newer, **options):
        done = run("update", "--all", "--blueprint", blueprint, *arguments, **options)
        assert done.returncode == status, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout if status in {0, CONFLICTS} else done.stderr

    return start


def fates(text):
    """Return what was said of each file, by its name below the plugin."""
    lines = [line.split(maxsplit=1) for line in text.splitlines() if "panther/plugins/" in line]
    return {path.partition("/sample/")[2].partition("  ")[0]: status for status, path in lines}


def edit(path: Path, change) -> None:
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


@pytest.mark.parametrize("kind", ["quic_python", "http_c"])
def test_an_untouched_plugin_becomes_what_new_iut_makes_now(run, update, released, tree, tmp_path, kind):
    plugin = released(kind=kind)
    run("update", "--all")
    fresh = tmp_path / "fresh"
    protocol, _, language = kind.partition("_")
    made = run("new-iut", protocol, "sample", "--language", language, "--output", fresh)
    assert made.returncode == 0, made.stderr
    expected = {
        name: held for name, held in tree(fresh / plugin.relative_to(tmp_path)).items() if name[0] != "."
    }
    assert {name: held for name, held in tree(plugin).items() if name[0] != "."} == expected
    assert fates(run("update", "--all").stdout).keys() == {name for name in expected if name[-1] != "/"}
    assert run("diff").returncode == 0


def test_what_nobody_edited_becomes_the_new_version(update, released):
    plugin = released()
    said = fates(update())
    assert said["Dockerfile"] == said["README.md"] == said["config_schema.py"] == "update"
    assert said["NOTES.md"] == "create"
    assert said["endpoint/requirements.txt"] == "remove"
    assert plugin.joinpath("Dockerfile").read_text().startswith("# Since version 1000.\n")
    assert plugin.joinpath("NOTES.md").read_text() == "Since version 1000.\n"
    assert not plugin.joinpath("endpoint/requirements.txt").exists()
    assert set(fates(update()).values()) == {"identical"}


def test_edits_elsewhere_in_a_file_are_merged(run, update, released):
    plugin = released()
    edit(plugin / "config_schema.py", lambda text: text + "\n    mine: int = 1\n    '''Mine.'''\n")
    said = update("--dry-run")
    assert "merged with your edits" in said
    assert fates(said)["config_schema.py"] == "update"
    update()
    text = plugin.joinpath("config_schema.py").read_text()
    assert "# Since version 1000." in text
    assert text.endswith("\n    mine: int = 1\n    '''Mine.'''\n")
    linted = run("lint", "--select", "PG0,PG1")
    assert linted.returncode == 0, linted.stdout


def test_a_conflict_is_marked_and_has_a_status_of_its_own(run, update, released):
    plugin = released()
    edit(plugin / "README.md", lambda text: text.replace("## Event Integration\n", "## My events\n"))
    edit(plugin / "config_schema.py", lambda text: f"{text}\n{MINE}")
    said = update(status=CONFLICTS)
    assert fates(said)["README.md"] == "conflict"
    assert "(1 conflict)" in said
    assert plugin.joinpath("README.md").read_text().count("## ") > 5
    marked = "<<<<<<< yours\n## My events\n=======\n## Events\n>>>>>>> blueprint iut 1000\n"
    assert marked in plugin.joinpath("README.md").read_text()
    text = plugin.joinpath("config_schema.py").read_text()
    assert "# Since version 1000." in text, "the rest of the update is made"
    assert text.endswith(MINE)
    found = run("lint")
    assert found.returncode == 1
    assert "PG002" in found.stdout
    assert run("status").returncode == 2, "the blueprint of this installation is older now"


def test_unresolved_conflicts_refuse_the_next_update(update, released, tree, tmp_path):
    plugin = released()
    edit(plugin / "README.md", lambda text: text.replace("## Event Integration\n", "## My events\n"))
    update(status=CONFLICTS)
    before = tree(tmp_path)
    message = update(status=2)
    assert "has conflicts that are not resolved:\n  README.md\n" in message
    assert tree(tmp_path) == before
    edit(plugin / "README.md", lambda text: "".join(
        line for line in text.splitlines(True) if line[:7] not in {"<<<<<<<", "=======", ">>>>>>>"}
    ))  # fmt: skip
    assert fates(update())["README.md"] == "skip"


def test_what_was_deleted_stays_deleted_and_what_was_renamed_keeps_its_edits(update, released):
    plugin = released()
    plugin.joinpath("Dockerfile").unlink()
    plugin.joinpath("README.md").rename(plugin / "MANUAL.md")
    edit(plugin / "MANUAL.md", lambda text: text + MINE)
    for _ in range(2):
        update()
        assert not plugin.joinpath("Dockerfile").exists()
        assert not plugin.joinpath("README.md").exists()
        text = plugin.joinpath("MANUAL.md").read_text()
        assert text.endswith(MINE)
        assert "## Events\n" in text
    plugin.joinpath("MANUAL.md").write_text("All else now.\n")
    assert fates(update())["MANUAL.md"] == "skip", "the new name is remembered, also for a text that is not"
    assert not plugin.joinpath("README.md").exists()


def test_a_file_that_the_blueprint_renamed_keeps_its_edits(update, released, make_newer, newer):
    readme = newer.joinpath("template/README.md.jinja").read_text()
    blueprint = make_newer({"template/README.md.jinja": None, "template/GUIDE.md.jinja": readme})
    plugin = released()
    edit(plugin / "README.md", lambda text: text + MINE)
    update(blueprint=blueprint)
    assert not plugin.joinpath("README.md").exists()
    text = plugin.joinpath("GUIDE.md").read_text()
    assert "## Events\n" in text
    assert text.endswith(MINE)


def test_an_edited_file_that_the_blueprint_dropped_stays(update, released):
    plugin = released()
    edit(plugin / "endpoint/requirements.txt", lambda text: text + MINE)
    assert fates(update())["endpoint/requirements.txt"] == "skip"
    assert plugin.joinpath("endpoint/requirements.txt").read_text().endswith(MINE)


def test_a_file_of_the_authors_where_the_blueprint_begins_to_have_one(update, released):
    plugin = released()
    plugin.joinpath("NOTES.md").write_text("Mine.\n")
    update(status=CONFLICTS)
    assert plugin.joinpath("NOTES.md").read_text() == (
        "<<<<<<< yours\nMine.\n=======\nSince version 1000.\n>>>>>>> blueprint iut 1000\n"
    )


def test_other_line_ends_are_kept_and_are_no_edit(run, update, released):
    plugin = released()
    for name in ("README.md", "config_schema.py", "Dockerfile"):
        path = plugin / name
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    schema = plugin / "config_schema.py"
    schema.write_bytes(schema.read_bytes() + b"\r\n# Mine.\r\n")
    update()
    for name in ("README.md", "config_schema.py", "Dockerfile"):
        content = plugin.joinpath(name).read_bytes()
        assert content.count(b"\n") == content.count(b"\r\n") > 3, name
    assert schema.read_bytes().endswith(b"# Mine.\r\n")
    assert b"## Events\r\n" in plugin.joinpath("README.md").read_bytes()


def test_permissions_and_links_are_kept(update, released, tmp_path):
    plugin = released()
    plugin.joinpath("Dockerfile").chmod(0o750)
    outside = tmp_path / "outside.md"
    shutil.move(plugin / "README.md", outside)
    plugin.joinpath("README.md").symlink_to(outside)
    before = outside.read_bytes()
    said = update(status=CONFLICTS)
    assert fates(said)["README.md.new"] == "conflict"
    assert plugin.joinpath("Dockerfile").stat().st_mode & 0o777 == 0o750
    assert plugin.joinpath("README.md").is_symlink()
    assert outside.read_bytes() == before
    assert "## Events\n" in plugin.joinpath("README.md.new").read_text()


def test_without_the_old_texts_an_edited_file_is_not_merged(update, released):
    plugin = released()
    plugin.joinpath(".panther-gen.base").unlink()
    edit(plugin / "README.md", lambda text: text + MINE)
    before = plugin.joinpath("README.md").read_bytes()
    said = update(status=CONFLICTS)
    assert fates(said)["README.md.new"] == "conflict"
    assert plugin.joinpath("README.md").read_bytes() == before
    assert fates(said)["Dockerfile"] == "update", "its hash is known to be the rendered one's"


@pytest.mark.parametrize(
    ("name", "change", "reason"),
    [
        (
            "sample.py",
            lambda text: text.rstrip("\n") + "\n\n    def prepare(self) -> None:\n        pass\n",
            "PG101",
        ),
        ("config_schema.py", lambda text: text + "\n    mine = (\n", "PG001"),
    ],
)
def test_faults_that_were_there_before_stop_no_update(update, released, name, change, reason):
    plugin = released()
    edit(plugin / name, change)
    assert fates(update())["Dockerfile"] == "update", reason


def test_a_merge_that_does_not_parse_is_not_landed(run, released, make_newer, tree, tmp_path):
    """The author makes a block of another kind, and the blueprint gives it an ``else``: both parse."""
    plugin = released()
    test = next(line for line in plugin.joinpath("sample.py").read_text().splitlines(True) if " if " in line)
    edit(plugin / "sample.py", lambda text: text.replace(test, "        with self.mine():\n"))
    ending = "        return args\n"
    other = f"        else:\n            pass\n{ending}"
    blueprint = make_newer({"template/{{ name }}.py.jinja": lambda text: text.replace(ending, other)})
    before = tree(tmp_path)
    done = run("update", "sample", "--blueprint", blueprint)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "the merged plugin would not be sound" in done.stderr
    assert "sample.py:" in done.stderr
    assert "PG001" in done.stderr
    assert tree(tmp_path) == before


def test_a_merge_that_breaks_the_contract_is_not_landed(run, released, make_newer, tree, tmp_path):
    plugin = released()
    edit(plugin / "sample.py", lambda text: text + MINE)
    following = "    def _get_binary_name("
    workflow = "    def prepare(self, plugin_manager: object = None) -> None:\n        pass\n\n"
    blueprint = make_newer(
        {"template/{{ name }}.py.jinja": lambda text: text.replace(following, workflow + following)}
    )
    before = tree(tmp_path)
    done = run("update", "sample", "--blueprint", blueprint)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "PG101" in done.stderr
    assert tree(tmp_path) == before


def test_dry_run_diff_and_json_change_nothing_and_tell_the_same(run, update, released, newer, tree, tmp_path):
    plugin = released()
    edit(plugin / "README.md", lambda text: text + MINE)
    before = tree(tmp_path)
    listed = fates(update("--dry-run"))
    document = json.loads(update("--dry-run", "--json"))
    (root,) = document["roots"]
    assert document["version"] == 1
    assert document["landed"] is False
    assert {one["path"].partition("/sample/")[2]: one["status"] for one in root["changes"]} == listed
    shown = run("diff", "--blueprint", newer)
    assert shown.returncode == 1
    assert tree(tmp_path) == before
    copy = tmp_path / "copy"
    shutil.copytree(tmp_path / "panther", copy / "panther")
    subprocess.run(
        ["patch", "-p1", "-s", "--no-backup-if-mismatch"], cwd=copy, input=shown.stdout, text=True, check=True
    )
    update()
    made, patched = tree(plugin), tree(copy / plugin.relative_to(tmp_path))
    assert {name: held for name, held in made.items() if name[0] != "."} == {
        name: held for name, held in patched.items() if name[0] != "."
    }


def test_several_plugins_are_updated_or_none(run, update, released, newer, tree, tmp_path):
    first, second = released(), released(kind="http_c")
    state = second / ".panther-gen.json"
    state.write_text(state.read_text().replace('"version": 1', '"version": 2', 1))
    before = tree(tmp_path)
    assert "was changed by something else than panther-gen" in update(status=2)
    assert tree(tmp_path) == before
    assert run("update", "quic/sample", "--blueprint", newer).returncode == 0
    assert first.joinpath("NOTES.md").exists()
    assert not second.joinpath("NOTES.md").exists()


@pytest.mark.parametrize(
    ("change", "sentence", "cure"),
    [
        (lambda text: text.replace('"quic"', '"http"'), "was changed by something else", "--adopt"),
        (
            lambda text: text.replace('"schema": 1', '"schema": 99'),
            "is too old to read it",
            "--upgrade panther-gen",
        ),
        (lambda text: "<<<<<<< HEAD\n" + text, "is no state file", "restore it from version control"),
        (lambda text: "[]", "is no state file", "--adopt"),
        (lambda text: "{}", "is no state file", "--adopt"),
        (lambda text: "\xff" * 9, "is no state file", "--adopt"),
    ],
)
def test_a_state_file_that_cannot_be_used(run, released, tree, tmp_path, change, sentence, cure):
    plugin = released()
    edit(plugin / ".panther-gen.json", change)
    before = tree(tmp_path)
    for command in ("update", "diff"):
        done = run(command, "sample")
        assert done.returncode == 2
        assert sentence in done.stderr
        assert cure in done.stderr.partition("\n  cure: ")[2]
    stand = run("status")
    assert stand.returncode == 2
    assert sentence in stand.stdout
    assert tree(tmp_path) == before


def test_a_plugin_of_a_newer_blueprint_is_refused(run, update, released):
    released()
    update()
    done = run("update", "sample")
    assert done.returncode == 2
    assert "was generated from version 1000 of the blueprint 'iut'" in done.stderr


def test_a_plugin_without_a_state_file_is_adopted(run, update, released, newer):
    plugin = released()
    run("update", "--all")  # what is adopted is taken for the blueprint's newest
    kept = plugin.joinpath(".panther-gen.json").read_bytes()
    for name in (".panther-gen.json", ".panther-gen.base"):
        plugin.joinpath(name).unlink()
    edit(plugin / "README.md", lambda text: text + MINE)
    done = run("update", "sample")
    assert done.returncode == 2
    assert "has no .panther-gen.json" in done.stderr
    assert "cure: panther-gen update --adopt" in done.stderr
    assert "has no record, and is left out" in run("update", "--all").stdout
    adopted = run("update", "--adopt", "sample")
    assert adopted.returncode == 0, adopted.stderr
    assert "taken for python" in adopted.stdout
    assert (
        json.loads(plugin.joinpath(".panther-gen.json").read_text())["answers"] == json.loads(kept)["answers"]
    )
    assert run("update", "--adopt", "sample").returncode == 2
    update()
    assert plugin.joinpath("README.md").read_text().endswith(MINE)
    assert "## Events\n" in plugin.joinpath("README.md").read_text()


def test_an_answer_can_be_changed(run, released):
    plugin = released()
    done = run("update", "sample", "--set", "description=Something else")
    assert done.returncode == 0, done.stderr
    assert "Something else" in plugin.joinpath("sample.py").read_text()
    assert set(fates(run("update", "sample").stdout).values()) == {"identical"}


@pytest.mark.parametrize(
    ("answer", "sentence", "cure"),
    [
        ("language=cobol", "--language 'cobol' cannot be used", "choose one of: 'python', 'rust', 'c', 'go'"),
        ("version=one", "--plugin-version 'one' cannot be used", "use a semantic version"),
        ("name=other", "name 'other' would make another plugin of 'quic/sample'", "panther-gen new-iut"),
        (
            "protocol=http",
            "protocol 'http' would make another plugin of 'quic/sample'",
            "panther-gen new-iut",
        ),
    ],
)
def test_an_answer_that_cannot_be_used_is_refused(run, released, tree, tmp_path, answer, sentence, cure):
    released()
    before = tree(tmp_path)
    refused = run("update", "sample", "--set", answer)
    assert refused.returncode == 2
    assert sentence in refused.stderr
    assert cure in refused.stderr
    assert tree(tmp_path) == before


def test_an_answer_that_is_no_number_is_refused(run):
    run("new-protocol", "weather")
    refused = run("update", "weather", "--set", "port=abc")
    assert (refused.returncode, refused.stderr) == (
        2,
        "panther-gen: --port 'abc' cannot be used\n  cure: give a number\n",
    )


def test_an_answer_that_no_question_asks_for_is_refused(run, released, tree, tmp_path):
    released()
    before = tree(tmp_path)
    done = run("update", "sample", "--set", "descripton=x")
    assert done.returncode == 2
    assert "asks no question 'descripton'\n  cure: did you mean 'description'?" in done.stderr
    assert run("update", "sample", "--set", "language").returncode == 2
    computed = run("update", "sample", "--set", "base_class=Mine")
    assert "asks no question 'base_class'" in computed.stderr, "nobody is asked for what is computed"
    refused = run("update", "sample", "--set", "class_name=not a class")
    assert refused.returncode == 2
    assert "'not a class' cannot be used" in refused.stderr
    assert tree(tmp_path) == before


def test_a_question_that_is_gone_is_told(run, released, make_newer):
    blueprint = make_newer({})
    questions = blueprint / "copier.yml"
    text = questions.read_text()
    start = text.index("\nrepo_url:\n")
    end = text.index("\n\n", start + 1)
    questions.write_text(text[:start] + text[end:])
    plugin = released()
    done = run("update", "sample", "--blueprint", blueprint)
    assert done.returncode == 0, done.stderr
    assert "asks no question 'repo_url' any longer; its answer is forgotten" in done.stdout
    assert "repo_url" not in json.loads(plugin.joinpath(".panther-gen.json").read_text())["answers"]


@pytest.mark.parametrize(
    ("arguments", "sentence", "cure"),
    [
        (["update"], "no plugin is named", "quic/sample"),
        (["update", "sampel"], "there is no plugin 'sampel' here", "did you mean 'sample'?"),
        (["update", "x/y"], "there is no plugin 'x/y' here", "there are here: quic/sample"),
        (["update", "sample", "--blueprint", "."], "holds no copier.yml", "directory of a blueprint"),
        (["destroy", "nothing"], "there is no plugin 'nothing' here", "quic/sample"),
    ],
)
def test_what_is_meant_has_to_be_there(run, released, tree, tmp_path, arguments, sentence, cure):
    released()
    before = tree(tmp_path)
    done = run(*arguments)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert cure in done.stderr
    assert tree(tmp_path) == before


def test_where_no_plugin_is_that_is_said(run):
    words = "there are no plugins here that have a record: nothing to update\n"
    assert run("update", "--all").stdout == words
    assert run("update", "--all", "--diff").stdout == "", "a patch has no words"


def test_plugins_are_named_by_directory_or_by_where_one_is(run, released, newer):
    plugin = released()
    released(kind="http_c")
    assert run("update", plugin).returncode == 0
    assert run("update", "http/sample").returncode == 0
    inside = run("update", "--blueprint", newer, cwd=plugin)
    assert inside.returncode == 0, inside.stderr
    assert plugin.joinpath("NOTES.md").exists()
    assert "means several plugins" in run("update", "sample").stderr


def test_plugins_of_one_name_are_told_apart_by_words_that_mean_one(run, released, tmp_path):
    for root in ("a", "b"):
        released(root=tmp_path / root)
    refused = run("update", "sample")
    places = [f"{root}/panther/plugins/services/iut/quic/sample" for root in "ab"]
    assert refused.stderr.endswith(f"  cure: say which: {', '.join(places)}\n")
    assert [run("update", "--dry-run", place).returncode for place in places] == [0, 0]
    lines = run("status").stdout.splitlines()
    assert [line.partition("  ")[0] for line in lines] == places


def test_the_state_holds_nothing_of_this_machine(run, tmp_path):
    run("new-iut", "quic", "mine", "--language", "c", "--output", tmp_path / "deep")
    plugin = tmp_path / "deep/panther/plugins/services/iut/quic/mine"
    state = plugin.joinpath(".panther-gen.json").read_text()
    assert str(tmp_path) not in state
    assert os.sep + "home" not in state
    assert json.loads(state).keys() == {
        "about",
        "schema",
        "panther_gen",
        "blueprint",
        "answers",
        "files",
        "seal",
    }


def test_a_plugin_from_an_example_keeps_it(run, tmp_path, tree):
    example = "myserver -p 4443 --cert cert.pem --key key.pem"
    made = run("new-iut", "quic", "mine", "--defaults", "--server", example)
    assert made.returncode == 0, made.stderr
    before = tree(tmp_path)
    done = run("update", "mine")
    assert done.returncode == 0, done.stderr
    assert set(done.stdout.split()[::2]) == {"identical"}
    assert tree(tmp_path) == before
    assert run("diff").returncode == 0
