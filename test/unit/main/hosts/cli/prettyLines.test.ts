import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Inspection, type InspectedFrame } from '../../../../../src/main/hosts/cli/inspection.ts';
import { prettyDiagnostic, prettyFrame } from '../../../../../src/main/hosts/cli/prettyLines.ts';
import { jsonLine, palette, safeForTerminal } from '../../../../../src/main/hosts/cli/terminal.ts';
import { prettyFindings } from '../../../../../src/main/hosts/cli/prettyFindings.ts';
import { prettyMessage } from '../../../../../src/main/hosts/cli/prettyMessage.ts';
import { summaryLine } from '../../../../../src/main/hosts/cli/summaryLine.ts';
import { fitColumns } from '../../../../../src/main/hosts/cli/textWidth.ts';
import { frameLine } from '../../../../../src/main/hosts/cli/frameLine.ts';
import { defaultLimits } from '../../../../../src/shared/limits.ts';
import { framings, type Framing } from '../../../../../src/shared/words.ts';

/** What a terminal acts on: C0 but for the line feed that we write ourselves, DEL, C1, direction overrides. */
const acting = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
const plain = palette(false);

function inspected(framing: Framing, body: Uint8Array, seen: (frame: InspectedFrame) => void): Inspection {
  const ignored = () => undefined;
  const inspection = new Inspection(
    {
      request: null,
      framing,
      jsonPath: null,
      dialect: null,
      maxFrames: null,
      maxBytes: null,
      limits: defaultLimits,
      uncertaintyMicros: () => null,
    },
    { frame: seen, body: ignored, reconnecting: ignored, enough: ignored, cut: ignored, ended: ignored },
  );
  inspection.origin({ request: null, startedAt: 0, timesKnown: true });
  inspection.chunk(5, body);
  inspection.body(0, body);
  inspection.ended({ kind: 'complete', code: 'end/complete', message: 'x', offset: null, atMicros: 9 });
  return inspection;
}

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom('\u001b]0;title\u0007', '\u001b[2J', '\u009b31m', '\u0090', '\r', '\u0008', '\u202e', '\u007f'),
      fc.constantFrom('data: ', 'event: ', 'id: ', ': ', '\n', '\n\n', '{"a":"', '"}', '\u001e', 'HTTP/1.1 '),
      fc.string({ unit: 'binary', maxLength: 12 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => new TextEncoder().encode(parts.join('')));

describe('what is printed of a stream', () => {
  it('never lets through what a terminal acts on, in any framing', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...framings),
        fc.oneof(hostile, fc.uint8Array({ maxLength: 300 })),
        (framing, body) => {
          const printed: string[] = [];
          const inspection = inspected(framing, body, (frame) => {
            for (const columns of [40, 120]) printed.push(prettyFrame(frame, 3, columns, plain));
            printed.push(jsonLine(frameLine({ ...frame, target: '\u001bx' })));
          });
          for (const { diagnostic } of inspection.analysis.diagnostics.kept)
            printed.push(prettyDiagnostic(diagnostic, plain));
          expect(printed.join('')).not.toMatch(acting);
        },
      ),
      { numRuns: 100 },
    );
  }, 30_000);

  it('shows what a frame says in a token stream in place of its JSON', () => {
    const chat = (delta: string, finish = 'null') =>
      `data: {"id":"c1","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":${delta},"finish_reason":${finish}}]}\n\n`;
    const call = '{"index":0,"id":"t1","type":"function","function":{"name":"find","arguments":"{\\"a\\""}}';
    const body = [
      chat('{"role":"assistant","content":"Hel"}'),
      chat('{"content":" lo\\n\\u001b[31m"}'),
      chat(`{"tool_calls":[${call}]}`),
      chat('{}', '"stop"'),
      'data: {"error":{"message":"overloaded","code":"busy"}}\n\n',
      'data: [DONE]\n\n',
    ];
    const printed: string[] = [];
    const inspection = inspected('sse', new TextEncoder().encode(body.join('')), (frame) => {
      printed.push(prettyFrame(frame, null, 120, plain).split('\n')[0] ?? '');
    });
    const said = [
      '"Hel"',
      '" lo\\n\\u001b[31m"',
      'tool find · arguments {"a"',
      'finish stop',
      'error busy: overloaded',
    ];
    expect(printed.map((line) => line.slice(54))).toEqual([...said, 'end']);
    const ending = { kind: 'complete', code: 'end/complete', message: 'x', offset: null, atMicros: 9 } as const;
    const message = prettyMessage(summaryLine('x', inspection, ending, null), plain);
    expect(message).toContain('\n  Hel lo\n  ␛[31m\n  tool find {"a"\n  error: busy: overloaded\n');
    expect(message).toContain('finish stop');
    expect(message).not.toMatch(acting);
  });

  it('tells what was found in frames once more after many of them, errors first', () => {
    const found = (severity: 'error' | 'warning', frame: number) => ({ code: 'a/b', severity, message: 'M.', frame });
    const diagnostics = [found('warning', 3), ...Array.from({ length: 20 }, (_, n) => found('error', 1_000 + n))];
    expect(prettyFindings(diagnostics, 40, () => true, plain)).toBe('');
    const lines = prettyFindings(diagnostics, 40_000, () => true, plain).split('\n');
    expect(lines[0]).toBe('     ✖ a/b: M. (frame 1,001)');
    expect(lines.at(-2)).toBe('     … 9 more: --output summary lists them');
  });

  it('tells of few frames what was found only after they had been printed', () => {
    const diagnostics = [0, 1].map((frame) => ({ code: 'a/b', severity: 'error', message: 'M.', frame }) as const);
    const text = prettyFindings(diagnostics, 5, ({ frame }) => frame === 1, plain);
    expect(text).toBe('     ✖ a/b: M. (frame 1)\n');
  });

  it('fits the terminal: one line a frame', () => {
    const body = new TextEncoder().encode(`data: ${'漢字😀e\u0301'.repeat(60)}\n\n`);
    inspected('sse', body, (frame) => {
      for (const columns of [80, 120]) {
        const [line = ''] = prettyFrame(frame, null, columns, plain).split('\n');
        expect(columnsOf(line)).toBeLessThanOrEqual(columns);
        expect(line).toContain('…');
      }
    });
  });

  it('counts wide and combined characters as a terminal does', () => {
    expect(fitColumns('abcdef', 6)).toBe('abcdef');
    expect(fitColumns('abcdefg', 6)).toBe('abcde…');
    expect(fitColumns('漢字漢', 6)).toBe('漢字漢');
    expect(fitColumns('漢字漢字', 6)).toBe('漢字…');
    expect(fitColumns('e\u0301e\u0301e\u0301', 3)).toBe('e\u0301e\u0301e\u0301');
    expect(safeForTerminal('a\u001b[31m')).toBe('a␛[31m');
  });
});

function columnsOf(text: string): number {
  let columns = 0;
  for (const { segment } of new Intl.Segmenter('en').segment(text))
    columns += /\p{Script=Han}|\p{Emoji_Presentation}/u.test(segment) ? 2 : 1;
  return columns;
}
