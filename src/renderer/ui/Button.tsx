import type { ComponentPropsWithRef } from 'react';

interface ButtonProps extends ComponentPropsWithRef<'button'> {
  readonly look?: 'primary' | 'danger' | 'plain' | 'link';
}

export function Button({ look, className, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      data-look={look}
      className={className === undefined ? 'ss-button' : `ss-button ${className}`}
      {...rest}
    />
  );
}
