// PostgreSQL and Redis of the tests' own: on sockets in a temporary directory, and gone with the tests.

import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until, within } from "../../conformance/lib/wait.mjs";

/** A program that may be ended and started again on the same data. */
class Service {
  #words;
  #child = null;
  #output = "";

  constructor(directory, words) {
    this.directory = directory;
    this.#words = words;
  }

  async start() {
    const [program, ...args] = this.#words;
    this.#output = "";
    this.#child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], cwd: "/" });
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream.on("data", (text) => (this.#output += text));
    let ended = false;
    this.ended = new Promise((resolve) => this.#child.on("close", () => resolve((ended = true))));
    const isReady = () => ended || /ready to accept connections/i.test(this.#output);
    await until(isReady, () => `${program} is ready: ${this.#output}`, 60_000);
    if (ended) throw new Error(`${program} has ended: ${this.#output}`);
  }

  /** Ends it as a crash does. */
  async kill() {
    if (this.#child === null) return;
    this.#child.kill("SIGQUIT");
    await within(this.ended, "it ends", 20_000);
    this.#child = null;
  }

  signal(name) {
    this.#child.kill(name);
  }

  async close() {
    await this.kill();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

class Redis extends Service {
  constructor(directory) {
    const words = ["--port", "0", "--unixsocket", join(directory, "redis.sock"), "--save", "", "--dir", directory];
    // Streams outlive the program, as they are meant to.
    super(directory, ["redis-server", ...words, "--appendonly", "yes"]);
    this.url = `unix:${join(directory, "redis.sock")}`;
  }

  // Redis dumps a stack at SIGQUIT.
  async kill() {
    this.signal("SIGKILL");
    await within(this.ended, "Redis ends");
  }
}

class Postgres extends Service {
  #programs;
  #databases = 0;

  constructor(directory, programs) {
    super(directory, asNobodySpecial([
      ...[join(programs, "postgres"), "-D", join(directory, "data"), "-k", directory],
      // Without fsync: a crash of the program, which is what is tested, loses nothing.
      ...["-c", "listen_addresses=", "-c", "fsync=off", "-c", "max_connections=60"],
    ]));
    this.#programs = programs;
  }

  /** The URL of a new one, with nothing in it. */
  newDatabase() {
    const name = `chat${(this.#databases += 1)}`;
    run(join(this.#programs, "createdb"), "-h", this.directory, "-U", "chat", name);
    return `postgres://chat@/${name}?host=${this.directory}`;
  }
}

/** Null if there is no Redis on this machine. */
export async function startRedis() {
  if (spawnSync("redis-server", ["--version"]).status !== 0) return null;
  const redis = new Redis(temporaryDirectory("aerie-redis-"));
  await redis.start();
  return redis;
}

/** Null if there is no PostgreSQL on this machine. */
export async function startPostgres() {
  const programs = findPostgres();
  if (programs === null) return null;
  const directory = temporaryDirectory("aerie-postgres-");
  const options = ["--username=chat", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"];
  run(...asNobodySpecial([join(programs, "initdb"), `--pgdata=${join(directory, "data")}`, ...options]));
  const postgres = new Postgres(directory, programs);
  await postgres.start();
  return postgres;
}

function findPostgres() {
  const all = "/usr/lib/postgresql";
  const versions = existsSync(all) ? readdirSync(all).sort((a, b) => Number(b) - Number(a)) : [];
  const version = versions.find((name) => existsSync(join(all, name, "bin/initdb")));
  return version === undefined ? null : join(all, version, "bin");
}

/** PostgreSQL refuses to run as root. */
function asNobodySpecial(words) {
  if (process.getuid() !== 0) return words;
  return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--pdeathsig=QUIT", "--", ...words];
}

function temporaryDirectory(prefix) {
  const directory = mkdtempSync(join(tmpdir(), prefix));
  chmodSync(directory, 0o777);
  return directory;
}

function run(program, ...args) {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "utf8", cwd: "/" });
  if (status !== 0) throw new Error(`${program} has failed: ${stdout}${stderr}`);
}
