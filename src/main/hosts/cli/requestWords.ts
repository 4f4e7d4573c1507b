import { Option, type Command } from 'commander';
import { z } from 'zod';
import { framings } from '../../../shared/words.ts';
import type { DataWord, FormWord } from './bodyFromWords.ts';

const text = z.string().exactOptional();
const flag = z.boolean().exactOptional();

/** The words about a request as the parser of options gives them, each with its text as it was typed. */
const wordsSchema = z.object({
  request: text,
  user: text,
  oauth2Bearer: text,
  userAgent: text,
  referer: text,
  cookie: text,
  lastEventId: text,
  get: flag,
  env: text,
  insecure: flag,
  cacert: text,
  cert: text,
  key: text,
  pass: text,
  proxy: text,
  proxyUser: text,
  noproxy: text,
  unixSocket: text,
  'http1.1': flag,
  http2: flag,
  http2PriorKnowledge: flag,
  compressed: flag,
  location: flag,
  maxTime: text,
  connectTimeout: text,
  headersTimeout: text,
  maxBytes: text,
  maxFrames: text,
  reconnect: flag,
  reconnectAttempts: text,
  reconnectWait: text,
  resumeField: text,
  resumeQuery: text,
  resumeHeader: text,
  cutAfter: text,
  framing: z.enum(framings).exactOptional(),
  jsonPath: text,
  dialect: text,
});

export interface RequestWords extends z.infer<typeof wordsSchema> {
  readonly headers: readonly string[];
  readonly data: readonly DataWord[];
  readonly form: readonly FormWord[];
}

/**
 * Gives a command the options about a request: curl's words and our own.
 * @returns reads what was given, to be called in the command's action
 */
export function addRequestOptions(command: Command): (options: unknown) => RequestWords {
  const headers: string[] = [];
  const data: DataWord[] = [];
  const form: FormWord[] = [];
  const add = (group: string, flags: string, description: string): Option => {
    const option = new Option(flags, description).helpGroup(`${group}:`);
    command.addOption(option);
    return option;
  };
  const collects = (option: Option, take: (value: string) => void): void => {
    option.argParser((value) => {
      take(value);
      return undefined;
    });
  };

  const request = 'Request';
  add(request, '-X, --request <method>', 'the method');
  collects(add(request, '-H, --header <line>', 'a header, "Name: value"; @file reads lines'), (line) => {
    headers.push(line);
  });
  add(request, '-A, --user-agent <name>', 'the User-Agent header');
  add(request, '-e, --referer <url>', 'the Referer header');
  add(request, '-b, --cookie <data>', 'cookies, "name=value; …", or a cookie file');
  add(request, '-u, --user <user:password>', 'basic authentication');
  add(request, '--oauth2-bearer <token>', 'bearer authentication');
  add(request, '--last-event-id <id>', 'resume an event stream after this event');
  add(request, '--env <file>', 'variables for {{name}} in address, headers and body; secret ones are never kept');

  const body = 'Body';
  const dataOption = (flags: string, description: string, how: DataWord['how']): void => {
    collects(add(body, flags, description), (value) => {
      data.push({ how, text: value });
    });
  };
  dataOption('-d, --data <data>', 'form data; @file reads it without line ends', 'data');
  dataOption('--data-raw <data>', 'the same, a leading @ included', 'raw');
  dataOption('--data-binary <data>', 'byte for byte; @file reads it', 'binary');
  dataOption('--data-urlencode <data>', 'percent-encoded: content, name=content, name@file', 'urlencode');
  dataOption('--json <data>', 'a JSON body; @file reads it', 'json');
  collects(add(body, '-F, --form <part>', 'a part of a multipart form: name=value, name=@file;type=…'), (value) => {
    form.push({ how: 'form', text: value });
  });
  collects(add(body, '--form-string <part>', 'name=value, taken as it is'), (value) => {
    form.push({ how: 'string', text: value });
  });
  add(body, '-G, --get', 'put the data into the address');

  const transport = 'Transport';
  add(transport, '-L, --location', 'follow redirects');
  add(transport, '--compressed', 'ask for a compressed answer');
  add(transport, '--http1.1', 'HTTP/1.1 and nothing else');
  add(transport, '--http2', 'HTTP/2: negotiated over TLS, with prior knowledge without');
  add(transport, '--http2-prior-knowledge', 'HTTP/2 or nothing');
  add(transport, '-k, --insecure', 'accept a certificate that does not verify');
  add(transport, '--cacert <file>', 'certificates to trust, PEM');
  add(transport, '--cert <file[:password]>', 'a client certificate, PEM');
  add(transport, '--key <file>', 'its private key, PEM; without it, the key is in the certificate file');
  add(transport, '--pass <phrase>', 'the pass phrase of the key');
  add(transport, '-x, --proxy <url>', 'go through this proxy');
  add(transport, '-U, --proxy-user <user:password>', 'authentication at the proxy');
  add(transport, '--noproxy <hosts>', 'hosts to reach directly, with commas between; *: all');
  add(transport, '--unix-socket <path>', 'connect to this socket');

  const reconnection = 'Reconnection';
  add(reconnection, '--reconnect', 'open an event stream again when it ends, as EventSource does');
  add(reconnection, '--reconnect-attempts <n>', 'give up after n times (10)');
  add(reconnection, '--reconnect-wait <time>', 'wait this long where the stream does not say');
  add(reconnection, '--resume-field <path>', 'for records: go on from the value of this key in the last one');
  add(reconnection, '--resume-query <name>', '… sent in this query parameter');
  add(reconnection, '--resume-header <name>', '… sent in this header');
  add(reconnection, '--cut-after <n>', 'cut the first connection after n frames, to see whether the server resumes');

  const limits = 'Limits';
  add(limits, '--max-time <time>', 'stop after this long');
  add(limits, '--connect-timeout <time>', 'give up connecting after this long');
  add(limits, '--headers-timeout <time>', 'give up waiting for the answer after this long');
  add(limits, '--max-bytes <n>', 'stop after n bytes on the wire');
  add(limits, '--max-frames <n>', 'stop after n frames');

  const reading = 'Reading the body';
  add(reading, '--framing <name>', 'take the body apart as this, whatever it looks like').choices([...framings]);
  add(reading, '--json-path <path>', 'JSON only: where the elements are, such as data.items');
  add(reading, '--dialect <name>', 'read the frames as this dialect of AI streams');

  for (const flags of ['-N, --no-buffer', '-s, --silent', '-S, --show-error'])
    command.addOption(new Option(flags, 'accepted as one of curl’s').hideHelp());

  return (options) => ({ ...wordsSchema.parse(options), headers, data, form });
}
