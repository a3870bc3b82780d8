"""Dockerfiles: one builder a language, and no value that becomes an instruction of its own."""

from __future__ import annotations

import pytest

from panther.config.core.models import IUTConfig
from panther.errors import InputError
from panther.plugins.services.base import (
    DockerBuilderFactory,
    PythonQUICServiceManager,
    RustQUICServiceManager,
)

pytestmark = pytest.mark.filterwarnings(
    "ignore::panther.plugins.services.base.docker_build_base.UnpinnedSourcesWarning"
)
LANGUAGES = ("python", "rust", "c", "go")
URL = "https://github.com/yourorg/your-impl.git"


def dockerfile(language="rust", **values):
    return DockerBuilderFactory.create_builder(
        **{"implementation_name": "mine", "language": language, **values}
    ).generate_complete_dockerfile()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("repo_url", ["", URL])
def test_every_language_ends_in_a_stage_of_its_own_and_without_root(language, repo_url):
    text = dockerfile(language, repo_url=repo_url)
    instructions = [line.split()[0] for line in text.splitlines() if line and line[0].isalpha()]
    assert instructions.count("FROM") >= 2
    assert text.count("\nFROM ${RUNTIME_IMAGE} AS runtime\n") == 1
    assert "USER 10001:10001" in text.splitlines()
    assert "# syntax" not in text
    assert instructions[-1] == "ENTRYPOINT"
    assert (URL in text) == bool(repo_url)
    assert text.endswith("\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_input_gives_the_same_bytes(language):
    assert dockerfile(language) == dockerfile(language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("version", "2.5.0", 'image.version="2.5.0"'),
        ("base_image", "debian:trixie-slim", "debian:trixie-slim"),
        ("revision", "v1.2.3", "v1.2.3"),
        ("build_features", ["feature1", "feature2"], "feature2"),
        ("binary_name", "/usr/bin/other", "/other"),
        ("implementation_name", "another", 'image.title="another"'),
    ],
)
def test_every_value_reaches_the_text(language, name, value, expected):
    assert expected in dockerfile(language, repo_url=URL, **{name: value})


@pytest.mark.parametrize(
    ("language", "hint"),
    [("Rust", "did you mean 'rust'? "), ("pyhton", "did you mean 'python'? "), ("java", "")],
)
def test_an_unknown_language_lists_the_known_ones(language, hint):
    with pytest.raises(InputError) as caught:
        dockerfile(language)
    assert str(caught.value) == (
        f"there is no Docker builder for '{language}'\n  cure: {hint}known: python, rust, c, go"
    )


@pytest.mark.parametrize("language", [None, 5, ["rust"]])
def test_a_language_that_is_no_text(language):
    with pytest.raises(InputError, match="known: python, rust, c, go"):
        dockerfile(language)


REFUSED = {
    "implementation_name": ["", "a b", "a\nRUN id", 'a"b', "-a", "a$b", None],
    "binary_name": ["a b", "a\nb", "a;b", "bin/", "../", "-x", "a'b", "$(id)"],
    "repo_url": [
        "not a url",
        "yourorg/your-impl",
        "file:///etc",
        "ftp://x/y",
        "https://",
        "https://x y",
        "https://x\nRUN id",
        "https://x;id",
        "https://x&&id",
        "https://x|id",
        "https://$(id)",
        "https://`id`",
        "https://x'y",
        'https://x"y',
        "https://x\\y",
        "https://x>y",
        "https://-oProxyCommand=id",
        5,
    ],
    "revision": ["a b", "a\nb", "--upload-pack=x", "a;b"],
    "version": ["1.0 beta", "1\n2", 1.0],
    "base_image": ["debian bookworm", "debian\nRUN id", "-x", "debian;id"],
}


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in REFUSED.items() for value in values]
)
def test_what_could_become_an_instruction_is_refused(name, value):
    with pytest.raises(InputError) as caught:
        dockerfile(**{name: value})
    assert f"the {name.replace('_', ' ')} {value!r} cannot be put into a Dockerfile" in caught.value.message
    assert caught.value.cure.startswith("use ")


@pytest.mark.parametrize("feature", ["a b", "a\nb", "", "-x", "a;b", "a,b", "a$b", None, 5])
def test_a_feature_is_one_word(feature):
    with pytest.raises(InputError, match="the build feature"):
        dockerfile(build_features=["good", feature])


def test_features_are_a_list():
    with pytest.raises(InputError, match=r"not a list\n  cure: write build_features=\['one', 'two'\]"):
        dockerfile(build_features="one two")


@pytest.mark.parametrize(
    "url", [URL, "http://host:8080/a/b", "ssh://git@host/x.git", "git@github.com:you/it.git", "git://h/x"]
)
def test_urls_that_git_can_clone(url):
    assert url in dockerfile(repo_url=url)


class TestOfAPlugin:
    def test_the_base_image_can_be_overridden(self, manager_class):
        manager = manager_class(RustQUICServiceManager)(IUTConfig(base_image_override="debian:trixie-slim"))
        assert "RUNTIME_IMAGE=debian:trixie-slim" in manager.generate_dockerfile_content()

    def test_a_file_of_its_own_is_used_as_it_is(self, define, tmp_path):
        module = define(PLUGIN)
        (tmp_path / "user" / "My.Dockerfile").write_text("FROM scratch\n")
        manager = module.Manager(IUTConfig(dockerfile_template="My.Dockerfile"))
        assert manager.generate_dockerfile_content() == "FROM scratch\n"

    @pytest.mark.parametrize(
        ("name", "problem"),
        [
            ("Missing.Dockerfile", "cannot be read"),
            ("../secret", "lies outside the plugin's directory"),
            ("/etc/hostname", "lies outside the plugin's directory"),
            (".", "cannot be read"),
        ],
    )
    def test_a_file_that_cannot_be_used(self, define, name, problem):
        manager = define(PLUGIN).Manager(IUTConfig(dockerfile_template=name))
        with pytest.raises(InputError, match=problem):
            manager.generate_dockerfile_content()

    def test_features_of_a_python_plugin_need_a_package(self, manager_class):
        cls = manager_class(PythonQUICServiceManager, _get_build_features=lambda self: ["speedups"])
        with pytest.raises(InputError, match=r"\['speedups'\] are extras of a Python package"):
            cls().generate_dockerfile_content()
        assert '".[speedups]"' in dockerfile("python", repo_url=URL, build_features=["speedups"])

    def test_a_manager_without_a_file_has_a_dockerfile_too(self):
        source = PLUGIN + "\nprint(Manager().generate_dockerfile_content())\n"
        exec(source, {"__name__": "__main__"})

    def test_without_a_program_it_is_that_of_the_registered_plugin(self, define):
        registered = "@register_plugin('iut', 'yours', '1.0', supported_protocols=['quic'])\nclass Manager"
        source = PLUGIN.replace('"mine"', '"yours"', 1).replace("class Manager", registered)
        override = """
    def generate_dockerfile_content(self):
        name = self._get_implementation_name()
        return DockerBuilderFactory.create_builder(name, language="rust").generate_complete_dockerfile()
"""
        imports = "from panther.plugins.plugin_decorators import register_plugin\n"
        imports += "from panther.plugins.services.base import DockerBuilderFactory\n"
        manager = define(imports + source + override).Manager()
        assert manager.generate_dockerfile_content().endswith('ENTRYPOINT ["/usr/local/bin/mine"]\n')

    def test_without_a_plugin_it_is_called_like_the_implementation(self):
        assert dockerfile(implementation_name="unheard_of").endswith('/unheard_of"]\n')


PLUGIN = """
from panther.plugins.services.base import RustQUICServiceManager
class Manager(RustQUICServiceManager):
    def _get_implementation_name(self): return "mine"
    def _get_binary_name(self): return "mine"
"""
