import { ARM_POLICIES } from './arm.ts';
import { KUBERNETES_POLICIES } from './kubernetes.ts';
import type { BuiltInPolicy } from './policy.ts';

/** Built-in definitions that are judged here. */
export const BUILT_IN_POLICIES: readonly BuiltInPolicy[] = [...KUBERNETES_POLICIES, ...ARM_POLICIES];

/** The five that baselines for networks of clusters name: one of them has two names in older texts. */
export const NAMED_POLICIES: readonly string[] = [
  '0e246bcf-5f6f-4f87-bc6f-775d4712c7ea',
  '1a5b4dca-0b6f-4cf5-907c-56316bc1bf3d',
  '233a2a17-77ca-4fb1-9b6b-69223d272a44',
  'd46c275d-1680-448d-b2ec-e495a3b6cc89',
  '82985f06-dc18-4a48-bc1c-b9f4f0098cfe',
];

export function builtInPolicy(id: string): BuiltInPolicy | undefined {
  return BUILT_IN_POLICIES.find((policy) => policy.id === id);
}
