"""The table: every block of the guide, in its order, with its context and what comes of it.

To be read beside the guide. A row says where the block stands (line, language, heading, the first digits
of its SHA-256), what comes of it, and, where it is a part of something, what stands before and after it.
"""

from __future__ import annotations

from guidebook.code_outcomes import (
    all_of,
    comment_only,
    configs,
    dockerfile,
    preparation,
    raises,
    refused,
    runs,
    service_manager,
    syntax_error,
)
from guidebook.contexts import (
    BASE,
    CLASS,
    CUSTOM_FEATURE_CLASS,
    DATACLASS,
    DOCKER,
    DOCKERFILE_CLASS,
    EVENTS,
    IUT_CONFIG,
    LANGUAGE_CLASSES,
    PROTOCOL_DIRECTORY,
    PROTOCOL_PLUGIN,
    QUIC_BASE,
    QUIC_PLUGIN,
    REGISTER,
    REQUIRED,
    SERVER,
    SERVER_PROTOCOL,
    TEMPLATE_CLASS,
    TEST,
    TESTER_PLUGIN,
    THROUGHPUT_CLASS,
    TYPING,
    YOUR_BINARY,
)
from guidebook.experiment_outcomes import commands, validates
from guidebook.file_outcomes import command_templates, is_dockerfile, passes_as_test, plugin_package
from guidebook.prose_outcomes import (
    class_tree,
    hook_tree,
    invisible,
    language_tree,
    plugin_tree,
    readme_sections,
)
from guidebook.row import Row
from guidebook.workshop import Printed

from panther.errors import ContractError

__all__ = ["TABLE"]

# The guide's experiment, the plugin that it names, and the program that this starts.
_EXPERIMENT = {**PROTOCOL_PLUGIN, "test_config.yaml": Printed(780), "bin/your_binary": YOUR_BINARY}

# What a run advises whose environments this machine does not have, and what it says with them.
_NO_ENGINE = "DOCKER_HOST=unix:///no/engine.sock"
_ELSEWHERE = "--network-environment localhost"
_CURE = "--network-environment localhost --no-execution-environment"
_PASSED = "1 of 1 tests passed"

# How the guide's template of a server's command begins.
_TEMPLATED = "your_binary --server --listen 0.0.0.0:4443"

TABLE = [
    Row(19, "text", "Base Class Hierarchy", "7df4a38e", class_tree),
    # --- 1. Choose Your Base Class
    Row(
        37,
        "python",
        "Protocol-Specific Base Classes",
        "3d390955",
        runs(
            "BaseQUICServiceManager",
            "BaseHTTPServiceManager",
            "BaseMinipServiceManager",
            "BaseServiceManager",
        ),
    ),
    Row(
        55,
        "python",
        "Language-Specific Extensions",
        "f8f87278",
        runs("PythonQUICServiceManager", "RustQUICServiceManager", "PythonHTTPServiceManager"),
    ),
    # --- 2. Create the Plugin Directory Structure
    Row(70, "text", "2. Create the Plugin Directory Structure", "9c0f9f0c", plugin_tree),
    # --- 3. Define the Configuration Schema
    Row(
        94,
        "python",
        "3. Define the Configuration Schema",
        "b95dc9cf",
        configs(
            YourImplementationConfig={
                "binary_name": "your_binary",
                "default_port": 8080,
                "performance_mode": "balanced",
                "supported_features": [],
                "dockerfile_template": None,
            }
        ),
    ),
    Row(
        132,
        "python",
        "Protocol-Specific Examples",
        "0322db5d",
        configs(
            QuicImplementationConfig={"default_port": 4443, "quic_extensions": [], "connect_retries": 3},
            HttpImplementationConfig={"default_port": 80, "http_features": ["h2", "h3"]},
            CustomProtocolConfig={"default_port": 9999, "custom_settings": {}},
        ),
        before=DATACLASS + TYPING + IUT_CONFIG,
    ),
    # --- 4. Implement the IUT Service Manager
    Row(
        167,
        "python",
        "Example 1: Generic Protocol Implementation",
        "bc5ad1f6",
        all_of(
            service_manager(
                "YourServiceManager",
                ("server", {}, "your_binary --listen 0.0.0.0:8080"),
                (
                    "server",
                    {"config_file": "/a b.yaml"},
                    "your_binary --listen 0.0.0.0:8080 --config '/a b.yaml'",
                ),
                (
                    "server",
                    {"performance_mode": "high"},
                    "your_binary --listen 0.0.0.0:8080 --high-performance",
                ),
                ("client", {}, "your_binary --connect localhost:8080"),
                ("client", {"persistent": True}, "your_binary --connect localhost:8080 --keep-alive"),
                features={"basic_protocol": True, "advanced_features": False},
                registered=("iut", "your_protocol", "your_implementation"),
                deployment="your_binary --listen 0.0.0.0:8080",
            ),
            preparation("YourServiceManager", "started", "finished"),
        ),
    ),
    Row(
        248,
        "python",
        "Example 2: QUIC Protocol Implementation",
        "3368c58b",
        service_manager(
            "YourQuicServiceManager",
            ("server", {}, "your_quic_binary -p 4443 -c /certs/cert.pem"),
            ("client", {}, "your_quic_binary localhost 4443"),
            features={"rfc9000": True},
            registered=("iut", "quic", "your_quic"),
            deployment="your_quic_binary -p 4443 -c /certs/cert.pem",
        ),
    ),
    Row(
        291,
        "python",
        "Example 3: HTTP Protocol Implementation",
        "7f294bd5",
        service_manager(
            "YourHttpServiceManager",
            ("server", {}, "your_http_server --port 80 --root /www"),
            ("server", {"enable_h2": True}, "your_http_server --port 80 --root /www --enable-http2"),
            ("client", {}, "your_http_server --url http://localhost:80/"),
            features={"http/1.1": True, "http/2": True},
            registered=("iut", "http", "your_http"),
        ),
    ),
    Row(
        336,
        "python",
        "Language-Specific Extensions",
        "1d5e0f01",
        all_of(
            service_manager(
                "PythonImplementation",
                ("server", {}, "{python} -m your_package.server"),
                environment={"PYTHONUNBUFFERED": "1"},
            ),
            service_manager(
                "RustImplementation",
                ("server", {}, "your_binary"),
                environment={"RUST_LOG": "debug", "TOKIO_WORKER_THREADS": "4"},
            ),
            dockerfile("RustImplementation", '--features "tokio-runtime,ring-crypto"'),
        ),
        before=TYPING,
        after=LANGUAGE_CLASSES,
    ),
    # --- 5. Create Docker Integration (Optional)
    Row(
        370,
        "python",
        "Option A: Use Predefined Docker Builders",
        "14b9251d",
        dockerfile(
            "YourServiceManager",
            "=rust:",
            "=https://github.com/yourorg/your-impl.git",
            'cargo build --release --features "feature1,feature2"',
        ),
        before=BASE,
        after=REQUIRED,
    ),
    Row(
        388,
        "dockerfile",
        "Option B: Custom Dockerfile",
        "95f30726",
        is_dockerfile("builder", "runtime", named_by=DOCKERFILE_CLASS),
    ),
    Row(
        436,
        "bash",
        "Command Template Integration",
        "60398129",
        command_templates(
            TEMPLATE_CLASS,
            (
                "server",
                {},
                f"{_TEMPLATED} --cert /certs/cert.pem --key /certs/priv.key --congestion 'new reno'",
            ),
            (
                "server",
                {"debug_level": 2, "cert_file": "/my certs/a"},
                f"{_TEMPLATED} --cert '/my certs/a' --key /certs/priv.key --debug=2 --congestion 'new reno'",
            ),
            ("client", {}, "your_binary --client --connect localhost:4443"),
            (
                "client",
                {"zero_rtt": True, "custom_crypto": True},
                "your_binary --client --connect localhost:4443 --enable-0rtt --crypto-provider=custom",
            ),
        ),
    ),
    # --- 6. Create Modern Plugin Documentation: a README, and the blocks inside it
    Row(
        459,
        "markdown",
        "6. Create Modern Plugin Documentation",
        "014707cd",
        readme_sections(
            {
                "Modern Architecture Overview (2024)": "Inheritance Pattern",
                "Purpose and Capabilities": "Purpose and Capabilities",
                "Configuration Schema": "Configuration Schema",
                "Usage Examples": "Usage Examples",
                "Development and Extension": "Development and Extension",
                "Testing and Verification": "Testing and Verification",
                "Event Integration": "Event Integration",
                "Troubleshooting": "Troubleshooting",
            }
        ),
    ),
    Row(472, "text", "Inheritance Pattern", "666ea33e", hook_tree),
    Row(493, "python", "Supported Features", "78545db9", raises(ZeroDivisionError)),  # True/False
    Row(
        507,
        "yaml",
        "Implementation-Specific Parameters",
        "6a7d63b1",
        validates(QUIC_PLUGIN),
        before=TEST,
        indent=4,
        after=SERVER_PROTOCOL,
    ),
    Row(534, "yaml", "Basic Server/Client Test", "69743ed9", validates(QUIC_PLUGIN)),
    Row(
        562,
        "yaml",
        "Performance Testing",
        "56de4ed6",
        validates(QUIC_PLUGIN),
        before=TEST,
        indent=4,
        after=SERVER_PROTOCOL,
    ),
    Row(
        582,
        "python",
        "Extending the Implementation",
        "723a8f96",
        service_manager(
            "YourQuicServiceManager",
            ("server", {}, "your_binary"),
            ("server", {"enable_custom_feature": True}, "your_binary --custom-feature"),
            features={"custom_feature": True},
        ),
        before=TYPING + QUIC_BASE,
        after=REQUIRED,
    ),
    Row(
        603,
        "yaml",
        "Integration with Testers",
        "10d354ec",
        validates(QUIC_PLUGIN, TESTER_PLUGIN),
        before=TEST,
        indent=4,
    ),
    Row(
        629, "python", "Unit Testing", "40f33afb", passes_as_test(1, "test_args.py"), before=THROUGHPUT_CLASS
    ),
    Row(
        664,
        "yaml",
        "Debug Mode",
        "e5f8aebc",
        validates(QUIC_PLUGIN),
        before=SERVER,
        indent=8,
        after=SERVER_PROTOCOL,
    ),
    # --- 7. Register the Modern Plugin
    Row(
        678,
        "python",
        "7. Register the Modern Plugin",
        "0f7a48c3",
        plugin_package(
            QUIC_PLUGIN, "panther.plugins.services.iut.quic.your_implementation", "YourQuicServiceManager"
        ),
    ),
    Row(
        687,
        "python",
        "7. Register the Modern Plugin",
        "725dfe2e",
        syntax_error(
            completed=service_manager(
                "YourQuicServiceManager",
                ("server", {}, "your_binary"),
                features={"rfc9000": True, "key_updates": True},
                registered=("iut", "quic", "your_implementation"),
            )
        ),
        before=REGISTER + QUIC_BASE,
        after=REQUIRED,
    ),
    # --- Testing Patterns
    Row(
        706,
        "python",
        "1. Unit Testing",
        "fe7068b5",
        passes_as_test(3, f"{PROTOCOL_DIRECTORY}/tests/test_your_implementation.py", PROTOCOL_PLUGIN),
    ),
    Row(
        750,
        "python",
        "2. Integration Testing",
        "fe10ea33",
        passes_as_test(1, f"{PROTOCOL_DIRECTORY}/tests/test_integration.py", PROTOCOL_PLUGIN),
        before="import pytest\nfrom your_implementation import YourServiceManager\n\n",
    ),
    Row(780, "yaml", "3. Configuration Testing", "dad29e3b", validates(PROTOCOL_PLUGIN)),
    Row(
        832,
        "bash",
        "4. Run Tests",
        "d4c93f7f",
        all_of(
            commands(_EXPERIMENT, (4, (_ELSEWHERE,)), (0, ("valid",)), (4, (_ELSEWHERE,)), before=_NO_ENGINE),
            commands(_EXPERIMENT, (0, (_PASSED,)), (0, ("valid",)), (0, (_PASSED,)), added=_CURE),
        ),
    ),
    # --- Development Best Practices
    Row(
        848,
        "python",
        "1. Leverage Inheritance Architecture",
        "09444924",
        service_manager("YourServiceManager", ("server", {"port": 9}, "your_binary --listen 0.0.0.0:9")),
        before=TYPING + BASE,
        after=REQUIRED,
    ),
    Row(
        856,
        "python",
        "1. Leverage Inheritance Architecture",
        "9092d34a",
        syntax_error(
            completed=refused(
                ContractError, "'generate_run_command'", "_get_server_specific_args", "overrides_workflow"
            )
        ),
        before=BASE + CLASS,
        indent=4,
        after='        return ""\n',
    ),
    Row(
        865,
        "python",
        "2. Event-Driven Integration",
        "3e698eb2",
        preparation("YourServiceManager", "started", "custom_setup", "finished"),
        before=BASE + EVENTS + CLASS,
        indent=4,
    ),
    Row(875, "python", "2. Event-Driven Integration", "3aed1f4a", comment_only),
    Row(
        882,
        "python",
        "3. Template Method Pattern",
        "43d94055",
        service_manager(
            "YourServiceManager", ("server", {}, "your_binary"), ("client", {}, "your_binary"), features={}
        ),
        before=TYPING + BASE,
    ),
    Row(896, "python", "3. Template Method Pattern", "49e1d147", comment_only),
    Row(
        903,
        "python",
        "4. Configuration Schema Design",
        "5c30c6f3",
        configs(YourImplConfig={"custom_feature": False, "optimization_level": "balanced", "debug_level": 0}),
        before=DATACLASS + IUT_CONFIG,
    ),
    Row(916, "python", "4. Configuration Schema Design", "e8666518", comment_only),
    Row(
        923,
        "python",
        "5. Testing Strategy",
        "5c4cb481",
        passes_as_test(1, "test_custom.py"),
        before=CUSTOM_FEATURE_CLASS,
    ),
    Row(931, "python", "5. Testing Strategy", "380c3ef8", comment_only),
    Row(
        939,
        "python",
        "6. Docker Integration",
        "e72f0779",
        dockerfile("YourServiceManager", "=rust:", "cargo build --release"),
        before=BASE + DOCKER + CLASS,
        indent=4,
    ),
    Row(949, "python", "6. Docker Integration", "3bf0f40c", comment_only),
    Row(
        956,
        "markdown",
        "7. Documentation Standards",
        "e09673be",
        readme_sections(
            {
                "Inheritance Pattern": "Inheritance Pattern",
                "Implementation-Specific Features": "Supported Features",
            }
        ),
    ),
    Row(966, "markdown", "7. Documentation Standards", "e0c48b3c", invisible),
    # --- Reference Implementations
    Row(
        990,
        "text",
        "Implementation Patterns by Language",
        "b703c346",
        language_tree(C="c", Python="python", Rust="rust", Go="go"),
    ),
]
