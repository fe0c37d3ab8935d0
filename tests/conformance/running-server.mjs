// Starts the server that was built by `dotnet build`, on a free port and a database with the demo company, and stops it again.
import { spawn, execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const configuration = process.env.CONFIGURATION ?? 'Debug';
const startSeconds = 120;

export const program = (project, name) => {
  const path = join(root, project, 'bin', configuration, 'net10.0', name);
  if (!existsSync(path)) throw new Error(`${path} is not there. Run: dotnet build CrmGraph.sln`);
  return path;
};

/**
 * @param {{environment?: string, settings?: string[], database?: string}} [how] `database` is a connection string; a new SQLite file when left out.
 * @returns {Promise<{url: string, webSocketUrl: string, database: string, pid: number, stop: () => Promise<void>}>}
 */
export async function startServer({ environment = 'Development', settings = [], database } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'crmgraph-conformance-'));
  database ??= `Data Source=${join(folder, 'crm.db')}`;
  const args = [program('src/CrmGraph.Server', 'CrmGraph.Server.dll'), '--urls', 'http://127.0.0.1:0', '--environment', environment, '--ConnectionStrings:Crm', database, '--demo', ...settings];
  const server = spawn('dotnet', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [server.stdout, server.stderr]) stream.on('data', text => (said += text));
  const ended = new Promise(resolve => server.once('exit', resolve));
  const stop = async () => {
    server.kill('SIGTERM');
    const patience = setTimeout(() => server.kill('SIGKILL'), 15_000);
    await ended;
    clearTimeout(patience);
    rmSync(folder, { recursive: true, force: true });
  };
  for (const until = Date.now() + startSeconds * 1000; ; ) {
    const address = /Listening +(https?:\/\/[\d.]+:\d+)/.exec(said)?.[1];
    if (address) return { url: address + '/graphql', webSocketUrl: address.replace('http', 'ws') + '/graphql', database, pid: server.pid, stop };
    if (server.exitCode !== null || Date.now() > until) {
      await stop();
      throw new Error('The server did not start:\n' + said);
    }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

/** Runs the console; answers what it printed. */
export async function crmgraph(...args) {
  const { stdout } = await promisify(execFile)('dotnet', [program('tools/CrmGraph.Tools', 'crmgraph.dll'), ...args]);
  return stdout.trim();
}
