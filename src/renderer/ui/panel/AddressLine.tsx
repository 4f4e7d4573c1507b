import type { ReactNode } from 'react';
import { CopyButton } from '../CopyButton.tsx';

interface AddressLineProps {
  /** What it is the address of: `HTTP`, `HTTPS`. */
  readonly name: string;
  readonly address: string;
  readonly children?: ReactNode;
}

/** An address to copy. */
export function AddressLine({ name, address, children }: AddressLineProps) {
  return (
    <span className="ss-panel-address">
      <span className="ss-quiet">{name}</span>
      <code className="ss-data ss-selectable">{address}</code>
      <CopyButton text={address} label={`Copy the ${name} address`} />
      {children}
    </span>
  );
}
