import { orderAt } from '../orders.ts';
import { type MockStep, textStep } from '../step.ts';
import { accessLineAt } from './logLines.ts';
import { smoothNoise } from './smoothNoise.ts';
import { rounded } from './times.ts';
import { userAt, userCsvHeader, userCsvLine } from './users.ts';

interface FileKind {
  readonly contentType: string;
  /** The text of a file of `n` records, in pieces. */
  readonly pieces: (n: number, seed: number) => Iterable<string>;
}

function* each(n: number, piece: (index: number) => string): Generator<string, void, undefined> {
  for (let index = 0; index < n; index++) yield piece(index);
}

/** The files there are, by name. What is in them is made from the seed. */
export const builtInFiles: Readonly<Record<string, FileKind>> = {
  'orders.ndjson': {
    contentType: 'application/x-ndjson',
    pieces: (n, seed) => each(n, (index) => `${JSON.stringify(orderAt(seed, index))}\n`),
  },
  'users.csv': {
    contentType: 'text/csv; charset=utf-8',
    pieces: function* (n, seed) {
      yield userCsvHeader;
      yield* each(n, (index) => userCsvLine(userAt(seed, index)));
    },
  },
  'catalogue.json': {
    contentType: 'application/json',
    pieces: function* (n, seed) {
      yield '[';
      yield* each(n, (index) => `${index === 0 ? '\n' : ',\n'}${JSON.stringify(orderAt(seed, index).items[0])}`);
      yield '\n]\n';
    },
  },
  'access.log': {
    contentType: 'text/plain; charset=utf-8',
    pieces: (n, seed) => each(n, (index) => accessLineAt(seed, index)),
  },
  'chart.svg': { contentType: 'image/svg+xml', pieces: chart },
};

function* chart(n: number, seed: number): Generator<string, void, undefined> {
  yield `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(n)} 100">\n`;
  yield '<path fill="none" stroke="teal" d="M0 50\n';
  yield* each(n, (index) => `L${String(index)} ${String(rounded(50 - 40 * smoothNoise(seed, index), 1))}\n`);
  yield '"/>\n</svg>\n';
}

export function* filePieces(kind: FileKind, n: number, seed: number): Generator<MockStep, void, undefined> {
  for (const piece of kind.pieces(n, seed)) yield textStep(0, piece);
}
