import { Unplug } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useConnection, useHost } from './state/HostContext.tsx';
import { Button } from './ui/Button.tsx';

/** Says that the engine cannot be reached, why, and offers the way back. */
export function ConnectionBanner() {
  const host = useHost();
  const connection = useConnection();
  if (connection.state === 'connected') return null;
  if (connection.state === 'recovering') return <Recovering />;
  const { failure, log, remedy } = connection;
  return (
    <div className="ss-banner" data-lost role="alert">
      <Unplug size={16} aria-hidden />
      <div className="ss-banner-text">
        {failure.message}
        {log !== '' && (
          <details>
            <summary>What the engine wrote last</summary>
            <pre className="ss-data ss-selectable">{log}</pre>
          </details>
        )}
      </div>
      {remedy !== null && (
        <Button look="primary" onClick={() => host.recover()}>
          {remedy}
        </Button>
      )}
    </div>
  );
}

const patienceMillis = 800;

/** Not shown at once: an engine usually starts faster than a banner is read, and the window should not jump for it. */
function Recovering() {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), patienceMillis);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return null;
  return (
    <div className="ss-banner" role="status">
      <div className="ss-spinner" aria-hidden />
      <span className="ss-banner-text">Reaching the engine…</span>
    </div>
  );
}
