/** Decides whether the window may close: streams that are open would be stopped by it. */
export interface CloseGuard {
  /** False where the user is being asked; the window is closed again once they agreed. */
  mayClose(liveCount: number): boolean;
}

export function liveStreamsQuestion(liveCount: number): { readonly message: string; readonly detail: string } {
  const streams = liveCount === 1 ? '1 stream is' : `${String(liveCount)} streams are`;
  return {
    message: `${streams} still open`,
    detail: 'Closing Streamscope stops what is still open. What has arrived is kept.',
  };
}

/**
 * @param ask resolves with true when the user agrees
 * @param agreed closes again
 */
export function createCloseGuard(ask: (liveCount: number) => Promise<boolean>, agreed: () => void): CloseGuard {
  let state: 'idle' | 'asking' | 'agreed' = 'idle';
  return {
    mayClose(liveCount) {
      if (liveCount === 0 || state === 'agreed') return true;
      if (state === 'asking') return false;
      state = 'asking';
      ask(liveCount).then(
        (yes) => {
          state = yes ? 'agreed' : 'idle';
          if (yes) agreed();
        },
        () => {
          state = 'idle';
        },
      );
      return false;
    },
  };
}
