import { useState } from 'react';
import type { ReconnectPlan, RequestOptions } from '../../shared/request.ts';
import { changeDraft, useSending } from '../state/sending.ts';
import { CountField } from './CountField.tsx';
import { MillisField } from './MillisField.tsx';
import { OptionGroup } from './OptionGroup.tsx';

const usualAttempts = 5;
const mostAttempts = 1_000;

/** How a lost or ended stream is opened again, and the reconnect lab. */
export function ReconnectOptions() {
  const options = useSending((state) => state.draft.options);
  const { reconnect: plan, cutAfterFrames } = options;
  // Who opens the lab wants to see it, and to type another number without its being folded meanwhile.
  const [labSeen, setLabSeen] = useState(false);
  if (cutAfterFrames !== undefined && !labSeen) setLabSeen(true);
  const change = (patch: Partial<Pick<RequestOptions, 'reconnect' | 'cutAfterFrames'>>): void => {
    const { reconnect: _plan, cutAfterFrames: _cut, ...others } = options;
    changeDraft({ options: { ...others, ...patch } });
  };
  const cut = cutAfterFrames === undefined ? {} : { cutAfterFrames };
  const setPlan = (next: ReconnectPlan): void => change({ ...cut, reconnect: next });
  return (
    <OptionGroup title="Reconnection" differing={differing(options)} unfolded={labSeen}>
      <div className="ss-request-limits">
        <label>
          <span>Connect again</span>
          <select
            className="ss-field"
            value={plan?.kind ?? ''}
            onChange={({ target }) => {
              const next = planOf(target.value, plan);
              change(next === undefined ? {} : { ...cut, reconnect: next });
            }}
          >
            <option value="">Never</option>
            <option value="sse">As an EventSource does</option>
            <option value="records">From the last record</option>
          </select>
        </label>
        {plan !== undefined && (
          <>
            <CountField
              label="Attempts"
              none={null}
              most={mostAttempts}
              value={plan.attempts}
              onChange={(attempts) => setPlan({ ...plan, attempts: attempts ?? usualAttempts })}
            />
            <MillisField
              label="Wait"
              none="3"
              value={plan.waitMillis ?? null}
              onChange={(millis) => {
                const { waitMillis: _former, ...others } = plan;
                setPlan(millis === null ? others : { ...others, waitMillis: millis });
              }}
            />
            <CountField
              label="Lab: cut after frames"
              none="off"
              most={Number.MAX_SAFE_INTEGER}
              value={cutAfterFrames ?? null}
              onChange={(frames) =>
                change(frames === null ? { reconnect: plan } : { reconnect: plan, cutAfterFrames: frames })
              }
            />
          </>
        )}
      </div>
      {plan?.kind === 'records' && (
        <div className="ss-request-limits">
          <label>
            <span>Field of the record</span>
            <input
              className="ss-field ss-data"
              value={plan.field}
              placeholder="id or meta.cursor"
              onChange={({ target }) => setPlan({ ...plan, field: target.value })}
            />
          </label>
          <label>
            <span>goes into the</span>
            <select
              className="ss-field"
              value={plan.into}
              onChange={({ target }) => setPlan({ ...plan, into: target.value === 'header' ? 'header' : 'query' })}
            >
              <option value="query">query parameter</option>
              <option value="header">header</option>
            </select>
          </label>
          <label>
            <span>named</span>
            <input
              className="ss-field ss-data"
              value={plan.name}
              onChange={({ target }) => setPlan({ ...plan, name: target.value })}
            />
          </label>
        </div>
      )}
      {plan !== undefined && (
        <p className="ss-quiet">
          {plan.kind === 'sse'
            ? 'After a cut and after an end, with Last-Event-ID and the time of the retry field. 204, other statuses and other content types stop it.'
            : 'After a cut, from the last whole record, until an answer is complete.'}
        </p>
      )}
    </OptionGroup>
  );
}

function differing({ reconnect, cutAfterFrames }: RequestOptions): readonly string[] {
  if (reconnect === undefined) return [];
  const plan = reconnect.kind === 'sse' ? 'as an EventSource does' : 'from the last record';
  return [plan, ...(cutAfterFrames === undefined ? [] : [`cut after ${String(cutAfterFrames)} frames`])];
}

function planOf(kind: string, former: ReconnectPlan | undefined): ReconnectPlan | undefined {
  const attempts = former?.attempts ?? usualAttempts;
  const wait = former?.waitMillis === undefined ? {} : { waitMillis: former.waitMillis };
  if (kind === 'sse') return { kind, attempts, ...wait };
  if (kind === 'records') return { kind, attempts, ...wait, field: 'id', into: 'query', name: 'after' };
  return undefined;
}
