# A release is made in a clone; script/test-packages builds a project from its archive.
counted tests/package/release_check
