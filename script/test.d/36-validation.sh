# Validation against class-validator in NestJS' pipe.
build release validation_differential
counted node tests/conformance/validation/differential.mjs --program build/release/bin/validation_differential
