import { beforeEach, describe, expect, it } from 'vitest';
import { emptyDraft, specOf } from '../../../../src/renderer/state/requestDraft.ts';
import { followLibrary } from '../../../../src/renderer/state/library.ts';
import {
  isLive,
  pasteRequest,
  restoreDraft,
  sendDraft,
  sendRequest,
  stopRecording,
  useSending,
} from '../../../../src/renderer/state/sending.ts';
import { settingsNow } from '../../../../src/renderer/state/settings.ts';
import { useView, viewActions } from '../../../../src/renderer/state/view.ts';
import { FailureError } from '../../../../src/shared/failure.ts';
import { defaultSettings } from '../../../../src/shared/settings.ts';
import { settled, stubEngine, type Answers } from './stubEngine.ts';
import { summary } from './summaries.ts';

const spec = specOf({ ...emptyDraft, url: 'http://127.0.0.1/x?api_key=sk-1&n=2' });

async function withLive(answers: Answers): Promise<ReturnType<typeof stubEngine>> {
  const engine = stubEngine({
    'library.list': () => ({ recordings: [summary('live', { state: 'live', endingKind: null })] }),
    ...answers,
  });
  followLibrary(engine)();
  const end = followLibrary(engine);
  await settled();
  end();
  viewActions.openRecording('live');
  return engine;
}

beforeEach(() => {
  viewActions.openRecording(null);
  useSending.setState({ draft: emptyDraft, sending: false, stopping: new Set(), failure: null, notes: [] });
});

describe('sending', () => {
  it('opens the recording at once and remembers the request without its secrets', async () => {
    const engine = stubEngine({ 'recording.open': () => ({ id: 'new' }) });
    await sendRequest(engine, spec, null);
    expect(useView.getState().recordingId).toBe('new');
    expect(settingsNow().lastRequest).toEqual({ method: 'GET', url: 'http://127.0.0.1/x?api_key=&n=2' });
  });

  it('stops the live stream first', async () => {
    const engine = await withLive({
      'recording.stop': () => ({ stopped: true }),
      'recording.open': () => ({ id: 'new' }),
    });
    expect(isLive('live')).toBe(true);
    await sendRequest(engine, spec, null);
    expect(engine.calls.map(({ name }) => name).slice(-2)).toEqual(['recording.stop', 'recording.open']);
    expect(useView.getState().recordingId).toBe('new');
  });

  it('shows why a request could not be sent and opens nothing', async () => {
    const engine = stubEngine({
      'recording.open': () => {
        throw new FailureError({ code: 'request/invalid-url', message: 'no scheme' });
      },
    });
    await sendRequest(engine, spec, null);
    expect(useSending.getState()).toMatchObject({ sending: false, failure: { code: 'request/invalid-url' } });
    expect(useView.getState().recordingId).toBeNull();
  });

  it('asks for the URL where there is none', () => {
    const engine = stubEngine({});
    const wishes = useSending.getState().focusWishes;
    sendDraft(engine);
    expect(engine.calls).toEqual([]);
    expect(useSending.getState().focusWishes).toBe(wishes + 1);
  });
});

describe('stopping', () => {
  it('is shown before the engine has answered', async () => {
    const engine = await withLive({ 'recording.stop': () => new Promise(() => {}) });
    void stopRecording(engine, 'live');
    expect(isLive('live')).toBe(false);
  });

  it('is taken back when the engine could not stop it', async () => {
    const engine = await withLive({});
    await stopRecording(engine, 'live');
    expect(isLive('live')).toBe(true);
  });
});

describe('the request bar', () => {
  it('takes a pasted request with its notes', async () => {
    const request = { ...spec, method: 'PUT' };
    await pasteRequest(stubEngine({ 'request.parse': () => ({ request, notes: ['--proxy was left out'] }) }), 'curl x');
    expect(useSending.getState().draft.method).toBe('PUT');
    expect(useSending.getState().notes).toEqual(['--proxy was left out']);
  });

  it('comes back as it was left, unless the user was quicker', () => {
    const stored = { ...defaultSettings, followRedirects: false, lastRequest: { method: 'POST', url: 'http://a/' } };
    restoreDraft(stored);
    expect(useSending.getState().draft).toMatchObject({ method: 'POST', url: 'http://a/' });
    expect(useSending.getState().draft.options.followRedirects).toBe(false);
    useSending.setState({ draft: { ...emptyDraft, url: 'http://mine/' } });
    restoreDraft(stored);
    expect(useSending.getState().draft).toMatchObject({ method: 'GET', url: 'http://mine/' });
  });
});
