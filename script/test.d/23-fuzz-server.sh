# A minute of random clients and misbehaving applications, with other seeds on every day.
build asan fuzz_server
counted build/asan/bin/fuzz_server --seconds 60 --seed "$(date +%y%m%d)000000"
