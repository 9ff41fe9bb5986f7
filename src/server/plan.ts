import type { AddressRange } from '#base/address.ts';
import type { ControlSettings } from '#model/control-settings.ts';
import type { ProfileId } from '#model/profile.ts';
import type { AzureCloud } from '#source/azure/clouds.ts';
import type { ClusterChoice } from '#source/cluster.ts';
import type { Exclusion } from '#source/session.ts';

/** What is read and how it is judged: settled once, and plain data, so that a thread can be given it. */
export interface Plan {
  /** Where relative paths begin. */
  readonly folder: string;
  readonly paths: readonly string[];
  /** A live cluster in place of paths. */
  readonly live?: ClusterChoice;
  readonly kustomize: 'auto' | 'never';
  readonly maxFileSize?: number;
  readonly exclude: Exclusion;
  /** Files, folders, subscriptions, management groups. */
  readonly azure: readonly string[];
  readonly azureCloud: AzureCloud;
  readonly azureCluster?: string;
  readonly engine?: ProfileId;
  readonly podRanges: readonly AddressRange[];
  readonly staged: boolean;
  readonly controls: ControlSettings;
  /** The settings as they were read, where there were any; `file` as texts that are read are named. */
  readonly configuration?: { readonly file: string; readonly text: string };
  /** Files of invariants; those among the manifests where there are none. */
  readonly invariants: readonly string[];
  /** Of Ringfence. */
  readonly version: string;
}
