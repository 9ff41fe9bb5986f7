import type { Fix, Judged } from '#model/control.ts';
import { BUILT_IN_POLICIES } from '../../../../data/azure-policy/policies.ts';
import { azId, azWord } from '../../az-command.ts';
import type { ControlContext } from '../../context.ts';

/** Assigning is done at the cluster here; a wider scope is a person's choice. */
export function fixNamedPolicy({ settings }: ControlContext, { where, detail }: Judged): Fix | undefined {
  const policy = BUILT_IN_POLICIES.find(({ title }) => title === detail);
  if (policy === undefined || !where.id.startsWith('/subscriptions/')) return undefined;
  const effect = policy.effects.includes('Deny') ? 'Deny' : 'Audit';
  const parameters = {
    effect: { value: effect },
    ...(policy.parameters['allowedServicePortsList'] === null && {
      allowedServicePortsList: { value: (settings.allowedServicePorts ?? [443]).map(String) },
    }),
    ...(policy.parameters['allowedExternalIPs'] !== undefined && {
      allowedExternalIPs: { value: settings.allowedExternalIps ?? [] },
    }),
  };
  return {
    summary: `assign the built-in definition: ${policy.title}`,
    automatic: false,
    changes: [],
    steps: [
      `az policy assignment create --name ringfence-${policy.id.slice(0, 8)} --scope ${azId(where.id)} --policy ${policy.id} --params ${azWord(JSON.stringify(parameters))}`,
      ...(effect === 'Deny' ? ['assign it with Audit first, and with Deny once nothing violates it'] : []),
      'give every exemption an end: az policy exemption create --expires-on',
    ],
  };
}
