import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.SocketIOServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/**
 * The contract of bench_server on netty-socketio, with its defaults but for compression, which it alone besides
 * uvicorn would agree to.
 */
public final class Server {
  private static final String ROOM = "room";

  private Server() {}

  private static String roomOf(SocketIOClient client) {
    final String room = client.get(ROOM);
    return room == null ? "bench" : room;
  }

  /** Netty is told a port, and does not tell which one it has got. */
  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }

  public static void main(String[] arguments) throws IOException {
    final Configuration configuration = new Configuration();
    configuration.setHostname("127.0.0.1");
    configuration.setPort(freePort());
    configuration.setWebsocketCompression(false);

    final SocketIOServer io = new SocketIOServer(configuration);
    io.addEventListener("echo", Object.class, (client, payload, ack) -> ack.sendAckData(payload));
    io.addEventListener("join", String.class, (client, room, ack) -> {
      client.set(ROOM, room);
      client.joinRoom(room);
      ack.sendAckData();
    });
    io.addEventListener("msg", Object.class, (client, payload, ack) ->
        io.getRoomOperations(roomOf(client)).sendEvent("msg", payload));
    io.start();
    System.out.println("listening on http://127.0.0.1:" + configuration.getPort());
  }
}
