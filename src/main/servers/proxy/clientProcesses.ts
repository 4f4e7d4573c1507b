import { readdir, readFile, readlink } from 'node:fs/promises';
import { isIPv4 } from 'node:net';
import { basename } from 'node:path';
import type { ProxyClient } from '../../../shared/proxy.ts';
import type { ClientAddress } from './clientConnection.ts';

type ClientProcess = NonNullable<ProxyClient['process']>;

/** Connections whose process is remembered. */
const remembered = 512;

/**
 * Finds the process behind a connection of this machine, where the system tells (Linux, `/proc`, processes of the same
 * user). Looks are asynchronous, one at a time, and remembered for each connection: traffic never waits for one.
 */
export class ClientProcesses {
  readonly #known = new Map<string, Promise<ClientProcess | null>>();
  readonly #folder: string;
  /** Processes that were found before: the next connection is most likely one of theirs. */
  #seen: readonly number[] = [];
  #last: Promise<unknown> = Promise.resolve();

  constructor(folder = '/proc') {
    this.#folder = folder;
  }

  /** Never rejects; null where nothing can be known. */
  find(client: ClientAddress): Promise<ClientProcess | null> {
    if (process.platform !== 'linux' || client.port === 0) return Promise.resolve(null);
    const key = `${client.address}|${String(client.port)}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const finding = this.#last.then(() => this.#look(client)).catch(() => null);
    this.#last = finding;
    this.#known.set(key, finding);
    // A port is given to another program sooner or later.
    const [oldest] = this.#known.keys();
    if (this.#known.size > remembered && oldest !== undefined) this.#known.delete(oldest);
    return finding;
  }

  async #look(client: ClientAddress): Promise<ClientProcess | null> {
    const inode = await this.#inodeOf(client);
    if (inode === null) return null;
    const link = `socket:[${inode}]`;
    const all = (await readdir(this.#folder)).filter((name) => /^\d+$/.test(name)).map(Number);
    const others = all.filter((id) => !this.#seen.includes(id)).sort((a, b) => b - a);
    for (const id of [...this.#seen, ...others]) {
      if (!(await this.#holds(id, link))) continue;
      this.#seen = [id, ...this.#seen.filter((other) => other !== id)].slice(0, 16);
      return { id, name: await this.#nameOf(id) };
    }
    return null;
  }

  async #inodeOf(client: ClientAddress): Promise<string | null> {
    for (const table of ['tcp', 'tcp6']) {
      const lines = (await readFile(`${this.#folder}/net/${table}`, 'latin1').catch(() => '')).split('\n').slice(1);
      for (const line of lines) {
        const [, local = '', , , , , , , , inode = '0'] = line.trim().split(/\s+/);
        if (inode !== '0' && isLocal(local, client)) return inode;
      }
    }
    return null;
  }

  async #holds(id: number, link: string): Promise<boolean> {
    const folder = `${this.#folder}/${String(id)}/fd`;
    // Those of other users cannot be looked into.
    const names = await readdir(folder).catch(() => []);
    for (const name of names) {
      if ((await readlink(`${folder}/${name}`).catch(() => '')) === link) return true;
    }
    return false;
  }

  /** Its program's file: what a process calls itself may be the name of a thread. */
  async #nameOf(id: number): Promise<string> {
    const folder = `${this.#folder}/${String(id)}`;
    const file = basename(await readlink(`${folder}/exe`).catch(() => ''));
    const name = file === '' ? (await readFile(`${folder}/comm`, 'utf8').catch(() => '')).trim() : file;
    return name === '' ? 'process' : name.replace(/ \(deleted\)$/, '').replace(/[^\x20-\x7e]/g, '?');
  }
}

/** `0200007F:1F90` of the table against an address: numbers in the machine's order of bytes, port in hexadecimal. */
function isLocal(local: string, { address, port }: ClientAddress): boolean {
  const [host = '', hexPort = ''] = local.split(':');
  if (Number.parseInt(hexPort, 16) !== port) return false;
  const plain = address.replace(/^::ffff:/, '');
  if (!isIPv4(plain)) return host.length === 32;
  const hex = plain
    .split('.')
    .toReversed()
    .map((part) => Number(part).toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
  return host.slice(-8) === hex;
}
