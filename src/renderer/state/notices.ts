import { create } from 'zustand';
import type { Failure } from '../../shared/failure.ts';

/** A passing message at the window's edge, for what has no place of its own. */
export interface Notice {
  readonly id: number;
  readonly tone: 'info' | 'warning' | 'error';
  readonly text: string;
  /** `area/code` of a failure. */
  readonly code?: string;
  readonly action?: { readonly title: string; readonly run: () => void };
}

const useNoticeStore = create<{ readonly notices: readonly Notice[] }>()(() => ({ notices: [] }));
let nextId = 1;

export function useNotices(): readonly Notice[] {
  return useNoticeStore((state) => state.notices);
}

/** Shows a notice until it is dismissed. One that says the same as a shown one is not shown twice. */
export function notify(notice: Omit<Notice, 'id'>): void {
  const { notices } = useNoticeStore.getState();
  if (notices.some((shown) => shown.text === notice.text)) return;
  useNoticeStore.setState({ notices: [...notices, { ...notice, id: nextId++ }].slice(-4) });
}

export function notifyFailure(failure: Failure, action?: Notice['action']): void {
  const tried = action === undefined ? {} : { action };
  notify({ tone: 'error', text: failure.message, code: failure.code, ...tried });
}

export function dismissNotice(id: number): void {
  useNoticeStore.setState((state) => ({ notices: state.notices.filter((notice) => notice.id !== id) }));
}
