import type { ClientCertificate, ProxyChoice, ReconnectPlan, RequestOptions } from '../../../shared/request.ts';
import { UsageError } from './exitCodes.ts';
import { textOfFile } from './givenFiles.ts';
import { byteNumber, millis, positiveNumber } from './quantities.ts';
import type { RequestWords } from './requestWords.ts';

const reconnectAttempts = 10;

/**
 * How the transport is to treat a request, as far as words say so.
 * @throws UsageError for words that do not fit together, or that name files which cannot be read
 */
export function transportFromWords(url: string, words: RequestWords): Partial<RequestOptions> {
  const proxy = proxyOf(url, words);
  const certificate = certificateOf(words);
  const version = httpVersionOf(url, words);
  const reconnect = reconnectOf(words);
  return {
    ...(words.location === true ? { followRedirects: true } : {}),
    ...(words.insecure === true ? { insecureTls: true } : {}),
    ...(words.compressed === true ? { compressed: true } : {}),
    ...(words.cacert === undefined ? {} : { caPem: textOfFile(words.cacert, '--cacert') }),
    ...(certificate === null ? {} : { clientCertificate: certificate }),
    ...(version === null ? {} : { httpVersion: version }),
    ...(proxy === null ? {} : { proxy }),
    ...(words.unixSocket === undefined ? {} : { unixSocketPath: words.unixSocket }),
    ...(words.connectTimeout === undefined
      ? {}
      : { connectTimeoutMillis: millis(words.connectTimeout, '--connect-timeout') }),
    ...(words.headersTimeout === undefined
      ? {}
      : { headersTimeoutMillis: millis(words.headersTimeout, '--headers-timeout') }),
    ...(words.maxTime === undefined ? {} : { maxTimeMillis: millis(words.maxTime, '--max-time') }),
    ...(words.maxBytes === undefined ? {} : { maxBytes: byteNumber(words.maxBytes, '--max-bytes') }),
    ...(words.maxFrames === undefined ? {} : { maxFrames: positiveNumber(words.maxFrames, '--max-frames') }),
    ...(reconnect === null ? {} : { reconnect }),
    ...(words.cutAfter === undefined ? {} : { cutAfterFrames: positiveNumber(words.cutAfter, '--cut-after') }),
  };
}

function httpVersionOf(url: string, words: RequestWords): NonNullable<RequestOptions['httpVersion']> | null {
  const wantsTwo = words.http2 === true || words.http2PriorKnowledge === true;
  if (words['http1.1'] === true) {
    if (wantsTwo) throw new UsageError('--http1.1 and --http2 exclude each other: choose one.');
    return '1.1';
  }
  if (words.http2PriorKnowledge === true) return '2';
  if (words.http2 !== true) return null;
  return /^http:/i.test(url) ? '2' : 'auto';
}

/** curl manual, `--cert`: `file[:password]`; `\:` is a colon of the file's name. */
function certificateOf(words: RequestWords): ClientCertificate | null {
  const { cert, key, pass } = words;
  if (cert === undefined) {
    if (key !== undefined) throw new UsageError('--key wants --cert as well.');
    return null;
  }
  const [, file = cert, password] = /^((?:[^:\\]|\\.|^[A-Za-z]:(?=[\\/]))*)(?::(.*))?$/s.exec(cert) ?? [];
  const certificatePem = textOfFile(file.replaceAll('\\:', ':'), '--cert');
  const passphrase = pass ?? password;
  return {
    certificatePem,
    keyPem: key === undefined ? certificatePem : textOfFile(key, '--key'),
    ...(passphrase === undefined ? {} : { passphrase }),
  };
}

function proxyOf(url: string, words: RequestWords): ProxyChoice | null {
  const { proxy, noproxy, proxyUser } = words;
  if (proxy === '') return { kind: 'none' };
  if (proxy === undefined) {
    if (proxyUser !== undefined) throw new UsageError('-U wants -x as well.');
    const isDirect = noproxy !== undefined && URL.canParse(url) && isListed(new URL(url).hostname, noproxy);
    return isDirect ? { kind: 'none' } : null;
  }
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
  if (!URL.canParse(address)) throw new UsageError(`-x wants the address of a proxy, not ${JSON.stringify(proxy)}.`);
  const parsed = new URL(address);
  if (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')
    throw new UsageError(`-x: proxies are spoken to with http:// or https://, not ${parsed.protocol}//`);
  if (proxyUser !== undefined) {
    const colon = proxyUser.indexOf(':');
    if (colon < 0) throw new UsageError('-U wants user:password; Streamscope does not ask for passwords.');
    parsed.username = encodeURIComponent(proxyUser.slice(0, colon));
    parsed.password = encodeURIComponent(proxyUser.slice(colon + 1));
  }
  return { kind: 'url', url: parsed.href, ...(noproxy === undefined ? {} : { noProxy: noproxy }) };
}

/** curl manual, `--noproxy`: names match themselves and what ends in them. */
function isListed(host: string, list: string): boolean {
  return list
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      const name = entry.toLowerCase().replace(/^\*?\./, '');
      return entry === '*' || host === name || host === `[${name}]` || host.endsWith(`.${name}`);
    });
}

function reconnectOf(words: RequestWords): ReconnectPlan | null {
  const { resumeField, resumeQuery, resumeHeader, cutAfter } = words;
  const attempts =
    words.reconnectAttempts === undefined
      ? reconnectAttempts
      : positiveNumber(words.reconnectAttempts, '--reconnect-attempts');
  const wait = words.reconnectWait === undefined ? {} : { waitMillis: millis(words.reconnectWait, '--reconnect-wait') };
  if (resumeField !== undefined) {
    const name = resumeQuery ?? resumeHeader;
    if (name === undefined || (resumeQuery !== undefined && resumeHeader !== undefined))
      throw new UsageError('--resume-field wants either --resume-query or --resume-header.');
    const into = resumeQuery === undefined ? 'header' : 'query';
    return { kind: 'records', attempts, ...wait, field: resumeField, into, name };
  }
  if (resumeQuery !== undefined || resumeHeader !== undefined)
    throw new UsageError('--resume-query and --resume-header want --resume-field: the key in the last record.');
  if (words.reconnect === true || cutAfter !== undefined) return { kind: 'sse', attempts, ...wait };
  if (words.reconnectAttempts !== undefined || words.reconnectWait !== undefined)
    throw new UsageError('--reconnect-attempts and --reconnect-wait want --reconnect or --resume-field.');
  return null;
}
