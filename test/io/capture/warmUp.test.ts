import { expect, it } from 'vitest';
import { warmUpCapture } from '../../../src/main/capture/warmUp.ts';

it('warming up finishes and leaves nothing open', async () => {
  const before = process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP'));
  await warmUpCapture();
  await warmUpCapture();
  expect(process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP'))).toEqual(before);
});
