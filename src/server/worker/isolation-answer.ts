import { isolationOf } from '#analysis/isolation/isolation.ts';
import { wholeOf } from '#analysis/workload/workload.ts';
import type { IsolationAnswer } from '#model/workload.ts';
import type { Material } from './material.ts';
import type { Reply } from './question.ts';
import { told } from './reply.ts';
import { unknownWorkload } from './workload-answer.ts';

/** How one workload can be cut off, in files that the input does not have. Nothing is written. */
export function isolationAnswer(material: Material, id: string): Reply {
  const { files, azure, invariants } = material.texts;
  const known = new Set([...files, ...azure, ...invariants].map(({ file }) => file));
  const found = isolationOf(material.analysis, wholeOf(id), known);
  if (found === undefined) throw unknownWorkload(material, id);
  const answer: IsolationAnswer = { schema: 'ringfence.dev/isolation/v1', ...found };
  return told(answer);
}
