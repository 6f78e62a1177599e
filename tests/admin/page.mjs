// The page of the official Admin UI in a browser: it signs in, shows a client, and disconnects it.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import path from 'node:path';
import { connect, within } from './lib.mjs';

const { chromium } = createRequire(new URL('../browser/package.json', import.meta.url))('playwright-core');
const dist = path.join(import.meta.dirname, 'node_modules/@socket.io/admin-ui/ui/dist');
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.png': 'image/png' };

async function servePage() {
  const server = createServer(async (request, response) => {
    const name = new URL(request.url, 'http://host').pathname;
    const file = path.join(dist, path.normalize(name === '/' ? '/index.html' : name));
    try {
      const body = await readFile(file);
      response.writeHead(200, { 'Content-Type': types[path.extname(file)] ?? 'application/octet-stream' }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

export async function drivePage({ url }) {
  const server = await servePage();
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  try {
    const user = await connect(url, '/');
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    page.setDefaultTimeout(30_000);
    const problems = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await page.getByLabel('Server URL').fill(url);
    await page.getByLabel('Username').fill('admin');
    await page.getByLabel('Password').fill('right');
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByText(/^\s*connected\s*$/i).first().waitFor();
    await page.getByRole('link', { name: 'Sockets' }).click();
    const row = page.getByRole('row').filter({ hasText: user.id });
    await row.waitFor();
    assert.match(await row.innerText(), /127\.0\.0\.1\s+WebSocket/);
    const gone = new Promise((resolve) => user.on('disconnect', resolve));
    await row.getByRole('button').click();
    assert.equal(await within(gone, 'the page disconnects the client'), 'io server disconnect');
    assert.deepEqual(problems, []);
  } finally {
    await browser.close();
    server.close();
  }
}
