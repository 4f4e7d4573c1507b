import { readlinkSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { isIPv4 } from 'node:net';
import { basename } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ProxyClient } from '../../../shared/proxy.ts';
import type { ClientAddress } from './clientConnection.ts';

type ClientProcess = NonNullable<ProxyClient['process']>;

/** Connections whose process is remembered. */
const remembered = 512;
/** Open files that are looked at in one turn: a fraction of a millisecond's work. */
const linksATurn = 64;

interface Wanted {
  readonly client: ClientAddress;
  readonly found: (process: ClientProcess | null) => void;
}

/**
 * Finds the process behind a connection of this machine, where the system tells (Linux, `/proc`, processes of the same
 * user). A look serves every connection that waits for one, gives way after each bit of work, and is remembered for each
 * connection: traffic never waits for one.
 */
export class ClientProcesses {
  readonly #known = new Map<string, Promise<ClientProcess | null>>();
  readonly #folder: string;
  /** Processes that were found before: the next connection is most likely one of theirs. */
  #seen: readonly number[] = [];
  #waiting: Wanted[] = [];
  #looking = false;

  constructor(folder = '/proc') {
    this.#folder = folder;
  }

  /** Never rejects; null where nothing can be known. */
  find(client: ClientAddress): Promise<ClientProcess | null> {
    if (process.platform !== 'linux' || client.port === 0) return Promise.resolve(null);
    const key = `${client.address}|${String(client.port)}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const finding = new Promise<ClientProcess | null>((found) => {
      this.#waiting.push({ client, found });
    });
    if (!this.#looking) void this.#lookForAll();
    this.#known.set(key, finding);
    // A port is given to another program sooner or later.
    const [oldest] = this.#known.keys();
    if (this.#known.size > remembered && oldest !== undefined) this.#known.delete(oldest);
    return finding;
  }

  async #lookForAll(): Promise<void> {
    this.#looking = true;
    while (this.#waiting.length > 0) {
      // First what it connects for. Longer than that, and a short-lived client is gone.
      await nextTurn();
      const wanted = this.#waiting;
      this.#waiting = [];
      try {
        await this.#look(wanted);
      } finally {
        // Whoever was found was told already.
        for (const { found } of wanted) found(null);
      }
    }
    this.#looking = false;
  }

  async #look(wanted: readonly Wanted[]): Promise<void> {
    const byLink = await this.#linksOf(wanted);
    const all = (await readdir(this.#folder).catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number);
    const others = all.filter((id) => !this.#seen.includes(id)).sort((a, b) => b - a);
    for (const id of [...this.#seen, ...others]) {
      if (byLink.size === 0) return;
      const held = await this.#heldBy(id, byLink);
      if (held.length === 0) continue;
      this.#seen = [id, ...this.#seen.filter((other) => other !== id)].slice(0, 16);
      const name = await this.#nameOf(id);
      for (const link of held) {
        byLink.get(link)?.found({ id, name });
        byLink.delete(link);
      }
    }
  }

  /** What a process has open for each connection, as the system calls it. */
  async #linksOf(wanted: readonly Wanted[]): Promise<Map<string, Wanted>> {
    const ports = new Set(wanted.map(({ client }) => client.port));
    const byLink = new Map<string, Wanted>();
    for (const table of ['tcp', 'tcp6']) {
      const lines = (await readFile(`${this.#folder}/net/${table}`, 'latin1').catch(() => '')).split('\n').slice(1);
      for (const line of lines) {
        const [, local = '', , , , , , , , inode = '0'] = line.trim().split(/\s+/);
        if (inode === '0' || !ports.has(Number.parseInt(local.slice(local.indexOf(':') + 1), 16))) continue;
        const one = wanted.find(({ client }) => isLocal(local, client));
        if (one !== undefined) byLink.set(`socket:[${inode}]`, one);
      }
    }
    return byLink;
  }

  async #heldBy(id: number, wanted: ReadonlyMap<string, Wanted>): Promise<readonly string[]> {
    const folder = `${this.#folder}/${String(id)}/fd`;
    // Those of other users cannot be looked into.
    const names = await readdir(folder).catch(() => []);
    const held: string[] = [];
    for (const [n, name] of names.entries()) {
      if (n % linksATurn === linksATurn - 1) await nextTurn();
      const link = linkAt(`${folder}/${name}`);
      if (wanted.has(link)) held.push(link);
      if (held.length === wanted.size) break;
    }
    return held;
  }

  /** Its program's file: what a process calls itself may be the name of a thread. */
  async #nameOf(id: number): Promise<string> {
    const folder = `${this.#folder}/${String(id)}`;
    const file = basename(await readlink(`${folder}/exe`).catch(() => ''));
    const name = file === '' ? (await readFile(`${folder}/comm`, 'utf8').catch(() => '')).trim() : file;
    return name === '' ? 'process' : name.replace(/ \(deleted\)$/, '').replace(/[^\x20-\x7e]/g, '?');
  }
}

/** Asking without waiting is a microsecond; a promise for each answer would cost ten times that. */
function linkAt(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
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
