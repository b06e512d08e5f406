"""The tests: promises and cases."""
