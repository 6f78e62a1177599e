// A client in a Qt program: Qt's event loop waits for the client's one descriptor, so that listeners are
// called on Qt's own thread and may touch its objects. It is built where Qt is installed.
//
//     field &
//     qt_panel --url http://localhost:3000

// Qt's `emit` is a macro, which a Socket.IO client has a function of that name for; Qt's own code says
// Q_EMIT.
#define QT_NO_KEYWORDS

#include "port.hpp"

#include <aerie/client.hpp>

#include <QCoreApplication>
#include <QSocketNotifier>
#include <QTextStream>
#include <string>

namespace client = aerie::client;

int main(int argc, char** argv) {
  QCoreApplication application(argc, argv);
  auto const url = example::option(argc, argv, "--url", "http://localhost:3000");

  aerie::Runtime runtime({.threads = 1});
  client::Manager const manager(runtime, url);
  auto const socket = manager.socket();

  QTextStream out(stdout);
  socket.on("connect", [&, socket] {
    out << "watching" << Qt::endl;
    socket.emit("watch");
  });
  socket.on("telemetry", [&](std::string const& robot, aerie::Bytes const& frame) {
    out << QString::fromStdString(robot) << ": " << frame.size() << " bytes" << Qt::endl;
  });
  socket.on("finished", [&](std::string const& robot, int frames) {
    out << QString::fromStdString(robot) << ": " << frames << " frames" << Qt::endl;
    application.quit();
  });
  socket.connect();

  QSocketNotifier const notifier(runtime.descriptor(), QSocketNotifier::Read);
  QObject::connect(&notifier, &QSocketNotifier::activated, &application, [&] { runtime.turn(); });
  runtime.turn();
  return application.exec();
}
