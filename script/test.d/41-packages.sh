# A build is found by projects of users, and taken away again.
build release
counted tests/package/check build/release
