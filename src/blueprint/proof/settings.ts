import type { PlainObject } from '#model/plain.ts';
import type { ProfileId } from '#model/profile.ts';
import type { Choices } from '../choices/choices.ts';
import { TEAM } from '../cluster/labels.ts';
import { gatewayClass } from '../cluster/way-in/gateway.ts';
import type { Design } from '../plan/design.ts';
import { registryHost } from '../plan/images.ts';
import { ALLOWED_SERVICE_PORTS } from '../plan/ports.ts';
import { doorOf } from '../plan/way-in.ts';
import { yamlFile } from '../write/yaml.ts';
import { acceptedFindings } from './accepted.ts';

/** `ringfence.yaml` of the folder: what manifests and templates cannot say, taken from the choices. */
export function settingsText(design: Design): string {
  const { choices } = design;
  const controls: PlainObject = {
    trustedRegistries: [registryHost(design)],
    allowedServicePorts: ALLOWED_SERVICE_PORTS,
    allowedExternalIps: [],
    ingressClasses: classesOf(design),
    onPremisesRanges: choices.onPremises.ranges,
    adminRanges: choices.adminRanges,
    networkOwners: [choices.groups.networkAdmins],
    groupLabel: TEAM,
    accepted: acceptedFindings(design),
  };
  return yamlFile([
    {
      why: 'What Ringfence is told of this environment. Questions that only people can answer are not answered here: the runbook lists them.',
      value: {
        apiVersion: 'ringfence.dev/v1',
        kind: 'Configuration',
        engine: engineOf(choices),
        podCidrs: [choices.addresses.pods],
        invariants: ['invariants.yaml'],
        controls,
      },
    },
  ]);
}

/** Who enforces policy, as `--engine` calls it. */
export function engineOf({ engine, platform }: Choices): ProfileId {
  return engine === 'cilium' && platform === 'aks' ? 'cilium-aks' : engine;
}

function classesOf(design: Design): readonly string[] {
  switch (doorOf(design.choices)) {
    case 'gateway':
      return [gatewayClass(design)];
    case 'containers':
      return ['azure-alb-external'];
    case 'balancers':
    case 'none':
      return [];
  }
}
