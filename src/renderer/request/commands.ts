import type { RequestSpec } from '../../shared/request.ts';
import { registerCommands } from '../state/commands.ts';
import { specOf } from '../state/requestDraft.ts';
import {
  changeDraft,
  copyAsCurl,
  focusUrl,
  isLive,
  newRequest,
  sendDraft,
  stopRecording,
  togglePanel,
  useSending,
} from '../state/sending.ts';
import { useView } from '../state/view.ts';

const draftSpec = (): RequestSpec => specOf(useSending.getState().draft);
const hasUrl = (): boolean => useSending.getState().draft.url.trim() !== '';
const openIsLive = (): boolean => isLive(useView.getState().recordingId);
const group = 'Request';

/** Cuts after so few frames that hardly a stream is shorter. */
const labFrames = 3;
const labAttempts = 5;

function openReconnectLab(): void {
  const { draft, panel } = useSending.getState();
  const { reconnect, cutAfterFrames } = draft.options;
  changeDraft({
    options: {
      ...draft.options,
      reconnect: reconnect ?? { kind: 'sse', attempts: labAttempts },
      cutAfterFrames: cutAfterFrames ?? labFrames,
    },
  });
  if (panel !== 'options') togglePanel('options');
}

registerCommands([
  {
    id: 'request.sendOrStop',
    title: 'Send, or stop the live stream',
    group,
    keys: ['Mod+Enter'],
    run: ({ engine }) => {
      const { recordingId } = useView.getState();
      if (recordingId !== null && isLive(recordingId)) void stopRecording(engine, recordingId);
      else sendDraft(engine);
    },
  },
  {
    id: 'request.sendAgain',
    title: 'Send again, stopping the live stream first',
    group,
    keys: ['Mod+Shift+Enter'],
    when: openIsLive,
    run: ({ engine }) => sendDraft(engine),
  },
  { id: 'request.focusUrl', title: 'Go to the URL field', group, keys: ['Mod+L'], run: focusUrl },
  { id: 'request.new', title: 'New request', group, run: newRequest },
  {
    id: 'request.copyAsCurl',
    title: 'Copy as cURL, secrets masked',
    group,
    keys: ['Mod+Shift+C'],
    when: hasUrl,
    run: ({ engine }) => void copyAsCurl(engine, draftSpec(), false),
  },
  {
    id: 'request.copyAsCurlWithSecrets',
    title: 'Copy as cURL, with secrets',
    group,
    when: hasUrl,
    run: ({ engine }) => void copyAsCurl(engine, draftSpec(), true),
  },
  { id: 'request.headers', title: 'Edit request headers', group, run: () => togglePanel('headers') },
  { id: 'request.body', title: 'Edit request body', group, run: () => togglePanel('body') },
  { id: 'request.auth', title: 'Edit authorization', group, run: () => togglePanel('auth') },
  { id: 'request.reconnectLab', title: 'Reconnect lab: cut after N frames', group, run: openReconnectLab },
  { id: 'request.options', title: 'Edit request options', group, run: () => togglePanel('options') },
]);
