import { Check } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';

/** One of the choices of a chip's menu. */
export function ChoiceItem({ value, title }: { readonly value: string; readonly title: string }) {
  return (
    <DropdownMenu.RadioItem className="ss-menu-item" value={value}>
      <span className="ss-menu-check">
        <DropdownMenu.ItemIndicator>
          <Check size={14} aria-hidden />
        </DropdownMenu.ItemIndicator>
      </span>
      {title}
    </DropdownMenu.RadioItem>
  );
}
