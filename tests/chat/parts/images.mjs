import assert from "node:assert/strict";
import { newId } from "../lib/person.mjs";

export const name = "images";
export const oneThreadIsEnough = true;

const MIB = 1024 * 1024;

/** A PNG as far as its kind and size are looked at, filled up to `size` bytes. */
function png(width, height, size = 100) {
  const bytes = Buffer.alloc(size, 7);
  Buffer.from("89504e470d0a1a0a0000000d49484452", "hex").copy(bytes);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}

export async function run({ check, newServer }) {
  const server = newServer({ words: ["--image-quota", "3"] });
  await server.start();
  const ann = await server.person("Ann");
  const bob = await server.person("Bob");
  const room = (await ann.createRoom("Pictures")).id;
  const load = (key) => fetch(`${server.url}/api/images/${key}`);

  await check("an image goes to everybody in the room, is history, and is served as nothing but an image", async () => {
    for (const transports of [["websocket"], ["polling"]]) {
      const anns = await ann.open([room], { transports });
      const bobs = await bob.open([room], { transports });
      const bytes = png(640, 480, 5000);
      const { ok, message, error } = await anns.sendImage(room, bytes, "a cat, for @Bob");
      assert.ok(ok, JSON.stringify(error));
      assert.deepEqual(message.image, { key: message.image.key, type: "image/png", width: 640, height: 480 });
      assert.match(message.image.key, /^[0-9a-f]{32}$/);
      assert.deepEqual([message.content, message.mentions], ["a cat, for @Bob", [bob.user]]);
      assert.deepEqual(await bobs.hears("newMessage", ({ id }) => id === message.id), message);
      assert.deepEqual((await bob.history(room)).at(-1), message);
      const response = await load(message.image.key);
      assert.equal(response.status, 200);
      const header = (name) => response.headers.get(name);
      assert.deepEqual(
        ["content-type", "x-content-type-options", "content-security-policy", "cache-control"].map(header),
        ["image/png", "nosniff", "default-src 'none'; sandbox", "private, max-age=31536000, immutable"],
      );
      assert.deepEqual(Buffer.from(await response.arrayBuffer()), bytes);
      anns.close();
      bobs.close();
    }
  });

  await check("the same client id is the same image", async () => {
    const anns = await ann.open([room]);
    const clientId = newId();
    const answers = await Promise.all([1, 2, 3].map((width) => anns.sendImage(room, png(width, 1), "", clientId)));
    for (const answer of answers) assert.deepEqual(answer, answers[0]);
    assert.equal((await load(answers[0].message.image.key)).status, 200);
    assert.equal((await anns.send(room, "a text", clientId)).message.image.key, answers[0].message.image.key);
    anns.close();
  });

  await check("what is too large, or no image by its bytes, is refused", async () => {
    const anns = await ann.open([room]);
    const code = async (...args) => (await anns.sendImage(room, ...args)).error?.code;
    assert.equal(await code(png(1, 1, MIB + 1)), "IMAGE_TOO_LARGE");
    for (const bytes of ["<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "", "<html>", "BM"])
      assert.equal(await code(Buffer.from(bytes)), "INVALID_IMAGE");
    assert.equal(await code(png(0, 5)), "INVALID_IMAGE");
    assert.equal(await code(png(16385, 5)), "INVALID_IMAGE");
    assert.equal(await code("a text"), "BAD_REQUEST");
    assert.equal(await code(png(1, 1), "x".repeat(2001)), "TOO_LONG");
    assert.equal(await code(png(1, 1), "", ""), "BAD_REQUEST");
    assert.equal((await anns.ask("sendImage", { chatRoomId: 999, content: "", clientId: "a", image: png(1, 1) })).error.code, "ROOM_NOT_FOUND");
    anns.close();
  });

  await check("a user's images have so much room; what is deleted makes room, and is gone", async () => {
    const bobs = await bob.open([room]);
    const sent = [];
    for (let i = 0; i < 3; i += 1) sent.push((await bobs.sendImage(room, png(1, 1, MIB))).message);
    assert.equal((await bobs.sendImage(room, png(1, 1))).error.code, "IMAGE_QUOTA");
    assert.equal((await bobs.send(room, "a text")).ok, true);
    const { message } = await bobs.remove(room, sent[0].id);
    assert.deepEqual([message.image, message.content, message.deleted], [undefined, "", true]);
    assert.equal((await load(sent[0].image.key)).status, 404);
    assert.equal((await bobs.sendImage(room, png(1, 1))).ok, true);
    bobs.close();
  });

  await check("there is nothing behind other keys", async () => {
    for (const key of ["0".repeat(32), "x", "..%2f..", "%00"]) {
      const { status } = await load(key);
      assert.ok(status === 404 || status === 400, `${key}: ${status}`);
    }
  });

  await check("more than 30 in a minute are refused", async () => {
    const carl = await server.person("Carl");
    const tab = await carl.open([room]);
    const answers = await Promise.all(Array.from({ length: 31 }, () => tab.sendImage(room, png(1, 1))));
    assert.deepEqual(answers.map(({ ok, error }) => ok || error.code), [...Array(30).fill(true), "TOO_MANY_REQUESTS"]);
    tab.close();
  });

  await check("images survive a restart", async () => {
    const { image } = (await bob.history(room)).findLast((message) => message.image);
    await server.end("SIGTERM");
    await server.start();
    assert.equal((await load(image.key)).status, 200);
  });
}
