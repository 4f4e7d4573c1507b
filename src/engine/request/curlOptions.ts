/** The options of curl as data (curl manual, 8.x): which take a value, and which short letter is which. */

const shortNames: Readonly<Record<string, string>> = {
  '0': 'http1.0',
  '4': 'ipv4',
  '6': 'ipv6',
  A: 'user-agent',
  b: 'cookie',
  c: 'cookie-jar',
  C: 'continue-at',
  d: 'data',
  D: 'dump-header',
  e: 'referer',
  E: 'cert',
  f: 'fail',
  F: 'form',
  g: 'globoff',
  G: 'get',
  h: 'help',
  H: 'header',
  i: 'include',
  I: 'head',
  j: 'junk-session-cookies',
  J: 'remote-header-name',
  k: 'insecure',
  K: 'config',
  L: 'location',
  m: 'max-time',
  n: 'netrc',
  N: 'no-buffer',
  o: 'output',
  O: 'remote-name',
  p: 'proxytunnel',
  q: 'disable',
  r: 'range',
  R: 'remote-time',
  s: 'silent',
  S: 'show-error',
  t: 'telnet-option',
  T: 'upload-file',
  u: 'user',
  U: 'proxy-user',
  v: 'verbose',
  V: 'version',
  w: 'write-out',
  x: 'proxy',
  X: 'request',
  y: 'speed-time',
  Y: 'speed-limit',
  z: 'time-cond',
  Z: 'parallel',
  '#': 'progress-bar',
  ':': 'next',
};

const names = (list: string): readonly string[] => list.trim().split(/\s+/);

/** Options with a value that change the request. */
const meaningfulWithValue = names(`
  request header data data-raw data-binary data-ascii data-urlencode json user proxy cacert max-time connect-timeout
  user-agent cookie form form-string referer url range oauth2-bearer upload-file url-query cookie-jar
  proxy-user noproxy cert key pass unix-socket
`);

/** Options with a value that change only what curl prints, keeps, or how it connects: nothing is lost without them. */
const harmlessWithValue = names(`
  output dump-header write-out speed-time speed-limit stderr trace trace-ascii trace-config keepalive-time
  keepalive-cnt limit-rate max-filesize max-redirs retry retry-delay retry-max-time parallel-max proto proto-default
  proto-redir tls-max ciphers tls13-ciphers curves create-file-mode output-dir rate expect100-timeout happy-eyeballs-timeout-ms
  dns-servers dns-interface dns-ipv4-addr dns-ipv6-addr local-port ip-tos vlan-priority telnet-option libcurl
  etag-save alt-svc hsts variable
`);

/** Options with a value that would change the exchange, and that we cannot honour. */
const unsupportedWithValue = names(`
  cert-type key-type capath crlfile pinnedpubkey proxy-header proxy-cacert proxy-cert proxy-key
  preproxy socks4 socks4a socks5 socks5-hostname resolve connect-to interface abstract-unix-socket
  doh-url config netrc-file aws-sigv4 delegation service-name continue-at time-cond etag-compare request-target
  haproxy-clientip engine egd-file random-file login-options sasl-authzid tlsuser tlspassword tlsauthtype quote
  postquote prequote ftp-account ftp-port mail-from mail-rcpt krb
`);

/** Switches that change the request. */
const meaningfulSwitches = names(`
  get head insecure location location-trusted compressed next http1.1 http2 http2-prior-knowledge http1.0 http0.9 http3
  http3-only
`);

/** Switches that change nothing here: what curl prints, or what this program always does. */
const harmlessSwitches = names(`
  silent show-error no-buffer verbose include fail fail-with-body fail-early progress-bar progress-meter remote-name
  remote-name-all remote-header-name remote-time globoff ipv4 ipv6 tcp-nodelay tcp-fastopen keepalive path-as-is
  parallel parallel-immediate create-dirs no-clobber raw tr-encoding styled-output xattr disable junk-session-cookies
  tlsv1 tlsv1.0 tlsv1.1 tlsv1.2 tlsv1.3 basic anyauth retry-connrefused retry-all-errors trace-time trace-ids
  suppress-connect-headers clobber post301 post302 post303 remove-on-error skip-existing alpn npn sessionid buffer
  disallow-username-in-url ssl ssl-reqd ca-native cert-status
`);

/** Switches that would change the exchange, and that we cannot honour. */
const unsupportedSwitches = names(`
  digest negotiate ntlm netrc netrc-optional proxytunnel
  proxy-insecure proxy-basic proxy-digest proxy-ntlm proxy-anyauth append list-only use-ascii haproxy-protocol ssl-allow-beast
  false-start help version manual
`);

export type CurlOptionUse = 'meaningful' | 'harmless' | 'unsupported';

export interface CurlOption {
  /** Its long name, without dashes. */
  readonly name: string;
  readonly takesValue: boolean;
  readonly use: CurlOptionUse;
}

const optionTable: ReadonlyMap<string, CurlOption> = new Map(
  (
    [
      [meaningfulWithValue, true, 'meaningful'],
      [harmlessWithValue, true, 'harmless'],
      [unsupportedWithValue, true, 'unsupported'],
      [meaningfulSwitches, false, 'meaningful'],
      [harmlessSwitches, false, 'harmless'],
      [unsupportedSwitches, false, 'unsupported'],
    ] as const
  ).flatMap(([list, takesValue, use]) => list.map((name) => [name, { name, takesValue, use }] as const)),
);

/** One option as it stood in the command. */
export interface GivenOption {
  /** As the user wrote it, for notes: `-X`, `--request`. */
  readonly spelling: string;
  /** Undefined for an option that curl does not have. */
  readonly option: CurlOption | undefined;
  /** Empty for a switch, and where the value is missing. */
  readonly value: string;
  readonly valueMissing: boolean;
  /** `--no-…`: the switch is turned off. */
  readonly negated: boolean;
}

export interface CurlArguments {
  readonly options: readonly GivenOption[];
  /** Words that are no option and no value of one: URLs. */
  readonly operands: readonly string[];
}

/** Takes curl's arguments apart: joined short options (`-sSN`, `-XPOST`), long ones, `--option=value`, `--no-…`, `--`. */
export function readCurlArguments(words: readonly string[]): CurlArguments {
  const options: GivenOption[] = [];
  const operands: string[] = [];
  let onlyOperands = false;
  let index = 0;
  const given = (
    spelling: string,
    option: CurlOption | undefined,
    joined: string | undefined,
    negated = false,
  ): void => {
    const needsNext = option?.takesValue === true && joined === undefined;
    const next = needsNext ? words[index++] : undefined;
    options.push({
      spelling,
      option,
      value: (option?.takesValue === true ? (joined ?? next) : undefined) ?? '',
      valueMissing: needsNext && next === undefined,
      negated,
    });
  };

  while (index < words.length) {
    const word = words[index++] ?? '';
    if (onlyOperands || word === '-' || !word.startsWith('-')) operands.push(word);
    else if (word === '--') onlyOperands = true;
    else if (word.startsWith('--')) {
      const equals = word.indexOf('=');
      const spelling = equals === -1 ? word : word.slice(0, equals);
      const joined = equals === -1 ? undefined : word.slice(equals + 1);
      const name = spelling.slice(2);
      const option = optionTable.get(name);
      if (option === undefined && name.startsWith('no-')) given(spelling, optionTable.get(name.slice(3)), joined, true);
      else given(spelling, option, joined);
    } else {
      for (let letterAt = 1; letterAt < word.length; letterAt++) {
        const letter = word.charAt(letterAt);
        const option = optionTable.get(shortNames[letter] ?? '');
        const rest = word.slice(letterAt + 1);
        const takesRest = option?.takesValue === true && rest !== '';
        given(`-${letter}`, option, takesRest ? rest : undefined);
        if (option?.takesValue === true) break;
      }
    }
  }
  return { options, operands };
}
