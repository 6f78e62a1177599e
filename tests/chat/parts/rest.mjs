import assert from "node:assert/strict";
import { call } from "../lib/person.mjs";

export const name = "HTTP";

export async function run({ check, newServer }) {
  const server = newServer();
  await server.start();
  const { url } = server;
  const ann = await server.person("Ann");

  await check("signing in gives a token, the user and its end", async () => {
    const { status, body } = await call(url, "POST", "/api/login", { body: { nickname: "  Zoë 🙂 " } });
    assert.equal(status, 200);
    assert.deepEqual(Object.keys(body).sort(), ["expiresAt", "token", "user"]);
    assert.equal(body.user.nickname, "Zoë 🙂");
    const left = Date.parse(body.expiresAt) - Date.now();
    assert.ok(left > 86_390_000 && left <= 86_400_000, `${left} ms are left`);
    const again = await call(url, "POST", "/api/login", { body: { nickname: "Zoë 🙂" } });
    assert.deepEqual(again.body.user, body.user);
    assert.notEqual(body.user.id, ann.user.id);
  });

  await check("a nickname has 1 to 32 characters", async () => {
    assert.equal((await call(url, "POST", "/api/login", { body: { nickname: "🙂".repeat(32) } })).status, 200);
    for (const nickname of ["", "  \u00a0", "x".repeat(33), 5, null, undefined, ["Ann"], "a\nb", "\ud83d"]) {
      const { status, body } = await call(url, "POST", "/api/login", { body: { nickname } });
      assert.deepEqual([status, body.code], [400, "INVALID_NICKNAME"], JSON.stringify(nickname));
      assert.ok(body.message.length > 10);
    }
  });

  await check("a body that is no JSON object is said to be one", async () => {
    for (const body of ["", "{", "[]", "null", "5", '"Ann"', '{"nickname":"Ann"} x']) {
      const answer = await call(url, "POST", "/api/login", { body });
      assert.deepEqual([answer.status, answer.body.code], [400, "BAD_REQUEST"], body);
    }
  });

  await check("the token tells who one is", async () => {
    const { status, body } = await ann.call("GET", "/api/me");
    assert.deepEqual([status, body], [200, { user: ann.user }]);
  });

  await check("everything but signing in asks for a token", async () => {
    const paths = [["GET", "/api/me"], ["GET", "/api/rooms"], ["POST", "/api/rooms"], ["GET", "/api/rooms/1/messages"], ["GET", "/api/rooms/1/search?q=x"]];
    for (const [method, path] of paths) {
      const body = method === "POST" ? { name: "x" } : undefined;
      const missing = await call(url, method, path, { body });
      assert.deepEqual([missing.status, missing.body.code], [401, "MISSING_TOKEN"], path);
      const basic = await call(url, method, path, { body, headers: { Authorization: "Basic QW5uOg==" } });
      assert.deepEqual([basic.status, basic.body.code], [401, "MISSING_TOKEN"], path);
      const invalid = await call(url, method, path, { body, token: `${ann.token}x` });
      assert.deepEqual([invalid.status, invalid.body.code], [401, "INVALID_TOKEN"], path);
    }
  });

  await check("a new database has a room, and more can be made", async () => {
    const { status, body } = await ann.call("GET", "/api/rooms");
    assert.equal(status, 200);
    assert.deepEqual(body.map((room) => [room.id, room.name]), [[1, "Lobby"]]);
    const made = await ann.call("POST", "/api/rooms", { name: " Kitchen " });
    assert.equal(made.status, 201);
    assert.equal(made.body.name, "Kitchen");
    assert.ok(Math.abs(Date.parse(made.body.createdAt) - Date.now()) < 10_000);
    assert.deepEqual((await ann.call("GET", "/api/rooms")).body, [...body, made.body]);
  });

  await check("a room's name is taken once", async () => {
    const taken = await ann.call("POST", "/api/rooms", { name: "Kitchen" });
    assert.deepEqual([taken.status, taken.body.code], [409, "ROOM_EXISTS"]);
    const both = await Promise.all([1, 2].map(() => ann.call("POST", "/api/rooms", { name: "Race" })));
    assert.deepEqual(both.map(({ status }) => status).sort(), [201, 409]);
    for (const name of ["", " ", "x".repeat(65), 7, undefined, "a\u0000b"]) {
      const { status, body } = await ann.call("POST", "/api/rooms", { name });
      assert.deepEqual([status, body.code], [400, "INVALID_NAME"], JSON.stringify(name));
    }
  });

  await check("history of a room that is not there is not found", async () => {
    const { status, body } = await ann.call("GET", "/api/rooms/999/messages");
    assert.deepEqual([status, body.code], [404, "ROOM_NOT_FOUND"]);
    assert.deepEqual((await ann.call("GET", "/api/rooms/1/messages")).body, { messages: [], hasMore: false });
  });

  await check("numbers that are none are refused with a sentence", async () => {
    const paths = [
      "abc/messages", "0/messages", "-1/messages", "1.5/messages", "99999999999999999999/messages",
      "1/messages?limit=0", "1/messages?limit=101", "1/messages?limit=ten", "1/messages?limit=", "1/messages?limit=5x",
      "1/messages?before=0", "1/messages?before=-3", "1/messages?before=x", "1/messages?before=9007199254740992",
    ];
    for (const path of paths) {
      const { status, body } = await ann.call("GET", `/api/rooms/${path}`);
      assert.deepEqual([status, body.code], [400, "BAD_REQUEST"], path);
      assert.match(body.message, /whole number from 1 to/, path);
    }
  });

  await check("what is not there is not found, in JSON", async () => {
    for (const [method, path] of [["GET", "/api/"], ["GET", "/api/nothing"], ["POST", "/api/a/b"], ["DELETE", "/api/rooms/1"]]) {
      const { status, body } = await call(url, method, path, { headers: { Accept: "text/html" } });
      assert.deepEqual([status, body.code], [404, "NOT_FOUND"], `${method} ${path}`);
    }
  });

  await check("a page from the client's origin may use it, another may not", async () => {
    const preflight = { Origin: "http://localhost:5173", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type" };
    const response = await fetch(`${url}/api/rooms`, { method: "OPTIONS", headers: preflight });
    assert.equal(response.status, 204);
    assert.equal(response.headers.get("access-control-allow-origin"), "http://localhost:5173");
    assert.equal(response.headers.get("access-control-allow-credentials"), "true");
    assert.match(response.headers.get("access-control-allow-headers"), /authorization/i);
    const plain = await call(url, "GET", "/api/rooms", { token: ann.token, headers: { Origin: "http://localhost:5173" } });
    assert.equal(plain.headers.get("access-control-allow-origin"), "http://localhost:5173");
    const foreign = await call(url, "GET", "/api/me", { token: ann.token, headers: { Origin: "http://evil.example" } });
    assert.notEqual(foreign.headers.get("access-control-allow-origin"), "http://evil.example");
  });
}
