import { Buffer } from 'node:buffer';
import { BlockList, isIP, isIPv4 } from 'node:net';
import { failed, succeeded, type Outcome } from '../../shared/failure.ts';
import type { ProxyChoice } from '../../shared/request.ts';

/** A proxy that requests go through. */
export interface Proxy {
  /** http or https, without user information. */
  readonly url: URL;
  /** As people write it, without credentials: `http://proxy.test:3128`. */
  readonly name: string;
  /** The value of Proxy-Authorization; null where no credentials were given. It never goes to an origin server. */
  readonly authorization: string | null;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for a URL; null: directly. Failures are `request/invalid-proxy`.
 *
 * The environment is read as curl reads it: `http_proxy` or `https_proxy` by the scheme of the URL, else `all_proxy`;
 * the lower-case name counts before the upper-case one; an empty value means no proxy; `no_proxy` lists who is asked
 * directly (`bypassesProxy`). Two rules differ: `HTTP_PROXY` counts too, unless `REQUEST_METHOD` says that this is a
 * CGI program, whose `HTTP_…` variables are a stranger's headers; and a proxy without a port has that of its scheme.
 */
export function proxyFor(url: URL, choice: ProxyChoice, environment: Environment): Outcome<Proxy | null> {
  switch (choice.kind) {
    case 'none':
      return succeeded(null);
    case 'url':
      if (choice.noProxy !== undefined && bypassesProxy(url, choice.noProxy)) return succeeded(null);
      return readProxy(choice.url, null);
    case 'environment': {
      const variable = variableFor(url, environment);
      if (variable === null) return succeeded(null);
      const noProxy = environment['no_proxy'] ?? environment['NO_PROXY'];
      if (noProxy !== undefined && bypassesProxy(url, noProxy)) return succeeded(null);
      return readProxy(environment[variable] ?? '', variable);
    }
  }
}

/** The name of the variable that decides; null: none is set, or to nothing. */
function variableFor(url: URL, environment: Environment): string | null {
  const names =
    url.protocol === 'https:'
      ? ['https_proxy', 'HTTPS_PROXY']
      : ['http_proxy', ...(environment['REQUEST_METHOD'] === undefined ? ['HTTP_PROXY'] : [])];
  const name = [...names, 'all_proxy', 'ALL_PROXY'].find((candidate) => environment[candidate] !== undefined);
  return name === undefined || environment[name]?.trim() === '' ? null : name;
}

/** @param variable of the environment it comes from; null: the user wrote it for this request */
function readProxy(text: string, variable: string | null): Outcome<Proxy> {
  const given = text.trim();
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(given) ? given : `http://${given}`;
  const where = variable === null ? '' : ` (${variable} of the environment)`;
  const invalid = (message: string): Outcome<Proxy> => failed({ code: 'request/invalid-proxy', message });
  if (!URL.canParse(address)) {
    return invalid(`The proxy’s address${where} cannot be read. One looks like http://proxy.example:3128.`);
  }
  const url = new URL(address);
  if (url.protocol.startsWith('socks')) {
    return invalid(
      `SOCKS proxies${where} are not spoken. Name an HTTP proxy, or choose no proxy and forward a port to the server, as ssh -L does.`,
    );
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return invalid(`A proxy${where} is spoken to with http:// or https://, not ${url.protocol}//.`);
  }
  const user = decoded(url.username);
  const password = decoded(url.password);
  if (user.includes(':')) {
    return invalid(`The user name for the proxy${where} contains a colon, which Basic authentication cannot carry.`);
  }
  const authorization =
    user === '' && password === '' ? null : `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
  const bare = new URL(url.origin);
  return succeeded({ url: bare, name: bare.origin, authorization });
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

/**
 * True where a list in the form of `NO_PROXY` names the URL's host. Entries stand between commas or spaces: `*` is
 * every host; a name matches itself and what ends in it after a dot, with or without a leading dot or `*.`; an IP
 * address matches itself, and with `/bits` its network; `:port` after an entry limits it to that port.
 */
export function bypassesProxy(url: URL, list: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => entry === '*' || matches(host, port, entry.toLowerCase()));
}

function matches(host: string, port: string, entry: string): boolean {
  // A bare IPv6 address is full of colons: none of them begins a port.
  const withPort = /^\[([^\]]*)\](?::(\d+))?$/.exec(entry) ?? /^([^:]*)(?::(\d+))?$/.exec(entry);
  const name = withPort?.[1] ?? entry;
  const wantedPort = withPort?.[2];
  if (wantedPort !== undefined && wantedPort !== port) return false;
  if (isIP(host) === 0) {
    const wanted = name.replace(/^\*?\./, '').replace(/\.$/, '');
    return wanted !== '' && (host === wanted || host.endsWith(`.${wanted}`));
  }
  return isInNetwork(host, name);
}

function isInNetwork(address: string, network: string): boolean {
  const [base = '', bits] = network.split('/');
  if (isIP(base) === 0) return false;
  const family = isIPv4(base) ? 'ipv4' : 'ipv6';
  const longest = family === 'ipv4' ? 32 : 128;
  const prefix = bits === undefined ? longest : /^\d+$/.test(bits) ? Number(bits) : -1;
  if (prefix < 0 || prefix > longest) return false;
  const list = new BlockList();
  list.addSubnet(base, prefix, family);
  return list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
}
