// HTTPS and WSS: `tls --cert server.pem --key server.key`. When the certificate is renewed, send SIGHUP: new
// connections get the new one, and nobody is disconnected.
#include "port.hpp"

#include <aerie/aerie.hpp>

#include <csignal>
#include <exception>
#include <iostream>

int main(int argc, char** argv) {
  aerie::ServerOptions options;
  options.http.tls =
      aerie::http::TlsOptions{.certificate_file = example::option(argc, argv, "--cert", "server.pem"),
                              .private_key_file = example::option(argc, argv, "--key", "server.key")};
  try {
    aerie::Server io(options);
    io.on("secure?", [](aerie::Socket& socket) { return socket.handshake().secure(); });

    io.runtime().on_signal({SIGHUP, SIGINT, SIGTERM}, [&io](int signal) {
      if (signal != SIGHUP) return io.close();
      try {
        io.http()->reload_certificates();
        std::cout << "certificates reloaded" << std::endl;
      } catch (std::exception const& error) {
        // Files that cannot be used change nothing: the server goes on with the old ones.
        std::cerr << error.what() << std::endl;
      }
    });

    io.listen(example::port(argc, argv));
    std::cout << "listening on port " << io.port() << std::endl;
    io.run();
  } catch (std::exception const& error) {
    std::cerr << error.what() << std::endl;
    return 1;
  }
}
