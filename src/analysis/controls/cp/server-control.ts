import type { Assessment, Judged } from '#model/control.ts';
import type { CisCheck } from '../../../data/frameworks/cis-check.ts';
import { assessmentOf, plain } from '../assessment.ts';
import type { ControlContext } from '../context.ts';
import { hasEvidenceFor, placesOfChecks } from './components/components.ts';
import { byProvider, providerOf } from './components/provider.ts';

export interface ServerRules {
  readonly checks: readonly CisCheck[];
  /** What it is about: `kube-apiserver`. */
  readonly subject: string;
  /** What would show it. */
  readonly shownBy: string;
  /** More places, where there is evidence. */
  readonly more?: (context: ControlContext) => readonly Judged[];
}

/** What a control says of a part of the control plane: it is the provider's, or not in the input, or judged by its flags. */
export function assessServer(context: ControlContext, { checks, subject, shownBy, more }: ServerRules): Assessment {
  if (!hasEvidenceFor(context, checks)) {
    const provider = providerOf(context);
    if (provider !== undefined) return byProvider(provider);
    const evidence = [{ object: 'the input', why: `has nothing of ${subject}` }];
    return plain('UNKNOWN', `nothing of ${subject} is in the input: ${shownBy} would show it`, evidence);
  }
  const places = [...placesOfChecks(context, checks), ...(more?.(context) ?? [])];
  return assessmentOf(places, plain('NA', 'there is no control plane'), wordsFor(places));
}

export function wordsFor(places: readonly Judged[]): (count: number) => string {
  const failing = places.some(({ state }) => state === 'FAIL');
  const open = places.some(({ state }) => state === 'UNKNOWN');
  const last = failing
    ? 'not met'
    : open
      ? 'not known'
      : places.some(({ state }) => state === 'WARN')
        ? 'met in part'
        : 'met';
  return (count) => `${count} ${count === 1 ? 'item is' : 'items are'} ${last}`;
}
