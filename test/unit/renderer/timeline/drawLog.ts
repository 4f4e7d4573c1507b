import type { Drawing } from '../../../../src/renderer/timeline/scene.ts';

/** One call on a context, with the styles that were set when it was made. */
export interface DrawCall {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly fillStyle: string;
  readonly globalAlpha: number;
}

/** A drawing context that draws nothing and remembers every call; text is six pixels a character. */
export function drawLog(): { readonly context: Drawing; readonly calls: DrawCall[] } {
  const calls: DrawCall[] = [];
  const styles = new Map<string, unknown>([
    ['fillStyle', '#000000'],
    ['globalAlpha', 1],
  ]);
  const context = new Proxy(
    {},
    {
      get(_target, name: string) {
        if (styles.has(name)) return styles.get(name);
        return (...args: readonly unknown[]) => {
          calls.push({
            name,
            args,
            fillStyle: String(styles.get('fillStyle')),
            globalAlpha: Number(styles.get('globalAlpha')),
          });
          return name === 'measureText' ? { width: String(args[0]).length * 6 } : undefined;
        };
      },
      set(_target, name: string, value: unknown) {
        styles.set(name, value);
        return true;
      },
    },
  ) as Drawing;
  return { context, calls };
}

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly fillStyle: string;
  readonly globalAlpha: number;
}

export function rects(calls: readonly DrawCall[]): readonly Rect[] {
  return calls
    .filter((call) => call.name === 'fillRect')
    .map(({ args, fillStyle, globalAlpha }) => {
      const [x, y, width, height] = args as [number, number, number, number];
      return { x, y, width, height, fillStyle, globalAlpha };
    });
}

export function texts(calls: readonly DrawCall[]): readonly string[] {
  return calls.filter((call) => call.name === 'fillText').map((call) => String(call.args[0]));
}
