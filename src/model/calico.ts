import type { Resource } from './resource.ts';

/** NetworkPolicy, GlobalNetworkPolicy and the three Staged kinds. */
export interface CalicoPolicy extends Resource {}

/** Tier. */
export interface CalicoTier extends Resource {}

/** NetworkSet and GlobalNetworkSet. */
export interface CalicoNetworkSet extends Resource {}

/** HostEndpoint. */
export interface CalicoHostEndpoint extends Resource {}

/** FelixConfiguration, KubeControllersConfiguration, Installation, IPPool: what bears on policy. */
export interface CalicoSettings extends Resource {}
