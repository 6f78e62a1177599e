# The official clients and raw sockets against the server.
conformance release
