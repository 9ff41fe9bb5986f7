import { escapeControl } from '#base/escape.ts';
import type { Judged } from '#model/control.ts';
import type { ClusterObject } from '#model/object.ts';
import { textAt } from '#model/plain.ts';
import { NODE_SYSTEMS } from '../../../../data/controls/node-systems.ts';
import { placeOf } from '../../assessment.ts';
import type { ControlContext } from '../../context.ts';
import { seenAt } from '../../evidence.ts';
import { ageOf, supportOf } from './support.ts';

const IMAGE = ['status', 'nodeInfo', 'osImage'];
const VERSION = ['metadata', 'labels', 'kubernetes.azure.com/node-image-version'];

/** Nodes, by what they report: their operating system, and on AKS the image that they were made of. */
export function nodePlaces(context: ControlContext): readonly Judged[] {
  return context.objects.of('', 'Node').flatMap((node) => placesOfNode(context, node));
}

function placesOfNode(context: ControlContext, node: ClusterObject): readonly Judged[] {
  const image = textAt(node.value, ...IMAGE);
  if (image === undefined) return [];
  const where = placeOf(node);
  const system = NODE_SYSTEMS.find((each) => each.image.test(image));
  const support = supportOf(
    { name: `\`${escapeControl(image)}\``, ...(system !== undefined && { until: system.until }) },
    context.today,
  );
  const evidence = [seenAt(node, IMAGE)];
  const age = ageOf(textAt(node.value, ...VERSION) ?? '', context.today);
  if (age !== undefined) {
    const state = age > 30 ? 'FAIL' : 'PASS';
    const message = `its image is ${age} days old${age > 30 ? ': fixes of more than a month are missing' : ''}`;
    return [
      ...(support.state === 'PASS' ? [] : [{ where, ...support, evidence, detail: 'system' }]),
      { where, state, message, evidence: [seenAt(node, VERSION)], detail: 'image' },
    ];
  }
  if (support.state === 'FAIL') return [{ where, ...support, evidence, detail: 'system' }];
  if (system === undefined) {
    const message = `until when \`${escapeControl(image)}\` is mended by its maker is not known here`;
    return [{ where, ...byAnswer(context, { state: 'UNKNOWN', message }), evidence, detail: 'system' }];
  }
  return [{ where, ...byAnswer(context, support), evidence, detail: 'system' }];
}

/** An operating system that has support may still lack its fixes: a person says. */
function byAnswer(
  { settings }: ControlContext,
  support: Pick<Judged, 'state' | 'message'>,
): Pick<Judged, 'state' | 'message'> {
  const given = settings.answers.get('CP-NODE-001');
  if (given?.answer === 'no')
    return { state: 'FAIL', message: `${given.by} answered on ${given.on} that fixes are not installed in time` };
  if (given?.answer === 'yes') return support;
  if (support.state === 'UNKNOWN') return support;
  return { state: 'MANUAL', message: `${support.message}; whether its fixes are installed, nothing shows` };
}
