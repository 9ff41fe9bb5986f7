import type { Assessment, Judged } from '#model/control.ts';
import { answeredOr, assessmentOf, plain } from '../../assessment.ts';
import {
  evidenceOf,
  managedClustersOf,
  placeOfResource,
  poolsOf,
  settingAt,
  unknownOf,
  type WrittenCluster,
  type WrittenPool,
  withoutCluster,
  wordOf,
} from '../../azure-facts.ts';
import { isAksCluster } from '../../azure-signs.ts';
import type { ControlContext } from '../../context.ts';
import { wordsFor } from '../server-control.ts';
import { nodePlaces } from './nodes.ts';
import { ageOf, endOf, supportOf } from './support.ts';

export const ID = 'CP-NODE-001';

export function assessNodeSystems(context: ControlContext): Assessment {
  const clusters = managedClustersOf(context);
  const places = clusters.flatMap((cluster) => [
    channelPlace(cluster),
    ...poolsOf(context, cluster).flatMap((pool) => poolPlaces(context, pool)),
  ]);
  const all = [...places, ...nodePlaces(context)];
  if (all.length > 0) return assessmentOf(all, plain('NA', 'there are no nodes'), wordsFor(all));
  const signs = isAksCluster(context);
  if (signs.state === 'aks') return withoutCluster(context, 'its node pools');
  const answered = answeredOr(context, ID, 'nothing shows how nodes are mended');
  if (answered.state !== 'MANUAL' || context.kind === 'live') return answered;
  const evidence = [{ object: 'the input', why: 'has no nodes and no node pools' }];
  return plain(
    'UNKNOWN',
    'no node is in the input: give the Azure network with --azure, or nodes of a live cluster',
    evidence,
  );
}

const CHANNEL = ['properties', 'autoUpgradeProfile', 'nodeOSUpgradeChannel'];

function channelPlace({ resource }: WrittenCluster): Judged {
  const setting = settingAt(resource, ...CHANNEL);
  if (setting.state === 'unsettled') return { ...unknownOf(resource, setting), detail: 'channel' };
  const base = { where: placeOfResource(resource), evidence: [evidenceOf(resource, setting)], detail: 'channel' };
  switch (wordOf(setting, '')) {
    case 'nodeimage':
    case 'securitypatch':
      return { ...base, state: 'PASS', message: `node images are upgraded by the channel \`${word(setting)}\`` };
    case '':
      return {
        ...base,
        state: 'WARN',
        message: 'the channel of node images is not set: newer versions of the API take `NodeImage`, older ones none',
      };
    case 'unmanaged':
      return {
        ...base,
        state: 'FAIL',
        message: 'nodes mend themselves by the channel `Unmanaged`, which restarts none of them',
      };
    default:
      return { ...base, state: 'FAIL', message: `no channel upgrades node images: it is \`${word(setting)}\`` };
  }
}

function word(setting: ReturnType<typeof settingAt>): string {
  return setting.state === 'value' ? String(setting.value) : '';
}

/** The operating system of a pool, and the day of its image where that is told. */
function poolPlaces({ today }: ControlContext, { pool, resource, at }: WrittenPool): readonly Judged[] {
  const image = at('nodeImageVersion');
  const sku = at('osSKU');
  const where = {
    ...placeOfResource(resource),
    kind: `${resource.type}/agentPools`.replace(/(\/agentPools)+$/i, '/agentPools'),
    name: pool.name,
    id: pool.key,
    origin: pool.origin,
  };
  if (sku.state === 'unsettled') return [{ ...unknownOf(resource, sku), where, detail: 'system' }];
  const imageText = image.state === 'value' ? String(image.value) : '';
  const end = endOf(sku.state === 'value' ? String(sku.value) : '', imageText);
  const system: Judged = {
    where,
    ...supportOf(end, today),
    evidence: [evidenceOf(resource, image.state === 'value' && sku.state === 'absent' ? image : sku)],
    detail: 'system',
  };
  const age = ageOf(imageText, today);
  if (age === undefined) return [system];
  const days = `the image of its nodes is ${age} days old`;
  const aged: Judged = {
    where,
    state: age > 30 ? 'FAIL' : 'PASS',
    message: age > 30 ? `${days}: fixes of more than a month are missing` : days,
    evidence: [evidenceOf(resource, image)],
    detail: 'image',
  };
  return [system, aged];
}
