"""A plugin's configuration: the guide's dataclasses, and what is refused with which words."""

# The guide writes List, Dict and Optional, and so do the plugins of its readers:
# ruff: noqa: UP006, UP035, UP045

from __future__ import annotations

import datetime as dt
import enum
import inspect
import socket
from dataclasses import dataclass, field
from typing import ClassVar, Dict, List, Literal, Optional

import pytest

from panther.config.core.models import ImplementationConfig, IUTConfig
from panther.config.core.validation import ConfigFieldError, build_config, config_fields
from panther.errors import ConfigurationError


# As the guide prints them.
@dataclass
class YourImplementationConfig(ImplementationConfig):
    """Configuration schema for your protocol implementation."""

    implementation_name: str = "your_implementation"
    binary_name: str = "your_binary"
    protocol_version: str = "1.0"
    supported_features: List[str] = field(default_factory=list)
    default_port: int = 8080
    bind_address: str = "0.0.0.0"
    performance_mode: str = "balanced"
    debug_level: int = 0
    custom_options: Dict[str, str] = field(default_factory=dict)
    certificate_config: Dict[str, str] = field(default_factory=dict)
    runtime_parameters: Dict[str, str] = field(default_factory=dict)
    dockerfile_template: Optional[str] = None
    base_image_override: Optional[str] = None


@dataclass
class HttpImplementationConfig(IUTConfig):
    implementation_name: str = "your_http"
    default_port: int = 80
    http_features: List[str] = field(default_factory=lambda: ["h2", "h3"])


@dataclass
class YourImplConfig(IUTConfig):
    implementation_name: str = "your_impl"
    custom_feature: bool = False
    optimization_level: str = "balanced"


class Mode(enum.Enum):
    FAST = "Fast"


@dataclass
class Limits:
    streams: int = 100


@dataclass
class TunedConfig(IUTConfig):
    mode: Literal["Fast", "Slow"] = "Fast"
    other: Mode = Mode.FAST
    limits: Limits = field(default_factory=Limits)


class TestTheGuidesClasses:
    @pytest.mark.parametrize(
        "cls",
        [YourImplementationConfig, HttpImplementationConfig, YourImplConfig, ImplementationConfig, IUTConfig],
    )
    def test_their_defaults_hold(self, cls):
        assert build_config(cls, {}) == cls()
        assert type(build_config(cls, {})) is cls

    def test_values_of_an_experiment_file(self):
        values = {
            "performance_mode": "throughput",
            "debug_level": 2,
            "runtime_parameters": {"optimization_level": "high", "buffer_size": "64KB"},
            "supported_features": ["a"],
        }
        config = build_config(YourImplementationConfig, values)
        assert {name: getattr(config, name) for name in values} == values

    def test_their_fields_are_known(self):
        assert config_fields(YourImplConfig)["custom_feature"] is bool
        assert "connect_retries" in config_fields(YourImplConfig)

    def test_the_class_itself_stays_a_plain_dataclass(self):
        build_config(YourImplConfig, {})
        assert YourImplConfig(debug_level="anything").debug_level == "anything"
        assert not hasattr(YourImplConfig, "__pydantic_validator__")

    def test_two_configurations_share_no_maps(self):
        build_config(IUTConfig, {}).custom_options["a"] = "b"
        assert build_config(IUTConfig, {}).custom_options == {}


class TestMapsOfText:
    def test_yaml_scalars_become_text(self):
        given = {"n": 5, "f": 1.5, "yes": True, "no": False, "day": dt.date(2024, 1, 2), "t": "x"}
        expected = {"n": "5", "f": "1.5", "yes": "true", "no": "false", "day": "2024-01-02", "t": "x"}
        for name in ("custom_options", "runtime_parameters", "certificate_config"):
            assert getattr(build_config(IUTConfig, {name: given}), name) == expected

    def test_also_where_the_map_is_optional(self):
        @dataclass
        class Config(IUTConfig):
            labels: Optional[Dict[str, str]] = None
            tags: dict[str, str] | None = None

        config = build_config(Config, {"labels": {"a": 1}, "tags": {"b": True}})
        assert (config.labels, config.tags) == ({"a": "1"}, {"b": "true"})

    @pytest.mark.parametrize("value", [None, ["x"], {"a": "b"}])
    def test_other_values_are_refused(self, value):
        with pytest.raises(ConfigFieldError) as caught:
            build_config(IUTConfig, {"custom_options": {"key": value}})
        assert caught.value.path == ("custom_options", "key")


class TestRefusedValues:
    def test_an_unknown_field_with_a_suggestion(self):
        with pytest.raises(ConfigFieldError) as caught:
            build_config(YourImplConfig, {"custom_featrue": True})
        assert str(caught.value) == (
            "YourImplConfig has no field 'custom_featrue'\n  cure: did you mean 'custom_feature'?"
        )
        assert caught.value.path == ("custom_featrue",)

    @pytest.mark.parametrize(
        ("key", "path"), [("zzz", ("zzz",)), (1, (1,)), (None, ("None",)), (1.5, ("1.5",))]
    )
    def test_an_unknown_field_with_the_known_ones(self, key, path):
        with pytest.raises(
            ConfigFieldError, match="the fields are: implementation_name, binary_name"
        ) as caught:
            build_config(IUTConfig, {key: 1})
        assert caught.value.path == path

    @pytest.mark.parametrize(
        ("values", "path", "problem"),
        [
            (
                {"default_port": "x"},
                ("default_port",),
                "'default_port' of IUTConfig: input should be a valid integer",
            ),
            ({"connect_timeout": []}, ("connect_timeout",), "got []"),
            ({"custom_options": [1]}, ("custom_options",), "valid dictionary, got [1]"),
            ({"binary_name": None}, ("binary_name",), "valid string, got None"),
        ],
    )
    def test_a_wrong_type(self, values, path, problem):
        with pytest.raises(ConfigFieldError) as caught:
            build_config(IUTConfig, values)
        assert caught.value.path == path
        assert problem in caught.value.message

    @pytest.mark.parametrize("value", [1.0, 2024, True, dt.date(2024, 1, 2)])
    def test_text_without_quotation_marks_in_yaml(self, value):
        with pytest.raises(ConfigFieldError) as caught:
            build_config(IUTConfig, {"protocol_version": value})
        assert caught.value.cure == f'put it into quotation marks: "{value}"'

    def test_items_of_lists_have_a_path(self):
        with pytest.raises(ConfigFieldError) as caught:
            build_config(YourImplementationConfig, {"supported_features": ["a", 5]})
        assert caught.value.path == ("supported_features", 1)

    def test_literals_and_enums_keep_their_spelling(self):
        assert build_config(TunedConfig, {"other": "Fast"}).other is Mode.FAST
        with pytest.raises(ConfigFieldError, match="should be 'Fast' or 'Slow', got 'fast'"):
            build_config(TunedConfig, {"mode": "fast"})

    def test_fields_of_nested_dataclasses(self):
        assert build_config(TunedConfig, {"limits": {"streams": 5}}).limits == Limits(5)
        with pytest.raises(
            ConfigFieldError, match=r"'limits\.stream' of TunedConfig: there is no such field"
        ) as caught:
            build_config(TunedConfig, {"limits": {"stream": 5}})
        assert caught.value.path == ("limits", "stream")

    def test_what_the_class_itself_refuses(self):
        @dataclass
        class Config(IUTConfig):
            low: int = 0

            def __post_init__(self):
                if self.low > self.connect_retries:
                    raise ValueError("low is above connect_retries")

        with pytest.raises(ConfigurationError, match=r"^Config: low is above connect_retries$"):
            build_config(Config, {"low": 9})


class Undecorated(IUTConfig):
    extra: int = 1


class TestClassesThatCannotBeUsed:
    def line_of(self, cls):
        return f"{__file__}:{inspect.getsourcelines(cls)[1]}"

    def test_a_missing_dataclass_decorator(self):
        with pytest.raises(ConfigurationError) as caught:
            build_config(Undecorated, {})
        assert caught.value.message == "the configuration class 'Undecorated' has fields but no @dataclass"
        assert caught.value.cure == "write @dataclass above 'class Undecorated'"
        assert caught.value.where == self.line_of(Undecorated)

    def test_in_a_base_class_too(self):
        @dataclass
        class Config(Undecorated):
            more: int = 2

        with pytest.raises(ConfigurationError, match="'Undecorated' has fields but no @dataclass"):
            build_config(Config, {})

    def test_a_default_without_a_type_would_change_nothing(self):
        @dataclass
        class Config(IUTConfig):
            binary_name = "other"

        with pytest.raises(ConfigurationError, match=r"'binary_name' .* has no type") as caught:
            build_config(Config, {})
        assert caught.value.cure == "write binary_name: str = 'other'"

    def test_a_default_of_the_wrong_type(self):
        @dataclass
        class Config(IUTConfig):
            workers: int = "many"

        with pytest.raises(
            ConfigurationError, match=r"the default of 'workers' of Config: .* got 'many'"
        ) as caught:
            build_config(Config, {})
        assert not isinstance(caught.value, ConfigFieldError)
        assert caught.value.where.startswith(f"{__file__}:")

    def test_a_field_without_a_default(self):
        @dataclass(kw_only=True)
        class Config(IUTConfig):
            workers: int

        with pytest.raises(ConfigurationError, match="'workers' of Config has no default"):
            build_config(Config, {})
        assert build_config(Config, {"workers": 3}).workers == 3

    def test_an_unknown_type(self):
        @dataclass
        class Config(IUTConfig):
            thing: "Unknown" = None  # noqa: F821, UP037

        with pytest.raises(ConfigurationError, match="unknown type: name 'Unknown' is not defined"):
            build_config(Config, {})

    def test_a_type_that_no_file_can_express(self):
        @dataclass
        class Config(IUTConfig):
            thing: socket.socket = None

        with pytest.raises(ConfigurationError, match="has a type that cannot be checked"):
            build_config(Config, {})

    @pytest.mark.parametrize("cls", [dict, None, "IUTConfig"])
    def test_what_is_no_configuration_class(self, cls):
        with pytest.raises(ConfigurationError, match="is no configuration class"):
            build_config(cls, {})


class TestClassesThatCan:
    def test_class_variables_need_no_decorator(self):
        class Mixin:
            KNOWN: ClassVar[int] = 1

        @dataclass
        class Config(Mixin, IUTConfig):
            own: int = 2

        assert build_config(Config, {}).own == 2

    def test_with_slots(self):
        @dataclass(slots=True)
        class Config(IUTConfig):
            binary_name: str = "x"

        assert build_config(Config, {"debug_level": 1}) == Config(debug_level=1)

    def test_frozen_is_refused_by_dataclasses_not_by_us(self):
        with pytest.raises(TypeError, match="frozen"):
            dataclass(frozen=True)(type("Config", (IUTConfig,), {}))

    def test_without_fields_of_its_own_no_decorator_is_needed(self):
        class Config(IUTConfig):
            pass

        assert build_config(Config, {"debug_level": 1}).debug_level == 1
