"""Tests of the runner; nothing is measured in them."""
