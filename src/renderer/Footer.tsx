import { TriangleAlert } from 'lucide-react';
import { Popover } from 'radix-ui';
import { MockStatus } from './mock/MockStatus.tsx';
import { ProxyStatus } from './proxy/ProxyStatus.tsx';
import { useEngineFacts } from './state/engineFacts.ts';
import { useHost } from './state/HostContext.tsx';
import { readableKey } from './state/keys.ts';
import { showOverlay } from './state/overlay.ts';
import { useRecordingPart } from './state/recording.ts';
import { formatDuration } from './ui/format.ts';

/** The window's lower edge: what runs beside, and what the engine has to say. */
export function Footer() {
  const { platform } = useHost();
  const facts = useEngineFacts();
  return (
    <footer className="ss-footer">
      <MockStatus />
      <ProxyStatus />
      <span className="ss-footer-rest" />
      {facts !== null && facts.notices.length > 0 && <EngineNotices notices={facts.notices} />}
      <ClockUncertainty />
      {facts !== null && <span className="ss-footer-runtime">{facts.runtime}</span>}
      <button type="button" onClick={() => showOverlay('keys')}>
        ? keys
      </button>
      <button
        type="button"
        aria-label={`Command palette, ${readableKey('Mod+K', platform)}`}
        onClick={() => showOverlay('palette')}
      >
        {readableKey('Mod+K', platform)}
      </button>
    </footer>
  );
}

function ClockUncertainty() {
  const exchange = useRecordingPart((live) => live.detail?.exchange);
  if (exchange === undefined) return null;
  if (!exchange.timesKnown) return <span title="The opened file does not tell when its bytes came">times unknown</span>;
  if (exchange.uncertaintyMicros === null) return null;
  return (
    <span className="ss-data" title="Largest delay of the engine's event loop while the stream was open">
      clock ±{formatDuration(exchange.uncertaintyMicros)}
    </span>
  );
}

function EngineNotices({ notices }: { readonly notices: readonly string[] }) {
  const title = notices.length === 1 ? '1 notice' : `${notices.length} notices`;
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <button type="button" className="ss-tone-warning">
          <TriangleAlert size={12} aria-hidden /> {title}
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="ss-popover ss-engine-notices"
          side="top"
          sideOffset={6}
          collisionPadding={8}
          aria-label="Notices of the engine"
        >
          <ul>
            {notices.map((notice) => (
              <li key={notice}>{notice}</li>
            ))}
          </ul>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
