# What users get to read when they make a mistake that the compiler finds.
counted tests/compile_errors/check
