import type { Assessment } from '#model/control.ts';
import { answeredOr, plain } from '../assessment.ts';
import { withoutCluster } from '../azure-facts.ts';
import { isAksCluster } from '../azure-signs.ts';
import type { ControlContext } from '../context.ts';

/**
 * What a control of the API server says without a cluster of AKS in the input. It is about every cluster: where the cluster
 * is none of AKS a person has to answer, and where it may be one, the Azure network would decide.
 */
export function withoutApiServer(context: ControlContext, id: string, what: string): Assessment {
  if (context.settings.answers.has(id)) return answeredOr(context, id, '');
  const absent = withoutCluster(context, what);
  if (absent.state === 'UNKNOWN') return absent;
  const { state } = isAksCluster(context);
  if (state === 'arc' || state === 'other')
    return answeredOr(context, id, `${absent.why}: no input says who reaches its API server`);
  return plain('UNKNOWN', `${what} is not in the input`, absent.evidence);
}
