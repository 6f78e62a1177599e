//! socketioxide as a server that speaks what tests/client/interop.test.mjs needs of tests/conformance/FIXTURE.md.
//!
//!     cargo build --manifest-path tests/client/others/socketioxide/Cargo.toml --target-dir build/interop/rust
//!     build/interop/rust/debug/socketioxide-server --port 3000
//!
//! A refusal has no data: this server's middlewares refuse with a message.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use axum::{extract::State, routing::post, Router};
use rmpv::Value;
use serde::de::{SeqAccess, Visitor};
use serde::ser::SerializeTupleStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use socketioxide::extract::{AckSender, Data, SocketRef, TryData};
use socketioxide::{handler::ConnectHandler, SocketIo, TransportType};
use tokio::signal::unix::{signal, SignalKind};

/// All arguments of an event or of an acknowledgement, as many as there are: socketioxide takes what is a tuple for
/// the list of them.
#[derive(Clone, Debug)]
struct Args(Vec<Value>);

impl Serialize for Args {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut tuple = serializer.serialize_tuple_struct("Args", self.0.len())?;
        for value in &self.0 {
            tuple.serialize_field(value)?;
        }
        tuple.end()
    }
}

impl<'de> Deserialize<'de> for Args {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Elements;
        impl<'de> Visitor<'de> for Elements {
            type Value = Args;

            fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
                formatter.write_str("arguments")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Args, A::Error> {
                let mut values = Vec::new();
                while let Some(value) = elements.next_element()? {
                    values.push(value);
                }
                Ok(Args(values))
            }
        }
        deserializer.deserialize_tuple_struct("Args", usize::MAX, Elements)
    }
}

fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Map(members.map(|(key, value)| (key.into(), value)).to_vec())
}

fn member<'a>(value: &'a Value, key: &str) -> &'a Value {
    let members = value.as_map().map(Vec::as_slice).unwrap_or_default();
    members
        .iter()
        .find(|(name, _)| name.as_str() == Some(key))
        .map_or(&Value::Nil, |(_, value)| value)
}

fn event_of(command: &Value) -> String {
    member(command, "event")
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

/// What the socket is asked to do by an event `do`.
async fn run(socket: &SocketRef, command: &Value, args: Args) -> Value {
    match member(command, "do").as_str() {
        Some("info") => {
            let transport = match socket.transport_type() {
                TransportType::Polling => "polling",
                TransportType::Websocket => "websocket",
            };
            let connection = object([("transport", transport.into())]);
            object([("id", socket.id.to_string().into()), ("conn", connection)])
        }
        Some("emit") if member(command, "ack").as_bool() == Some(true) => {
            let answer = socket
                .emit_with_ack::<_, Args>(event_of(command), &args)
                .expect("the client is connected")
                .await
                .expect("the client answers");
            object([("err", Value::Nil), ("responses", Value::Array(answer.0))])
        }
        Some("emit") => {
            socket
                .emit(event_of(command), &args)
                .expect("the client is connected");
            Value::Nil
        }
        _ => panic!("unknown command {command}"),
    }
}

fn serve(socket: SocketRef) {
    socket.on(
        "echo",
        |ack: AckSender, Data(args): Data<Args>| async move {
            ack.send(&args).ok();
        },
    );
    socket.on(
        "message",
        |socket: SocketRef, Data(args): Data<Args>| async move {
            socket.emit("message-back", &args).ok();
        },
    );
    // This server's handlers answer once, whatever they do.
    socket.on("ack-twice", |ack: AckSender| async move {
        ack.send(&1).ok();
    });
    let ack_after = |ack: AckSender, Data((milliseconds, value)): Data<(u64, Value)>| async move {
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
        ack.send(&value).ok();
    };
    socket.on("ack-after", ack_after);
    let count = |socket: SocketRef, Data((number, size)): Data<(u64, usize)>| async move {
        for i in 0..number {
            // It refuses what does not fit into its buffer.
            while socket.emit("count", &(i, "x".repeat(size))).is_err() {
                tokio::task::yield_now().await;
            }
        }
    };
    socket.on("count", count);
    let command = |socket: SocketRef, ack: AckSender, Data(mut args): Data<Args>| async move {
        let command = args.0.remove(0);
        let answer = run(&socket, &command, args).await;
        ack.send(&object([("ok", answer)])).ok();
    };
    socket.on("do", command);
}

/// Lets in those who know the secret.
async fn authenticate(
    _socket: SocketRef,
    TryData(auth): TryData<Value>,
) -> Result<(), &'static str> {
    let auth = auth.unwrap_or(Value::Nil);
    match member(&auth, "token").as_str() {
        Some("secret") => Ok(()),
        _ => Err("not authorized"),
    }
}

/// What is not Socket.IO's: POST /__do.
async fn outside(State(io): State<SocketIo>, body: String) -> String {
    let command: serde_json::Value = serde_json::from_str(&body).expect("a command is JSON");
    assert_eq!(
        (&command["do"], &command["from"]),
        (&"emit".into(), &"io".into())
    );
    let event = command["event"].as_str().expect("an event has a name");
    let args = rmpv::ext::to_value(&command["args"]).expect("arguments are values");
    let args = Args(args.as_array().cloned().unwrap_or_default());
    io.emit(event, &args).await.expect("nobody refuses it");
    r#"{"ok":null}"#.to_owned()
}

fn milliseconds(options: &HashMap<String, String>, name: &str, otherwise: u64) -> Duration {
    let given = options
        .get(name)
        .map(|text| text.parse().expect("a number of milliseconds"));
    Duration::from_millis(given.unwrap_or(otherwise))
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let options: HashMap<String, String> = words
        .chunks_exact(2)
        .map(|pair| (pair[0].clone(), pair[1].clone()))
        .collect();
    let (layer, io) = SocketIo::builder()
        .ping_interval(milliseconds(&options, "--ping-interval", 25_000))
        .ping_timeout(milliseconds(&options, "--ping-timeout", 20_000))
        .max_payload(1_000_000)
        .ws_max_message_size(1_000_000)
        .build_layer();
    for namespace in ["/", "/custom"] {
        io.ns(namespace, |socket: SocketRef| async move { serve(socket) });
    }
    let admit = |socket: SocketRef| async move { serve(socket) };
    io.ns("/admin", admit.with(authenticate));
    let say_bye = |socket: SocketRef| async move {
        socket.emit("bye", &Args(Vec::new())).ok();
        socket.disconnect().ok();
    };
    io.ns("/bye", say_bye);
    let app = Router::new()
        .route("/__do", post(outside))
        .with_state(io)
        .layer(layer);
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{}", options["--port"]))
        .await
        .expect("the port is free");
    println!(
        "listening on http://{}",
        listener.local_addr().expect("it listens")
    );
    let mut terminated = signal(SignalKind::terminate()).expect("signals are handled");
    tokio::select! {
        served = async { axum::serve(listener, app).await } => served.expect("it serves"),
        _ = terminated.recv() => {}
    }
}
