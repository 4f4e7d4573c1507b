import type { FrameDelta, FrameWords, SpanWords, WordsRun } from '../../shared/message.ts';
import { deltaKinds, type DeltaKind, type Micros } from '../../shared/words.ts';
import type { AssembledChoice, Assembly } from './assemble.ts';
import type { Delta } from './delta.ts';
import { deltaKindOf } from './deltaIndex.ts';
import type { Pieces } from './pieces.ts';

const rowUnits = 200;
const detailUnits = 16_384;
const spanUnits = 4_096;
/** Frames without words that are passed over while looking for one with words, on either side of a span. */
const framesLookedAt = 100_000;

function kindOfCode(code: number): DeltaKind {
  return deltaKinds[code] ?? 'none';
}

/** What a frame adds, in one line for a row; empty where there are no words for it. */
export function rowWords(message: Assembly, frame: number, atMost = rowUnits): string {
  switch (kindOfCode(message.index.kindOf(frame))) {
    case 'text':
    case 'reasoning':
    case 'refusal':
    case 'tool':
      return sourceWords(message, frame, atMost);
    case 'finish':
      for (const { finish } of message.choices.values()) if (finish?.frame === frame) return cut(finish.reason, atMost);
      return '';
    case 'usage':
      return message.usage?.frame === frame ? usageWords(message.usage.delta) : '';
    case 'error': {
      const error = message.errors.find((each) => each.frame === frame);
      return cut(error === undefined ? '' : error.message || (error.code ?? ''), atMost);
    }
    default:
      return '';
  }
}

function sourceWords(message: Assembly, frame: number, atMost: number): string {
  const source = message.index.sourceOf(frame);
  if (source === undefined) return '';
  const name = source.call?.startFrame === frame ? (source.call.name ?? '') : '';
  const piece = pieceOf(source.pieces, frame, atMost);
  return cut(name === '' || piece === '' ? name + piece : `${name} ${piece}`, atMost);
}

function usageWords({ input, output }: { readonly input: number | null; readonly output: number | null }): string {
  const parts = [input === null ? null : `${String(input)} in`, output === null ? null : `${String(output)} out`];
  return parts.filter((part) => part !== null).join(', ');
}

/**
 * Everything a frame says: its words from the message, the rest from the frame itself.
 * @param own what a decoder says that sees no other frame: right for all that does not hang on frames before
 */
export function frameDeltas(message: Assembly, frame: number, own: readonly Delta[]): FrameDelta[] {
  const found: FrameDelta[] = [];
  for (const choice of message.choices.values()) addTexts(found, choice, frame);
  message.calls.forEach((call) => {
    const range = call.arguments.rangeOf(frame);
    if (range === undefined && call.startFrame !== frame && call.endFrame !== frame) return;
    found.push(delta('tool', call.name, call.choice, pieceOf(call.arguments, frame, detailUnits), range));
  });
  const kinds = new Set(message.index.kindsOf(frame));
  for (const each of own) {
    const kind = deltaKindOf(each);
    if (kind === 'tool' || !kinds.has(kind)) continue;
    found.push(ownDelta(kind, each));
  }
  const told = new Set(found.map(({ kind }) => kind));
  for (const kind of kinds) if (!told.has(kind)) found.push(delta(kind, null, null, rowWordsOf(message, frame, kind)));
  return found;
}

function rowWordsOf(message: Assembly, frame: number, kind: DeltaKind): string {
  return kindOfCode(message.index.kindOf(frame)) === kind ? rowWords(message, frame, detailUnits) : '';
}

function addTexts(found: FrameDelta[], choice: AssembledChoice, frame: number): void {
  for (const kind of ['reasoning', 'text', 'refusal'] as const) {
    const range = choice[kind].rangeOf(frame);
    if (range === undefined) continue;
    found.push(delta(kind, null, choice.index, pieceOf(choice[kind], frame, detailUnits), range));
  }
}

function ownDelta(kind: DeltaKind, own: Delta): FrameDelta {
  switch (own.type) {
    case 'finish':
      return delta(kind, null, own.choice, own.reason);
    case 'usage':
      return delta(kind, null, null, jsonOf(own.raw));
    case 'error':
      return delta(kind, own.code, null, own.message);
    case 'citation':
      return delta(kind, null, own.choice, jsonOf(own.citation));
    case 'tool-result':
      return delta(kind, null, null, jsonOf(own.result));
    case 'media':
      return delta(kind, own.media, own.choice, own.characters === 0 ? '' : `${String(own.characters)} characters`);
    case 'timing':
      return delta(kind, own.name, null, `${String(own.micros / 1_000)} ms`);
    case 'meta':
      return delta(kind, null, null, [own.id, own.model].filter((each) => each !== undefined).join(' · '));
    case 'event':
    case 'unknown':
      return delta(kind, own.name, null, '');
    default:
      return delta(kind, null, null, '');
  }
}

function delta(
  kind: DeltaKind,
  name: string | null,
  choice: number | null,
  text: string,
  range?: { readonly from: number; readonly to: number },
): FrameDelta {
  const length = range === undefined ? text.length : range.to - range.from;
  return { kind, name, choice, text: cut(text, detailUnits), length };
}

function jsonOf(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

function pieceOf(pieces: Pieces, frame: number, atMost: number): string {
  const range = pieces.rangeOf(frame);
  return range === undefined ? '' : pieces.slice(range.from, Math.min(range.to, range.from + atMost));
}

function cut(text: string, atMost: number): string {
  return text.length <= atMost ? text : text.slice(0, atMost);
}

/**
 * What frames `[from, to)` said, and the frames with content around them.
 * @param microsOf arrival of a frame
 */
export function spanWords(message: Assembly, from: number, to: number, microsOf: (frame: number) => Micros): SpanWords {
  const { index } = message;
  const runs: { kind: DeltaKind; text: string }[] = [];
  let told = 0;
  let withContent = 0;
  const contentUnits = index.unitsBefore(to) - index.unitsBefore(from);
  for (let frame = from; frame < to; frame++) {
    if (!hasContent(message, frame)) continue;
    withContent++;
    if (told >= spanUnits) continue;
    const text = sourceWords(message, frame, spanUnits - told);
    told += text.length;
    const kind = kindOfCode(index.kindOf(frame));
    const last = runs.at(-1);
    if (last?.kind === kind) last.text += text;
    else if (text !== '') runs.push({ kind, text });
  }
  const near = (start: number, step: 1 | -1): FrameWords | null => {
    for (let i = 0, frame = start; i < framesLookedAt; i++, frame += step) {
      if (frame < 0 || frame >= index.length) return null;
      if (!hasContent(message, frame)) continue;
      const kind = kindOfCode(index.kindOf(frame));
      return { frame, micros: microsOf(frame), kind, text: sourceWords(message, frame, rowUnits) };
    }
    return null;
  };
  return {
    runs: runs satisfies readonly WordsRun[],
    omitted: Math.max(0, contentUnits - told),
    contentUnits,
    before: near(from - 1, -1),
    after: near(to, 1),
    framesWithoutContent: to - from - withContent,
  };
}

function hasContent({ index }: Assembly, frame: number): boolean {
  return index.unitsBefore(frame + 1) > index.unitsBefore(frame);
}
