import { describe, expect, it } from 'vitest';
import { inlineReasoning } from '../../../../src/renderer/message/inlineReasoning.ts';

const parts = (text: string): readonly string[] | null => {
  const found = inlineReasoning(text);
  return found === null ? null : [text.slice(found.from, found.to), text.slice(found.answerFrom)];
};

describe('reasoning inside a text', () => {
  it('is what stands between the tags, and the answer what follows', () => {
    expect(parts('<think>\nLet me see.\n</think>\n\nForty-two.')).toEqual(['Let me see.\n', 'Forty-two.']);
    expect(parts(' \n<think>a</think>b')).toEqual(['a', 'b']);
  });

  it('is all of the text while its end has not come', () => {
    expect(parts('<think>still at it')).toEqual(['still at it', '']);
  });

  it('is not looked for elsewhere than at the beginning', () => {
    expect(parts('The tag <think> is a tag.')).toBeNull();
    expect(parts('<thinking>no</thinking>')).toBeNull();
    expect(parts('')).toBeNull();
  });
});
