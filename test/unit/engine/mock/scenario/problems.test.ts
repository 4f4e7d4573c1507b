import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readScenario } from '../../../../../src/engine/mock/scenario/readScenario.ts';
import { problemsOf } from './performing.ts';

describe('a document that cannot be performed says where, why, and what was meant', () => {
  it.each([
    ['steps:\n  - sned: x\n', /^2:5 A step says one of .*; "sned" is none of them\. \[send\]$/],
    ['titel: x\nsteps:\n  - end\n', /^1:1 There is no "titel" here\. .* \[title\]$/],
    ['steps:\n  - send: { sse: { evnt: a } }\n', /^2:20 There is no "evnt" here\. .*event, id, data.* \[event\]$/],
    ['steps:\n  - send: x\n    chunks: wrds\n', /^3:13 chunks is one of whole, .*, not "wrds"\. \[words\]$/],
    ['steps:\n  - send: x\n    wait: 3\n', /^3:5 A step does one thing; this one has send and wait\./],
    ['steps:\n  - fault: rest\n', /^2:12 There is no fault "rest"\. \[reset\]$/],
    ['steps:\n  - wait: 100 msec\n', /^2:11 "100 msec" is no time/],
    ['steps:\n  - template: "{{pik(1)}}"\n', /^2:15 There is no "pik\(\)"\. .* \[pick\]$/],
    ['steps:\n  - template: "{{int(1)}}"\n', /^2:15 int\(\) is written int\(1, 100\)\. \[int\(1, 100\)\]$/],
    ['knobs: { count_: 3 }\nsteps:\n  - repeat: "{{cont_}}"\n    steps: [{ send: x }]\n', /^3:13 .*\[count_\]$/],
    [
      'steps:\n  - repeat: 3\n    steps:\n      - template: { ndjson: { a: {{i}} } }\n',
      /^4:34 Put quotes around text with/,
    ],
    ['steps:\n  - end\n  - send: x\n', /^3:5 Nothing behind end is sent\.$/],
    [
      'steps:\n  - repeat: forever\n    steps: [{ send: x }]\n  - send: y\n',
      /^4:5 What repeats forever has nothing behind it\.$/,
    ],
    [
      'steps:\n  - repeat: forver\n    steps: [{ send: x }]\n',
      /^2:13 repeat is a whole number, "forever".* \[forever\]$/,
    ],
    ['steps:\n  - repeat: 3\n    steps: [{ fault: "stall:1" }]\n', /^3:5 Nothing is sent in this repeat\.$/],
    ['steps:\n  - send: { base64: "%%%" }\n', /^2:21 This is no base64\.$/],
    ['steps:\n  - send: x\n  - head: { status: 404 }\n', /^3:5 The head comes once and first/],
    [
      'steps:\n  - head: { headers: { Content-Length: 3 } }\n',
      /^2:40 Content-Length follows from length.* \[length\]$/,
    ],
    ['knobs: { seed: 3 }\nsteps: [end]\n', /^1:16 The mock server has a knob "seed" of its own\.$/],
    ['clock: noon\nsteps: [end]\n', /^1:8 This is no time/],
    ['steps: x\n', /^1:8 steps is a list, not "x"\.$/],
    ['steps: [forever]\n', /^1:9 A step is "end" or a mapping/],
    ['', /^1:1 A scenario is a mapping with "steps" in it\.$/],
    ['[1]', /^1:1 A scenario is a mapping/],
    ['a: [', /^1:\d+ /],
    ['a: 1\na: 2\n', /^2:1 Map keys must be unique\.$/],
    ['a: &x [*x]\nsteps: *y\n', /^\d+:\d+ /],
  ])('%j', (text, expected) => {
    const problems = problemsOf(text);
    expect(problems[0]).toMatch(expected);
  });

  it('names every fault of form at once, in order', () => {
    expect(problemsOf('seed: -1\nsteps:\n  - wiat: 3\n  - send: 4\n').map((each) => each.slice(0, 3))).toEqual([
      '1:7',
      '3:5',
      '4:1',
    ]);
  });

  it('takes JSON with the same places', () => {
    expect(problemsOf('{\n  "steps": [\n    {"send": "x", "pase": 3}\n  ]\n}')[0]).toMatch(
      /^3:19 There is no "pase" here.*\[pace\]$/,
    );
  });

  it.each([
    ['brackets', '['.repeat(200_000)],
    ['levels', `steps: [{ send: { json: ${'['.repeat(100)}${']'.repeat(100)} } }]`],
    [
      'aliases',
      `a: &a [1,1,1,1,1,1,1,1,1]\n${Array.from({ length: 9 }, (_, i) => `b${String(i)}: &b${String(i)} [${Array.from({ length: 9 }, () => `*${i === 0 ? 'a' : `b${String(i - 1)}`}`).join(', ')}]`).join('\n')}\nsteps: [end]`,
    ],
    ['places', `steps: [{ template: '${'{'.repeat(50_000)}' }]`],
    ['repeats', `steps: ${'[{repeat: 2, steps: '.repeat(9)}[{send: x}]${'}]'.repeat(9)}`],
    ['steps', `steps:\n${'  - send: x\n'.repeat(10_001)}`],
  ])('hostile %s are refused with a sentence', { timeout: 30_000 }, (_name, text) => {
    const [first = ''] = problemsOf(text);
    expect(first).toMatch(/^\d+:\d+ [A-Za-z"{].*\.( \[.*\])?$/s);
  });

  it('never throws, whatever stands in it', () => {
    const word = fc.constantFrom('steps', 'send', 'repeat', 'head', 'sse', 'data', 'pace', 'fault', 'end', 'x');
    const tree = fc.letrec((tie) => ({
      value: fc.oneof(
        fc.string(),
        fc.integer(),
        fc.constant(null),
        fc.constantFrom('forever', '{{i}}', 'reset', 'end'),
        tie('map'),
        tie('list'),
      ),
      map: fc.dictionary(word, tie('value'), { maxKeys: 4 }),
      list: fc.array(tie('value'), { maxLength: 4 }),
    }));
    fc.assert(
      fc.property(fc.oneof(fc.string(), tree.map), (value) => {
        const text = typeof value === 'string' ? value : JSON.stringify(value);
        const read = readScenario(text);
        if (!read.ok) expect(read.problems.length).toBeGreaterThan(0);
        return true;
      }),
      { numRuns: 500 },
    );
  });
});
