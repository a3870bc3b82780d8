"""``panther-gen new-iut --server … --client …``: what it writes, what it says and what it refuses."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from panther_gen.generate.answers import request_for
from panther_gen.generate.iut import plan_new_iut
from panther_gen.generate.land import land
from panther_gen.generate.state import OWN_FILES

PLUGINS = Path("panther/plugins/services/iut")
SERVER = "myserver -p 4443 --cert cert.pem --key key.pem -d ./www app:app -q"
CLIENT = "myclient --ca ca.pem https://localhost:4443/index.html -o out"


def test_both_examples_make_a_plugin_of_two_programs(run, tmp_path):
    done = run("new-iut", "quic", "myimpl", "--server", SERVER, "--client", CLIENT)
    assert done.returncode == 0, done.stderr
    plugin = tmp_path / PLUGINS / "quic/myimpl"
    assert {str(path.relative_to(plugin)) for path in plugin.rglob("*") if path.is_file()} - OWN_FILES == {
        "Dockerfile", "README.md", "__init__.py", "config_schema.py", "myimpl.py", "tests/test_myimpl.py",
    }  # fmt: skip
    source = plugin.joinpath("myimpl.py").read_text()
    ast.parse(source)
    for value in ("4443", "cert.pem", "key.pem", "./www", "ca.pem", "localhost", "index.html", '"out"'):
        assert value not in source
    for word in ("myserver", "myclient", "-p", "--cert", "app:app", "-q"):
        assert f'"{word}"' in source
    assert "default_port: int = 4443" in plugin.joinpath("config_schema.py").read_text()
    assert tmp_path.joinpath("test_config.yaml").is_file()


def test_it_shows_what_was_taken_for_what(run):
    lines = run("new-iut", "quic", "myimpl", "--server", SERVER, "--client", CLIENT).stdout.splitlines()
    assert lines[0] == f"server: {SERVER}"
    shown = [" ".join(line.split()) for line in lines]
    assert "-p 4443 {port} a port number, named -p" in shown
    assert "--cert cert.pem {cert_file} a file, named --cert" in shown
    assert "app:app nothing says what it is" in shown
    assert "kept as they are, options without a value: -q" in shown
    assert "https://localhost:4443/index.html {url} a URL" in shown
    assert shown.index("created panther/plugins/services/iut/quic/myimpl/") > shown.index(f"client: {CLIENT}")


def test_a_dry_run_shows_it_too_and_a_patch_beside_itself(run, tmp_path):
    example = ("new-iut", "quic", "myimpl", "--server", SERVER)
    lines = run(*example, "--dry-run").stdout.splitlines()
    assert lines[0] == f"server: {SERVER}"
    assert lines[-1] == "nothing has been changed"
    patch = run(*example, "--diff")
    assert patch.stdout.startswith("--- /dev/null\n")
    assert patch.stderr.startswith(f"server: {SERVER}\n")
    assert json.loads(run(*example, "--dry-run", "--json").stdout)["landed"] is False
    assert list(tmp_path.iterdir()) == []


def test_json_holds_what_was_recognised(run):
    done = run("new-iut", "quic", "myimpl", "--json", "--server", f"A=1 {SERVER}")
    commands = json.loads(done.stdout)["commands"]
    assert set(commands) == {"server"}
    server = commands["server"]
    assert server["program"] == "myserver"
    assert server["parameters"] == {
        "port": 4443, "cert_file": "cert.pem", "key_file": "key.pem", "www_dir": "./www",
    }  # fmt: skip
    assert [word["as"] for word in server["arguments"]][:4] == ["-p", "{port}", "--cert", "{cert_file}"]
    (kept,) = [value for value in server["values"] if value["value"] == "app:app"]
    assert kept["taken_for"] is None
    assert [value["confidence"] for value in server["values"]][-2:] == ["named", None]
    assert server["example"][kept["column"] - 1 :].startswith("app:app")
    assert server["environment"] == [
        {"name": "A", "as": "1", "pieces": [{"text": "1"}], "unless_empty": ""}
    ]  # fmt: skip


def test_without_an_example_the_document_is_as_before(run):
    assert "commands" not in json.loads(run("new-iut", "quic", "myimpl", "--json").stdout)


@pytest.mark.parametrize(("role", "text"), [("server", SERVER), ("client", CLIENT)])
def test_one_example_makes_a_plugin_of_that_role(run, tmp_path, role, text):
    done = run("new-iut", "quic", "myimpl", f"--{role}", text)
    assert done.returncode == 0, done.stderr
    other = "client" if role == "server" else "server"
    source = (tmp_path / PLUGINS / "quic/myimpl/myimpl.py").read_text()
    assert f"'myimpl' is a plugin of a {role} only" in source
    assert f'"{other}": False' in source
    # There is nothing that it could be tried against.
    assert not tmp_path.joinpath("test_config.yaml").exists()
    assert "panther-gen try" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--server", "srv", "--binary", "srv"], "--binary and --server both name the program"),
        (
            ["--server", "srv", "--client", "c", "--binary", "x"],
            "--binary and --server and --client both name",
        ),
        (["--server", "srv | tee x"], "--server, column 5: '|' is a pipe"),
        (["--client", "c --x 'y"], "--client, column 7: the quotation mark ' is not closed"),
        (["--server", ""], "--server '' holds no program"),
        (["--server", "'my srv'"], "--server, column 1: 'my srv' is no program's name"),
    ],
)
def test_what_cannot_be_used_is_refused(run, tmp_path, arguments, sentence):
    done = run("new-iut", "quic", "myimpl", *arguments)
    assert done.returncode == 2
    assert done.stderr.startswith(f"panther-gen: {sentence}")
    assert "cure: " in done.stderr
    assert not list(tmp_path.iterdir())


def test_the_language_of_an_example_is_not_python_unless_it_is_said(run, tmp_path):
    run("new-iut", "quic", "one", "--server", SERVER)
    run("new-iut", "quic", "two", "--server", SERVER, "--language", "python")
    plugins = tmp_path / PLUGINS / "quic"
    assert 'language: ClassVar[str] = "c"' in plugins.joinpath("one/one.py").read_text()
    assert "PythonQUICServiceManager" in plugins.joinpath("two/two.py").read_text()
    assert not plugins.joinpath("two/endpoint").exists()


def test_a_program_in_the_working_directory_keeps_its_path(tmp_path):
    request = request_for(tmp_path, "quic", "mine", {}, server="./build/srv -p 4443", client=None)
    (source,) = [file.content.decode() for file in land(plan_new_iut(request)) if file.path.name == "mine.py"]
    assert 'return "srv"' in source
    assert '"./build/srv",' in source


def test_the_default_port_is_that_of_the_url_where_nothing_else_names_one(tmp_path):
    examples = {"server": "srv -c srv.conf", "client": "cl https://localhost:9443/index.html"}
    plan = plan_new_iut(request_for(tmp_path, "quic", "mine", {}, **examples))
    (schema,) = [file.content.decode() for file in plan.files if file.path.name == "config_schema.py"]
    assert "default_port: int = 9443" in schema


def test_of_two_programs_one_is_built_and_that_is_said(run):
    told = run("new-iut", "quic", "two", "--server", "srv -p 4443", "--client", "cl localhost 4443").stdout
    assert "note: the Dockerfile builds 'srv'; 'cl' is for you to add to it" in told
    one = run("new-iut", "quic", "one", "--server", "both -p 4443", "--client", "both localhost 4443").stdout
    assert "Dockerfile builds" not in one
