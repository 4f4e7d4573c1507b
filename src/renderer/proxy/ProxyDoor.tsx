import { Waypoints } from 'lucide-react';
import { useEngine } from '../state/EngineContext.tsx';
import { setProxyRunning, useProxy } from '../state/proxy.ts';
import { showProxyPanel } from '../state/proxyPanel.ts';
import { Button } from '../ui/Button.tsx';
import { FailureBox } from '../ui/FailureBox.tsx';

/** The first screen's way to see the streams of a program that already runs. */
export function ProxyDoor() {
  const engine = useEngine();
  const { proxy, changing, failure } = useProxy();
  const running = proxy?.running === true;
  return (
    <section className="ss-door" aria-label="Point your program here">
      <h2>
        <Waypoints size={16} aria-hidden /> Point your program here
      </h2>
      <p>
        {running
          ? `The proxy runs at ${proxy.url ?? 'an unknown address'}. One line in your shell, and every stream of your program is seen here.`
          : 'A proxy between your program and the service it uses: one line in your shell, no code changed.'}
      </p>
      {failure !== null && <FailureBox failure={failure} />}
      <Button
        disabled={changing}
        onClick={() => {
          showProxyPanel('routes');
          if (!running) void setProxyRunning(engine, true);
        }}
      >
        {running ? 'Show the lines' : 'Start the proxy'}
      </Button>
    </section>
  );
}
