/** What runs on nodes and in control planes, and is set up by flags or files. */
export const COMPONENTS = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'etcd',
  'kubelet',
  'kube-proxy',
] as const;
export type Component = (typeof COMPONENTS)[number];

/** One setting of a component, and what it must be. */
export interface Condition {
  /** Without dashes. */
  readonly flag: string;
  /** Of components with a configuration file: where the same is there, `authentication.anonymous.enabled`. */
  readonly field?: string;
  readonly must: Expectation;
  /** What the component takes where nothing is set; absent: nothing. Of components with a file, what it takes then. */
  readonly otherwise?: string;
  /** Flags that move the setting to a file: without a value of its own, it is not known. */
  readonly movedBy?: readonly string[];
}

/** Lists are texts with commas. */
export type Expectation =
  | { readonly be: 'set' }
  | { readonly be: 'unset' }
  | { readonly be: 'equal'; readonly to: string }
  | { readonly be: 'other-than'; readonly than: string }
  | { readonly be: 'with'; readonly item: string }
  | { readonly be: 'without'; readonly item: string }
  | { readonly be: 'at-least'; readonly number: number }
  /** A number, or a time as `4h0m0s`, that is not none. */
  | { readonly be: 'above-zero' }
  /** A time of so many seconds or less, and not none. */
  | { readonly be: 'within'; readonly seconds: number }
  /** Every item is one of these. */
  | { readonly be: 'among'; readonly items: readonly string[] }
  /** An address, with a port or without, that begins so. */
  | { readonly be: 'at'; readonly address: string };

/** What an item of a CIS benchmark asks of a component or of a file of a node. */
export interface CisCheck {
  /** In the benchmark for Kubernetes; absent where only that for AKS has it. */
  readonly kubernetes?: string;
  readonly aks?: string;
  /** The control that it is a part of. */
  readonly control: string;
  readonly test: ComponentTest | FileTest;
  /** What it is where it is not met: the benchmark leaves some to judgement. */
  readonly unmet: 'FAIL' | 'WARN' | 'UNKNOWN';
  /** What it is where nothing is set and what the component takes then does not meet it; absent: `unmet`. */
  readonly unset?: 'WARN';
  readonly severity?: 'critical' | 'high' | 'medium' | 'low';
  /** The change alone meets it, and nothing that works today depends on what it was. */
  readonly safe?: { readonly flag: string; readonly value: string };
}

/** Met where all of one of these are. */
export interface ComponentTest {
  readonly kind: 'component';
  readonly component: Component;
  readonly anyOf: readonly (readonly Condition[])[];
}

/** A file or folder of a node. */
export interface FileTest {
  readonly kind: 'file';
  /** What it is called in messages: `the manifest of the API server`. */
  readonly file: string;
  /** Key of it in what a node collector writes; case is not regarded. Absent: collectors do not write it. */
  readonly key?: string;
  /** Bits that its mode may have, or its owner as `root:root`. */
  readonly must: { readonly mode: number } | { readonly owner: string };
  /** Of nodes of the control plane, or of every node. */
  readonly on: 'control-plane' | 'node';
}

/** `CIS 4.2.1 (AKS 3.2.1)` */
export function nameOfCheck({ kubernetes, aks }: CisCheck): string {
  if (kubernetes === undefined) return `CIS AKS ${aks ?? ''}`;
  return aks === undefined ? `CIS ${kubernetes}` : `CIS ${kubernetes} (AKS ${aks})`;
}
