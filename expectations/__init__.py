"""Great Expectations: suites as data, and the checkpoint that runs them in an environment of its own."""
