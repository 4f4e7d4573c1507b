import { seededRandom } from '../random.ts';
import { moment, rounded } from './times.ts';

/** What somebody did in a shop: a row of an export. */
export interface Activity {
  readonly id: string;
  readonly at: string;
  readonly userId: number;
  readonly action: string;
  readonly target: string;
  readonly tookMs: number;
  readonly place: { readonly city: string; readonly latitude: number; readonly longitude: number };
}

const actions = ['viewed', 'searched', 'added to the cart', 'paid', 'reviewed', 'shared', 'returned'] as const;
const targets = [
  'Sencha 煎茶, 100 g',
  'Cup “Fjäll”',
  'Desk lamp, 2700 K',
  'Canvas bag 🧺',
  'Notebook A5 \\ dotted',
] as const;
const places = [
  { city: 'Zürich', latitude: 47.3769, longitude: 8.5417 },
  { city: 'São Paulo', latitude: -23.5505, longitude: -46.6333 },
  { city: '東京', latitude: 35.6764, longitude: 139.65 },
  { city: 'Lagos', latitude: 6.5244, longitude: 3.3792 },
] as const;

const betweenActivities = 1_900;

/** @param index counts from 0 */
export function activityAt(seed: number, index: number): Activity {
  const random = seededRandom(seed, index);
  return {
    id: `act_${String(index + 1).padStart(8, '0')}`,
    at: moment(index * betweenActivities + random.below(betweenActivities)),
    userId: 1 + random.below(5_000),
    action: random.pick(actions),
    target: random.pick(targets),
    tookMs: rounded(4 + random.fraction() * 900, 1),
    place: random.pick(places),
  };
}
