import type { Command } from 'commander';
import { z } from 'zod';
import type { ProxyRoute } from '../../../shared/proxy.ts';
import { UsageError } from './exitCodes.ts';
import { textOfFile } from './givenFiles.ts';
import { wholeNumber } from './quantities.ts';

export interface ProxyWords {
  readonly port: number;
  /** Where everything goes that names no route; null: the built-in routes are there. */
  readonly to: string | null;
  readonly routes: readonly ProxyRoute[];
  /** PEM text of certificates that upstreams may have beside the runtime's own; null: none. */
  readonly caPem: string | null;
  /** Certificates of upstreams that do not verify are taken. */
  readonly insecure: boolean;
  readonly quiet: boolean;
}

const schema = z.object({
  port: z.string(),
  to: z.string().exactOptional(),
  route: z.array(z.string()).exactOptional(),
  cacert: z.string().exactOptional(),
  insecure: z.boolean().exactOptional(),
  quiet: z.boolean().exactOptional(),
});

/** Adds what `proxy` takes; the returned function reads it. @throws UsageError (that function) */
export function addProxyOptions(command: Command): (options: unknown) => ProxyWords {
  command
    .option('--port <port>', 'the port to listen on; the next free one is taken; 0: any', '4040')
    .option('--to <url>', 'one upstream for every path, instead of the routes of the known providers')
    .option('--route <name=url>', 'a route of your own: /name/… goes to url/…; may be repeated', collected)
    .option('--cacert <file>', 'certificates to trust at upstreams beside the usual ones, PEM')
    .option('-k, --insecure', 'accept certificates of upstreams that do not verify')
    .option('--quiet', 'say nothing about exchanges')
    .addHelpText('after', help);
  return (given) => {
    const { port, to = null, route = [], cacert, insecure = false, quiet = false } = schema.parse(given);
    const caPem = cacert === undefined ? null : textOfFile(cacert, '--cacert');
    return { port: portOf(port), to, routes: route.map(routeOf), caPem, insecure, quiet };
  };
}

function collected(word: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), word];
}

function routeOf(word: string): ProxyRoute {
  const at = word.indexOf('=');
  if (at <= 0) {
    throw new UsageError(`--route wants a name and an address, such as local=http://127.0.0.1:8080, not ${word}.`);
  }
  return { name: word.slice(0, at), upstream: word.slice(at + 1) };
}

function portOf(given: string): number {
  const port = wholeNumber(given, '--port');
  if (port > 65_535) throw new UsageError(`--port wants a number up to 65535, not ${given}.`);
  return port;
}

const help = `

Its address and the variables that programs read it from go to stdout, what passes to stderr, and every exchange into the
library. Ctrl+C ends it.

Examples:
  streamscope proxy
  OPENAI_BASE_URL=http://127.0.0.2:4040/openai/v1 python my_program.py
  streamscope proxy --to https://api.example.com
  streamscope proxy --route local=http://127.0.0.1:8080 --port 0
  streamscope proxy --to https://staging.internal --cacert our-authority.pem`;
