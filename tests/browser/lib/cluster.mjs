// Several instances of the chat behind nginx, with a Redis and a PostgreSQL of their own.

import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startPostgres, startRedis } from "../../chat/lib/services.mjs";
import { ServerProcess } from "./process.mjs";

// Which instance somebody comes to is told by the name in the address, so that a test knows it; where that one is not
// there, the other one is.
const configuration = (port, [first, second]) => `
daemon off;
pid nginx.pid;
error_log stderr;
worker_processes 1;
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  map $http_upgrade $connection_upgrade { default upgrade; "" ""; }
  map $host $instances { default first; two.localhost second; }
  upstream first  { server 127.0.0.1:${first} max_fails=1 fail_timeout=1s; server 127.0.0.1:${second} backup; }
  upstream second { server 127.0.0.1:${second} max_fails=1 fail_timeout=1s; server 127.0.0.1:${first} backup; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://$instances;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
      proxy_read_timeout 60s;
    }
  }
}
`;

/** What is missing on this machine; nothing: all is there. */
export function whatIsMissing() {
  return ["nginx -v", "redis-server --version"]
    .map((command) => command.split(" "))
    .filter(([program, ...args]) => spawnSync(program, args).error)
    .map(([program]) => program);
}

/** Two instances. `address(name)`: where one comes to the instance "one" or "two". */
export async function startCluster(options, [nginxPort, ...ports]) {
  const directory = mkdtempSync(join(tmpdir(), "aerie-nginx-"));
  chmodSync(directory, 0o777);
  const started = [];
  const stop = async () => {
    for (const each of started.reverse()) await each();
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const redis = await startRedis();
    started.push(() => redis.close());
    const postgres = await startPostgres();
    if (postgres === null) throw new Error("PostgreSQL is not installed; script/bootstrap --test installs it");
    started.push(() => postgres.close());
    const database = postgres.newDatabase();
    const instances = ports.map((port) => {
      const place = ["--port", String(port), "--host", "127.0.0.1", "--db", database];
      const words = [...place, "--redis", redis.url, "--adapter", "redis-streams"];
      const instance = new ServerProcess([...options.program.split(/\s+/), ...words], { url: `http://127.0.0.1:${port}` });
      started.push(() => instance.kill());
      return instance;
    });
    for (const instance of instances) await instance.start();
    const file = join(directory, "nginx.conf");
    writeFileSync(file, configuration(nginxPort, ports));
    const nginx = new ServerProcess(["nginx", "-p", directory, "-c", file], { url: `http://127.0.0.1:${nginxPort}` });
    started.push(() => nginx.kill("SIGTERM"));
    await nginx.start();
    return { instances, address: (name) => `http://${name}.localhost:${nginxPort}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
