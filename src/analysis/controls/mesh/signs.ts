import { azureViewOf } from '#engine/compile/azure/view.ts';
import { hasIstio } from '#engine/compile/istio/membership.ts';
import type { Evidence } from '#model/control.ts';
import type { Labels } from '#model/resource.ts';
import { evidenceOf, managedClustersOf, type Setting, settingAt } from '../azure-facts.ts';
import { type ControlContext, onceKey } from '../context.ts';
import { edgesIn, hasLinkerd, protectionOf } from './edges.ts';

/** What in the input could encrypt connections between pods. */
export interface MeshSigns {
  readonly mesh?: 'Istio' | 'Linkerd';
  /** Encryption between nodes: what does it, and by what it is known. */
  readonly tunnel?: { readonly name: string; readonly evidence: readonly Evidence[] };
  /** The virtual network encrypts between machines that can. */
  readonly network?: readonly Evidence[];
  /** Settings of the cluster that are expressions. */
  readonly open: readonly Evidence[];
  /** What was looked at in Azure and is off. */
  readonly off: readonly Evidence[];
}

const SIGNS = onceKey<MeshSigns>('mesh signs');

export function meshSigns(context: ControlContext): MeshSigns {
  return context.once(SIGNS, () => {
    const mesh = meshOf(context);
    const tunnel = azureTunnel(context) ?? engineTunnel(context);
    const network = networkEncryption(context);
    return {
      ...(mesh !== undefined && { mesh }),
      ...(tunnel !== undefined && { tunnel }),
      ...(network !== undefined && { network }),
      ...azureSettings(context),
    };
  });
}

/** A gateway alone makes no mesh: some workload, or a namespace, has to be in it. */
function meshOf(context: ControlContext): MeshSigns['mesh'] {
  const { snapshot } = context;
  if (hasLinkerd(snapshot)) return 'Linkerd';
  if (!hasIstio(snapshot)) return undefined;
  const isTold =
    snapshot.peerAuthentications.length > 0 || snapshot.namespaces.some(({ labels }) => joinsIstio(labels));
  const { list, isCut } = edgesIn(context);
  return isTold || isCut || list.some(({ fact }) => /^mtls-/.test(fact.encryption)) ? 'Istio' : undefined;
}

export function joinsIstio(labels: Labels): boolean {
  return (
    labels.get('istio-injection') === 'enabled' ||
    labels.has('istio.io/rev') ||
    labels.get('istio.io/dataplane-mode') === 'ambient'
  );
}

const TRANSIT = ['properties', 'networkProfile', 'advancedNetworking', 'security', 'transitEncryption', 'type'];
const MESH_MODE = ['properties', 'serviceMeshProfile', 'mode'];

function azureTunnel(context: ControlContext): MeshSigns['tunnel'] {
  for (const { resource } of managedClustersOf(context)) {
    const setting = settingAt(resource, ...TRANSIT);
    if (setting.state === 'value' && /^(?:wireguard|mtls)$/i.test(String(setting.value)))
      return {
        name: `${String(setting.value)} of Advanced Container Networking`,
        evidence: [evidenceOf(resource, setting)],
      };
  }
  return undefined;
}

function engineTunnel(context: ControlContext): MeshSigns['tunnel'] {
  const { list } = edgesIn(context);
  const found = list.find(
    ({ fact }) =>
      protectionOf(fact) === 'tunnel' ||
      (fact.encryption === 'mtls-required' && fact.why.startsWith('ztunnel: both namespaces')),
  );
  if (found === undefined) return undefined;
  const { why, origin } = found.fact;
  return {
    name: why.split(' (')[0]!,
    evidence: [{ object: 'the configuration of the engine', why, ...(origin !== undefined && { origin }) }],
  };
}

function networkEncryption({ snapshot }: ControlContext): readonly Evidence[] | undefined {
  const view = azureViewOf(snapshot);
  if (view === undefined) return undefined;
  const on = [...view.own].flatMap((key) => view.networks.get(key) ?? []).filter(({ encryption }) => encryption);
  if (on.length === 0) return undefined;
  return on.map(({ id, origin }) => ({ object: id, field: 'properties.encryption.enabled', value: true, origin }));
}

function azureSettings(context: ControlContext): Pick<MeshSigns, 'open' | 'off'> {
  const open: Evidence[] = [];
  const off: Evidence[] = [];
  for (const { resource } of managedClustersOf(context)) {
    for (const path of [TRANSIT, MESH_MODE]) {
      const setting: Setting = settingAt(resource, ...path);
      if (setting.state === 'unsettled') open.push(evidenceOf(resource, setting));
      else if (setting.state === 'absent' || /^(?:none|disabled)$/i.test(String(setting.value)))
        off.push(evidenceOf(resource, setting));
    }
  }
  return { open, off };
}
