# The same under AddressSanitizer and UndefinedBehaviorSanitizer.
conformance asan
