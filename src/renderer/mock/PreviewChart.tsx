import { useEffect, useRef, useState, type PointerEvent } from 'react';
import type { ScenarioPreview } from '../../shared/mock.ts';
import { cssColor, onThemeChanged } from '../ui/theme.ts';
import { nearestChunk, previewSpan } from './previewColumns.ts';
import { paintPreview, previewSide } from './paintPreview.ts';
import { chunkSentence, previewSentence } from './previewSentence.ts';

/** What a scenario would send, over time: a drawing, its sentence, and the chunk under the pointer. */
export function PreviewChart({ preview }: { readonly preview: ScenarioPreview }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  useEffect(() => {
    const element = canvas.current;
    if (element === null) return;
    const draw = (): void => {
      const context = element.getContext('2d');
      if (context === null) return;
      const { clientWidth: width, clientHeight: height } = element;
      const ratio = devicePixelRatio;
      element.width = Math.round(width * ratio);
      element.height = Math.round(height * ratio);
      const colors = {
        text: cssColor('--fg-1'),
        line: cssColor('--line'),
        chunk: cssColor('--k-event'),
        fault: cssColor('--k-error'),
      };
      paintPreview(context, preview, colors, `11px ${getComputedStyle(element).fontFamily}`, { width, height, ratio });
    };
    const observer = new ResizeObserver(draw);
    observer.observe(element);
    const end = onThemeChanged(draw);
    return () => {
      observer.disconnect();
      end();
    };
  }, [preview]);

  function point({ nativeEvent, currentTarget }: PointerEvent<HTMLCanvasElement>): void {
    const share = (nativeEvent.offsetX - previewSide) / (currentTarget.clientWidth - 2 * previewSide);
    setPointed(nearestChunk(preview, share * previewSpan(preview)));
  }

  const says = previewSentence(preview);
  return (
    <figure className="ss-preview">
      <canvas
        ref={canvas}
        role="img"
        aria-label={`Preview: ${says}`}
        onPointerMove={point}
        onPointerLeave={() => setPointed(null)}
      />
      <figcaption className="ss-data">{(pointed === null ? null : chunkSentence(preview, pointed)) ?? says}</figcaption>
    </figure>
  );
}
