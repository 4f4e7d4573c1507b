import { seededRandom } from '../random.ts';
import { smoothNoise } from './smoothNoise.ts';
import { moment, rounded } from './times.ts';

/** What the sensors of a small plant say, one after the other. */
export interface Reading {
  readonly n: number;
  readonly sensor: string;
  readonly at: string;
  readonly value: number;
  readonly unit: string;
  readonly isCalibrated: boolean;
}

const sensors = [
  { sensor: 'boiler/temperature', unit: '°C', middle: 68, swing: 9, decimals: 1 },
  { sensor: 'boiler/pressure', unit: 'bar', middle: 1.6, swing: 0.3, decimals: 3 },
  { sensor: 'hall/humidity', unit: '%', middle: 44, swing: 12, decimals: 1 },
  { sensor: 'line-1/speed', unit: 'm/min', middle: 31, swing: 6, decimals: 2 },
  { sensor: 'mains/power', unit: 'kW', middle: 12.4, swing: 5, decimals: 2 },
  { sensor: 'tank-β/level', unit: 'm³', middle: 3.1, swing: 1.4, decimals: 3 },
] as const;

const betweenReadings = 250;

/** @param index counts from 0 */
export function readingAt(seed: number, index: number): Reading {
  const channel = index % sensors.length;
  const { sensor, unit, middle, swing, decimals } = sensors[channel] ?? sensors[0];
  return {
    n: index + 1,
    sensor,
    at: moment(index * betweenReadings),
    value: rounded(middle + swing * smoothNoise(seed + 17 * channel, Math.floor(index / sensors.length)), decimals),
    unit,
    isCalibrated: seededRandom(seed, index).below(20) > 0,
  };
}

/** One price of a ticker. */
export interface Quote {
  readonly symbol: string;
  readonly name: string;
  readonly price: number;
  readonly currency: string;
  readonly changePercent: number;
  readonly volume: number;
  readonly at: string;
}

// Companies that do not exist.
const stocks = [
  { symbol: 'RIVR', name: 'River & Sons', currency: 'USD', opening: 182.4 },
  { symbol: 'BKT', name: 'Bucket Brigade plc', currency: 'GBP', opening: 41.07 },
  { symbol: 'ÅNGA', name: 'Ångkraft AB', currency: 'SEK', opening: 318.5 },
  { symbol: 'TEA', name: '煎茶ホールディングス', currency: 'JPY', opening: 2_945 },
  { symbol: 'CHNK', name: 'Chunked Transfer Inc.', currency: 'USD', opening: 9.99 },
  { symbol: 'NDJ', name: 'Newline Delimited', currency: 'EUR', opening: 77.3 },
] as const;

const swingShare = 0.06;
const betweenQuotes = 120;

/** @param index counts from 0 */
export function quoteAt(seed: number, index: number): Quote {
  const random = seededRandom(seed, index);
  const channel = random.below(stocks.length);
  const { opening, ...stock } = stocks[channel] ?? stocks[0];
  const price = rounded(opening * (1 + swingShare * smoothNoise(seed + 31 * channel, index)), 2);
  return {
    ...stock,
    price,
    changePercent: rounded((price / opening - 1) * 100, 2),
    volume: 10 * (1 + random.below(500)),
    at: moment(index * betweenQuotes),
  };
}
