/**
 * Runs a pull so that at most one is in flight and the latest wish wins: calls during a pull are answered by one more
 * pull after it.
 *
 * @param pull rejects never: it says its failures where they are shown
 */
export function latestWins(pull: (signal: AbortSignal) => Promise<void>): { ask(): void; end(): void } {
  const controller = new AbortController();
  let running = false;
  let wanted = false;

  async function run(): Promise<void> {
    running = true;
    while (wanted && !controller.signal.aborted) {
      wanted = false;
      await pull(controller.signal);
    }
    running = false;
  }

  return {
    ask() {
      wanted = true;
      if (!running) void run();
    },
    end() {
      controller.abort();
    },
  };
}
