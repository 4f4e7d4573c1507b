import process from 'node:process';
import type { ComparedFrames, ComparedMessage, TextRun } from '../../../shared/compare.ts';
import { defaultLimits } from '../../../shared/limits.ts';
import { maskUrl } from '../../../shared/maskSecrets.ts';
import { Comparisons } from '../../instrument/comparisons.ts';
import { comparisonText } from './comparisonText.ts';
import { ComparedTargets } from './comparedTargets.ts';
import type { CompareWords } from './compareWords.ts';
import { exitCode } from './exitCodes.ts';
import { jsonLine, palette, print } from './terminal.ts';

/** Differing frames that are told one by one. */
const rowsTold = 100;

/** `compare`: two recordings side by side; the exit code says whether frames and message are the same. */
export async function compare(words: CompareWords, version: string, signal: AbortSignal): Promise<number> {
  const targets = new ComparedTargets(version);
  try {
    const left = await targets.open(words.left, signal);
    const right = await targets.open(words.right, signal);
    const comparisons = new Comparisons((id) => targets.get(id), defaultLimits);
    const sides = { left, right };
    const { criterion, ignore, align } = words;
    const comparison = await comparisons.open({ ...sides, align });
    const frames = await comparisons.frames(
      { ...sides, criterion, ignore, onlyDifferent: true, from: 0, count: rowsTold },
      signal,
    );
    const first = frames.first[criterion];
    const json =
      first === null || first.left === null || first.right === null
        ? null
        : comparisons.json({ ...sides, leftFrame: first.left, rightFrame: first.right, ignore });
    const message = await comparisons.message({ ...sides, text: 0, fromRun: 0 });
    const isSame = first === null && message.texts.every((text) => text.isSame);
    if (words.output === 'json') {
      await print(jsonLine(asJson(words, comparison, frames, json, message, isSame)));
    } else {
      const text = message.texts.findIndex((each) => !each.isSame);
      const runs: TextRun[] = [];
      if (text >= 0) {
        const total = message.texts[text]?.runs ?? 0;
        while (runs.length < total) {
          runs.push(...(await comparisons.message({ ...sides, text, fromRun: runs.length })).runs);
        }
      }
      const colours = palette(process.stdout.isTTY);
      const told = {
        words,
        comparison,
        frames,
        json,
        message,
        differingText: text < 0 ? null : { text, runs },
        isSame,
      };
      for (const line of comparisonText(told, colours)) await print(`${line}\n`);
    }
    return isSame ? exitCode.fine : exitCode.endedBadly;
  } catch (error) {
    if (signal.aborted) return exitCode.interrupted;
    throw error;
  } finally {
    await targets.close();
  }
}

/** The result as data. Frames count from 1, as everywhere on the command line; unknown is null. */
function asJson(
  words: CompareWords,
  comparison: Awaited<ReturnType<Comparisons['open']>>,
  frames: ComparedFrames,
  json: ReturnType<Comparisons['json']> | null,
  message: ComparedMessage,
  isSame: boolean,
) {
  const side = (name: 'left' | 'right') => {
    const { summary, framing, dialect, endingCode, originMicros } = comparison[name];
    return {
      target: words[name],
      id: summary.id,
      url: maskUrl(summary.url),
      framing: framing?.framing ?? null,
      dialect: dialect?.dialect ?? null,
      ending: endingCode,
      originUs: originMicros,
    };
  };
  const ordinal = (n: number | null | undefined): number | null =>
    n === null || n === undefined || n < 0 ? null : n + 1;
  return {
    same: isSame,
    align: words.align,
    by: words.criterion,
    ignored: words.ignore,
    left: side('left'),
    right: side('right'),
    figures: Object.fromEntries(
      comparison.figures.map(({ name, unit, left, right, difference, relative, better, isWithinUncertainty }) => [
        name,
        { unit, left, right, difference, relative, better, withinUncertainty: isWithinUncertainty },
      ]),
    ),
    head: comparison.head,
    frames: {
      left: frames.leftFrames,
      right: frames.rightFrames,
      first: Object.fromEntries(
        Object.entries(frames.first).map(([by, parting]) => [
          by,
          parting === null ? null : { left: ordinal(parting.left), right: ordinal(parting.right) },
        ]),
      ),
      pairing: frames.pairing,
      same: frames.same,
      changed: frames.changed,
      leftOnly: frames.leftOnly,
      rightOnly: frames.rightOnly,
      notCompared: { left: frames.leftBeyond, right: frames.rightBeyond },
      differing: Array.from(frames.left, (n, i) => ({ left: ordinal(n), right: ordinal(frames.right[i]) })),
    },
    firstDifference: json,
    message:
      message.hasLeft || message.hasRight
        ? { texts: message.texts, finish: message.finish, notCompared: message.beyond }
        : null,
  };
}
