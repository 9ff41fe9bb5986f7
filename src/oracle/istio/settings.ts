import type { MeshConfig } from '#model/istio.ts';
import { NO_ORIGIN } from '#model/origin.ts';

/** Istio without a word about it. */
export const DEFAULT_MESH: MeshConfig = {
  rootNamespace: 'istio-system',
  outboundMode: 'ALLOW_ANY',
  autoMtls: true,
  trustDomain: 'cluster.local',
  trustDomainAliases: [],
  authorizers: new Map(),
  defaultDestinationRuleExportTo: [],
  pathNormalization: 'BASE',
  sidecarsSpeakHbone: undefined,
  injectsByDefault: false,
  problems: [],
  given: false,
  origin: NO_ORIGIN,
};
