import { seededRandom } from '../random.ts';
import { moment } from './times.ts';

/** One line of the log of a small shop's services. */
export interface LogLine {
  readonly at: string;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly service: string;
  readonly message: string;
  readonly trace: string;
}

type Said = readonly [level: LogLine['level'], service: string, message: string];

const said: readonly Said[] = [
  ['info', 'gateway', 'GET /v1/orders/stream 200 in # ms'],
  ['info', 'gateway', 'POST /api/stream-chat 200 in # ms'],
  ['info', 'orders', 'order # packed for Zoé Lefèvre'],
  ['info', 'orders', 'order # paid: ¥#'],
  ['info', 'mailer', 'sent “Ihre Bestellung ist unterwegs” to # people'],
  ['info', 'search', 'index rebuilt: # documents'],
  ['debug', 'cache', 'miss for user:#'],
  ['debug', 'cache', 'evicted # entries'],
  ['debug', 'pool', '# connections idle'],
  ['warn', 'gateway', 'client reads slowly: # KB wait for it'],
  ['warn', 'pool', 'waited # ms for a connection'],
  ['error', 'billing', 'card of customer # was declined; it is tried again tomorrow'],
  ['error', 'mailer', 'mailbox # is full'],
];

const betweenLines = 340;

/** @param index counts from 0 */
export function logLineAt(seed: number, index: number): LogLine {
  const random = seededRandom(seed, index);
  const [level, service, message] = random.pick(said);
  return {
    at: moment(index * betweenLines + random.below(betweenLines)),
    level,
    service,
    message: message.replace(/#/g, () => String(1 + random.below(4_000))),
    trace: random.below(0xffff_ffff).toString(16).padStart(8, '0'),
  };
}

const pages = [
  '/',
  '/v1/orders/stream',
  '/v1/orders/events',
  '/stream/data',
  '/login',
  '/img/%E7%85%8E%E8%8C%B6.png',
] as const;
const agents = ['curl/8.11.0', 'Mozilla/5.0 (X11; Linux x86_64)', 'python-httpx/0.28.1', 'undici'] as const;
const answers = [200, 200, 200, 200, 206, 304, 404, 429, 500] as const;

/** A line of an access log in the combined format, with its line end; addresses are of TEST-NET-3. */
export function accessLineAt(seed: number, index: number): string {
  const random = seededRandom(seed, index);
  const [day = '', time = ''] = moment(index * betweenLines).split('T');
  const [year = '', , date = ''] = day.split('-');
  const client = `203.0.113.${String(1 + random.below(254))}`;
  const request = `"GET ${random.pick(pages)} HTTP/1.1"`;
  const counts = `${String(random.pick(answers))} ${String(random.below(90_000))}`;
  const stamp = `${date}/${monthOf(day)}/${year}:${time.slice(0, 8)} +0000`;
  return `${client} - - [${stamp}] ${request} ${counts} "-" "${random.pick(agents)}"\n`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

function monthOf(day: string): string {
  return months[Number(day.slice(5, 7)) - 1] ?? months[0];
}
