// A page in chromium without a window, driven over its DevTools protocol.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import WebSocket from 'ws';

const patienceSeconds = 60;

/** @returns {string | undefined} where the browser is; tools/test installs one. */
export const browser = ['chromium', 'google-chrome'].map((name) => {
  try {
    return execFileSync('which', [name]).toString().trim();
  } catch {
    return undefined;
  }
}).find(Boolean);

/**
 * Opens a page.
 * @returns {Promise<{said: string[], run: (script: () => unknown) => Promise<unknown>, go: (url: string) => Promise<unknown>, another: (url: string) => Promise<unknown>,
 *   received: () => number, close: () => Promise<void>}>} `said` is what it logged as an error or a warning, and what it threw; `run` runs a function in it, without what
 *   stands around it here; `another` opens a page beside it; `received` is how many bytes came over the network, compressed as they were.
 */
export async function open(url) {
  const profile = mkdtempSync(join(tmpdir(), 'crmgraph-chromium-'));
  const options = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--remote-debugging-port=0', `--user-data-dir=${profile}`];
  const program = spawn(browser, [...options, 'about:blank'], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise((resolve) => program.once('exit', resolve));
  const close = async () => {
    program.kill();
    await ended;
    // A process of the browser may write for a moment yet; what is left lies among temporary files and fails no test.
    await rm(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }).catch(() => undefined);
  };
  try {
    const port = /:(\d+)\//.exec(await listening(program))[1];
    const targets = await (await fetch(`http://127.0.0.1:${port}/json/list`)).json();
    const { send, said, received } = await connect(targets.find(({ type }) => type === 'page').webSocketDebuggerUrl);
    await send('Network.enable');
    await send('Runtime.enable');
    await send('Page.enable');
    await send('Page.navigate', { url });
    const run = async (script) => {
      const { result, exceptionDetails } = await send('Runtime.evaluate', { expression: `(${script})()`, awaitPromise: true, returnByValue: true });
      if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
      return result.value;
    };
    const go = (address) => send('Page.navigate', { url: address });
    const another = (address) => send('Target.createTarget', { url: address });
    return { said, run, go, another, received, close };
  } catch (e) {
    await close();
    throw e;
  }
}

const listening = (program) =>
  new Promise((resolve, reject) => {
    let text = '';
    program.stderr.on('data', (more) => {
      const found = /DevTools listening on (\S+)/.exec((text += more));
      if (found) resolve(found[1]);
    });
    program.once('exit', () => reject(new Error(`The browser ended: ${text}`)));
    setTimeout(() => reject(new Error(`The browser did not start: ${text}`)), patienceSeconds * 1000).unref();
  });

async function connect(address) {
  const socket = new WebSocket(address);
  const said = [];
  let bytes = 0;
  const waiting = new Map();
  socket.on('message', (message) => {
    const { id, result, error, method, params } = JSON.parse(message);
    if (method === 'Network.loadingFinished') bytes += params.encodedDataLength;
    if (method === 'Network.webSocketFrameReceived') bytes += params.response.payloadData.length;
    if (id) waiting.get(id)(error ? Promise.reject(new Error(error.message)) : result);
    if (method === 'Runtime.exceptionThrown') said.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
    if (method === 'Runtime.consoleAPICalled' && ['error', 'warning'].includes(params.type)) said.push(params.args.map((a) => a.value ?? a.description).join(' '));
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const send = (method, params = {}) =>
    new Promise((resolve) => {
      const id = waiting.size + 1;
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params }));
    });
  return { send, said, received: () => bytes };
}
