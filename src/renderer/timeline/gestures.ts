import type { Micros } from '../../shared/words.ts';
import { overviewScale } from './backdrop.ts';
import { gapAt } from './gapAt.ts';
import type { TimelineController } from './timelineController.ts';
import type { TimeWindow } from '../ui/time/timeScale.ts';
import { between, panned } from './timeWindow.ts';

/** What the pointer and the wheel ask for. */
export interface GestureEvents {
  readonly onWindow: (window: TimeWindow | null) => void;
  /** Zoom around a time; factor >1: closer. */
  readonly onZoom: (atMicros: Micros, factor: number) => void;
  readonly onSpan: (span: TimeWindow | null) => void;
  readonly onSelect: (micros: Micros) => void;
}

/** A press that travels less far is a click. */
const clickPixels = 4;
const wheelPixelsPerDoubling = 240;
const pixelsPerLine = 16;

type Press =
  | { readonly kind: 'pan'; readonly x: number; readonly window: TimeWindow; moved: boolean }
  | { readonly kind: 'span'; readonly fromMicros: Micros; readonly x: number; moved: boolean }
  | { readonly kind: 'overview' };

/** Turns pointer and wheel on the timeline into windows, spans and selections until the signal aborts. */
export function listenToGestures(
  canvas: HTMLCanvasElement,
  controller: TimelineController,
  events: GestureEvents,
  signal: AbortSignal,
): void {
  let press: Press | null = null;
  const position = (event: MouseEvent): { readonly x: number; readonly y: number } => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const ratio = (): number => controller.layout()?.ratio ?? 1;
  const microsAt = (x: number): Micros | undefined => {
    const scale = controller.scale();
    return scale?.micros(Math.min(scale.right, Math.max(scale.left, x * ratio())));
  };
  const finish = (): void => {
    press = null;
    controller.setDrag(null);
  };
  const centreOverview = (x: number): void => {
    const layout = controller.layout();
    const scale = controller.scale();
    if (layout === null || scale === null) return;
    const whole = overviewScale({ layout, extent: controller.extent() });
    if (whole === null) return;
    const middle = (scale.fromMicros + scale.toMicros) / 2;
    events.onWindow(panned(scale, whole.micros(x * layout.ratio) - middle, controller.extent().endMicros));
  };

  canvas.addEventListener(
    'pointerdown',
    (event) => {
      const scale = controller.scale();
      if (event.button !== 0 || scale === null) return;
      const at = position(event);
      const layout = controller.layout();
      const overview = layout?.overview ?? null;
      canvas.setPointerCapture(event.pointerId);
      if (overview !== null && at.y * ratio() < overview.top + overview.height) {
        press = { kind: 'overview' };
        centreOverview(at.x);
      } else if (event.shiftKey) {
        press = { kind: 'span', fromMicros: microsAt(at.x) ?? 0, x: at.x, moved: false };
      } else {
        press = { kind: 'pan', x: at.x, window: scale, moved: false };
      }
    },
    { signal },
  );
  canvas.addEventListener(
    'pointermove',
    (event) => {
      const at = position(event);
      controller.setPointer(at);
      if (press === null) return;
      if (press.kind === 'overview') {
        centreOverview(at.x);
        return;
      }
      if (!press.moved && Math.abs(at.x - press.x) < clickPixels) return;
      press.moved = true;
      const scale = controller.scale();
      if (scale === null) return;
      if (press.kind === 'span') {
        controller.setDrag(between(press.fromMicros, microsAt(at.x) ?? press.fromMicros));
      } else {
        const byMicros = (press.x - at.x) * ratio() * scale.microsPerPixel;
        events.onWindow(panned(press.window, byMicros, controller.extent().endMicros));
      }
    },
    { signal },
  );
  canvas.addEventListener(
    'pointerup',
    (event) => {
      const at = position(event);
      if (press?.kind === 'span') {
        const toMicros = microsAt(at.x) ?? press.fromMicros;
        events.onSpan(press.moved ? between(press.fromMicros, toMicros) : null);
      } else if (press?.kind === 'pan' && !press.moved) {
        const micros = microsAt(at.x);
        const layout = controller.layout();
        const gap =
          micros === undefined || layout === null
            ? null
            : gapAt(controller.tile(), layout, micros, at.y * layout.ratio);
        if (gap !== null) events.onSpan(gap);
        else if (micros !== undefined) events.onSelect(micros);
      }
      finish();
    },
    { signal },
  );
  canvas.addEventListener('pointercancel', finish, { signal });
  canvas.addEventListener('pointerleave', () => controller.setPointer(null), { signal });
  canvas.addEventListener('dblclick', () => events.onWindow(null), { signal });
  canvas.addEventListener(
    'wheel',
    (event) => {
      const scale = controller.scale();
      if (scale === null) return;
      event.preventDefault();
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? pixelsPerLine : 1;
      const deltaX = (event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX) * unit;
      const deltaY = event.shiftKey ? 0 : event.deltaY * unit;
      if (Math.abs(deltaX) > Math.abs(deltaY)) {
        const byMicros = deltaX * ratio() * scale.microsPerPixel;
        events.onWindow(panned(scale, byMicros, controller.extent().endMicros));
        return;
      }
      const micros = microsAt(position(event).x);
      if (micros === undefined) return;
      events.onZoom(micros, 2 ** (-deltaY / wheelPixelsPerDoubling));
    },
    { signal, passive: false },
  );
}
