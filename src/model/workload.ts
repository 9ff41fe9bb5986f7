import type { TrafficEntry } from './answers.ts';
import type { Origin } from './origin.ts';
import type { PatchEntry } from './scan.ts';
import type { PathVerdict } from './verdict.ts';

/** Who a workload is, as its manifest says. */
export interface WorkloadAbout {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Of its pods. */
  readonly labels: readonly { readonly key: string; readonly value: string }[];
  /** As written; absent where its kind has none, or leaves it to the cluster. */
  readonly replicas?: number;
  readonly serviceAccount: string;
  readonly images: readonly string[];
  /** What made it, as `Rollout web`. */
  readonly owners: readonly string[];
  readonly origin: Origin;
}

/** What the input shows that a workload evidently asks, and is asked for. */
export interface WorkloadNeeds {
  readonly out: readonly ShownNeed[];
  readonly in: readonly ShownNeed[];
  /** What may stand for more, and whose value the input does not have. */
  readonly open: readonly { readonly why: string; readonly origin: Origin }[];
}

export interface ShownNeed {
  /** The other end, in words. */
  readonly with: string;
  /** The other end, where it is an endpoint of the input. */
  readonly endpoint?: string;
  /** The other end, as questions name it. */
  readonly asked?: string;
  /** None: which ports is not known. */
  readonly ports: readonly TrafficEntry[];
  readonly cause: string;
  readonly why: string;
  /** What policy says to it, where both ends are workloads and the ports are known. */
  readonly verdict?: PathVerdict;
  readonly origin: Origin;
}

/** How one workload can be cut off, ready to be previewed. Nothing of it is applied. */
export interface IsolationAnswer {
  readonly schema: 'ringfence.dev/isolation/v1';
  /** `shop/Deployment/web` */
  readonly id: string;
  /** The one to take first comes first; none where it cannot be done. */
  readonly ways: readonly IsolationWay[];
  /** Why there is none. */
  readonly why?: string;
  /** Other workloads that the labels select too, and that would be cut off with it. */
  readonly alsoIsolates: readonly string[];
}

/** New objects in a file of their own. */
export interface IsolationWay {
  readonly id: 'deny' | 'default-deny' | 'admin';
  readonly form: PatchEntry['form'];
  readonly kinds: readonly string[];
  readonly summary: string;
  /** What must be there for it to have an effect, and what it cannot do. */
  readonly notes: readonly string[];
  readonly file: string;
  readonly text: string;
}
