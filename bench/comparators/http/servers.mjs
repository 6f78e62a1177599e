// The contract of bench_controllers on Node.js: `servers.mjs --kind node|fastify --port P --files DIR`.
import { createReadStream } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import fastify from "fastify";
import { announce, option, port } from "../contract.mjs";

const sizes = ["small", "medium", "large"];

/** The rules of an order, by hand. */
function isOrder({ customer, item, quantity, size, express, extras, note }) {
  return (
    typeof customer === "string" && /^[a-z0-9]+$/i.test(customer) &&
    typeof item === "string" && item.length >= 1 && item.length <= 64 &&
    Number.isInteger(quantity) && quantity >= 1 && quantity <= 100 &&
    sizes.includes(size) && typeof express === "boolean" &&
    Array.isArray(extras) && extras.length <= 8 && extras.every((extra) => typeof extra === "string") &&
    (note === undefined || (typeof note === "string" && note.length <= 200))
  );
}

const kinds = {
  /// node:http and nothing else.
  node() {
    const http = createServer((request, response) => {
      if (request.method === "GET" && request.url.startsWith("/files/")) {
        response.setHeader("content-type", "text/plain; charset=utf-8");
        response.setHeader("content-length", 16384);
        createReadStream(join(option("files"), request.url.slice("/files/".length))).pipe(response);
        return;
      }
      const parts = [];
      request.on("data", (part) => parts.push(part));
      request.on("end", () => {
        const order = JSON.parse(Buffer.concat(parts).toString());
        const right = isOrder(order);
        const answer = JSON.stringify(right ? { item: order.item, quantity: order.quantity } : { message: "Bad Request" });
        response.writeHead(right ? 201 : 400, {
          "content-type": "application/json; charset=utf-8",
          "content-length": Buffer.byteLength(answer),
        });
        response.end(answer);
      });
    });
    http.listen(port, "127.0.0.1", () => announce(http.address().port));
  },

  /// Fastify with the same rules as a JSON schema, and its plugin for files.
  async fastify() {
    const app = fastify();
    const text = { type: "string" };
    const body = {
      type: "object",
      additionalProperties: false,
      required: ["customer", "item", "quantity", "size", "express", "extras"],
      properties: {
        customer: { type: "string", pattern: "^[a-zA-Z0-9]+$" },
        item: { type: "string", minLength: 1, maxLength: 64 },
        quantity: { type: "integer", minimum: 1, maximum: 100 },
        size: { type: "string", enum: sizes },
        express: { type: "boolean" },
        extras: { type: "array", maxItems: 8, items: text },
        note: { type: "string", maxLength: 200 },
      },
    };
    const receipt = { type: "object", properties: { item: text, quantity: { type: "integer" } } };
    app.post("/orders", { schema: { body, response: { 201: receipt } } }, (request, reply) =>
      reply.code(201).send({ item: request.body.item, quantity: request.body.quantity }),
    );
    app.register(fastifyStatic, { root: option("files"), prefix: "/files/" });
    await app.listen({ port, host: "127.0.0.1" });
    announce(app.server.address().port);
  },
};

await kinds[option("kind")]();
