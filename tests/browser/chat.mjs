// The chat application in a real browser: what people do, and what must not be lost when servers and networks fail.

import { rmSync } from "node:fs";
import { chromium } from "playwright-core";
import { ChatPage } from "./lib/chatPage.mjs";
import { readOptions } from "./lib/options.mjs";
import { Report } from "./lib/report.mjs";
import { startCluster, whatIsMissing } from "./lib/cluster.mjs";
import { chatServer, viteServer } from "./lib/servers.mjs";
import * as appearance from "./scenarios/appearance.mjs";
import * as channelReturn from "./scenarios/channelReturn.mjs";
import * as changes from "./scenarios/changes.mjs";
import * as channels from "./scenarios/channels.mjs";
import * as conversation from "./scenarios/conversation.mjs";
import * as delivery from "./scenarios/delivery.mjs";
import * as expiry from "./scenarios/expiry.mjs";
import * as history from "./scenarios/history.mjs";
import * as images from "./scenarios/images.mjs";
import * as instances from "./scenarios/instances.mjs";
import * as manyMessages from "./scenarios/manyMessages.mjs";
import * as mentions from "./scenarios/mentions.mjs";
import * as notifications from "./scenarios/notifications.mjs";
import * as pictures from "./scenarios/pictures.mjs";
import * as reconnection from "./scenarios/reconnection.mjs";

const options = readOptions();
const report = new Report(options.screenshots);
let nextPort = options.port;

const browser = await chromium.launch({
  executablePath: options.chromium,
  headless: true,
  args: [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
  ],
});

try {
  const scenarios = [
    conversation,
    appearance,
    changes,
    history,
    manyMessages,
    mentions,
    images,
    delivery,
    reconnection,
    channels,
    channelReturn,
    notifications,
    expiry,
    instances,
    pictures,
  ];
  for (const scenario of scenarios.filter(({ name }) => name.includes(options.only))) {
    await runScenario(scenario, { dev: false });
    if (options.dev && scenario !== pictures && !scenario.isCluster) await runScenario(scenario, { dev: true });
  }
} finally {
  await browser.close();
  rmSync(options.directory, { recursive: true, force: true });
}
process.exitCode = report.finish();

/** Each scenario has servers, people and a database of its own. */
async function runScenario(scenario, { dev }) {
  const title = dev ? `${scenario.name}, from the development server` : scenario.name;
  if (options.url && (scenario.startsServer || dev)) {
    report.skip(title, "it starts servers itself, and --url names one that runs");
    return;
  }
  const missing = scenario.isCluster ? whatIsMissing() : [];
  if (missing.length > 0) {
    report.skip(title, `${missing.join(" and ")} is not installed`);
    return;
  }
  const people = [];
  const servers = [];
  let cluster = null;
  try {
    if (scenario.isCluster) cluster = await startCluster(options, [nextPort++, nextPort++, nextPort++]);
    const { url, server } = options.url || cluster ? { url: options.url } : await startServers(scenario, dev, servers);
    await scenario.run({
      url,
      server,
      cluster,
      screenshots: options.screenshots,
      check: (name, involved, body) => report.check(`${title}: ${name}`, involved, body),
      person: async (address, settings) => {
        const person = await ChatPage.open(browser, address, settings);
        people.push(person);
        return person;
      },
    });
  } catch (error) {
    await report.check(`${title}: begins`, people, () => Promise.reject(error));
  } finally {
    await Promise.allSettled(people.map((person) => person.close()));
    await Promise.allSettled(servers.map((running) => running.kill()));
    await cluster?.stop();
  }
}

async function startServers({ tokenTtl }, dev, servers) {
  const port = nextPort++;
  const vitePort = dev ? nextPort++ : null;
  const clientUrl = dev ? `http://127.0.0.1:${vitePort}` : undefined;
  const server = chatServer(options, { port, tokenTtl, clientUrl });
  servers.push(server);
  await server.start();
  if (!dev) return { url: server.url, server };

  const vite = viteServer(options, { port: vitePort, apiUrl: server.url });
  servers.push(vite);
  await vite.start();
  return { url: vite.url, server };
}
