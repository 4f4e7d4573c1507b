import type { ReactNode } from 'react';
import { Tooltip } from 'radix-ui';

/** A term whose definition appears on hover and on focus. */
export function Meaning({ means, children }: { readonly means: string; readonly children: ReactNode }) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>
        <button type="button" className="ss-meaning">
          {children}
        </button>
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content className="ss-meaning-text" side="top" sideOffset={4} collisionPadding={8}>
          {means}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
