import type { AssembledChoice, Assembly, FindingSink } from './assemble.ts';
import type { Dialect } from './dialect.ts';

/** True where the stream said that it was over, in the way of its dialect. */
export function isTerminated(message: Assembly, { terminator }: Dialect, variant: string | null): boolean {
  if (message.terminatorFrame !== null) return true;
  const isByFinish = terminator.by === 'finish' || (variant !== null && terminator.exceptVariants?.includes(variant));
  return isByFinish === true && hasFinish(message);
}

function hasFinish(message: Assembly): boolean {
  for (const choice of message.choices.values()) if (choice.finish !== null) return true;
  return false;
}

function errorFinish(message: Assembly): NonNullable<AssembledChoice['finish']> | undefined {
  for (const { finish } of message.choices.values()) if (finish?.meaning === 'error') return finish;
  return undefined;
}

/** What is missing, as only the end of a stream can tell. A reported error explains what is missing after it. */
export function endFindings(message: Assembly, dialect: Dialect, variant: string | null, find: FindingSink): void {
  // A call of which only the result came leaves a hole in the list, which forEach passes over.
  message.calls.forEach((call) => {
    if (call.isTruncated) find('ai/truncated-tool-arguments', call.startFrame, { name: call.name ?? '' });
  });
  if (message.errors.length > 0) return;
  const failed = errorFinish(message);
  if (failed !== undefined) {
    // Some say no more about an error than that it was the reason for the end.
    find('ai/error-in-stream', failed.frame, { message: failed.reason });
    return;
  }
  const ended = isTerminated(message, dialect, variant);
  if (!ended) find('ai/missing-terminator', null, { expected: dialect.terminator.expected });
  // Where the finish reason is the end itself, a missing one was told above.
  const wantsFinish = dialect.hasFinish && dialect.terminator.by === 'sign';
  if (ended && wantsFinish && !hasFinish(message)) find('ai/missing-finish', null, {});
  if (ended && dialect.hasUsage && message.usage === null) find('ai/missing-usage', null, {});
}
