"""Base classes are found wherever they stand, however they are named, and whichever files are given."""

from __future__ import annotations

import itertools
import os

import pytest

METHOD = "    def prepare(self): ...\n"
BASES = "panther.plugins.services.base"

#: A base class's expression, with the imports before it: each is BaseQUICServiceManager.
SPELLINGS = [
    ("from panther.plugins.services.base import BaseQUICServiceManager\n", "BaseQUICServiceManager"),
    ("from panther.plugins.services.base import BaseQUICServiceManager as Base\n", "Base"),
    (
        "from panther.plugins.services.base.quic_service_base import BaseQUICServiceManager\n",
        "BaseQUICServiceManager",
    ),
    ("import panther.plugins.services.base\n", "panther.plugins.services.base.BaseQUICServiceManager"),
    ("import panther.plugins.services.base.quic_service_base as q\n", "q.BaseQUICServiceManager"),
    ("from panther.plugins.services import base\n", "base.quic_service_base.BaseQUICServiceManager"),
    ("from panther.plugins.services.base import *\n", "BaseQUICServiceManager"),
    ("from panther.plugins.services.base import *\nBase = BaseQUICServiceManager\nOther = Base\n", "Other"),
    ("from ....base import BaseQUICServiceManager as Base\n", "Base"),
    ("from ....base.quic_service_base import BaseQUICServiceManager as Base\n", "Base"),
    (
        "import panther.plugins.services.base as b\nclass Names:\n    Base = b.BaseQUICServiceManager\n",
        "Names.Base",
    ),
    ("from panther.plugins.services.base import BaseQUICServiceManager as Base\n", "Base[int]"),
    (
        f"try:\n    from {BASES} import BaseQUICServiceManager as B\nexcept ImportError:\n    B = object\n",
        "B",
    ),
    (
        f"import typing\nif typing.TYPE_CHECKING:\n    from {BASES} import BaseQUICServiceManager as Base\n",
        "Base",
    ),
]


@pytest.mark.parametrize(("imports", "base"), SPELLINGS)
def test_a_shipped_base_class_is_found_under_any_name(imports, base, tree, check, plugin):
    tree({f"{plugin}/sample.py": f"{imports}class Plugin({base}):\n{METHOD}"})
    codes = [one.code for one in check(f"{plugin}/sample.py").findings]
    assert "PG101" in codes
    assert "PG201" not in codes


NESTED = {
    "function": "def make():\n    from panther.plugins.services.base import BaseServiceManager\n"
    "    class Plugin(BaseServiceManager):\n        def prepare(self): ...\n    return Plugin\n",
    "class": "from panther.plugins.services.base import BaseServiceManager as Base\nclass Outer:\n"
    "    class Inner(Base): ...\n    class Plugin(Inner):\n        def prepare(self): ...\n",
    "condition": "import sys\nfrom panther.plugins.services.base import BaseServiceManager as Base\n"
    "if sys.argv:\n    class Plugin(Base):\n        def prepare(self): ...\n",
    "method": "class Test:\n    def test(self):\n"
    "        class Plugin(Base):\n            def prepare(self): ...\n"
    "from panther.plugins.services.base import BaseServiceManager as Base\n",
}


@pytest.mark.parametrize("where", NESTED)
def test_a_class_is_found_wherever_it_stands(where, tree, check, plugin):
    tree({f"{plugin}/sample.py": NESTED[where]})
    assert [one.code for one in check(f"{plugin}/sample.py").findings if one.code != "PG105"] == ["PG101"]


def test_a_name_that_is_bound_again_means_the_last_class(tree, check, plugin):
    imports = f"from {BASES} import BaseServiceManager as Base\n"
    tree(
        {
            f"{plugin}/rebound.py": f"{imports}class Base: ...\nclass Plugin(Base):\n{METHOD}",
            f"{plugin}/later.py": f"{imports}class Plugin(Base):\n{METHOD}class Base: ...\n",
        }
    )
    assert check(f"{plugin}/rebound.py").findings == []
    assert [one.code for one in check(f"{plugin}/later.py").findings] == ["PG101"]


CHAIN = {
    "lib/__init__.py": "from .inner import *\n",
    "lib/inner/__init__.py": "from lib.inner.deep import Middle as Exported\n",
    "lib/inner/deep.py": "from ..top import Top\nclass Middle(Top): ...\n",
    "lib/top.py": f"from {BASES}.python_quic_base import PythonQUICServiceManager as P\nclass Top(P): ...\n",
    "panther/plugins/services/iut/quic/sample/__init__.py": "from .sample import Plugin\n",
    "panther/plugins/services/iut/quic/sample/base.py": "import lib\nclass Base(lib.Exported): ...\n",
    "panther/plugins/services/iut/quic/sample/sample.py": (
        f"from .base import Base\nclass Plugin(Base):\n{METHOD}"
    ),
}


def test_a_base_class_is_found_several_files_away(tree, check, plugin):
    tree(CHAIN)
    report = check(f"{plugin}/sample.py")
    assert [one.code for one in report.findings] == ["PG101"]
    assert "of 'BaseServiceManager'" in report.findings[0].message
    assert report.files == 1


def test_a_library_below_src_is_found(tree, check, plugin):
    tree({name.replace("lib/", "src/lib/"): text for name, text in CHAIN.items()})
    assert [one.code for one in check(f"{plugin}/sample.py").findings] == ["PG101"]


def test_a_plugins_tests_find_its_modules_under_their_bare_names(tree, check, plugin):
    tree(
        {
            f"{plugin}/sample.py": f"from {BASES} import BaseServiceManager as B\nclass Plugin(B): ...\n",
            f"{plugin}/tests/test_sample.py": f"from sample import Plugin\nclass Broken(Plugin):\n{METHOD}",
        }
    )
    assert [one.code for one in check(f"{plugin}/tests/test_sample.py").findings] == ["PG101"]


def test_findings_do_not_depend_on_the_order_of_the_files(tree, check, places):
    tree({**CHAIN, "lib/top.py": CHAIN["lib/top.py"] + "    def emit_event(self, event): ...\n"})
    reports = [
        places(check(*order).findings)
        for order in itertools.islice(itertools.permutations(CHAIN), 0, None, 601)
    ]
    assert reports[0]
    assert all(report == reports[0] for report in reports)


def test_a_file_given_alone_has_the_findings_that_it_has_among_all(tree, check, places, plugin):
    tree(CHAIN)
    alone = places(check(f"{plugin}/sample.py").findings)
    among = places(check(*CHAIN).findings)
    assert alone == [one for one in among if one.startswith(plugin)]


def test_an_intermediate_class_adds_to_the_contract(tree, check, plugin):
    tree(
        {
            f"{plugin}/base.py": (
                "from abc import abstractmethod\n"
                f"from {BASES}.contract import template_method as fill, workflow_method\n"
                f"from {BASES} import BaseServiceManager\n"
                "class Middle(BaseServiceManager):\n"
                "    @workflow_method\n    def flow(self): ...\n"
                "    @fill\n    @abstractmethod\n    def fill_me_in(self): ...\n"
                "    def _get_binary_name(self):\n        return 'x'\n"
            ),
            f"{plugin}/sample.py": (
                "from panther.plugins.plugin_decorators import register_plugin as register\n"
                "from .base import Middle\n"
                "@register(plugin_type='iut', name='sample', version='1.0.0')\n"
                "class Plugin(Middle):\n"
                "    def _get_implementation_name(self):\n        return 'sample'\n"
                "    def flow(self): ...\n"
            ),
        }
    )
    found = check(f"{plugin}/sample.py").findings
    assert [(one.code, one.span.line) for one in found] == [("PG103", 4), ("PG101", 7)]
    assert "'fill_me_in'" in found[0].message
    assert "of 'Middle'" in found[1].message
    assert found[1].places[0].path == f"{plugin}/base.py"
    assert found[1].places[0].lines == ((5, "    @workflow_method"), (6, "    def flow(self): ..."))


def test_an_escape_in_an_intermediate_class_holds_for_that_class_alone(tree, check, plugin):
    tree(
        {
            f"{plugin}/sample.py": (
                f"from {BASES} import BaseServiceManager, overrides_workflow\n"
                "class Middle(BaseServiceManager):\n"
                "    @overrides_workflow(reason='events go elsewhere')\n"
                "    def emit_event(self, event): ...\n"
                "class Quiet(Middle): ...\n"
                "class Again(Middle):\n    def emit_event(self, event): ...\n"
            )
        }
    )
    assert [(one.code, one.span.line) for one in check(f"{plugin}/sample.py").findings] == [("PG101", 7)]


def test_a_mixin_after_the_base_class_overrides_nothing(tree, check, plugin):
    tree(
        {
            f"{plugin}/sample.py": (
                f"from {BASES} import BaseServiceManager\n"
                "class Mixin:\n    def prepare(self): ...\n"
                "class Fine(BaseServiceManager, Mixin): ...\n"
                "class Wrong(Mixin, BaseServiceManager): ...\n"
                "class Below(Wrong): ...\n"
            )
        }
    )
    assert [(one.code, one.span.line) for one in check(f"{plugin}/sample.py").findings] == [("PG101", 5)]


def test_classes_that_python_refuses_are_no_trouble(tree, check, plugin):
    tree(
        {
            f"{plugin}/a.py": "from .b import B\nclass A(B): ...\nclass C(C): ...\nclass D(D.E): ...\n",
            f"{plugin}/b.py": "from .a import A\nclass B(A):\n    def prepare(self): ...\n",
            f"{plugin}/c.py": (
                "class X: ...\nclass Y(X): ...\n"
                "class Z(X, Y):\n    def prepare(self): ...\nfrom .c import *\n"
            ),
        }
    )
    assert check(f"{plugin}/a.py", f"{plugin}/b.py", f"{plugin}/c.py").findings == []


def test_a_base_class_in_a_broken_file_is_not_passed_over(tree, check, plugin):
    tree(
        {
            f"{plugin}/base.py": "class Base(:\n",
            f"{plugin}/sample.py": f"from .base import Base\nclass Plugin(Base):\n{METHOD}",
        }
    )
    found = check(f"{plugin}/sample.py").findings
    assert [one.code for one in found] == ["PG201"]
    assert "cannot be parsed" in found[0].message


def test_a_base_class_in_a_file_of_newer_syntax_is_found(tree, check, plugin):
    tree(
        {
            f"{plugin}/base.py": f"from {BASES} import BaseServiceManager as B\nx = f'{{'a'}}'\n",
            f"{plugin}/sample.py": f"from .base import B\nclass Plugin(B):\n{METHOD}",
        }
    )
    assert [one.code for one in check(f"{plugin}/sample.py").findings] == ["PG101"]


def test_a_tree_that_holds_the_runtime_is_preferred_to_the_snapshot(tree, check, plugin):
    tree(
        {
            "panther/plugins/services/base/__init__.py": "",
            "panther/plugins/services/base/contract.py": "def workflow_method(f):\n    return f\n",
            "panther/plugins/services/base/service_manager_base.py": (
                "from panther.plugins.services.base.contract import workflow_method\n"
                "class BaseServiceManager:\n    @workflow_method\n    def only_here(self): ...\n"
            ),
            f"{plugin}/sample.py": (
                f"from {BASES}.service_manager_base import BaseServiceManager\n"
                f"class Plugin(BaseServiceManager):\n{METHOD}    def only_here(self): ...\n"
            ),
        }
    )
    assert [(one.code, one.span.line) for one in check(f"{plugin}/sample.py").findings] == [("PG101", 4)]


@pytest.mark.skipif(os.name != "posix", reason="makes symbolic links")
def test_a_file_that_is_linked_is_one_file(tree, check, plugin):
    root = tree(
        {f"{plugin}/sample.py": f"from {BASES} import BaseServiceManager as B\nclass P(B):\n{METHOD}"}
    )
    (root / plugin / "link.py").symlink_to("sample.py")
    assert len(check(f"{plugin}/sample.py").findings) == 1
