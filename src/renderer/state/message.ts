import { create } from 'zustand';
import type { EngineClient, Input } from '../../shared/calls.ts';
import type { Failure } from '../../shared/failure.ts';
import type { MessageText, MessageView } from '../../shared/message.ts';
import type { RecordingId } from '../../shared/words.ts';
import { pullCall } from './pull.ts';

/** Texts of an answer or a call, as far as they were pulled. Grown in place: `length` tells whether there is more. */
export class PulledText {
  text = '';
  /** Of the whole text in the engine. */
  length = 0;
  omitted = 0;
  /** Run i was brought by frame `frames[i]` and goes up to `ends[i]`. */
  readonly frames: number[] = [];
  readonly ends: number[] = [];

  /** Takes what an answer brought beyond what is here. */
  add(piece: MessageText): void {
    this.length = piece.length;
    this.omitted = piece.omitted;
    if (piece.from > this.text.length || piece.text === '') return;
    this.text = this.text.slice(0, piece.from) + piece.text;
    piece.frames.forEach((frame, i) => {
      const end = Math.min(piece.ends[i] ?? 0, this.text.length);
      if (this.frames.at(-1) === frame) this.ends[this.ends.length - 1] = end;
      else if (end > (this.ends.at(-1) ?? 0)) {
        this.frames.push(frame);
        this.ends.push(end);
      }
    });
  }

  /** The frame that brought the unit at `position`; null outside the text. */
  frameAt(position: number): number | null {
    let low = 0;
    let high = this.ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.ends[middle] ?? 0) <= position) low = middle + 1;
      else high = middle;
    }
    return this.frames[low] ?? null;
  }

  /** What a frame brought, or null. */
  rangeOf(frame: number): { readonly from: number; readonly to: number } | null {
    let low = 0;
    let high = this.frames.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.frames[middle] ?? 0) < frame) low = middle + 1;
      else high = middle;
    }
    if (this.frames[low] !== frame) return null;
    return { from: low === 0 ? 0 : (this.ends[low - 1] ?? 0), to: this.ends[low] ?? 0 };
  }
}

export interface PulledAnswer {
  readonly text: PulledText;
  readonly reasoning: PulledText;
  readonly refusal: PulledText;
}

/** The message of the open recording as far as the window knows it. */
export interface MessageState {
  /** Null: no token stream, or nothing known yet. */
  readonly view: MessageView | null;
  /** By place in `view.answers` and `view.calls`. */
  readonly answers: readonly PulledAnswer[];
  readonly calls: readonly PulledText[];
  /** Grows with every answer: texts grow in place. */
  readonly version: number;
  /** False until the first answer came. */
  readonly isAsked: boolean;
  readonly failure: Failure | null;
}

const nothing: MessageState = { view: null, answers: [], calls: [], version: 0, isAsked: false, failure: null };
export const useMessage = create<MessageState>()(() => nothing);

function have({ view, answers, calls }: MessageState): Input<'recording.message'>['have'] {
  if (view === null) return null;
  return {
    generation: view.generation,
    texts: answers.map(({ text, reasoning, refusal }) => [
      text.text.length,
      reasoning.text.length,
      refusal.text.length,
    ]),
    arguments: calls.map(({ text }) => text.length),
  };
}

function withView(state: MessageState, view: MessageView): MessageState {
  const isSame = state.view?.generation === view.generation;
  const answers = view.answers.map((answer, i) => {
    const pulled = (isSame ? state.answers[i] : undefined) ?? {
      text: new PulledText(),
      reasoning: new PulledText(),
      refusal: new PulledText(),
    };
    pulled.text.add(answer.text);
    pulled.reasoning.add(answer.reasoning);
    pulled.refusal.add(answer.refusal);
    return pulled;
  });
  const calls = view.calls.map((call, i) => {
    const pulled = (isSame ? state.calls[i] : undefined) ?? new PulledText();
    pulled.add(call.arguments);
    return pulled;
  });
  return { view, answers, calls, version: state.version + 1, isAsked: true, failure: null };
}

function isIncomplete({ answers, calls }: MessageState): boolean {
  const isShort = (text: PulledText): boolean => text.text.length < text.length;
  return (
    answers.some((one) => isShort(one.text) || isShort(one.reasoning) || isShort(one.refusal)) || calls.some(isShort)
  );
}

/**
 * Keeps the store at a recording's message while somebody shows it: pulls what is new whenever the recording moves on.
 * Returns the function that ends it.
 */
export function followMessage(engine: EngineClient, id: RecordingId): () => void {
  useMessage.setState(nothing, true);
  const pull = pullCall(
    engine,
    'recording.message',
    () => ({ id, have: have(useMessage.getState()) }),
    ({ message }) => {
      const state = useMessage.getState();
      useMessage.setState(
        message === null ? { ...nothing, isAsked: true, version: state.version + 1 } : withView(state, message),
        true,
      );
      if (isIncomplete(useMessage.getState())) pull.ask();
    },
    (failure) => useMessage.setState({ failure, isAsked: true }),
  );
  const end = engine.subscribe('recording.advanced', (advanced) => {
    if (advanced.id === id) pull.ask();
  });
  pull.ask();
  return () => {
    end();
    pull.end();
  };
}
