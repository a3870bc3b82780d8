"""Command templates: values stay whole, mistakes are named with their line, the sandbox holds."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from panther.errors import CommandTemplateError
from panther.plugins.services.base.command_template import render_argv

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
WITH_FILES = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)

# As the guide prints them, with the line that names the file.
SERVER = r"""# templates/server_command.jinja
{{ binary_name }} \
    --server \
    --listen {{ bind_address }}:{{ port }} \
    --cert {{ cert_file }} \
    --key {{ key_file }} \
    {% if debug_level > 0 %}--debug={{ debug_level }}{% endif %} \
    {% for arg in extra_args %}{{ arg }} {% endfor %}
"""
CLIENT = r"""# templates/client_command.jinja
{{ binary_name }} \
    --client \
    --connect {{ host }}:{{ port }} \
    {% if zero_rtt %}--enable-0rtt{% endif %} \
    {% if custom_crypto %}--crypto-provider=custom{% endif %} \
    {% for arg in extra_args %}{{ arg }} {% endfor %}
"""


@pytest.fixture
def render(tmp_path):
    """Return a function that renders a template's text."""
    template = tmp_path / "server_command.jinja"

    def words(text, **variables):
        template.write_text(text, encoding="utf-8")
        return render_argv(template, variables)

    words.path = template
    return words


class TestValuesStayWhole:
    NASTY = (
        "a b",
        "",
        "'",
        '"',
        "'\"'",
        "a\nb",
        "a\\\nb",
        "\\",
        "a;b",
        "$(id)",
        "`id`",
        "$HOME",
        "# no comment",
        "a #b",
        "{{ 7*7 }}",
        "{% if %}",
        "{# x #}",
        "*",
        "~",
        "\t",
        "\r\n",
        "é \u2028 \u00a0",
        "--flag=x y",
        "&& rm",
        "<in >out",
        "|",
    )

    @pytest.mark.parametrize("value", NASTY)
    @pytest.mark.parametrize(
        ("template", "expected"),
        [
            ("p {{ v }} e", ["p", "{}", "e"]),
            ("p --v={{ v }} e", ["p", "--v={}", "e"]),
            ("p {{ v }}:{{ v }} e", ["p", "{}:{}", "e"]),
            ('p "{{ v }}" e', ["p", "{}", "e"]),
            ("p '{{ v }}' e", ["p", "{}", "e"]),
            ('p "--v={{ v }} w" e', ["p", "--v={} w", "e"]),
            ("p \\\n {{ v }} \\\n e", ["p", "{}", "e"]),
            ("p {% for x in [v, v] %}{{ x }} {% endfor %} e", ["p", "{}", "{}", "e"]),
            ("p {% set w %}<{{ v }}>{% endset %}{{ w }} e", ["p", "<{}>", "e"]),
            ("p {{ '--v=' ~ v }} e", ["p", "--v={}", "e"]),
        ],
    )
    def test_in_every_place(self, render, template, expected, value):
        assert render(template, v=value) == [word.replace("{}", value) for word in expected]

    @WITH_FILES
    @given(values=st.lists(TEXT))
    def test_any_list_round_trips(self, render, values):
        assert render("p {{ extra_args }}", extra_args=values) == ["p", *values]
        loop = "p {% for arg in extra_args %}{{ arg }} {% endfor %}"
        assert render(loop, extra_args=values) == ["p", *values]

    @WITH_FILES
    @given(value=TEXT)
    def test_any_text_round_trips_bare_and_in_quotation_marks(self, render, value):
        assert render("p {{ v }} \"{{ v }}\" '{{ v }}' -{{ v }}", v=value) == [
            "p",
            value,
            value,
            value,
            f"-{value}",
        ]

    def test_a_tuple_and_a_generator_are_lists(self, render):
        assert render("p {{ v }}", v=("a b", "c")) == ["p", "a b", "c"]
        assert render("p {{ v|map('upper') }}", v=["a b", "c"]) == ["p", "A B", "C"]

    def test_an_empty_list_is_no_word(self, render):
        assert render("p {{ v }} {{ v }}", v=[]) == ["p"]

    def test_a_condition_without_else_is_no_word(self, render):
        assert render("p {{ '--on' if on }} {{ '--off' if off }}", on=True, off=False) == ["p", "--on"]
        assert render("p {{ '--off' if off else '' }}", off=False) == ["p", ""]

    def test_numbers_and_truth_values_are_text(self, render):
        assert render("p {{ port }} {{ on }} {{ wait }}", port=4433, on=True, wait=0.05) == [
            "p",
            "4433",
            "True",
            "0.05",
        ]

    @pytest.mark.parametrize("value", ["\0", "a\0b", "\x000\x00", "\0000:0\0"])
    def test_nul_is_refused(self, render, value):
        with pytest.raises(CommandTemplateError, match="contains a NUL character"):
            render("p {{ v }}", v=value)

    def test_none_is_refused(self, render):
        with pytest.raises(CommandTemplateError, match="a value is None"):
            render("p {{ v }}", v=None)


PARAMETERS = {
    "binary_name": ["your_binary"],
    "bind_address": "0.0.0.0",
    "host": "localhost",
    "port": 4443,
    "cert_file": "/certs/my cert.pem",
    "key_file": "/certs/priv.key",
    "debug_level": 0,
    "zero_rtt": False,
    "custom_crypto": False,
    "extra_args": [],
}
BEGIN = ["your_binary", "--server", "--listen", "0.0.0.0:4443", "--cert", "/certs/my cert.pem"]


class TestTheGuidesTemplates:
    def test_server(self, render):
        assert render(SERVER, **PARAMETERS) == [*BEGIN, "--key", "/certs/priv.key"]
        given = {**PARAMETERS, "debug_level": 2, "extra_args": ["--a", "b c"]}
        assert render(SERVER, **given) == [*BEGIN, "--key", "/certs/priv.key", "--debug=2", "--a", "b c"]

    def test_client(self, render):
        words = ["your_binary", "--client", "--connect", "localhost:4443"]
        assert render(CLIENT, **PARAMETERS) == words
        given = {**PARAMETERS, "zero_rtt": True, "custom_crypto": True}
        assert render(CLIENT, **given) == [*words, "--enable-0rtt", "--crypto-provider=custom"]

    def test_beside_a_plugins_class(self, define, tmp_path):
        module = define("""
            from panther.plugins.services.base import BaseQUICServiceManager

            class Manager(BaseQUICServiceManager):
                def _get_implementation_name(self): return "mine"
                def _get_binary_name(self): return "mine-binary"
                def _get_server_specific_args(self, **kwargs): return ["--extra", kwargs["alpn"]]
        """)
        (tmp_path / "user" / "templates").mkdir()
        (tmp_path / "user" / "templates" / "server_command.jinja").write_text(SERVER)
        manager = module.Manager()
        paths = "--cert /certs/cert.pem --key /certs/priv.key"
        words = f"mine-binary --server --listen 0.0.0.0:4443 {paths} --extra h3"
        assert manager.generate_run_command() == words
        assert manager.generate_run_command("client") == "mine-binary"
        assert type("Below", (module.Manager,), {})().generate_run_command() == words


class TestLines:
    def test_comments_and_continuations(self, render):
        text = "# first\np \\\n  # between \\\n  -a \\  \n\n-b \\\n\n# {{ undefined }} {% if %}\n-c\n"
        assert render(text) == ["p", "-a", "-b", "-c"]

    def test_a_line_is_continued_without_a_space(self, render):
        assert render("p --long=\\\nvalue") == ["p", "--long=value"]

    def test_windows_line_ends(self, render):
        render.path.write_bytes(b"# c\r\np \\\r\n  -a \\\r\n  -b\r\n")
        assert render_argv(render.path, {}) == ["p", "-a", "-b"]

    def test_a_backslash_at_the_very_end(self, render):
        assert render("p -a \\") == ["p", "-a"]

    def test_a_number_sign_inside_a_line_is_text(self, render):
        assert render("p a#b -#") == ["p", "a#b", "-#"]

    @pytest.mark.parametrize(
        "comment", ["{# one line #}", "{#\n  several\n#}", "{#\n# here too\n # and here #}"]
    )
    def test_jinjas_own_comments(self, render, comment):
        assert render(f"p \\\n{comment} -a") == ["p", "-a"]

    def test_quotation_marks_of_the_template(self, render):
        assert render("p 'a b' \"c d\" e\\ f") == ["p", "a b", "c d", "e f"]


class TestMistakes:
    @pytest.mark.parametrize(
        ("text", "line", "problem"),
        [
            ("p\n{{ prot }}\n", 2, "'prot' is undefined"),
            ("# c\np \\\n  {{ prot }}", 3, "'prot' is undefined"),
            ("p \\\n{#\n\n#}\n{{ prot }}", 5, "'prot' is undefined"),
            ("p\n{% if prot %}x{% endif %}", 2, "'prot' is undefined"),
            ("p\n{% if port > %}x{% endif %}", 2, "the template does not parse"),
            ("p\n\n{% endif %}", 3, "the template does not parse"),
            ("p {{ port", 1, "the template does not parse"),
            ("p\n{{ port / 0 }}", 2, "division by zero"),
            ("p\n{{ port + 'x' }}", 2, "unsupported operand"),
            ("p\n{{ {}.popitem() }}", 2, "unsafe"),
            ("p\n{{ ''.join([1]) }}", 2, "expected str"),
            ("p\n{{ [0][5] }}", 2, "no element 5"),
        ],
    )
    def test_the_line_is_named(self, render, text, line, problem):
        with pytest.raises(CommandTemplateError) as caught:
            render(text, port=1)
        assert caught.value.where == f"{render.path}:{line}"
        assert problem in caught.value.message

    def test_what_may_be_used_is_listed(self, render):
        with pytest.raises(CommandTemplateError) as caught:
            render("p {{ prot }}", port=1, host="h")
        assert caught.value.cure == "a template may use: host, port"

    @pytest.mark.parametrize("text", ["", "  \n ", "# only a comment\n", "{% if port == 2 %}p{% endif %}"])
    def test_an_empty_command(self, render, text):
        with pytest.raises(CommandTemplateError, match="it is empty"):
            render(text, port=1)

    @pytest.mark.parametrize("text", ["p 'open", 'p "open', "p 'a' \"b"])
    def test_an_open_quotation_mark(self, render, text):
        with pytest.raises(CommandTemplateError, match="No closing quotation") as caught:
            render(text)
        assert caught.value.cure.startswith("close the quotation mark")

    def test_a_file_that_is_no_text(self, render):
        render.path.write_bytes(b"p \xff")
        with pytest.raises(CommandTemplateError, match="utf-8"):
            render_argv(render.path, {})

    def test_a_file_with_nul(self, render):
        with pytest.raises(CommandTemplateError, match="NUL"):
            render("p \0")

    @pytest.mark.parametrize("statement", ["{% include 'x' %}", "{% import 'x' as x %}", "{% extends 'x' %}"])
    def test_other_templates_cannot_be_loaded(self, render, statement):
        with pytest.raises(CommandTemplateError):
            render(f"p {statement}")


class TestTheSandbox:
    @pytest.mark.parametrize(
        "expression",
        [
            "''.__class__.__mro__",
            "port.__class__",
            "port|attr('__class__')",
            "extra_args.__init__.__globals__",
            "cycler.__init__.__globals__.os.system('id')",
            "self.__init__",
            "lipsum.__globals__['os']",
            "'{0.__class__}'.format(port)",
            "extra_args.append('x')",
            "custom_options.update({'a': 'b'})",
            "range(10 ** 9)|list",
        ],
    )
    def test_escapes_are_refused(self, render, expression):
        arguments, options = ["a"], {}
        with pytest.raises(CommandTemplateError):
            render(f"p {{{{ {expression} }}}}", port=1, extra_args=arguments, custom_options=options)
        assert (arguments, options) == (["a"], {})
