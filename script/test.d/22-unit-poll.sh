# The floors that meet the kernel, with the event loop that needs nothing but POSIX.
build poll unit_core unit_http unit_engineio
unit_tests poll unit_core unit_http unit_engineio
