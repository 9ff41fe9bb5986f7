import { escapeControl } from '#base/escape.ts';
import type { Diagnostic } from '#model/diagnostic.ts';
import { KINDS } from '#parse/kubernetes/kinds.ts';
import type { SourceText } from '#parse/text/node.ts';
import { commandText, findTool, runTool } from './run-tool.ts';
import { newSession, type Session, type SourceOptions } from './session.ts';

export interface ClusterChoice {
  /** A context of the kubeconfig; its current one unless given. */
  readonly context?: string | undefined;
  /** A kubeconfig file; kubectl's own choice unless given. */
  readonly kubeconfig?: string | undefined;
  /** Whether kinds are read that say nothing about traffic, and that controls look at. */
  readonly controls?: boolean;
}

/** What the cluster said, or why it could not be asked and what to do about it. */
export type ClusterReading =
  | { readonly kind: 'ok'; readonly files: readonly SourceText[]; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: 'unreachable'; readonly message: string; readonly hint: string };

/**
 * Reads the live cluster through kubectl, which knows every way to sign in: all objects of the kinds that matter, in all
 * namespaces. Read-only: `kubectl api-resources` and `kubectl get`. A kind that may not be listed gives a diagnostic.
 */
export async function readCluster(choice: ClusterChoice, options: SourceOptions = {}): Promise<ClusterReading> {
  const session = newSession(options);
  const kubectl = await findTool(session, 'kubectl');
  if (kubectl === undefined) {
    const hint = 'install kubectl, or pipe in what another machine gives: `kubectl get … -A -o json | ringfence map -`';
    return { kind: 'unreachable', message: 'reading a cluster needs kubectl, which is not on the PATH', hint };
  }
  const cluster: Cluster = { session, kubectl, flags: flagsOf(choice), name: nameOf(choice) };
  const served = await run(cluster, ['api-resources', '--verbs=list', '--output=name']);
  if (!served.ok) {
    const message = `the cluster \`${cluster.name}\` cannot be reached: ${served.why}`;
    return { kind: 'unreachable', message, hint: `check with \`${told(cluster, ['auth', 'whoami'])}\`` };
  }
  const all = new Set(served.text.split(/\s+/));
  const resources = [...wantedOf(all), ...(choice.controls === true ? forControls(all) : [])];
  const files: SourceText[] = [];
  const diagnostics: Diagnostic[] = [];
  for (let at = 0; at < resources.length; at += AT_ONCE) {
    const batch = resources.slice(at, at + AT_ONCE);
    const results = await Promise.all(batch.map((resource) => list(cluster, resource)));
    for (const result of results) {
      if ('file' in result) files.push(result);
      else diagnostics.push(result);
    }
    session.onProgress(files.length);
  }
  return { kind: 'ok', files, diagnostics };
}

/** kubectl processes at the same time: each is some 50 MB, and the API server limits a client's rate. */
const AT_ONCE = 4;

interface Cluster {
  readonly session: Session;
  readonly kubectl: string;
  readonly flags: readonly string[];
  readonly name: string;
}

function flagsOf({ context, kubeconfig }: ClusterChoice): string[] {
  return [
    ...(context === undefined ? [] : [`--context=${context}`]),
    ...(kubeconfig === undefined ? [] : [`--kubeconfig=${kubeconfig}`]),
  ];
}

function nameOf({ context, kubeconfig }: ClusterChoice): string {
  return escapeControl(context ?? kubeconfig ?? 'current context');
}

/** Resources that kubectl writes in another way than the kind with an s. */
const IRREGULAR: Readonly<Record<string, string>> = {
  Endpoints: 'endpoints',
  NetworkAttachmentDefinition: 'network-attachment-definitions',
  MultiNetworkPolicy: 'multi-networkpolicies',
};

/** Those of the served resources that we read, as `networkpolicies.networking.k8s.io`. */
export function wantedOf(served: ReadonlySet<string>): string[] {
  const names = new Set<string>();
  for (const { kind, apiVersions } of KINDS) {
    for (const version of apiVersions) {
      const group = version.includes('/') ? `.${version.slice(0, version.indexOf('/'))}` : '';
      names.add(`${resourceOf(kind)}${group}`);
    }
  }
  const wanted = [...names].filter((name) => served.has(name));
  // The same backends twice: where slices are served, Endpoints are their older form.
  return wanted.includes('endpointslices.discovery.k8s.io') ? wanted.filter((name) => name !== 'endpoints') : wanted;
}

/**
 * Those of the served resources that only controls look at. Secrets are not among them: who may list those may read all of
 * them, and no control is worth that.
 */
export function forControls(served: ReadonlySet<string>): string[] {
  return [...served].filter((name) => FOR_CONTROLS.has(name) || name.endsWith('.constraints.gatekeeper.sh'));
}

const FOR_CONTROLS: ReadonlySet<string> = new Set([
  'limitranges',
  'persistentvolumes',
  'resourcequotas',
  'backups.velero.io',
  'backupstoragelocations.velero.io',
  'certificates.cert-manager.io',
  'clusterissuers.cert-manager.io',
  'clusterpolicies.kyverno.io',
  'clusterrolebindings.rbac.authorization.k8s.io',
  'clusterroles.rbac.authorization.k8s.io',
  'clustersecretstores.external-secrets.io',
  'configs.config.gatekeeper.sh',
  'constrainttemplates.templates.gatekeeper.sh',
  'externalsecrets.external-secrets.io',
  'issuers.cert-manager.io',
  'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  'policies.kyverno.io',
  'policyexceptions.kyverno.io',
  'podmonitors.monitoring.coreos.com',
  'rolebindings.rbac.authorization.k8s.io',
  'roles.rbac.authorization.k8s.io',
  'runtimeclasses.node.k8s.io',
  'schedules.velero.io',
  'secretproviderclasses.secrets-store.csi.x-k8s.io',
  'servicemonitors.monitoring.coreos.com',
  'storageclasses.storage.k8s.io',
  'tracingpolicies.cilium.io',
  'validatingadmissionpolicies.admissionregistration.k8s.io',
  'validatingadmissionpolicybindings.admissionregistration.k8s.io',
  'validatingpolicies.policies.kyverno.io',
  'validatingwebhookconfigurations.admissionregistration.k8s.io',
]);

/** `NetworkPolicy` as `networkpolicies`, `Ingress` as `ingresses`. */
function resourceOf(kind: string): string {
  const lower = kind.toLowerCase();
  if (IRREGULAR[kind] !== undefined) return IRREGULAR[kind];
  if (/[^aeiou]y$/.test(lower)) return `${lower.slice(0, -1)}ies`;
  return /(?:s|x|ch)$/.test(lower) ? `${lower}es` : `${lower}s`;
}

async function list(cluster: Cluster, resource: string): Promise<SourceText | Diagnostic> {
  const args = ['get', resource, '--all-namespaces', '--output=json'];
  const result = await run(cluster, args);
  const file = `${cluster.name} ${resource}`;
  if (result.ok) return { file, text: result.text };
  return {
    code: 'RF4006',
    severity: 'error',
    message: `\`${resource}\` of \`${cluster.name}\` cannot be read: ${result.why}`,
    help: `check with \`${told(cluster, ['auth', 'can-i', 'list', resource, '--all-namespaces'])}\``,
    origin: { file, line: 1, column: 1 },
  };
}

type Answered = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly why: string };

async function run({ session, kubectl, flags }: Cluster, args: readonly string[]): Promise<Answered> {
  const timeout = `--request-timeout=${Math.max(1, Math.round(session.toolTimeout / 1000))}s`;
  const result = await runTool(session, { path: kubectl, args: [...args, ...flags, timeout] }, { cwd: session.cwd });
  return result.ok ? { ok: true, text: result.output.toString('utf8') } : result;
}

/** The command as a person would type it. */
function told({ flags }: Cluster, args: readonly string[]): string {
  return commandText(['kubectl', ...args, ...flags]);
}
