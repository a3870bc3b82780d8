"""Finding plugins without importing them, loading one, and sentences about those that cannot be loaded."""

from __future__ import annotations

import os
import sys
from textwrap import dedent

import pytest

from panther.errors import ContractError, InputError, MachineError, RegistrationError
from panther.plugins.discovery import find_plugin, find_plugins, load_plugin
from panther.plugins.roots import add_plugin_root, plugin_directory_of, plugin_root_of, plugin_roots


@pytest.fixture
def manager_source():
    return dedent("""
        from panther.plugins.plugin_decorators import register_plugin
        from panther.plugins.services.base import BaseServiceManager

        @register_plugin(plugin_type="iut", name="{name}", version="1.0", supported_protocols=["{protocol}"])
        class Manager(BaseServiceManager):
            def _get_implementation_name(self): return "{name}"
            def _get_binary_name(self): return "{name}"
    """)


@pytest.fixture
def other_root(plugin_root, tmp_path):
    """A second root, not on any path."""
    root = type(plugin_root)(tmp_path / "other")
    (root.root / "panther" / "plugins" / "services" / "iut").mkdir(parents=True)
    return root


class TestFinding:
    def test_each_plugin_says_where_it_is(self, plugin_root):
        directory = plugin_root.plugin("mine", "quic")
        (found,) = find_plugins()
        assert (found.kind, found.protocol, found.name) == ("iut", "quic", "mine")
        assert found.directory == directory.resolve()
        assert found.module == "panther.plugins.services.iut.quic.mine"

    def test_they_are_sorted_by_kind_protocol_and_name(self, plugin_root):
        for name, protocol, kind in (
            ("b", "quic", "iut"),
            ("a", "quic", "iut"),
            ("c", "http", "iut"),
            ("d", "x", "testers"),
        ):
            plugin_root.plugin(name, protocol, kind)
        assert [found.name for found in find_plugins()] == ["c", "a", "b", "d"]

    def test_directories_without_an_init_file_are_none(self, plugin_root):
        (plugin_root.plugin("mine") / "__init__.py").unlink()
        assert find_plugins() == []

    def test_nothing_is_imported(self, plugin_root):
        plugin_root.plugin("mine", source="raise SystemExit('imported')")
        before = set(sys.modules)
        assert [found.name for found in find_plugins()] == ["mine"]
        find_plugin("mine")
        assert not [
            name for name in set(sys.modules) - before if name.startswith("panther.plugins.services.iut")
        ]

    def test_only_the_one_that_is_asked_for_is_imported(self, plugin_root):
        plugin_root.plugin("mine")
        plugin_root.plugin("other", source="raise SystemExit('imported')")
        load_plugin(find_plugin("mine"))
        assert "panther.plugins.services.iut.custom.mine.mine" in sys.modules
        assert "panther.plugins.services.iut.custom.other" not in sys.modules

    def test_the_plugin_path_names_further_roots(self, plugin_root, other_root, monkeypatch):
        plugin_root.plugin("near")
        other_root.plugin("far")
        assert [found.name for found in find_plugins()] == ["near"]
        monkeypatch.setenv("PANTHER_PLUGIN_PATH", os.pathsep.join(["/no/such", str(other_root.root), ""]))
        assert [found.name for found in find_plugins()] == ["far", "near"]
        assert load_plugin(find_plugin("far")).manager_class().generate_run_command() == "far"

    def test_of_two_with_one_name_the_first_root_on_the_path_has_it(
        self, plugin_root, other_root, monkeypatch
    ):
        plugin_root.plugin("same")
        other_root.plugin("same")
        monkeypatch.setenv("PANTHER_PLUGIN_PATH", str(other_root.root))
        (found,) = find_plugins()
        assert found.directory.is_relative_to(plugin_root.root.resolve())
        assert load_plugin(found).source.startswith(str(plugin_root.root))

    def test_a_directory_is_a_root_once_it_holds_plugins(self, plugin_root):
        assert plugin_root.root.resolve() not in plugin_roots()
        plugin_root.plugin("mine")
        assert plugin_root.root.resolve() in plugin_roots()


class TestFindingOne:
    def test_a_close_name_is_suggested(self, plugin_root):
        plugin_root.plugin("aioquic", "quic")
        with pytest.raises(InputError) as caught:
            find_plugin("aioquik")
        assert str(caught.value) == "there is no plugin 'aioquik'\n  cure: did you mean 'aioquic'?"

    def test_else_those_that_there_are_and_how_to_make_one(self, plugin_root):
        plugin_root.plugin("aioquic", "quic")
        plugin_root.plugin("judge", "quic", kind="testers")
        with pytest.raises(InputError) as caught:
            find_plugin("nginx")
        assert "found: aioquic; panther-gen new-iut PROTOCOL nginx makes one" in caught.value.cure
        assert "PANTHER_PLUGIN_PATH" in caught.value.cure

    def test_the_kind_counts(self, plugin_root):
        plugin_root.plugin("judge", "quic", kind="testers")
        assert find_plugin("judge", kind="testers").kind == "testers"
        with pytest.raises(InputError) as caught:
            find_plugin("judge")
        assert caught.value.cure.startswith("'judge' is a tester")

    @pytest.mark.parametrize("word", ["quic/aioquic", "panther/plugins/services/iut/quic/aioquic/"])
    def test_of_a_path_the_last_name_is_suggested(self, plugin_root, word):
        plugin_root.plugin("aioquic", "quic")
        with pytest.raises(InputError) as caught:
            find_plugin(word)
        assert caught.value.cure == "did you mean 'aioquic'?"

    def test_where_one_is_may_be_what_is_meant(self, plugin_root, monkeypatch):
        monkeypatch.chdir(plugin_root.plugin("aioquic", "quic"))
        with pytest.raises(InputError) as caught:
            find_plugin(".")
        assert caught.value.cure == "did you mean 'aioquic'?"

    def test_a_directory_without_an_init_is_no_plugin_and_is_named(self, plugin_root):
        directory = plugin_root.plugin("mine", "quic")
        directory.joinpath("__init__.py").unlink()
        with pytest.raises(InputError) as caught:
            find_plugin("mine")
        assert caught.value.cure.startswith(f"'{directory}' has no __init__.py")

    def test_the_protocol_tells_namesakes_apart(self, plugin_root):
        for protocol in ("quic", "http"):
            plugin_root.plugin("same", protocol)
        assert find_plugin("same", "http").protocol == "http"
        with pytest.raises(InputError) as caught:
            find_plugin("same")
        assert str(caught.value) == (
            "several plugins are called 'same': for http, quic\n"
            "  cure: say which: --protocol http, or --protocol quic"
        )
        with pytest.raises(InputError, match="for http, quic, none for minip"):
            find_plugin("same", "minip")

    def test_a_plugin_for_several_protocols_lies_below_one_of_them(self, plugin_root):
        plugin_root.plugin("mine", "quic")
        assert find_plugin("mine", "http").protocol == "quic"


class TestInstalledPackages:
    """A distribution announces a plugin by an entry point in the group ``panther.plugins``."""

    @pytest.fixture
    def site(self, plugin_root, tmp_path, monkeypatch):
        site = tmp_path / "site-packages"
        site.mkdir()
        monkeypatch.syspath_prepend(site)
        return site

    def install(self, site, entry_point, package, source):
        info = site / "user_dist-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: user-dist\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[panther.plugins]\n{entry_point}\n")
        directory = site.joinpath(*package.split("."))
        directory.mkdir(parents=True)
        (directory / "__init__.py").write_text(
            source.replace("{name}", "packaged").replace("{protocol}", "quic")
        )
        return directory

    def test_it_is_found_and_loaded(self, site, manager_source):
        entry_point = "iut.quic.packaged = user_package.plugin"
        directory = self.install(site, entry_point, "user_package.plugin", manager_source)
        (found,) = find_plugins()
        assert (found.name, found.protocol, found.kind) == ("packaged", "quic", "iut")
        assert (found.directory, found.module) == (directory, "user_package.plugin")
        assert "user_package" not in sys.modules
        assert load_plugin(find_plugin("packaged")).manager_class().generate_run_command() == "packaged"

    def test_what_it_lacks_is_named(self, site):
        source = "import no_such_package_of_anybody"
        directory = self.install(site, "iut.quic.packaged = user_package", "user_package", source)
        with pytest.raises(MachineError) as caught:
            load_plugin(find_plugin("packaged"))
        assert caught.value.where == f"{directory}/__init__.py:1"

    def test_a_module_of_its_own_that_it_lacks_is_no_package_to_install(self, site):
        self.install(site, "iut.quic.packaged = user_package", "user_package", "from .missing import Manager")
        with pytest.raises(InputError, match=r"No module named 'user_package\.missing'") as caught:
            load_plugin(find_plugin("packaged"))
        assert "pip install" not in caught.value.cure

    @pytest.mark.parametrize("name", ["packaged", "iut.packaged", "tester.quic.packaged", "iut..x"])
    def test_other_names_of_entry_points_are_none_of_ours(self, site, name):
        self.install(site, f"{name} = user_package", "user_package", "")
        assert find_plugins() == []

    def test_one_whose_package_is_gone(self, site):
        self.install(site, "iut.quic.packaged = user_gone", "user_package", "")
        with pytest.raises(InputError, match="'packaged' cannot be imported as 'user_gone'"):
            load_plugin(find_plugin("packaged"))


class TestPluginsThatCannotBeLoaded:
    @pytest.mark.parametrize(
        ("source", "error", "line", "problem", "cure"),
        [
            ("x = (", InputError, ":1:5", "the plugin 'bad' does not parse: '(' was never closed", ""),
            ("\nif True:\nx", InputError, ":3:1", "does not parse: expected an indented block", ""),
            ("\n1 / 0", InputError, ":2", "cannot be imported: ZeroDivisionError: division by zero", ""),
            ("import sys\nsys.exit(3)", InputError, ":2", "cannot be imported: SystemExit: 3", ""),
            ("from os import nothing", InputError, ":1", "ImportError: cannot import name 'nothing'", ""),
            (
                "\nimport no_such_package_of_anybody.part",
                MachineError,
                ":2",
                "needs the Python package 'no_such_package_of_anybody', which is not installed",
                "python -m pip install no_such_package_of_anybody",
            ),
            (
                "import config_schema",
                InputError,
                ":1",
                "imports its own module 'config_schema' as if it were installed",
                "write a dot before its name: from .config_schema import …",
            ),
            ("from .missing import x", InputError, ":1", "No module named 'panther.plugins.services.iut", ""),
            (
                "import panther.plugins.services.nothing",
                InputError,
                ":1",
                "panther.plugins.services.nothing'",
                "",
            ),
            ("def f():\n  f()\nf()", InputError, ":2", "RecursionError", ""),
        ],
    )
    def test_the_plugins_own_line_is_named(self, plugin_root, source, error, line, problem, cure):
        directory = plugin_root.plugin("bad", source=source, config_schema="x = 1")
        with pytest.raises(error) as caught:
            load_plugin(find_plugin("bad"))
        assert problem in caught.value.message
        assert caught.value.cure == cure
        assert caught.value.where == f"{directory}/bad.py{line}"
        assert type(caught.value) is error

    def test_errors_of_the_registration_pass_through(self, plugin_root, manager_source):
        plugin_root.plugin("bad", source=manager_source.replace('"iut"', '"uit"'))
        with pytest.raises(RegistrationError, match="did you mean 'iut'"):
            load_plugin(find_plugin("bad"))

    def test_errors_of_the_contract_pass_through(self, plugin_root, manager_source):
        plugin_root.plugin("bad", source=manager_source + "    def prepare(self): pass\n")
        with pytest.raises(ContractError, match="'prepare'"):
            load_plugin(find_plugin("bad"))

    def test_one_that_registers_nothing(self, plugin_root):
        directory = plugin_root.plugin("bad", source="x = 1")
        with pytest.raises(RegistrationError) as caught:
            load_plugin(find_plugin("bad"))
        assert caught.value.message == "the plugin 'bad' registers no class"
        assert "@register_plugin(…)" in caught.value.cure
        assert caught.value.where == str(directory)

    def test_one_that_registers_another_name(self, plugin_root, manager_source):
        directory = plugin_root.plugin("bad", source=manager_source.replace("{name}", "good"))
        with pytest.raises(RegistrationError) as caught:
            load_plugin(find_plugin("bad"))
        assert caught.value.message == "the plugin in the directory 'bad' registers itself as 'good'"
        assert caught.value.where == f"{directory}/bad.py:5"

    def test_one_that_registers_another_type(self, plugin_root, manager_source):
        plugin_root.plugin("bad", source=manager_source.replace('"iut"', '"testers"'))
        with pytest.raises(RegistrationError, match="lies below 'iut' and registers as 'testers'"):
            load_plugin(find_plugin("bad"))

    def test_one_without_a_required_template_method(self, plugin_root, manager_source):
        source = manager_source.replace('    def _get_binary_name(self): return "{name}"\n', "")
        directory = plugin_root.plugin("bad", source=source)
        with pytest.raises(ContractError) as caught:
            load_plugin(find_plugin("bad"))
        assert caught.value.message == "'Manager' does not define _get_binary_name"
        assert caught.value.where == f"{directory}/bad.py:5"

    @pytest.mark.parametrize(
        "patch",
        ["Manager.build_command = lambda self, role=None: None", "setattr(Manager, 'prepare', print)"],
    )
    def test_one_whose_workflow_is_replaced_after_its_class_is_defined(
        self, plugin_root, manager_source, patch
    ):
        plugin_root.plugin("bad", source=f"{manager_source}\n\n{patch}\n")
        with pytest.raises(ContractError, match="'Manager' overrides the workflow method"):
            load_plugin(find_plugin("bad"))

    def test_a_failure_can_be_mended_and_loaded_again(self, plugin_root, manager_source):
        directory = plugin_root.plugin("bad", source="1 / 0")
        with pytest.raises(InputError):
            load_plugin(find_plugin("bad"))
        mended = manager_source.replace("{name}", "bad").replace("{protocol}", "custom")
        (directory / "bad.py").write_text(mended)
        assert load_plugin(find_plugin("bad")).name == "bad"


class TestLoading:
    def test_twice_is_once(self, plugin_root):
        plugin_root.plugin("mine")
        assert load_plugin(find_plugin("mine")) is load_plugin(find_plugin("mine"))

    def test_of_several_registrations_the_directorys_is_meant(self, plugin_root, manager_source):
        second = manager_source.replace("{name}", "helper").replace("class Manager", "class Helper")
        plugin_root.plugin("mine", source=second + manager_source)
        assert load_plugin(find_plugin("mine")).manager_class.__name__ == "Manager"

    def test_of_several_protocols_the_directorys_is_meant(self, plugin_root, manager_source):
        second = manager_source.replace("{protocol}", "other").replace("class Manager", "class Other")
        plugin_root.plugin("mine", source=second + manager_source)
        assert load_plugin(find_plugin("mine")).supported_protocols == ("custom",)

    def test_after_an_import_under_the_bare_name(self, plugin_root, monkeypatch):
        directory = plugin_root.plugin("user_mine")
        found = find_plugin("user_mine")
        load_plugin(found)
        monkeypatch.syspath_prepend(directory)
        import user_mine  # as a test runner may: the file that the package consists of, once more

        assert load_plugin(found).manager_class is user_mine.Manager


class TestRoots:
    @pytest.mark.parametrize(
        "below", ["", "services", "services/iut/quic/mine", "services/iut/quic/mine/tests/test_x.py"]
    )
    def test_the_root_of_a_path(self, tmp_path, below):
        assert plugin_root_of(tmp_path / "panther" / "plugins" / below) == tmp_path.resolve()

    @pytest.mark.parametrize("path", ["", "panther", "plugins/panther", "panther/other/plugins"])
    def test_other_paths_have_none(self, tmp_path, path):
        assert plugin_root_of(tmp_path / path) is None

    def test_the_plugin_of_a_path(self, plugin_root):
        directory = plugin_root.plugin("mine", "quic")
        for path in (directory, directory / "mine.py", directory / "tests" / "test_x.py"):
            assert plugin_directory_of(path) == directory.resolve()

    def test_a_file_beside_plugins_is_no_plugin(self, plugin_root):
        directory = plugin_root.plugin("mine", "quic")
        (directory.parent / "conftest.py").touch()
        assert plugin_directory_of(directory.parent / "conftest.py") is None
        assert plugin_directory_of(directory.parent) is None
        assert plugin_directory_of(plugin_root.root / "panther/plugins/services/base/x/y/z.py") is None

    def test_adding_a_root_twice_adds_it_once(self, other_root):
        for _ in range(2):
            add_plugin_root(other_root.root)
        assert sys.path.count(str(other_root.root.resolve())) == 1

    @pytest.mark.parametrize("package", ["panther", "panther/plugins", "panther/plugins/services"])
    def test_a_root_that_hides_the_runtime_is_refused(self, other_root, package):
        init = other_root.root / package / "__init__.py"
        init.touch()
        with pytest.raises(InputError, match="hides the runtime") as caught:
            add_plugin_root(other_root.root)
        assert str(init.resolve()) in caught.value.message
        assert "delete that file" in caught.value.cure
