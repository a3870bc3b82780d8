"""Network environments: where the services of a test run."""
