import { seededRandom } from '../random.ts';
import { moment } from './times.ts';

export interface User {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly city: string;
  readonly plan: string;
  readonly seats: number;
  readonly signedUpAt: string;
  readonly isActive: boolean;
  readonly motto: string | null;
}

// Pairs that belong together, with the spelling of an address beside them: scripts of every width in UTF-8.
const given = [
  ['Zoé', 'zoe'],
  ['Björn', 'bjorn'],
  ['Amara', 'amara'],
  ['Łukasz', 'lukasz'],
  ['Siobhán', 'siobhan'],
  ['João', 'joao'],
  ['Grace', 'grace'],
  ['İpek', 'ipek'],
  ['Jürgen', 'juergen'],
  ['Noa', 'noa'],
  ['Þóra', 'thora'],
  ['Minh', 'minh'],
] as const;
const family = [
  ['Lefèvre', 'lefevre'],
  ['Åkesson', 'akesson'],
  ['Okafor', 'okafor'],
  ['Wójcik', 'wojcik'],
  ['O’Brien', 'obrien'],
  ['Conceição', 'conceicao'],
  ['Miller, Jr.', 'miller'],
  ['Yıldız', 'yildiz'],
  ['Groß', 'gross'],
  ['山田', 'yamada'],
  ['김', 'kim'],
  ['Παππάς', 'pappas'],
  ['Nguyễn', 'nguyen'],
] as const;
const cities = [
  'Besançon',
  'Göteborg',
  'Lagos',
  'Łódź',
  'Dublin',
  'São Paulo',
  '東京',
  '서울',
  'Αθήνα',
  'Zürich',
] as const;
const plans = ['free', 'free', 'free', 'team', 'team', 'business'] as const;
const mottos = [
  null,
  null,
  null,
  'Ship it 🚀',
  'Measure "twice", cut once',
  'Langsam, aber sicher',
  '七転び八起き',
  'Family first 👩‍👩‍👧‍👦',
] as const;

const betweenSignups = 5_400_000;

/** The user at a position of the list that a seed names. @param index counts from 0 */
export function userAt(seed: number, index: number): User {
  const random = seededRandom(seed, index);
  const [first, firstLatin] = random.pick(given);
  const [last, lastLatin] = random.pick(family);
  const plan = random.pick(plans);
  return {
    id: index + 1,
    name: `${first} ${last}`,
    email: `${firstLatin}.${lastLatin}${String(index + 1)}@example.com`,
    city: random.pick(cities),
    plan,
    seats: plan === 'free' ? 1 : 2 + random.below(40),
    signedUpAt: moment(index * betweenSignups + random.below(betweenSignups)),
    isActive: random.below(5) > 0,
    motto: random.pick(mottos),
  };
}

const columns = ['id', 'name', 'email', 'city', 'plan', 'seats', 'signedUpAt', 'isActive', 'motto'] as const;

/** The header of the users as CSV, with its line end. */
export const userCsvHeader = `${columns.join(',')}\r\n`;

/** A user as a line of CSV (RFC 4180), with its line end: quoted where it has to be. */
export function userCsvLine(user: User): string {
  return `${columns.map((column) => csvField(user[column])).join(',')}\r\n`;
}

function csvField(value: string | number | boolean | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
