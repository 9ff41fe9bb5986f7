import type { Assessment, Judged } from '#model/control.ts';
import { assessmentOf, plain } from '../../assessment.ts';
import type { ControlContext } from '../../context.ts';
import { checksOf, placesOfChecks, SHOWN_BY, seenComponents } from '../components/components.ts';
import { providerOf } from '../components/provider.ts';
import { fromPods } from '../reach.ts';
import { wordsFor } from '../server-control.ts';

const METRICS_PORT = 10249;

export function assessNodes(context: ControlContext): Assessment {
  const isAks = providerOf(context)?.name === 'AKS';
  const { views, infos } = seenComponents(context);
  const proxies = views.filter(({ component }) => component === 'kube-proxy');
  // On AKS its own benchmark says what files are to be.
  const checks = checksOf('CP-CFG-002').filter(
    ({ test, kubernetes }) => test.kind === 'component' || isAks === (kubernetes === undefined),
  );
  if (proxies.length === 0 && infos.length === 0) {
    const absent = { object: 'the input', why: 'has no files of nodes and no kube-proxy' };
    return plain('UNKNOWN', `no file of a node is in the input: ${SHOWN_BY['files of nodes']} would show it`, [absent]);
  }
  const places = placesOfChecks(context, checks)
    .filter(({ detail }) => detail !== 'kube-proxy' || !replacesProxy(context))
    .map((place) => withPolicy(context, withProvider(place, isAks)));
  return assessmentOf(places, plain('NA', 'there is no kube-proxy'), wordsFor(places));
}

/** Cilium can do what kube-proxy does: then there is none, in a cluster that was asked as a whole. */
function replacesProxy({ analysis, kind }: ControlContext): boolean {
  return kind === 'live' && analysis.profile.cilium !== undefined;
}

/** What the provider deploys is the provider's to mend. */
function withProvider(place: Judged, isAks: boolean): Judged {
  if (!isAks || place.state !== 'FAIL' || place.where.namespace !== 'kube-system') return place;
  return { ...place, state: 'WARN', severity: 'low', message: `${place.message}; AKS deploys it so` };
}

/** Metrics that listen on every address matter where somebody can ask for them. */
function withPolicy(context: ControlContext, place: Judged): Judged {
  if (place.state !== 'FAIL' || place.detail !== 'CIS 4.3.1') return place;
  const view = context.podOwners.find(
    ({ object }) => object.name === 'kube-proxy' && object.namespace === 'kube-system',
  );
  const isClosed = view !== undefined && fromPods(context, view.endpoint, METRICS_PORT) === 'denied';
  return isClosed ? { ...place, state: 'WARN', message: `${place.message}; policies keep pods from it` } : place;
}
