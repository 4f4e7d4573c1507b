import { fault, type FaultDefinition } from './definition.ts';
import type { BadCertificate } from './effect.ts';

function certificateFault(certificate: BadCertificate, sentence: string): FaultDefinition {
  return fault({
    name: `tls-${certificate}`,
    sentence: `${sentence} The request is redirected (307) to a port of its own that has it; its address is in the list of the server.`,
    protocols: ['tls'],
    effect: () => ({ kind: 'certificate', certificate }),
  });
}

/** A certificate is shown before anything is asked, so the client is sent to where there is a bad one. */
export const certificateFaults: readonly FaultDefinition[] = [
  certificateFault('expired', 'A certificate that ran out in 2020.'),
  certificateFault('wrong-name', 'A certificate for another name.'),
  certificateFault('self-signed', 'A certificate that signed itself.'),
];
