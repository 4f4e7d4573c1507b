import { seededRandom } from './random.ts';

/** One order of the mock shop. Money is in whole minor units, so that sums are exact. */
export interface Order {
  readonly id: string;
  readonly number: number;
  readonly placedAt: string;
  readonly status: string;
  readonly customer: {
    readonly id: string;
    readonly name: string;
    readonly email: string;
    readonly address: { readonly street: string; readonly city: string; readonly country: string };
  };
  readonly items: readonly {
    readonly sku: string;
    readonly name: string;
    readonly quantity: number;
    readonly unitPriceMinor: number;
  }[];
  readonly currency: string;
  readonly totalMinor: number;
  readonly note: string | null;
}

// Characters of one, two, three and four bytes, joined emoji and right-to-left text: what breaks when bytes are split.
const customers = [
  { name: 'Zoé Lefèvre', mail: 'zoe.lefevre', street: '14 rue de la Clé', city: 'Besançon', country: 'FR' },
  { name: '山田 花子', mail: 'hanako.yamada', street: '神保町 2-4-7', city: '東京', country: 'JP' },
  { name: 'Björn Åkesson', mail: 'bjorn.akesson', street: 'Östra Hamngatan 9', city: 'Göteborg', country: 'SE' },
  { name: 'Amara Okafor', mail: 'amara.okafor', street: '3 Marina Road', city: 'Lagos', country: 'NG' },
  { name: 'Łukasz Wójcik', mail: 'lukasz.wojcik', street: 'ul. Długa 21', city: 'Łódź', country: 'PL' },
  { name: 'ليلى حداد', mail: 'layla.haddad', street: 'شارع الحمرا ٨', city: 'بيروت', country: 'LB' },
  { name: 'Siobhán O’Brien', mail: 'siobhan.obrien', street: '7 Fade Street', city: 'Dublin', country: 'IE' },
  { name: '김민준', mail: 'minjun.kim', street: '종로 51', city: '서울', country: 'KR' },
  { name: 'Trần Ngọc Ánh', mail: 'anh.tran', street: '12 Hàng Bạc', city: 'Hà Nội', country: 'VN' },
  { name: 'João Conceição', mail: 'joao.conceicao', street: 'Rua São Bento 80', city: 'São Paulo', country: 'BR' },
  { name: 'Grace "Gigi" Miller', mail: 'gigi.miller', street: '221 Elm St, Apt #4', city: 'Portland', country: 'US' },
  { name: 'Ωρίων Παππάς', mail: 'orion.pappas', street: 'Αθηνάς 40', city: 'Αθήνα', country: 'GR' },
] as const;

const products = [
  { sku: 'TEA-014', name: 'Sencha 煎茶, 100 g', minor: 1290 },
  { sku: 'CUP-002', name: 'Cup “Fjäll”, stoneware', minor: 1850 },
  { sku: 'PEN-330', name: 'Fountain pen, medium nib', minor: 4900 },
  { sku: 'INK-071', name: 'Ink “Bleu pétrole”, 50 ml', minor: 1125 },
  { sku: 'BAG-118', name: 'Canvas bag 🧺', minor: 2700 },
  { sku: 'LMP-009', name: 'Desk lamp, 2700 K', minor: 7995 },
  { sku: 'CBL-201', name: 'Cable USB-C, 2 m', minor: 899 },
  { sku: 'NTB-555', name: 'Notebook A5 \\ dotted', minor: 640 },
  { sku: 'COF-042', name: 'Café crème, 1 kg ☕', minor: 2350 },
  { sku: 'PST-808', name: 'Poster “Größe L”', minor: 1500 },
] as const;

const statuses = ['received', 'paid', 'packed', 'shipped', 'delivered', 'returned'] as const;
const currencies = ['EUR', 'USD', 'JPY', 'SEK', 'GBP'] as const;
const notes = [
  null,
  null,
  null,
  'Please ring twice 🔔',
  'Cadeau 🎁 — sans prix, s’il vous plaît',
  'For the whole family 👩‍👩‍👧‍👦',
  'Leave at door\nor with the neighbour',
  '領収書をお願いします',
] as const;

/** Monday 5 January 2026, 08:00 UTC: fixed, because the same seed has to give the same bytes on any day. */
const firstOrderAt = Date.UTC(2026, 0, 5, 8);
const orderIntervalMillis = 37_000;

/** The order at a position of the sequence that a seed names. @param index counts from 0 */
export function orderAt(seed: number, index: number): Order {
  const random = seededRandom(seed, index);
  const who = random.pick(customers);
  const items = Array.from({ length: 1 + random.below(3) }, () => {
    const product = random.pick(products);
    return { sku: product.sku, name: product.name, quantity: 1 + random.below(4), unitPriceMinor: product.minor };
  });
  return {
    id: `ord_${String(index + 1).padStart(8, '0')}`,
    number: index + 1,
    placedAt: new Date(firstOrderAt + index * orderIntervalMillis + random.below(orderIntervalMillis)).toISOString(),
    status: random.pick(statuses),
    customer: {
      id: `cus_${String(1000 + random.below(9000))}`,
      name: who.name,
      email: `${who.mail}@example.com`,
      address: { street: who.street, city: who.city, country: who.country },
    },
    items,
    currency: random.pick(currencies),
    totalMinor: items.reduce((sum, item) => sum + item.quantity * item.unitPriceMinor, 0),
    note: random.pick(notes),
  };
}

/** An order that the mock could not read: what an error in the middle of a stream is about. */
export interface OrderProblem {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
}

/** The in-stream error that comes after order `orderNumber` (counted from 1). */
export function orderProblemAfter(orderNumber: number): OrderProblem {
  return {
    code: 'ORDER_UNREADABLE',
    message: `The order after number ${orderNumber} could not be read: its customer record is locked. The others follow.`,
    retryable: true,
  };
}

/** After which order the in-stream error comes, counted from 1; 0 for no error. */
export function errorPosition(orderCount: number, error: 'middle' | 'none'): number {
  return error === 'none' ? 0 : Math.ceil(orderCount / 2);
}
