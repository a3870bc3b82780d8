"""``panther-gen new-protocol``: a base class of one's own, its contract, and plugins that derive from it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROTOCOLS = Path("panther/plugins/protocols")
PLUGINS = Path("panther/plugins/services/iut")
LONG = "a_protocol_with_a_rather_long_name_of_several_words"


@pytest.fixture
def weather(run, tmp_path):
    """A root with the protocol ``weather`` and its plugin ``station``; return the root."""
    assert run("new-protocol", "weather", "--port", "4711").returncode == 0
    assert run("new-iut", "weather", "station", "--defaults").returncode == 0
    return tmp_path


def _pytest(root: Path, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(words, cwd=cwd or root, capture_output=True, text=True)


def test_it_says_what_it_made_and_what_comes_next(run, tmp_path):
    result = run("new-protocol", "weather")
    assert result.returncode == 0
    assert result.stdout.splitlines()[0] == "created panther/plugins/protocols/weather/"
    assert "panther-gen new-iut weather my_impl" in result.stdout
    made = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file())
    files = [
        ".panther-gen.base",
        ".panther-gen.json",
        "README.md",
        "__init__.py",
        "parameters.py",
        "service_base.py",
        "tests/test_weather_protocol.py",
    ]
    assert made == [f"{PROTOCOLS}/weather/{file}" for file in files]


def test_the_same_as_json(run, tmp_path):
    document = json.loads(run("new-protocol", "weather", "--json").stdout)
    assert [document[key] for key in ("kind", "protocol", "directory")] == [
        "protocol",
        "weather",
        "panther/plugins/protocols/weather",
    ]
    for file in document["created"]:
        assert (tmp_path / file["path"]).stat().st_size == file["bytes"]


@pytest.mark.parametrize("name", ["echo", LONG])
def test_what_is_generated_is_formatted_and_clean(run, tmp_path, name):
    assert run("new-protocol", name).returncode == 0
    assert run("new-iut", name, "station", "--language", "rust").returncode == 0
    assert run("lint", "--strict").returncode == 0
    words = [sys.executable, "-m", "ruff", "format", "--diff", "--isolated", tmp_path]
    formatted = subprocess.run(words, capture_output=True, text=True)
    assert formatted.stdout == ""


@pytest.mark.parametrize(
    ("mode", "place"),
    [("prepend", "."), ("append", f"{PROTOCOLS}/weather"), ("importlib", f"{PROTOCOLS}/weather/tests")],
)
def test_the_generated_tests_pass_from_everywhere(weather, mode, place):
    result = _pytest(weather, f"--import-mode={mode}", cwd=weather / place)
    assert result.returncode == 0, result.stdout


def test_a_protocol_may_be_called_like_a_module_of_python(run, tmp_path):
    assert run("new-protocol", "json").returncode == 0
    assert run("new-iut", "json", "station", "--defaults").returncode == 0
    result = _pytest(tmp_path)
    assert result.returncode == 0, result.stdout
    assert "2 passed" not in result.stdout


def test_the_plugin_runs_against_itself_as_generated(run, weather):
    result = run("try", "station")
    assert result.returncode == 0, result.stdout + result.stderr
    latest = json.loads((weather / "panther-results/latest/results.json").read_text(encoding="utf-8"))
    services = latest["tests"][0]["services"]
    assert {service["details"]["protocol"]["version"] for service in services} == {"1.0"}
    assert services[0]["argv"][services[0]["argv"].index("--port") + 1] == str(services[0]["port"])


def test_an_update_knows_the_base_class_still(run, weather):
    plugin = weather / PLUGINS / "weather/station/station.py"
    before = plugin.read_bytes()
    assert run("update", "station").returncode == 0
    assert plugin.read_bytes() == before
    assert b"(BaseWeatherServiceManager):" in before


@pytest.mark.parametrize("language", ["python", "rust", "c", "go"])
@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_each_transport_in_each_language(run, tmp_path, transport, language):
    assert run("new-protocol", "weather", "--transport", transport).returncode == 0
    assert run("new-iut", "weather", "station", "--language", language).returncode == 0
    assert run("lint", "--strict").returncode == 0
    result = _pytest(tmp_path)
    assert result.returncode == 0, result.stdout
    if language == "python":
        tried = run("try", "station")
        assert tried.returncode == 0, tried.stdout + tried.stderr
        assert "there and back, SHA-256 equal" in tried.stdout


def test_a_protocol_is_listed_compared_updated_and_destroyed(run, weather, tree):
    assert "; yours: weather\n" in run("list").stdout
    assert "protocols/weather  up to date" in run("status").stdout
    parameters = weather / PROTOCOLS / "weather/parameters.py"
    parameters.write_text(parameters.read_text().replace("4711", "4712"))
    assert run("status", "weather").stdout == "protocols/weather  edited: parameters.py\n"
    assert run("status", PROTOCOLS / "weather").stdout == "protocols/weather  edited: parameters.py\n"
    assert run("update", "--all").returncode == 0
    assert run("update", "weather", "--set", "description=Rain").returncode == 0
    assert "4712" in parameters.read_text()
    assert "Rain." in (weather / PROTOCOLS / "weather/README.md").read_text()
    refused = run("destroy", "weather", "--yes")
    assert refused.returncode == 2
    assert "plugins stand on the protocol 'weather': iut/weather/station" in refused.stderr
    assert [run("destroy", name, "--yes").returncode for name in ("station", "weather")] == [0, 0]
    assert [path.name for path in (weather / PROTOCOLS).rglob("*") if path.is_file()] == ["parameters.py"]


def test_plugins_follow_the_base_class_of_their_protocol(run, weather):
    base = weather / PROTOCOLS / "weather"
    for file in base.rglob("*.py"):
        file.write_text(file.read_text().replace("BaseWeatherServiceManager", "Climate"))
    behind = run("status", "station")
    assert behind.returncode == 1
    assert behind.stdout == "weather/station  behind: the base class of the protocol 'weather' has changed\n"
    assert run("update", "station").returncode == 0
    assert run("status", "station").returncode == 0
    assert "(Climate):" in (weather / PLUGINS / "weather/station/station.py").read_text()
    assert run("lint", "--strict").returncode == 0


def test_a_transport_that_is_none(run, weather):
    base = weather / PROTOCOLS / "weather/service_base.py"
    base.write_text(base.read_text().replace('"tcp"', '"tpc"'))
    refused = run("new-iut", "weather", "other", "--defaults")
    assert refused.returncode == 2
    assert "says transport = 'tpc'" in refused.stderr


def test_what_is_called_alike_is_told_apart(run, weather):
    run("new-iut", "tcp", "weather", "--defaults")
    assert "say which: tcp/weather, protocols/weather" in run("status", "weather").stderr
    run("new-tester", "weather", "station")
    refused = run("status", "weather/station").stderr
    assert "say which: iut/weather/station, testers/weather/station" in refused
    assert run("status", "testers/weather/station").stdout == "weather/station  up to date\n"


def test_a_protocol_without_a_record_is_adopted(run, weather):
    (weather / PROTOCOLS / "weather/.panther-gen.json").unlink()
    assert run("update", "weather", "--adopt", "--set", "port=4711").returncode == 0
    assert run("status", "weather").stdout == "protocols/weather  up to date\n"


def test_the_ports_default_is_the_protocols(weather):
    script = (
        "from panther.plugins.discovery import find_plugin, load_plugin\n"
        "manager = load_plugin(find_plugin('station')).manager_class()\n"
        "print(manager.resolve_parameters('server')['port'])\n"
    )
    result = subprocess.run([sys.executable, "-c", script], cwd=weather, capture_output=True, text=True)
    assert result.stdout == "4711\n", result.stderr


def _edit(weather: Path, old: str, new: str) -> None:
    plugin = weather / PLUGINS / "weather/station/station.py"
    text = plugin.read_text(encoding="utf-8")
    assert old in text
    plugin.write_text(text.replace(old, new), encoding="utf-8")


def test_linter_and_runtime_refuse_who_overrides_its_workflow(run, weather):
    _edit(
        weather,
        "    def _get_binary_name",
        "    def get_protocol_details(self): ...\n\n    def _get_binary_name",
    )
    lint = run("lint")
    assert lint.returncode == 1
    assert "PG101" in lint.stdout
    assert "'get_protocol_details' of 'BaseWeatherServiceManager'" in lint.stdout
    attempt = run("try", "station")
    assert attempt.returncode == 2
    assert "overrides the workflow method 'get_protocol_details'" in attempt.stderr
    assert "override _get_protocol_version instead" in attempt.stderr


def test_linter_and_runtime_miss_a_method_that_it_requires(run, weather):
    _edit(weather, "def _get_protocol_version", "def _get_protocol_versions")
    lint = run("lint")
    assert lint.returncode == 1
    assert "_get_protocol_version" in lint.stdout
    attempt = run("try", "station")
    assert attempt.returncode == 2
    assert "does not define _get_protocol_version" in attempt.stderr


def test_a_parameter_of_the_protocol_is_known_to_command_templates_and_experiments(run, weather):
    with (weather / PROTOCOLS / "weather/parameters.py").open("a", encoding="utf-8") as file:
        file.write('    units: str = Field("metric", description="units of what is sent")\n')
    template = weather / PLUGINS / "weather/station/templates/client_command.jinja"
    spelt = template.read_text(encoding="utf-8").replace(
        " client ", " client {% if units == 'none' %}x{% endif %} ", 1
    )
    template.write_text(spelt, encoding="utf-8")
    assert run("lint").returncode == 0, run("lint").stdout
    assert run("try", "station", "--set", "units=imperial").returncode == 0
    assert run("try", "station", "--set", "unit=imperial").returncode == 2


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("quic", "the runtime has a base class for the protocol 'quic' already"),
        ("Weather", "did you mean 'weather'?"),
        ("../x", "cannot have"),
        ("class", "is a keyword"),
    ],
)
def test_names_that_cannot_be_used_are_refused(run, tmp_path, name, sentence):
    result = run("new-protocol", name)
    assert result.returncode == 2
    assert sentence in result.stderr
    assert not list(tmp_path.iterdir())


def test_what_exists_is_left_alone(run, weather):
    file = weather / PROTOCOLS / "weather/parameters.py"
    file.write_text("mine = 1\n", encoding="utf-8")
    result = run("new-protocol", "weather")
    assert result.returncode == 2
    assert "exists already" in result.stderr
    assert file.read_text(encoding="utf-8") == "mine = 1\n"


@pytest.mark.parametrize(
    ("file", "text", "sentence"),
    [
        ("__init__.py", "", "shall have one base class, and has none"),
        ("service_base.py", "class (:\n", "service_base.py:1: the protocol 'weather' does not parse"),
    ],
)
def test_a_broken_protocol_is_refused_with_its_place(run, weather, file, text, sentence):
    (weather / PROTOCOLS / "weather" / file).write_text(text, encoding="utf-8")
    result = run("new-iut", "weather", "other", "--defaults")
    assert result.returncode == 2
    assert sentence in result.stderr
    assert not (weather / PLUGINS / "weather/other").exists()


def test_what_else_the_base_class_asks_for_is_said(run, weather):
    base = weather / PROTOCOLS / "weather/service_base.py"
    more = "    @template_method\n    @abstractmethod\n    def _get_station(self) -> str:\n        ...\n\n"
    text = base.read_text(encoding="utf-8").replace("    @workflow_method", f"{more}    @workflow_method", 1)
    base.write_text(text, encoding="utf-8")
    result = run("new-iut", "weather", "other", "--defaults")
    assert "which also asks for: _get_station" in result.stdout
    assert run("lint").returncode == 1


def test_the_shell_is_offered_protocols_languages_and_plugins(run, weather):
    assert run("new-protocol", "wind").returncode == 0

    def offered(line: str) -> list[str]:
        words = line.split(" ")
        env = {
            "_PANTHER_GEN_COMPLETE": "complete_bash",
            "COMP_WORDS": line,
            "COMP_CWORD": str(len(words) - 1),
        }
        return run(env=env).stdout.split()

    assert offered("panther-gen new-iut w") == ["weather", "wind"]
    assert set(offered("panther-gen new-iut ")) >= {"quic", "http", "minip", "tcp", "weather", "wind"}
    assert offered("panther-gen new-iut quic x --language r") == ["rust"]
    assert offered("panther-gen try st") == ["station"]
