# JSON Web Tokens against other implementations.
build release jwt_differential
counted node tests/conformance/jwt/differential.mjs --program build/release/bin/jwt_differential
