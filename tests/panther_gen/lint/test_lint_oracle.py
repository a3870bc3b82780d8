"""The linter's word on a class against what Python makes of it: every form is linted, then really imported.

Each sample is a small tree of files with a class ``Plugin``. A subprocess imports all of them, each in fresh
modules, and looks up the workflow methods on the class and on an object of it. The linter must say
"overridden" exactly where the lookup finds something else than the base's function, or where the runtime
refuses the class; where it says "could not verify", the sample must be one that no reader can decide.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from panther_gen.lint.running.engine import check_files

#: A framework of the sample's own, with the marks of the contract but without the runtime's guard.
FRAME = """
from typing import Generic, TypeVar
from panther.plugins.services.base.contract import calls_super, overrides_workflow, template_method
from panther.plugins.services.base.contract import workflow_method

T = TypeVar("T")

class Base:
    @workflow_method
    def run(self):
        return "base"

    @workflow_method
    def stop(self):
        return "base"

    @template_method
    def fill(self):
        return []

class Boxed(Base, Generic[T]): ...
"""

#: Imports every sample and says of each whether a workflow method is another one than the base's.
ORACLE = """
import importlib, inspect, json, sys

def workflow(module):
    functions = {}
    for value in list(vars(module).values()):
        if isinstance(value, type):
            for name, one in vars(value).items():
                if getattr(one, "__panther_contract__", "") == "workflow":
                    functions.setdefault(name, (one, one.__code__))
    return functions

def differs(value, name, function, code):
    found = inspect.getattr_static(value, name, None) if isinstance(value, type) else None
    if isinstance(value, type):
        return found is not function or found.__code__ is not code
    bound = getattr(value, name, None)
    return getattr(bound, "__func__", None) is not function or function.__code__ is not code

def truth(sample):
    from panther.errors import ContractError
    sys.path.insert(0, sample["directory"])
    before = set(sys.modules)
    try:
        functions = workflow(importlib.import_module(sample["framework"]))
        try:
            module = importlib.import_module(sample["module"])
            exec(sample["after"], vars(module))
        except ContractError:
            return "overridden"
        plugin = module.Plugin
        values = [plugin, module.made] if hasattr(module, "made") else [plugin, plugin()]
        checks = (differs(value, name, *one) for value in values for name, one in functions.items())
        return "overridden" if any(checks) else "clean"
    finally:
        sys.path.remove(sample["directory"])
        for name in set(sys.modules) - before:
            if not name.startswith("panther"):
                del sys.modules[name]

sys.dont_write_bytecode = True
print(json.dumps([truth(sample) for sample in json.load(sys.stdin)]))
"""


@dataclass(frozen=True)
class Sample:
    """A tree of files.

    Attributes:
        name: which form it shows.
        expected: clean, overridden or unverified.
        code: of ``plugin.py``.
        files: the other files.
        after: what is done once it is imported.
        framework: the module that has the base class.
    """

    name: str
    expected: str
    code: str
    files: dict[str, str] = field(default_factory=dict)
    after: str = ""
    framework: str = "frame"


def clean(name: str, code: str, **more) -> Sample:
    return Sample(name, "clean", code, **more)


def overridden(name: str, code: str, **more) -> Sample:
    return Sample(name, "overridden", code, **more)


def unverified(name: str, code: str, **more) -> Sample:
    return Sample(name, "unverified", code, **more)


B = "from frame import Base\n"
C = f"{B}class Plugin(Base):\n"
I = f"{C}    def __init__(self):\n"  # noqa: E741
META = f"{B}class Meta(type):\n"
RUNTIME = (
    "from panther.plugins.services.base import BaseServiceManager, overrides_workflow\n"
    "class Plugin(BaseServiceManager):\n"
    "    def _get_implementation_name(self): return 'p'\n"
    "    def _get_binary_name(self): return 'p'\n"
)
SERVICE = "panther.plugins.services.base.service_manager_base"

BINDINGS = [
    clean("nothing", f"{C}    pass\n"),
    clean("template method", f"{C}    def fill(self): return [1]\n"),
    overridden("def", f"{C}    def run(self): ...\n"),
    overridden("async def", f"{C}    async def run(self): ...\n"),
    overridden("assignment", f"{C}    run = None\n"),
    overridden("assignment of several", f"{C}    a = (b, *run) = 1, 2\n"),
    overridden("annotated assignment", f"{C}    run: object = 1\n"),
    clean("annotation alone", f"{C}    run: object\n"),
    overridden("for", f"{C}    for run in (1,): pass\n"),
    overridden("with", f"{C}    with open(__file__) as run: pass\n"),
    overridden("import", f"{C}    import os as run\n"),
    overridden("from import", f"{C}    from os import path as run\n"),
    overridden("walrus", f"{C}    x = (run := 1)\n"),
    clean("walrus in a lambda", f"{C}    x = lambda: (run := 1)\n"),
    overridden("match", f"{C}    match 1:\n        case run: pass\n"),
    overridden("class", f"{C}    class run: pass\n"),
    overridden("property", f"{C}    run = property(lambda self: 1)\n"),
    overridden("decorated", f"import functools\n{C}    @functools.cached_property\n    def run(self): ...\n"),
    clean("the base's own", f"{C}    run = Base.run\n"),
    overridden("another of the base's", f"{C}    run = Base.stop\n"),
    clean("deleted again", f"{C}    def run(self): ...\n    del run\n"),
    clean("exception's name", f"{C}    try: 1 / 0\n    except ZeroDivisionError as run: pass\n"),
    clean("in a comprehension", f"{C}    x = [run for run in (1,)]\n"),
    clean("global", f"{C}    global run\n    run = 1\n"),
    clean("never", f"{C}    if False:\n        run = 1\n"),
    clean(
        "for the type checker",
        f"from typing import TYPE_CHECKING\n{C}    if TYPE_CHECKING:\n        run = 1\n",
    ),
    overridden("under a condition", f"import sys\n{C}    if sys.argv:\n        run = 1\n"),
    overridden("else of a condition", f"{C}    if 0: ...\n    else: run = 1\n"),
    overridden("local of a method is not meant", f"{C}    def fill(self): run = 1\n    run = 1\n"),
    clean(
        "private of both",
        f"{B}class Mine(Base):\n    def __own(self): ...\nclass Plugin(Mine):\n    def __own(self): ...\n",
    ),
]

NAMESPACE = [
    overridden("locals()", f"{C}    locals()['run'] = 1\n"),
    overridden("vars()", f"{C}    vars()['run'] = 1\n"),
    overridden("locals().update", f"{C}    locals().update(run=1)\n"),
    overridden("locals().update of a dictionary", f"{C}    locals().update({{'run': 1}})\n"),
    overridden("locals().setdefault", f"{C}    locals().setdefault('run', 1)\n"),
    clean("locals() read", f"{C}    names = sorted(locals()); has = 'run' in locals()\n"),
    clean(
        "locals() of a method", f"{C}    def fill(self):\n        locals()['run'] = 1\n        return []\n"
    ),
    unverified("locals() with a computed name", f"{C}    locals()['r' + 'un'] = 1\n"),
    unverified("locals() handed on", f"def put(names): names['run'] = 1\n{C}    put(locals())\n"),
    unverified("locals() under another name", f"{C}    names = locals()\n    names['run'] = 1\n"),
    unverified("a frame's names", f"import sys\n{C}    sys._getframe().f_locals['run'] = 1\n"),
    overridden("exec of a literal", f"{C}    exec('def run(self): ...')\n"),
    clean("exec of another literal", f"{C}    exec('def own(self): ...')\n"),
    clean("exec elsewhere", f"{C}    exec('run = 1', {{}})\n"),
    overridden("exec with locals", f"{C}    exec('run = 1', globals(), locals())\n"),
    unverified("exec of computed text", f"TEXT = 'run' + ' = 1'\n{C}    exec(TEXT)\n"),
    overridden("slots", f"{C}    __slots__ = ('run',)\n"),
    overridden("one slot", f"{C}    __slots__ = 'run'\n"),
    clean("other slots", f"{C}    __slots__ = ['own']\n"),
    unverified("computed slots", f"NAMES = tuple('own more'.split())\n{C}    __slots__ = NAMES\n"),
    unverified(
        "__set_name__",
        "class Hook:\n    def __set_name__(self, owner, name):\n"
        f"        owner.run = self\n{C}    hook = Hook()\n",
    ),
    clean(
        "harmless __set_name__",
        "class Field:\n    def __set_name__(self, owner, name):\n"
        f"        self.name = name\n{C}    field = Field()\n",
    ),
]

RESOLUTION = [
    overridden("alias", "from frame import Base as B\nclass Plugin(B):\n    run = 1\n"),
    overridden("module", "import frame\nclass Plugin(frame.Base):\n    run = 1\n"),
    overridden("module under another name", "import frame as f\nclass Plugin(f.Base):\n    run = 1\n"),
    overridden("star import", "from frame import *\nclass Plugin(Base):\n    run = 1\n"),
    overridden("assigned name", f"{B}Mine = Base\nclass Plugin(Mine):\n    run = 1\n"),
    overridden(
        "re-export",
        "from lib import Shown\nclass Plugin(Shown):\n    run = 1\n",
        files={
            "lib/__init__.py": "from .inner import Hidden as Shown\n",
            "lib/inner.py": f"{B}Hidden = Base\n",
        },
    ),
    overridden(
        "several files away",
        "from one import One\nclass Plugin(One):\n    run = 1\n",
        files={"one.py": "import two\nclass One(two.Two): ...\n", "two.py": f"{B}class Two(Base): ...\n"},
    ),
    overridden(
        "in another file",
        "from one import One\nclass Plugin(One): ...\n",
        files={"one.py": f"{B}class One(Base):\n    run = 1\n"},
    ),
    overridden("generic", "from frame import Boxed\nclass Plugin(Boxed[int]):\n    run = 1\n"),
    overridden(
        "generic of its own",
        "from typing import Generic, TypeVar\nfrom frame import Base\nK = TypeVar('K')\n"
        "class Mine(Base, Generic[K]): ...\nclass Plugin(Mine['int']):\n    run = 1\n",
    ),
    overridden("nested", f"{B}class Outer:\n    class Inner(Base):\n        run = 1\nPlugin = Outer.Inner\n"),
    overridden(
        "local",
        f"{B}def make():\n    class Local(Base):\n        run = 1\n    return Local\nPlugin = make()\n",
    ),
    overridden(
        "conditional",
        f"import sys\n{B}if sys.argv:\n    class Plugin(Base):\n        run = 1\n"
        "else:\n    class Plugin(Base): ...\n",
    ),
    overridden(
        "import that may fail",
        "try:\n    from nowhere import Base\nexcept ImportError:\n    from frame import Base\n"
        "class Plugin(Base):\n    run = 1\n",
    ),
    clean(
        "name bound again",
        f"{B}class Base: ...\nclass Plugin(Base):\n    def run(self): ...\n    run.__func__ = 1\n",
        after="from frame import Base as Plugin",
    ),
    overridden("mixin before", f"{B}class Mixin:\n    run = 1\nclass Plugin(Mixin, Base): ...\n"),
    clean("mixin after", f"{B}class Mixin:\n    run = 1\nclass Plugin(Base, Mixin): ...\n"),
    overridden("diamond", f"{B}class L(Base): ...\nclass R(Base):\n    run = 1\nclass Plugin(L, R): ...\n"),
    unverified(
        "computed base",
        f"{B}def make(): return Base\nclass Plugin(make()):\n    def run(self): ...\n"
        "    def prepare(self): ...\n",
    ),
    overridden(
        "final of the tree's own",
        f"from typing import final\n{B}class Mine(Base):\n    @final\n    def own(self): ...\n"
        "class Plugin(Mine):\n    own = 1\n    run = 1\n",
    ),
]

MADE = [
    overridden("type()", f"{B}Plugin = type('Plugin', (Base,), {{'run': 1}})\n"),
    clean("type() without it", f"{B}Plugin = type('Plugin', (Base,), {{'own': 1}})\n"),
    overridden("type() with dict()", f"{B}Plugin = type('Plugin', (Base,), dict(run=1))\n"),
    overridden("type() with **", f"{B}Plugin = type('Plugin', (Base,), {{'x': 1, **{{'run': 1}}}})\n"),
    unverified(
        "type() with a variable", f"{B}names = {{'own': 1}}\nPlugin = type('Plugin', (Base,), names)\n"
    ),
    overridden(
        "type under another name", f"{B}make = type\nPlugin = make('Plugin', (Base,), {{'run': 1}})\n"
    ),
    overridden(
        "builtins.type", f"import builtins as b\n{B}Plugin = b.type('Plugin', (Base,), {{'run': 1}})\n"
    ),
    overridden("type.__new__", f"{B}Plugin = type.__new__(type, 'Plugin', (Base,), {{'run': 1}})\n"),
    overridden("type() as a base", f"{B}class Plugin(type('Y', (Base,), {{'run': 1}})): ...\n"),
    overridden("type() below a class", f"{B}Y = type('Y', (Base,), {{}})\nclass Plugin(Y):\n    run = 1\n"),
    overridden(
        "type() in a function",
        f"{B}def make():\n    return type('Y', (Base,), {{'run': 1}})\nPlugin = make()\n",
    ),
    overridden(
        "new_class",
        f"import types\n{B}Plugin = types.new_class('P', (Base,), {{}}, lambda ns: ns.update(run=1))\n",
    ),
    overridden(
        "new_class under another name",
        "from types import new_class as nc\n"
        f"{B}Plugin = nc('P', (Base,), exec_body=lambda n: n.__setitem__('run', 1))\n",
    ),
    clean("new_class without it", f"import types as t\n{B}Plugin = t.new_class('P', (Base,))\n"),
    unverified(
        "new_class with a function",
        f"import types\n{B}def fill(ns): ns['own'] = 1\nPlugin = types.new_class('P', (Base,), {{}}, fill)\n",
    ),
    overridden(
        "make_dataclass",
        "import dataclasses\n"
        f"{B}Plugin = dataclasses.make_dataclass('P', [], bases=(Base,), namespace={{'run': 1}})\n",
    ),
    clean("no class", f"{C}    pass\ndef name(a, b, c): return a\nx = name('P', (Base,), {{'run': 1}})\n"),
]

METACLASSES = [
    clean("ABCMeta", f"from abc import ABCMeta\n{B}class Plugin(Base, metaclass=ABCMeta): ...\n"),
    clean("plain metaclass", f"{META}    own = 1\nclass Plugin(Base, metaclass=Meta): ...\n"),
    overridden(
        "override below a metaclass", f"{META}    own = 1\nclass Plugin(Base, metaclass=Meta):\n    run = 1\n"
    ),
    unverified(
        "metaclass's __new__",
        f"{META}    def __new__(m, n, b, ns):\n"
        "        return super().__new__(m, n, b, {**ns, 'run': 1})\n"
        "class Plugin(Base, metaclass=Meta): ...\n",
    ),
    unverified(
        "__prepare__",
        f"{META}    @classmethod\n    def __prepare__(m, n, b): return {{'run': 1}}\n"
        "class Plugin(Base, metaclass=Meta): ...\n",
    ),
    unverified(
        "inherited __init__",
        f"{META}    def __init__(c, n, b, ns): c.run = 1\nclass Mine(Base, metaclass=Meta): ...\n"
        "class Plugin(Mine): ...\n",
    ),
    unverified(
        "called metaclass",
        f"{META}    def __init__(c, n, b, ns): ...\nPlugin = Meta('Plugin', (Base,), {{}})\n",
    ),
    overridden(
        "metaclass called plainly", f"{META}    own = 1\nPlugin = Meta('Plugin', (Base,), {{'run': 1}})\n"
    ),
    overridden(
        "__init_subclass__",
        f"{B}class Mine(Base):\n    def __init_subclass__(cls):\n"
        "        cls.run = 1\nclass Plugin(Mine): ...\n",
    ),
    overridden(
        "__init_subclass__ of a mixin",
        f"{B}class M:\n    def __init_subclass__(cls):\n        cls.run = 1\nclass Plugin(Base, M): ...\n",
    ),
]

DECORATORS = [
    clean(
        "dataclass",
        f"from dataclasses import dataclass\n{B}@dataclass\nclass Plugin(Base):\n    x: int = 1\n",
    ),
    clean(
        "plain decorator",
        f"{B}ALL = []\ndef keep(cls):\n    ALL.append(cls)\n    return cls\n@keep\nclass Plugin(Base): ...\n",
    ),
    clean(
        "called plain decorator",
        f"{B}ALL = {{}}\ndef named(n):\n    def keep(cls):\n        ALL[n] = cls\n"
        "        return cls\n    return keep\n"
        "@named('x')\nclass Plugin(Base): ...\n",
    ),
    unverified(
        "decorator that assigns",
        f"{B}def d(cls):\n    cls.run = 1\n    return cls\n@d\nclass Plugin(Base): ...\n",
    ),
    unverified(
        "decorator that subclasses",
        f"{B}def d(cls):\n"
        "    return type(cls.__name__, (cls,), vars(cls).copy())\n@d\n"
        "class Plugin(Base): ...\n",
    ),
    overridden(
        "decorated afterwards",
        f"{C}    pass\ndef d(cls):\n    cls.run = 1\n    return cls\nPlugin = d(Plugin)\n",
    ),
    unverified(
        "replaced afterwards",
        f"{C}    pass\ndef d(cls):\n    return Other\nclass Other: ...\nPlugin = d(Plugin)\n",
    ),
    unverified(
        "decorated mixin",
        f"{B}def d(cls):\n    cls.run = 1\n    return cls\n@d\nclass M: ...\nclass Plugin(M, Base): ...\n",
    ),
]

PATCHES = [
    overridden("on the class", f"{C}    pass\nPlugin.run = 1\n"),
    overridden("on the base", f"{C}    pass\nBase.run = 1\n"),
    overridden("by a module", "import frame\nclass Plugin(frame.Base): ...\nframe.Base.run = 1\n"),
    overridden("setattr", f"{C}    pass\nsetattr(Plugin, 'run', 1)\n"),
    overridden("setattr of a constant", f"{C}    pass\nNAME = 'run'\nsetattr(Plugin, NAME, 1)\n"),
    overridden("setattr in a loop", f"{C}    pass\nfor n in ['own', 'run']: setattr(Plugin, n, 1)\n"),
    overridden(
        "setattr over items", f"{C}    pass\nfor n, f in {{'run': 1}}.items(): setattr(Plugin, n, f)\n"
    ),
    overridden("setattr in a comprehension", f"{C}    pass\n[setattr(Plugin, n, 1) for n in ('run',)]\n"),
    clean(
        "setattr of others", f"{C}    pass\nfor n in ('own', 'fill'): setattr(Plugin, n, lambda self: [])\n"
    ),
    unverified("setattr of a computed name", f"{C}    pass\nsetattr(Plugin, 'ru' + 'n', 1)\n"),
    overridden("type.__setattr__", f"{C}    pass\ntype.__setattr__(Plugin, 'run', 1)\n"),
    overridden("in a function", f"{C}    pass\ndef patch():\n    Plugin.run = 1\n", after="patch()"),
    unverified(
        "of a parameter",
        f"{C}    pass\ndef patch(Plugin):\n    Plugin.run = 1\n",
        after="patch(type('O', (), {}))",
    ),
    overridden(
        "of an annotated parameter",
        f"{C}    pass\ndef patch(p: Plugin):\n    p.run = 1\n",
        after="made = Plugin(); patch(made)",
    ),
    overridden("exec", f"{C}    pass\nexec('Plugin.run = 1')\n"),
    overridden("globals()", f"{C}    pass\nglobals()['Plugin'].run = 1\n"),
    overridden("code", f"{C}    pass\ndef f(self): ...\nBase.run.__code__ = f.__code__\n"),
    overridden("handed to a function", f"{C}    pass\ndef patch(cls): cls.run = 1\npatch(Plugin)\n"),
    overridden("two of them", f"{C}    pass\nx, Plugin.run = 1, 2\n"),
    overridden("as a loop's target", f"{C}    pass\nfor Plugin.run in (1,): ...\n"),
    overridden("eval", f"{C}    pass\neval('setattr(Plugin, \"run\", 1)')\n"),
    overridden(
        "nested class's",
        f"{B}class Outer:\n    class Inner(Base): ...\nOuter.Inner.run = 1\nPlugin = Outer.Inner\n",
    ),
    overridden(
        "imported in a function",
        f"{C}    pass\ndef patch():\n    import frame as f\n    f.Base.run = 1\n",
        after="patch()",
    ),
    overridden("lambda for __init__", f"{C}    __init__ = lambda self: setattr(self, 'run', 1)\n"),
    overridden(
        "local class",
        f"{B}def make():\n    class P(Base): ...\n    P.run = 1\n    return P\nPlugin = make()\n",
    ),
    unverified(
        "other bases",
        f"{B}class A(Base): ...\nclass Plugin(A): ...\nclass X(Base):\n    pass\nPlugin.__bases__ = (X,)\n",
    ),
    overridden("deleted from the base", f"{C}    pass\ndel Base.run\n"),
    clean(
        "mock.patch", f"from unittest.mock import patch\n{C}    pass\nwith patch.object(Plugin, 'run'): ...\n"
    ),
    clean("another object", f"{C}    pass\nclass Other: ...\nother = Other()\nother.run = Other.run = 1\n"),
    overridden("on an object", f"{C}    pass\nmade = Plugin()\nmade.run = 1\n"),
    overridden(
        "on an object by MethodType",
        f"import types\n{C}    pass\nmade = Plugin()\nmade.run = types.MethodType(print, made)\n",
    ),
    overridden("in __init__", f"{I}        self.run = 1\n"),
    unverified("of an attribute", f"{I}        self.own = lambda: 1\n        self.own.run = 1\n"),
    clean("read", f"{I}        self.own = self.run\n"),
    overridden("nested function", f"{I}        def later():\n            self.run = 1\n        later()\n"),
    overridden("lambda", f"{I}        (lambda: setattr(self, 'run', 1))()\n"),
    overridden("object.__setattr__", f"{I}        object.__setattr__(self, 'run', 1)\n"),
    overridden("super().__setattr__", f"{I}        super().__setattr__('run', 1)\n"),
    overridden("__dict__", f"{I}        self.__dict__['run'] = 1\n"),
    overridden("__dict__.update", f"{I}        self.__dict__.update(run=1)\n"),
    overridden("__dict__ under another name", f"{I}        own = self.__dict__\n        own['run'] = 1\n"),
    overridden("another __dict__", f"{I}        self.__dict__ = {{'run': 1}}\n"),
    overridden("vars(self)", f"{I}        vars(self)['run'] = 1\n"),
    unverified("computed __dict__", f"{I}        self.__dict__.update(dict([('run', 1)]))\n"),
    overridden("self.__class__", f"{I}        self.__class__.run = 1\n", after="Plugin()"),
    overridden("type(self)", f"{I}        type(self).run = 1\n", after="Plugin()"),
    unverified("another __class__", f"{I}        self.__class__ = Other\nclass Other(Plugin):\n    pass\n"),
    overridden(
        "__new__",
        f"{C}    def __new__(cls):\n        me = super().__new__(cls)\n"
        "        me.run = 1\n        return me\n",
    ),
    overridden(
        "classmethod", f"{C}    @classmethod\n    def f(cls):\n        cls.run = 1\n", after="Plugin.f()"
    ),
    unverified("staticmethod", f"{C}    @staticmethod\n    def f(self):\n        self.run = 1\n"),
    overridden(
        "mixin's __init__",
        f"{B}class M:\n    def __init__(self):\n        self.run = 1\nclass Plugin(Base, M): ...\n",
    ),
    unverified("of each of some", f"{C}    pass\nfor one in (Plugin,):\n    one.run = 1\n"),
    unverified("of one of two", f"{C}    pass\n(Plugin if id else int).run = 1\n"),
    unverified("of a base", f"{C}    pass\nPlugin.__mro__[1].run = 1\n"),
    overridden("by a helper", f"{C}    pass\ndef patch(one):\n    one.run = 1\npatch(Plugin)\n"),
    unverified("setattr by a helper", f"{C}    pass\n(lambda one: setattr(one, 'run', 1))(Plugin)\n"),
    unverified(
        "computed setattr", f"{I}        for n, v in dict(run=1).items():\n            setattr(self, n, v)\n"
    ),
]

LOOKUP = [
    clean("__getattr__", f"{C}    def __getattr__(self, name): return 1\n"),
    clean(
        "plain __getattribute__",
        f"{C}    def __getattribute__(self, n):\n        return super().__getattribute__(n)\n",
    ),
    unverified(
        "__getattribute__",
        f"{C}    def __getattribute__(self, n):\n"
        "        return 1 if n == 'run' else super().__getattribute__(n)\n",
    ),
    unverified(
        "__getattribute__ of a mixin",
        f"{B}class M:\n    def __getattribute__(self, n):\n        return 1\nclass Plugin(Base, M): ...\n",
    ),
]

GUARDED = [
    clean("runtime", RUNTIME, framework=SERVICE),
    overridden("runtime: def", f"{RUNTIME}    def prepare(self): ...\n", framework=SERVICE),
    overridden("runtime: slots", f"{RUNTIME}    __slots__ = ('prepare',)\n", framework=SERVICE),
    overridden("runtime: locals", f"{RUNTIME}    locals()['prepare'] = 1\n", framework=SERVICE),
    overridden(
        "runtime: type()", f"{RUNTIME}Plugin = type('Q', (Plugin,), {{'prepare': 1}})\n", framework=SERVICE
    ),
    overridden(
        "runtime: mixin", f"{RUNTIME}class M:\n    prepare = 1\nclass Q(M, Plugin): ...\n", framework=SERVICE
    ),
    overridden("runtime: object", f"{RUNTIME}made = Plugin()\nmade.prepare = 1\n", framework=SERVICE),
    overridden(
        "runtime: escape elsewhere",
        f"{RUNTIME}    @overrides_workflow(reason='by hand')\n    def prepare(self): ...\n"
        "class Q(Plugin):\n    def prepare(self): ...\n",
        framework=SERVICE,
    ),
    overridden("runtime: exec", f"{RUNTIME}    exec('prepare = 1')\n", framework=SERVICE),
]

INDIRECT = [
    overridden("setattr renamed module", f"{C}    pass\ns = setattr\ns(Plugin, 'run', 1)\n"),
    overridden(
        "setattr renamed local", f"{C}    pass\ndef f():\n    s = setattr\n    s(Plugin, 'run', 1)\nf()\n"
    ),
    overridden("setattr import as", f"from builtins import setattr as s\n{C}    pass\ns(Plugin, 'run', 1)\n"),
    overridden("setattr(*args)", f"{C}    pass\nargs = (Plugin, 'run', 1)\nsetattr(*args)\n"),
    overridden("setattr(Plugin, *rest)", f"{C}    pass\nsetattr(Plugin, *('run', 1))\n"),
    overridden("type(B)(...)", f"{B}Plugin = type(Base)('P', (Base,), {{'run': 1}})\n"),
    overridden("Base.__class__(...)", f"{B}Plugin = Base.__class__('P', (Base,), {{'run': 1}})\n"),
    overridden(
        "helper of another module",
        f"from helper import patch\n{C}    pass\npatch(Plugin)\n",
        files={"helper.py": "def patch(c):\n    c.run = 1\n"},
    ),
    overridden(
        "helper of another module, object",
        f"import helper\n{C}    pass\nmade = Plugin()\nhelper.patch(made)\n",
        files={"helper.py": "def patch(c):\n    setattr(c, 'run', 1)\n"},
    ),
    overridden(
        "helper of another module, self",
        f"import helper\n{I}        helper.patch(self)\n",
        files={"helper.py": "def patch(c):\n    c.run = 1\n"},
    ),
    clean(
        "helper harmless",
        f"import helper\n{C}    pass\nhelper.patch(Plugin)\n",
        files={"helper.py": "def patch(c):\n    c.own = 1\n"},
    ),
    clean(
        "helper reads",
        f"import helper\n{I}        helper.note(self)\n",
        files={"helper.py": "def note(c):\n    return str(c.run)\n"},
    ),
    unverified("eval computed", f"{C}    pass\nT = 'setattr(Plugin, \"run\", 1)'\neval(T)\n"),
    unverified("exec computed renamed", f"{C}    pass\nT = 'Plugin.run = 1'\ne = exec\ne(T)\n"),
    unverified("exec compile", f"{C}    pass\nexec(compile('Plugin.run = 1', 'x', 'exec'))\n"),
    unverified("exec in class of if", f"{B}T='run = 1'\nclass Plugin(Base):\n    if 1:\n        exec(T)\n"),
    overridden("eval in class body", f"{B}class Plugin(Base):\n    x = eval('(run := 1)')\n"),
    unverified("eval computed in class body", f"{B}T='(run := 1)'\nclass Plugin(Base):\n    x = eval(T)\n"),
    unverified(
        "setattr partial", f"from functools import partial\n{C}    pass\npartial(setattr, Plugin)('run', 1)\n"
    ),
    unverified("map setattr", f"{C}    pass\nlist(map(setattr, [Plugin], ['run'], [1]))\n"),
    overridden(
        "operator.setitem", f"import operator\n{I}        operator.setitem(self.__dict__, 'run', 1)\n"
    ),
    clean(
        "operator.attrgetter no", f"import operator\n{C}    pass\nx = operator.attrgetter('run')(Plugin)\n"
    ),
    overridden(
        "__class_getitem__ base",
        f"{B}class G:\n"
        f"    def __class_getitem__(cls, k): return type('X', (Base,), {{'run': 1}})\n"
        "class Plugin(G[int]): ...\n",
    ),
    overridden(
        "__mro_entries__",
        f"{B}class X(Base):\n    run = 1\nclass E:\n"
        "    def __mro_entries__(self, b): return (X,)\nclass Plugin(E()):\n    pass\n",
    ),
    overridden(
        "__init_subclass__ setattr(cls, name) of user's base",
        f"{B}class Mine(Base):\n    def __init_subclass__(cls):\n"
        "        for n in ('run',): setattr(cls, n, 1)\nclass Plugin(Mine): ...\n",
    ),
    unverified(
        "__init_subclass__ kwargs",
        f"{B}class Mine(Base):\n    def __init_subclass__(cls, **k):\n"
        "        for n, v in k.items(): setattr(cls, n, v)\nclass Plugin(Mine, run=1): ...\n",
    ),
    overridden("vars(obj)", f"{C}    pass\nmade = Plugin()\nvars(made)['run'] = 1\n"),
    overridden("obj.__dict__ |=", f"{C}    pass\nmade = Plugin()\nmade.__dict__ |= {{'run': 1}}\n"),
    overridden(
        "obj.__dict__.__setitem__", f"{C}    pass\nmade = Plugin()\nmade.__dict__.__setitem__('run', 1)\n"
    ),
    overridden(
        "obj.__dict__.__ior__", f"{C}    pass\nmade = Plugin()\nmade.__dict__.__ior__({{'run': 1}})\n"
    ),
    overridden(
        "dict.update(obj.__dict__)", f"{C}    pass\nmade = Plugin()\ndict.update(made.__dict__, run=1)\n"
    ),
    overridden("__dict__ getattr", f"{C}    pass\nmade = Plugin()\ngetattr(made, '__dict__')['run'] = 1\n"),
    overridden(
        "__setstate__ / copy", f"{C}    pass\nimport copy\nmade = copy.copy(Plugin())\nmade.run = 1\n"
    ),
    overridden(
        "dataclass replace",
        f"import dataclasses\n{B}@dataclasses.dataclass\nclass Plugin(Base):\n    x: int = 1\n"
        "made = dataclasses.replace(Plugin(), x=2)\nmade.run = 1\n",
    ),
    overridden(
        "star with __all__ computed",
        "from other import *\nclass Plugin(Base):\n    run = 1\n",
        files={"other.py": "from frame import Base\n__all__ = ['Ba' + 'se']\n"},
    ),
    overridden(
        "star __all__ private",
        "from other import *\nclass Plugin(_Base):\n    run = 1\n",
        files={"other.py": "from frame import Base as _Base\n__all__ = ['_Base']\n"},
    ),
    overridden("star after", "class Base: ...\nfrom frame import *\nclass Plugin(Base):\n    run = 1\n"),
    overridden("del in class body twice", f"{C}    run = 1\n    del run\n    run = 2\n"),
    overridden(
        "nested class same name base",
        f"{B}class Outer:\n    class Base(Base):\n        pass\n    class P(Base):\n"
        "        run = 1\nPlugin = Outer.P\n",
    ),
    overridden(
        "walrus in comprehension of function default", f"{C}    def fill(self, x=(run := 1)): return []\n"
    ),
    overridden("walrus in decorator", f"{C}    @(run := staticmethod)\n    def own(): ...\n"),
    overridden("walrus in base of nested class", f"{C}    class X((run := object)): ...\n"),
    overridden("walrus in keyword of nested class", f"{C}    class X(metaclass=(run := type)): ...\n"),
    overridden("walrus in annotation", f"{C}    x: (run := int)\n"),
    overridden("walrus in fn annotation", f"{C}    def own(self) -> (run := int): ...\n"),
    overridden("walrus in fn arg annotation", f"{C}    def own(self, a: (run := int)): ...\n"),
    overridden("walrus in first iterable of comp", f"{C}    x = [i for i in (1,)] if (run := 1) else 0\n"),
    overridden("match mapping rest", f"{C}    match {{1: 2}}:\n        case {{1: _, **run}}: pass\n"),
    overridden("match class kw", f"{C}    match 1j:\n        case complex(real=run): pass\n"),
    overridden(
        "except star",
        f"{C}    try: raise ExceptionGroup('x', [ValueError()])\n    except* ValueError as e: run = 1\n",
    ),
    overridden(
        "with tuple", f"import contextlib\n{C}    with contextlib.nullcontext((1,2)) as (a, run): pass\n"
    ),
    overridden(
        "global class in function",
        f"{B}def f():\n    global Plugin\n    class Plugin(Base):\n        run = 1\nf()\n",
    ),
    unverified(
        "__bases__ of base",
        f"{B}class M:\n    run = 1\nclass A(Base): ...\nclass Plugin(A): ...\nA.__bases__ = (M, Base)\n",
    ),
    overridden(
        "__class__ of object",
        f"{B}class A(Base): ...\nclass Other(A):\n    pass\nmade = A()\nPlugin = A\n"
        f"made.__class__ = type('Z', (Other,), {{'run': 1}})\n",
    ),
    overridden(
        "__class_ cell",
        f"{C}    def fill(self):\n        __class__.run = 1\n        return []\n",
        after="Plugin().fill()",
    ),
    clean(
        "abc.update_abstractmethods",
        f"import abc\n{C}    pass\nPlugin.fill = 1\nabc.update_abstractmethods(Plugin)\n",
    ),
    overridden(
        "object.__setattr__ renamed", f"{I}        put = object.__setattr__\n        put(self, 'run', 1)\n"
    ),
    overridden("self.__setattr__ bound", f"{I}        put = self.__setattr__\n        put('run', 1)\n"),
    overridden("getattr(self,'__setattr__')", f"{I}        getattr(self, '__setattr__')('run', 1)\n"),
    unverified("sys.modules", f"import sys\n{C}    pass\nsys.modules[__name__].Plugin.run = 1\n"),
    unverified(
        "import hook",
        "import builtins\nbuiltins.__import__('frame').Base.run = 1\nfrom frame import Base\n"
        "class Plugin(Base): ...\n",
    ),
    overridden("walrus base", f"{B}class Plugin(X := Base):\n    run = 1\n"),
    overridden("walrus base parens", f"{B}class Plugin((X := Base)):\n    run = 1\n"),
    overridden("tuple alias", "import frame\nX, Y = frame.Base, 1\nclass Plugin(X):\n    run = 1\n"),
    clean(
        "register on import",
        f"from helper import register\n{C}    pass\nregister(Plugin)\n",
        files={"helper.py": "ALL = []\ndef register(c):\n    ALL.append(c)\n"},
    ),
    unverified(
        "made by factory fn", f"{C}    pass\ndef make(): return Plugin()\nmade = make()\nmade.run = 1\n"
    ),
    unverified("made by next(iter)", f"{C}    pass\nmade = next(iter([Plugin()]))\nmade.run = 1\n"),
    unverified(
        "made by classmethod",
        f"{C}    @classmethod\n    def new(cls): return cls()\nmade = Plugin.new()\nmade.run = 1\n",
    ),
    unverified("list element", f"{C}    pass\nmade = Plugin()\nfor x in [made]: x.run = 1\n"),
    overridden(
        "dict.update(made.__dict__)",
        f"{C}    pass\nmade = Plugin()\ndict.update(made.__dict__, {{'run': 1}})\n",
    ),
    overridden(
        "dict handed to tree fn",
        f"{C}    pass\nmade = Plugin()\ndef put(d): d['run'] = 1\nput(made.__dict__)\n",
    ),
    unverified("dict alias in attribute", f"{I}        self.d = self.__dict__\n        self.d['run'] = 1\n"),
    overridden("dict in tuple", f"{I}        d, = (self.__dict__,)\n        d['run'] = 1\n"),
    unverified("dict in list", f"{I}        for d in [self.__dict__]:\n            d['run'] = 1\n"),
    overridden("dict walrus", f"{I}        (d := self.__dict__)['run'] = 1\n"),
    unverified(
        "with self.lock as d",
        f"{I}        import contextlib\n"
        "        with contextlib.nullcontext(self.__dict__) as d:\n            d['run'] = 1\n",
    ),
    unverified(
        "ChainMap over dict",
        f"{I}        import collections\n        collections.ChainMap(self.__dict__)['run'] = 1\n",
    ),
    unverified(
        "match on self", f"{I}        match self:\n            case me:\n                me.run = 1\n"
    ),
    unverified(
        "match class pattern",
        f"{I}        match [self]:\n            case [Plugin() as me]:\n                me.run = 1\n",
    ),
    unverified("lambda default", f"{I}        (lambda me=self: setattr(me, 'run', 1))()\n"),
    overridden("walrus me", f"{I}        (me := self).run = 1\n"),
    overridden(
        "async with target",
        f"{C}    async def own(self):\n        import contextlib\n"
        "        async with contextlib.nullcontext() as self.run: pass\n",
        after="made = Plugin()\nimport asyncio; asyncio.run(made.own())",
    ),
    overridden(
        "async for target",
        f"{C}    async def own(self):\n        async def g():\n            yield 1\n"
        "        async for self.run in g(): pass\n",
        after="made = Plugin()\nimport asyncio; asyncio.run(made.own())",
    ),
    overridden(
        "with target attr",
        f"{I}        import contextlib\n        with contextlib.nullcontext(1) as self.run: pass\n",
    ),
    overridden("except as attr no; for in comp", f"{I}        [setattr(self, n, 1) for n in ['run']]\n"),
    overridden("star target attr", f"{I}        *self.run, b = (1, 2)\n"),
    overridden("aug attr", f"{I}        self.run += self\n    def __radd__(self, o): return 1\n"),
    unverified(
        "metaclass lambda new",
        f"{META}    __new__ = lambda m, n, b, ns: type.__new__(m, n, b, {{**ns, 'run': 1}})\n"
        "class Plugin(Base, metaclass=Meta): ...\n",
    ),
    unverified(
        "metaclass function",
        f"{B}def meta(n, b, ns):\n    ns['run'] = 1\n    return type(n, b, ns)\n"
        "class Plugin(Base, metaclass=meta): ...\n",
    ),
    unverified(
        "metaclass lambda",
        f"{B}class Plugin(Base, metaclass=lambda n, b, ns: type(n, b, {{**ns, 'run': 1}})): ...\n",
    ),
    clean("run = base alias via super name", f"{B}X = Base\n{C.split(chr(10), 1)[1]}    run = X.run\n"),
    clean(
        "nested function def run in method",
        f"{C}    def fill(self):\n        def run(): ...\n        return []\n",
    ),
    overridden(
        "if TYPE_CHECKING else",
        f"from typing import TYPE_CHECKING\n{C}    if not TYPE_CHECKING:\n        run = 1\n",
    ),
    overridden("try finally", f"{C}    try: pass\n    finally: run = 1\n"),
    clean("lambda in class", f"{C}    f = lambda run: run\n"),
    overridden(
        "dataclass annotation only",
        f"from dataclasses import dataclass\n{B}@dataclass\nclass Plugin(Base):\n    run: int\n",
        after="made = Plugin(1)",
    ),
    overridden(
        "dataclass slots",
        f"from dataclasses import dataclass\n{B}@dataclass(slots=True)\nclass Plugin(Base):\n    run: int\n",
        after="made = Plugin(1)",
    ),
    overridden(
        "dataclass annotation default",
        f"from dataclasses import dataclass, field\n{B}@dataclass\nclass Plugin(Base):\n"
        "    run: list = field(default_factory=list)\n",
        after="made = Plugin()",
    ),
    overridden(
        "enum mixin",
        f"import enum\n{B}class Plugin(Base, enum.Enum):\n    run = 1\n",
        after="made = Plugin.run",
    ),
    unverified(
        "stdlib mixin with the name", f"import threading\n{B}class Plugin(threading.Thread, Base): ...\n"
    ),
    clean("stdlib mixin after", f"import threading\n{B}class Plugin(Base, threading.Thread): ...\n"),
    unverified(
        "mixin's base of stdlib",
        f"import threading\n{B}class M(threading.Thread): ...\nclass Plugin(M, Base): ...\n",
    ),
    overridden(
        "weakref/ctypes setattr in default arg",
        f"{C}    def fill(self, x=setattr(Base, 'run', 1)): return []\n",
    ),
    overridden("setattr in class body on base", f"{C}    setattr(Base, 'run', 1)\n"),
    overridden("Base.run in class body", f"{C}    Base.run = 1\n"),
    overridden("for Base.run in class body", f"{C}    for Base.run in (1,): ...\n"),
    overridden(
        "global decl class attr",
        f"{C}    pass\ndef f():\n    global Plugin\n"
        f"    Plugin = type('Plugin', (Plugin,), {{'run': 1}})\nf()\n",
    ),
    overridden("rebinding via for", f"{C}    pass\nclass X(Plugin):\n    run = 1\nfor Plugin in [X]: pass\n"),
    overridden(
        "types.MethodType __get__",
        f"{C}    pass\nmade = Plugin()\nmade.__dict__['run'] = (lambda self: 1).__get__(made)\n",
    ),
    unverified(
        "inspect.currentframe locals",
        f"import inspect\n{C}    inspect.currentframe().f_locals['run'] = 1\n",
    ),
    overridden("locals().__setitem__", f"{C}    locals().__setitem__('run', 1)\n"),
    unverified("locals() |=", f"{C}    l = locals()\n    l |= {{'run': 1}}\n"),
    unverified("dict.update(locals())", f"{C}    dict.update(locals(), run=1)\n"),
    unverified(
        "operator.setitem(locals())", f"import operator\n{C}    operator.setitem(locals(), 'run', 1)\n"
    ),
    overridden("l=locals renamed", f"l = locals\n{C}    l()['run'] = 1\n"),
    unverified("locals in comp", f"{C}    [l.update(run=1) for l in [locals()]]\n"),
    unverified("locals in lambda default", f"{C}    (lambda n=locals(): n.update(run=1))()\n"),
    overridden("exec renamed in class", f"e = exec\n{C}    e('run = 1')\n"),
    overridden("exec imported name", f"from builtins import exec as e\n{C}    e('run = 1')\n"),
    unverified(
        "sys._getframe in helper",
        f"import sys\ndef put():\n    sys._getframe(1).f_locals['run'] = 1\n{C}    put()\n",
    ),
    clean(
        "__set_name__ inherited from stdlib",
        f"import functools\n{C}    x = functools.cached_property(lambda self: 1)\n",
    ),
    unverified(
        "__set_name__ via decorator",
        "class D:\n    def __init__(self, f): ...\n    def __set_name__(self, owner, name):\n"
        f"        owner.run = 1\n{C}    @D\n    def own(self): ...\n",
    ),
    unverified(
        "__set_name__ object from module",
        f"class D:\n    def __set_name__(self, owner, name):\n        owner.run = 1\nd = D()\n{C}    x = d\n",
    ),
    unverified(
        "__set_name__ in tuple target",
        f"class D:\n    def __set_name__(self, owner, name):\n        owner.run = 1\n{C}    x, y = D(), 1\n",
    ),
    unverified(
        "__set_name__ annotated",
        "class D:\n    def __set_name__(self, owner, name):\n        owner.run = 1\n"
        f"{C}    x: object = D()\n",
    ),
    unverified(
        "__set_name__ in for",
        "class D:\n    def __set_name__(self, owner, name):\n        owner.run = 1\n"
        f"{C}    for x in [D()]: pass\n",
    ),
    unverified(
        "__set_name__ other file",
        f"from helper import D\n{C}    x = D()\n",
        files={"helper.py": "class D:\n    def __set_name__(self, owner, name):\n        owner.run = 1\n"},
    ),
    unverified(
        "__set_name__ classmethod fn",
        "class D:\n    def __set_name__(self, owner, name):\n        owner.run = 1\n"
        f"    @classmethod\n    def new(cls): return cls()\n{C}    x = D.new()\n",
    ),
]

SAMPLES = [
    *BINDINGS,
    *NAMESPACE,
    *RESOLUTION,
    *MADE,
    *METACLASSES,
    *DECORATORS,
    *PATCHES,
    *LOOKUP,
    *GUARDED,
    *INDIRECT,
]
OVERRIDES = {"PG101", "PG107"}


@pytest.fixture(scope="module")
def directories(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every sample, written into a directory of its own."""
    root = tmp_path_factory.mktemp("samples")
    found = {}
    for number, sample in enumerate(SAMPLES):
        found[sample.name] = directory = root / f"sample_{number}"
        framed = {"frame.py": FRAME} if sample.framework == "frame" else {}
        for name, text in {**framed, **sample.files, "plugin.py": sample.code}.items():
            path = directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    return found


@pytest.fixture(scope="module")
def truths(directories: dict[str, Path]) -> dict[str, str]:
    """What Python makes of every sample."""
    pytest.importorskip("panther.errors")
    asked = [
        {
            "directory": str(directories[sample.name]),
            "framework": sample.framework,
            "module": "plugin",
            "after": sample.after,
        }
        for sample in SAMPLES
    ]
    done = subprocess.run(
        [sys.executable, "-c", ORACLE], input=json.dumps(asked), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return dict(zip((sample.name for sample in SAMPLES), json.loads(done.stdout), strict=True))


def verdict(directory: Path) -> str:
    findings = check_files(sorted(directory.rglob("*.py"))).findings
    if any(one.code in OVERRIDES for one in findings):
        return "overridden"
    return "unverified" if any(one.severity == "note" for one in findings) else "clean"


def test_there_are_enough_samples_and_each_has_a_name_of_its_own():
    assert len(SAMPLES) >= 60
    assert len({sample.name for sample in SAMPLES}) == len(SAMPLES)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.name)
def test_the_linter_says_what_python_does(sample, directories, truths, monkeypatch):
    monkeypatch.chdir(directories[sample.name])
    assert verdict(directories[sample.name]) == sample.expected
    assert truths[sample.name] == sample.expected or sample.expected == "unverified"
