# The client in C++ and `aerie connect` against python-socketio.
[[ -e build/interop/python.txt ]] ||
  skip "pip could not install python-socketio: tests/client/others/requirements.txt"
build asan aerie client_talker
counted env AERIE_BIN="$PWD/build/asan/bin" AERIE_FIXTURE="$PWD/tests/client/others/python_server.py" \
  PYTHONPATH="$PWD/build/interop/python" AERIE_NO_NAMESPACE='Unable to connect' AERIE_QUIET=2500 \
  node --test tests/client/interop.test.mjs
