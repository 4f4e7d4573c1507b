import { create } from 'zustand';
import type { EngineClient } from '../../shared/calls.ts';
import type { Failure } from '../../shared/failure.ts';
import { withoutSecretParameters } from '../../shared/maskSecrets.ts';
import type { RequestSpec } from '../../shared/request.ts';
import type { Settings } from '../../shared/settings.ts';
import type { Framing, RecordingId } from '../../shared/words.ts';
import { failureOf, isCancelled } from './failureOf.ts';
import { useConnection } from './HostContext.tsx';
import { libraryNow, useSummary } from './library.ts';
import { notify, notifyFailure } from './notices.ts';
import { openRecordingNow, useRecordingPart } from './recording.ts';
import { draftOf, emptyDraft, specOf, type RequestDraft } from './requestDraft.ts';
import { changeSettings, settingsNow } from './settings.ts';
import { useView, viewActions } from './view.ts';

/** A part of the request that has a panel under the request bar. */
export type RequestPanel = 'headers' | 'body' | 'auth' | 'options';

interface SendingState {
  readonly draft: RequestDraft;
  /** The panel that is open under the bar. */
  readonly panel: RequestPanel | null;
  /** A request was handed over and has no recording yet. */
  readonly sending: boolean;
  /** Recordings the user has stopped: shown as stopped before the engine says so. */
  readonly stopping: ReadonlySet<RecordingId>;
  /** Why the last request could not be sent or the last paste could not be read. */
  readonly failure: Failure | null;
  /** What a paste said that this product has no word for. */
  readonly notes: readonly string[];
  /** Counts wishes to have the URL field focused. */
  readonly focusWishes: number;
}

export const useSending = create<SendingState>()(() => ({
  draft: emptyDraft,
  panel: null,
  sending: false,
  stopping: new Set(),
  failure: null,
  notes: [],
  focusWishes: 0,
}));

export function changeDraft(patch: Partial<RequestDraft>): void {
  useSending.setState(({ draft }) => ({ draft: { ...draft, ...patch }, failure: null }));
}

/** Puts a whole request into the bar. */
export function takeRequest(request: RequestSpec, notes: readonly string[] = []): void {
  useSending.setState({ draft: draftOf(request), failure: null, notes });
}

/** Puts back what the bar held when the window was last open, unless the user was quicker. */
export function restoreDraft({ lastRequest, followRedirects }: Settings): void {
  useSending.setState(({ draft }) => {
    const options = { ...draft.options, followRedirects };
    return {
      draft: draft.url === '' && lastRequest !== null ? { ...draft, ...lastRequest, options } : { ...draft, options },
    };
  });
}

export function newRequest(): void {
  useSending.setState(({ focusWishes }) => ({
    draft: { ...emptyDraft, options: { ...emptyDraft.options, followRedirects: settingsNow().followRedirects } },
    failure: null,
    notes: [],
    focusWishes: focusWishes + 1,
  }));
}

export function focusUrl(): void {
  useSending.setState(({ focusWishes }) => ({ focusWishes: focusWishes + 1 }));
}

export function togglePanel(panel: RequestPanel): void {
  useSending.setState((state) => ({ panel: state.panel === panel ? null : panel }));
}

export function dismissSendingMessages(): void {
  useSending.setState({ failure: null, notes: [] });
}

/** Whether a recording is live, as far as this window knows and has not itself stopped it. */
export function isLive(id: RecordingId | null): boolean {
  if (id === null || useSending.getState().stopping.has(id)) return false;
  const { advanced } = openRecordingNow();
  if (advanced?.id === id) return advanced.live;
  return libraryNow().recordings.some((recording) => recording.id === id && recording.state === 'live');
}

/** Stops a live recording. The window shows it as stopped at once. */
export async function stopRecording(engine: EngineClient, id: RecordingId): Promise<void> {
  const without = (): ReadonlySet<RecordingId> => {
    const left = new Set(useSending.getState().stopping);
    left.delete(id);
    return left;
  };
  useSending.setState(({ stopping }) => ({ stopping: new Set([...stopping, id]) }));
  try {
    await engine.call('recording.stop', { id });
  } catch (error) {
    useSending.setState({ stopping: without() });
    if (!isCancelled(error)) {
      notifyFailure(failureOf(error), { title: 'Try again', run: () => void stopRecording(engine, id) });
    }
  }
}

/** Sends a request and opens its recording; the open recording is stopped first if it is still live. */
export async function sendRequest(engine: EngineClient, request: RequestSpec, framing: Framing | null): Promise<void> {
  if (useSending.getState().sending) return;
  useSending.setState({ sending: true, failure: null });
  try {
    const former = useView.getState().recordingId;
    if (former !== null && isLive(former)) await stopRecording(engine, former);
    const { id } = await engine.call('recording.open', { request, framing });
    useSending.setState({ notes: [] });
    viewActions.openRecording(id);
    changeSettings({ lastRequest: { method: request.method, url: withoutSecretParameters(request.url) } });
  } catch (error) {
    if (!isCancelled(error)) useSending.setState({ failure: failureOf(error) });
  } finally {
    useSending.setState({ sending: false });
  }
}

/** Sends what stands in the request bar; without a URL there is nothing to send, so the field gets the focus. */
export function sendDraft(engine: EngineClient): void {
  const { draft } = useSending.getState();
  if (draft.url.trim() === '') focusUrl();
  else void sendRequest(engine, specOf(draft), draft.framing);
}

/** Puts a request on the clipboard as a cURL command. */
export async function copyAsCurl(engine: EngineClient, request: RequestSpec, withSecrets: boolean): Promise<void> {
  try {
    const { command } = await engine.call('request.toCurl', { request, withSecrets });
    await navigator.clipboard.writeText(command);
    const text = withSecrets ? 'Copied as cURL, with its secrets.' : 'Copied as cURL; secrets are masked.';
    notify({ tone: 'info', text });
  } catch (error) {
    if (!isCancelled(error)) notifyFailure(failureOf(error));
  }
}

/** Reads a pasted cURL command or fetch snippet into the request bar. */
export async function pasteRequest(engine: EngineClient, text: string): Promise<void> {
  try {
    const { request, notes } = await engine.call('request.parse', { text });
    takeRequest(request, notes);
  } catch (error) {
    if (!isCancelled(error)) useSending.setState({ failure: failureOf(error), notes: [] });
  }
}

/** `isLive` for a component: drawn again when it changes. Nothing is known to be live while the engine is lost. */
export function useIsLive(id: RecordingId | null): boolean {
  const connected = useConnection().state === 'connected';
  const stopping = useSending((state) => id !== null && state.stopping.has(id));
  const advanced = useRecordingPart((live) => (live.advanced?.id === id ? live.advanced.live : null));
  const state = useSummary(id)?.state;
  return id !== null && connected && !stopping && (advanced ?? state === 'live');
}
