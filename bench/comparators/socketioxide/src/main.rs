//! The contract of bench_server on socketioxide, with its defaults, on one thread.

use serde_json::Value;
use socketioxide::SocketIo;
use socketioxide::extract::{AckSender, Data, SocketRef};

#[derive(Clone)]
struct JoinedRoom(String);

async fn echo(Data(text): Data<Value>, ack: AckSender) {
    ack.send(&text).ok();
}

async fn join(socket: SocketRef, Data(room): Data<String>, ack: AckSender) {
    socket.join(room.clone());
    socket.extensions.insert(JoinedRoom(room));
    ack.send(&()).ok();
}

async fn message(io: SocketIo, socket: SocketRef, Data(payload): Data<Value>) {
    let joined = socket.extensions.get::<JoinedRoom>();
    let room = joined.map_or_else(|| "bench".to_owned(), |joined| joined.0);
    io.to(room).emit("msg", &payload).await.ok();
}

async fn connected(socket: SocketRef) {
    socket.on("echo", echo);
    socket.on("join", join);
    socket.on("msg", message);
}

async fn serve(port: u16) -> std::io::Result<()> {
    let (layer, io) = SocketIo::new_layer();
    io.ns("/", connected);
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, axum::Router::new().layer(layer)).await
}

fn main() -> std::io::Result<()> {
    let port = std::env::args().skip_while(|word| word != "--port").nth(1);
    let port = port.and_then(|text| text.parse().ok()).unwrap_or(0);
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(serve(port))
}
