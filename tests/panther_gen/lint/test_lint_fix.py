"""``panther-gen lint --fix``: what changes, what does not, and what is said about it."""

from __future__ import annotations

import io
import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from panther_gen.__main__ import main

IMPORT = "from panther.plugins.services.base import BaseServiceManager as B\n"
CLASS = f"{IMPORT}class P(B):\n"
MISSPELT = f"{CLASS}    def get_binary_name(self): ...\n"
RENAMED = f"{CLASS}    def _get_binary_name(self): ...\n"
CHAIN = f"{CLASS}    def _get_server_specifc_args(self): ...\n"
UNSAFE = f"{CLASS}    def _get_binary_name(self, suffix): ...\n"
MENDED = f"{CLASS}    def _get_binary_name(self, suffix=None): ...\n"


@pytest.fixture
def lint(capsysbinary):
    """Lint and return the status, the output and the error output."""

    def run(*words):
        status = main(["lint", *words])
        out, err = capsysbinary.readouterr()
        return status, out.decode(), err.decode()

    return run


def names(directory):
    return sorted(path.name for path in directory.iterdir())


def test_safe_fixes_are_applied_and_counted(tree, lint):
    root = tree({"a.py": MISSPELT, "b.py": f"{MISSPELT}x = 1  # panther-gen: ignore[PG101] gone\n"})
    assert lint("--fix", "a.py", "b.py") == (
        0,
        "All clean: 2 files checked\nFixed 3 findings in 2 files\n",
        "",
    )
    assert (root / "a.py").read_text() == RENAMED
    assert (root / "b.py").read_text() == f"{RENAMED}x = 1\n"
    assert lint("--fix", "a.py", "b.py") == (0, "All clean: 2 files checked\n", "")


def test_what_is_left_is_reported(tree, lint):
    root = tree({"a.py": f"{MISSPELT}    def prepare(self): ...\n", "b.py": UNSAFE})
    status, out, _ = lint("--fix", "a.py", "b.py")
    assert status == 1
    assert "a.py:4:9: PG101" in out
    assert "b.py:3:9: PG105" in out
    assert out.endswith("Fixed 1 finding in 1 file\n[*] 1 fixable with --fix --unsafe-fixes\n")
    assert (root / "b.py").read_text() == UNSAFE


def test_unsafe_fixes_are_applied_when_asked_for(tree, lint):
    root = tree({"a.py": MISSPELT, "b.py": UNSAFE})
    status, out, _ = lint("--fix", "--unsafe-fixes", "a.py", "b.py")
    assert (status, out.splitlines()[-1]) == (0, "Fixed 2 findings in 2 files")
    assert (root / "b.py").read_text() == MENDED


def test_without_fix_nothing_is_written_and_a_hint_is_given(tree, lint):
    root = tree({"a.py": MISSPELT, "b.py": UNSAFE})
    assert lint("a.py", "b.py")[1].endswith("[*] 1 fixable with --fix, 1 more with --unsafe-fixes\n")
    assert lint("--unsafe-fixes", "a.py", "b.py")[1].endswith("[*] 2 fixable with --fix --unsafe-fixes\n")
    assert (root / "a.py").read_text() == MISSPELT
    assert (root / "b.py").read_text() == UNSAFE


def test_diff_shows_what_would_change_and_writes_nothing(tree, lint, tmp_path):
    root = tree({"a.py": MISSPELT.removesuffix("\n"), "b.py": UNSAFE})
    status, out, err = lint("--diff", "--unsafe-fixes", "a.py", "b.py")
    assert (status, err) == (1, "Would fix 2 findings in 2 files\n")
    assert "-    def get_binary_name(self): ...\n\\ No newline at end of file\n" in out
    assert (root / "a.py").read_text() == MISSPELT.removesuffix("\n")
    subprocess.run(["patch", "-p0"], input=out, text=True, cwd=tmp_path, check=True, capture_output=True)
    assert (root / "a.py").read_text() == RENAMED.removesuffix("\n")
    assert (root / "b.py").read_text() == MENDED
    assert lint("--diff", "--fix", "a.py", "b.py") == (0, "", "Would fix 0 findings in 0 files\n")


def test_standard_input_is_fixed_to_standard_output(tree, lint, monkeypatch):
    tree({"pkg/a.py": "", "pyproject.toml": ""})
    text = f"# é\n{MISSPELT}    def prepare(self): ...\n".replace("\n", "\r\n").encode()

    def piped(content, *words):
        monkeypatch.setattr(sys, "stdin", type("In", (), {"buffer": io.BytesIO(content)}))
        return lint(*words, "-", "--stdin-filename", "pkg/a.py")

    status, out, err = piped(text, "--fix")
    assert status == 1
    assert out.encode() == text.replace(b"get_binary", b"_get_binary")
    assert err.startswith("pkg/a.py:5:9: PG101 ")
    assert err.endswith("Fixed 1 finding in 1 file\n")
    assert piped(b"x = 1\n", "--fix")[:2] == (0, "x = 1\n")
    status, out, _ = piped(text, "--diff")
    assert status == 1
    assert out.startswith("--- pkg/a.py\n+++ pkg/a.py\n@@")
    assert Path("pkg/a.py").read_text() == ""


def test_findings_that_are_suppressed_known_or_not_selected_stay(tree, lint):
    left_out = MISSPELT.replace("...", "...  # panther-gen: ignore[PG104] mine")
    root = tree({"a.py": MISSPELT, "b.py": left_out, "c.py": MISSPELT})
    assert lint("--baseline", "known.json", "--write-baseline", "c.py")[0] == 0
    assert lint("--fix", "--select", "PG105", "a.py")[:2] == (0, "All clean: 1 file checked\n")
    assert lint("--fix", "b.py")[0] == 0
    assert lint("--fix", "--baseline", "known.json", "c.py")[0] == 0
    assert (root / "a.py").read_text() == (root / "c.py").read_text() == MISSPELT
    assert (root / "b.py").read_text() == left_out


def test_a_fix_that_would_bring_something_else_is_not_kept(tree, lint):
    root = tree({"a.py": CHAIN, "b.py": MISSPELT})
    status, _, err = lint("--fix", "--select", "PG104", "a.py", "b.py")
    assert status == 1
    assert err.startswith("panther-gen: a.py:3: PG104 is not fixed: its fix would bring PG105 in 'a.py': ")
    assert (root / "a.py").read_text() == CHAIN
    assert (root / "b.py").read_text() == RENAMED


def test_what_a_fix_brings_is_mended_in_turn(tree, lint):
    root = tree({"a.py": CHAIN, "b.py": MISSPELT})
    assert lint("--fix", "a.py", "b.py") == (
        0,
        "All clean: 2 files checked\nFixed 2 findings in 2 files\n",
        "",
    )
    assert (root / "a.py").read_text() == f"{CLASS}    def _get_server_specific_args(self, **kwargs): ...\n"


def test_a_file_whose_tree_is_not_its_text_is_refused_and_the_others_are_fixed(tree, lint):
    root = tree({"a.py": f"x = 1\n\f\n\fy = 1\n{MISSPELT}", "b.py": MISSPELT})
    status, out, err = lint("--fix", "a.py", "b.py")
    assert status == 1
    assert err == "panther-gen: a.py is not fixed: its syntax tree does not give the same text back\n"
    assert out.splitlines()[-1] == "Fixed 1 finding in 1 file"
    assert (root / "b.py").read_text() == RENAMED


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("\n", "\n"),
        ("# é\r\n", "\r\n"),
        ("# é\r", "\r"),
        ("\ufeff# é\r\n\f\t\n", "\t\n"),
        ("# coding: latin-1\n# é\n", "\n"),
        ("\r\n\r\n", "  # é"),
    ],
)
def test_every_other_byte_stays(before, after, tree, lint):
    ends = "\r\n" if "\r\n" in before else "\r" if "\r" in before else "\n"
    encoding = "latin-1" if "latin" in before else "utf-8"
    shape = before + "{}".replace("\n", ends) + after

    def content(text):
        return shape.format(text.removesuffix("\n").replace("\n", ends)).encode(encoding)

    root = tree({"a.py": content(MISSPELT)})
    assert lint("--fix", "a.py")[0] == 0
    assert (root / "a.py").read_bytes() == content(RENAMED)


def test_new_lines_end_as_those_of_the_file(tree, lint, plugin):
    config = (
        "from panther.config.core.models import IUTConfig\nclass C(IUTConfig):\n    own: list[str] = []\n"
    )
    root = tree({f"{plugin}/config_schema.py": config.replace("\n", "\r\n")})
    assert lint("--fix", f"{plugin}/config_schema.py")[0] == 0
    assert (root / plugin / "config_schema.py").read_bytes() == (
        b"from dataclasses import dataclass, field\r\nfrom panther.config.core.models import IUTConfig\r\n"
        b"@dataclass\r\nclass C(IUTConfig):\r\n    own: list[str] = field(default_factory=list)\r\n"
    )


def test_mode_and_links_stay(tree, lint):
    root = tree({"real/a.py": MISSPELT})
    (root / "real/a.py").chmod(0o751)
    (root / "a.py").symlink_to("real/a.py")
    assert lint("--fix", "a.py")[0] == 0
    assert (root / "a.py").is_symlink()
    assert (root / "real/a.py").read_text() == RENAMED
    assert stat.S_IMODE((root / "real/a.py").stat().st_mode) == 0o751
    assert names(root / "real") == ["a.py"]


def test_a_read_only_file_is_refused_and_nothing_is_changed(tree, lint):
    root = tree({"a.py": MISSPELT, "b.py": MISSPELT})
    (root / "b.py").chmod(0o444)
    status, out, err = lint("--fix", "a.py", "b.py")
    assert (status, out) == (4, "")
    assert "cannot write 'b.py': it is read-only" in err
    assert "cure: make it writable" in err
    assert (root / "a.py").read_text() == (root / "b.py").read_text() == MISSPELT
    assert names(root) == ["a.py", "b.py"]


def test_a_full_disk_leaves_everything_as_it_was(tree, tmp_path):
    filler = "# " + "x" * 8_000 + "\n"
    root = tree({"a.py": MISSPELT, "b.py": MISSPELT + filler * 8})
    program = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (16384, 16384)); "
        "from panther_gen.__main__ import main; sys.exit(main(['lint', '--fix', 'a.py', 'b.py']))"
    )
    done = subprocess.run(
        [sys.executable, "-B", "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 4, done.stderr
    assert "cannot write 'b.py': File too large" in done.stderr
    assert "nothing was changed" in done.stderr
    assert (root / "a.py").read_text() == MISSPELT
    assert names(root) == ["a.py", "b.py"]


def test_json_has_the_fix_and_how_many_were_made(tree, lint):
    tree({"a.py": f"# é\n{CLASS}    é = 1; get_binary_name = lambda self: ''\n", "b.py": MISSPELT})
    [finding] = json.loads(lint("--format", "json", "a.py")[1])["findings"]
    assert finding["fix"] == {
        "title": "rename it to '_get_binary_name'",
        "applicability": "safe",
        "edits": [
            {
                "path": "a.py",
                "line": 4,
                "column": 12,
                "end_line": 4,
                "end_column": 27,
                "replacement": "_get_binary_name",
            }
        ],
    }
    assert json.loads(lint("--format", "json", "--fix", "b.py")[1])["summary"]["fixed"] == 1


def test_sarif_has_the_fix(tree, lint):
    tree({"a.py": MISSPELT})
    [result] = json.loads(lint("--format", "sarif", "a.py")[1])["runs"][0]["results"]
    [fix] = result["fixes"]
    assert fix["properties"] == {"applicability": "safe"}
    [change] = fix["artifactChanges"]
    assert change["artifactLocation"] == {"uri": "a.py", "uriBaseId": "%SRCROOT%"}
    region = {"startLine": 3, "startColumn": 9, "endLine": 3, "endColumn": 24}
    assert change["replacements"] == [
        {"deletedRegion": region, "insertedContent": {"text": "_get_binary_name"}}
    ]


def test_a_baseline_is_not_written_while_fixing(tree, lint):
    tree({"a.py": MISSPELT})
    status, _, err = lint("--fix", "--baseline", "known.json", "--write-baseline", "a.py")
    assert status == 2
    assert "cure: fix first" in err


def test_every_file_of_a_plugin_is_fixed(tree, lint, plugin):
    """A Dockerfile, a README and an ``__init__`` as well, in as many passes as it takes."""
    manager = (
        "from panther.plugins.plugin_decorators import register_plugin\n"
        "from panther.plugins.services.base import BaseQUICServiceManager\n"
        "@register_plugin('itu', 'simple', 'v1.0', supported_protocols=['quic'])\n"
        "class P(BaseQUICServiceManager): ...\n"
    )
    root = tree(
        {
            f"{plugin}/sample.py": manager,
            f"{plugin}/__init__.py": "",
            f"{plugin}/Dockerfile": "FROM debian:12\nCMD x\n",
            f"{plugin}/README.md": "# Sample\n",
        }
    )
    status, out, err = lint("--fix", "--unsafe-fixes")
    assert (status, out, err) == (0, "All clean: 2 files checked\nFixed 9 findings in 4 files\n", "")
    assert lint("--diff", "--unsafe-fixes")[0] == 0
    assert (
        root / plugin / "README.md"
    ).read_text() == "# Sample\n\n> **Base class**: `BaseQUICServiceManager`\n"


def test_a_clean_tree_needs_no_fixing(tree, tmp_path):
    tree({"a.py": RENAMED})
    program = (
        "import sys; from panther_gen.lint.command import run_lint; from pathlib import Path; "
        "status = run_lint([Path('a.py')]); "
        "print(status, [name for name in sys.modules if 'fixing' in name or name == 'libcst'])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "0 []"


def test_a_text_report_counts_few_fixes_and_says_so_of_many(run, tmp_path):
    wrong = "from panther.config.core.models import IUTConfig\nclass C{}(IUTConfig):\n    a: int = 1\n"
    for number in range(26):
        (tmp_path / f"m{number:02}.py").write_text(wrong.format(number))
    few = run("lint", "m00.py", "m01.py", cwd=tmp_path).stdout
    assert few.endswith("[*] 2 fixable with --fix\n")
    many = run("lint", ".", cwd=tmp_path).stdout
    assert many.endswith("[*] many may be fixable: --diff shows what --fix would change\n")
    assert "26 errors" in many
