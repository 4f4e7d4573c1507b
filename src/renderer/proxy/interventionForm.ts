import { interventionsSchema, type Interventions } from '../../shared/proxy.ts';

/** What the form for interventions holds, as typed. Empty fields are off. */
export interface InterventionForm {
  /** Empty: all routes. */
  readonly route: string;
  readonly latency: string;
  readonly throttle: string;
  readonly cut: string;
  readonly fault: string;
  readonly faultRequests: string;
  readonly offline: Interventions['offline'];
}

export function formOf({
  route,
  latencyMillis,
  bytesPerSecond,
  cutAfterFrames,
  fault,
  offline,
}: Interventions): InterventionForm {
  return {
    route: route ?? '',
    latency: latencyMillis === 0 ? '' : String(latencyMillis),
    throttle: bytesPerSecond === null ? '' : String(bytesPerSecond),
    cut: cutAfterFrames === null ? '' : String(cutAfterFrames),
    fault: fault?.fault ?? '',
    faultRequests: String(fault?.requests ?? 1),
    offline,
  };
}

/** A field that holds nothing that fits. */
export type WrongField = 'latency' | 'throttle' | 'cut' | 'faultRequests';

export type ReadForm =
  | { readonly ok: true; readonly interventions: Interventions }
  | { readonly ok: false; readonly wrong: readonly WrongField[] };

/** What a form stands for. Whether its fault is one, the engine says. */
export function readForm(form: InterventionForm): ReadForm {
  const { latency, throttle, cut, fault, faultRequests } = form;
  const shape = interventionsSchema.shape;
  const numbers: readonly (readonly [WrongField, boolean])[] = [
    ['latency', latency.trim() === '' || shape.latencyMillis.safeParse(whole(latency)).success],
    ['throttle', throttle.trim() === '' || shape.bytesPerSecond.safeParse(whole(throttle)).success],
    ['cut', cut.trim() === '' || shape.cutAfterFrames.safeParse(whole(cut)).success],
    ['faultRequests', fault.trim() === '' || (whole(faultRequests) >= 1 && whole(faultRequests) <= 1_000_000)],
  ];
  const wrong = numbers.filter(([, fits]) => !fits).map(([field]) => field);
  if (wrong.length > 0) return { ok: false, wrong };
  return {
    ok: true,
    interventions: {
      route: form.route === '' ? null : form.route,
      latencyMillis: latency.trim() === '' ? 0 : whole(latency),
      bytesPerSecond: throttle.trim() === '' ? null : whole(throttle),
      cutAfterFrames: cut.trim() === '' ? null : whole(cut),
      fault: fault.trim() === '' ? null : { fault: fault.trim(), requests: whole(faultRequests) },
      offline: form.offline,
    },
  };
}

/** A whole number in what was typed; NaN for anything else. */
function whole(text: string): number {
  return /^\d{1,10}$/.test(text.trim()) ? Number(text.trim()) : NaN;
}
