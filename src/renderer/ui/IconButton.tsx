import type { LucideIcon } from 'lucide-react';
import type { ComponentPropsWithRef } from 'react';

interface IconButtonProps extends ComponentPropsWithRef<'button'> {
  /** What it does: its name for assistive technology and its tooltip. */
  readonly label: string;
  readonly icon: LucideIcon;
  readonly size?: number;
}

/** A button that is only a sign. */
export function IconButton({ label, icon: Icon, size = 15, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={className === undefined ? 'ss-icon-button' : `ss-icon-button ${className}`}
      {...rest}
    >
      <Icon size={size} aria-hidden />
    </button>
  );
}
