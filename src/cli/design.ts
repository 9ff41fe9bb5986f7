import { designFor } from '#blueprint/live/design-for.ts';
import { isStandIns } from '#blueprint/proof/stand-ins.ts';
import { aroundOneCluster } from '#parse/azure/one-cluster.ts';
import { findAzure } from './azure-input.ts';
import { type Input, type Reading, rereadInput } from './input.ts';

type Sides = readonly [Input, Input];

/**
 * Where one of two sides is a blueprint and the other is not, the blueprint becomes the design of what runs there: the
 * workloads of the other side in place of its stand-ins, and its Azure network where the other side has one.
 */
export async function againstDesign(
  reading: Reading,
  [base, head]: Sides,
  paths: readonly [string, string],
): Promise<Sides> {
  const [isBase, isHead] = [isDesign(base), isDesign(head)];
  if (isBase === isHead) return [base, head];
  if (isBase) return [await designed(reading, { design: base, live: head, path: paths[0] }), head];
  return [base, await designed(reading, { design: head, live: base, path: paths[1] })];
}

function isDesign({ files }: Input): boolean {
  return files.some(isStandIns);
}

interface Comparing {
  readonly design: Input;
  readonly live: Input;
  readonly path: string;
}

async function designed(reading: Reading, { design, live, path }: Comparing): Promise<Input> {
  const files = design.files.filter((file) => !isStandIns(file));
  const isAround = live.azure.resources.size > 0 && design.azure.resources.size === 0;
  const found = isAround ? await findAzure(reading, [path]) : undefined;
  const azure = found === undefined ? design.azure : aroundOneCluster(found.estate, undefined).estate;
  sayHow(reading, live.azure.resources.size > 0);
  return { ...design, files, azure, snapshot: designFor(rereadInput(reading, files, azure), live.snapshot) };
}

function sayHow({ context, flags }: Reading, hasAzure: boolean): void {
  if (flags.quiet === true) return;
  const around = hasAzure ? '' : '; the other side has no Azure network, and only the cluster is compared';
  context.surroundings.err.say(`the blueprint is taken for the workloads of the other side${around}\n`);
}
