"""What every test run has, whichever part of the suite it runs."""

pytest_plugins = ("tests.closing", "tests.browser", "tests.proving")
