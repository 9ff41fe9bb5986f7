import type { Connection, DiffAnswer, EndpointEntry, Exposure, HopEntry, PolicyEntry } from '#model/answers.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import type { ReasonCode } from '#model/reason.ts';
import type { Finding } from '#model/scan.ts';
import type { PathVerdict } from '#model/verdict.ts';
import type { WorkloadAbout, WorkloadNeeds } from '#model/workload.ts';

/** What sends or receives. */
export interface EndpointsAnswer {
  /** After filtering, before cutting. */
  readonly total: number;
  readonly endpoints: readonly EndpointEntry[];
}

/** Everything about one workload or node. */
export interface WorkloadAnswer {
  readonly id: string;
  /** Absent where no manifest of it was read. */
  readonly about?: WorkloadAbout;
  readonly endpoints: readonly EndpointEntry[];
  /** A pair that is absent is denied. */
  readonly in: readonly Connection[];
  readonly out: readonly Connection[];
  /** Peers outside of the cluster, with their ranges. */
  readonly outside: readonly EndpointEntry[];
  readonly isolated: { readonly ingress: boolean; readonly egress: boolean };
  readonly policies: readonly PolicyEntry[];
  readonly exposures: readonly Exposure[];
  readonly findings: readonly Finding[];
  readonly needs: WorkloadNeeds;
}

/** The layers of Azure on the way of one connection. */
export interface AzurePathAnswer {
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly port?: number;
  readonly verdict: PathVerdict;
  readonly reasons: readonly ReasonCode[];
  readonly branches: readonly {
    readonly from: string;
    readonly to: string;
    readonly verdict: PathVerdict;
    readonly layers: readonly HopEntry[];
  }[];
}

/** What edited files would change. */
export interface PreviewAnswer {
  readonly revision: number;
  readonly diff: DiffAnswer;
  readonly findings: { readonly come: readonly Finding[]; readonly go: readonly Finding[]; readonly left: number };
  readonly diagnostics: readonly Diagnostic[];
}
