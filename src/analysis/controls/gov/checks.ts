import type { Pipeline, PipelineJob, PipelineStep } from './pipeline.ts';

/** A tool that looks at manifests, templates or images, and what makes it stop a pipeline. */
interface CheckTool {
  readonly name: string;
  readonly pattern: RegExp;
  /** What has to be there for it to fail; absent: it fails by default. */
  readonly needs?: RegExp;
}

/** Facts of the tools' own documentation, on exit codes; checked 2026-11. */
const TOOLS: readonly CheckTool[] = [
  { name: 'Ringfence', pattern: /\bringfence\b/i },
  { name: 'Trivy', pattern: /\btrivy\b/i, needs: /exit-?code['"]?(?:[:=\s]+)['"]?[1-9]/i },
  { name: 'Checkov', pattern: /\bcheckov\b/i },
  { name: 'Kubescape', pattern: /\bkubescape\b/i, needs: /threshold|failedThreshold/i },
  { name: 'KubeLinter', pattern: /\bkube-?linter\b/i },
  { name: 'kube-score', pattern: /\bkube-score\b/i },
  { name: 'Polaris', pattern: /\bpolaris\s+audit\b|polaris.*action/i, needs: /set-exit-code|exit-?code/i },
  { name: 'Snyk', pattern: /\bsnyk\b/i },
  { name: 'Grype', pattern: /\bgrype\b/i, needs: /fail-on/i },
  { name: 'Anchore', pattern: /anchore\/scan-action/i },
  { name: 'Conftest', pattern: /\bconftest\s+(?:test|verify)\b/i },
  { name: 'Gator', pattern: /\bgator\s+(?:test|verify)\b/i },
  { name: 'Kyverno', pattern: /\bkyverno\s+(?:apply|test)\b/i },
  { name: 'tfsec', pattern: /\btfsec\b/i },
  { name: 'Terrascan', pattern: /\bterrascan\b/i },
  { name: 'KICS', pattern: /\bkics\b/i },
  { name: 'PSRule', pattern: /\bps-?rule\b/i },
  { name: 'Prisma Cloud', pattern: /\btwistcli\b|prisma-cloud-scan/i },
  { name: 'Wiz', pattern: /\bwizcli\b/i },
  {
    name: 'Microsoft Security DevOps',
    pattern: /microsoftsecuritydevops|security-devops-action/i,
    needs: /break:\s*['"]?true/i,
  },
];

/** A step that checks, and whether the pipeline stops where it finds something. */
export interface Check {
  readonly tool: string;
  readonly job: PipelineJob;
  readonly step: PipelineStep;
  readonly isGate: boolean;
}

const INSTALLS =
  /\b(?:apt(?:-get)?|yum|dnf|brew|choco|pip3?|npm|go|curl|wget|dotnet tool)\s.*(?:install|get|-o\b|-O\b|https?:)|^\s*#/i;
const SOFT =
  /\|\|\s*(?:true|:|exit 0|echo)|--soft-fail|soft[-_]fail['"]?:\s*['"]?true|exit-?code['"]?[:=\s]+['"]?0\b|fail-build:\s*['"]?false|set \+e/i;

export function checksOf({ jobs }: Pipeline): readonly Check[] {
  return jobs.flatMap((job) =>
    job.steps.flatMap((step) => {
      const text = commandsOf(step);
      const tool = TOOLS.find(({ pattern }) => pattern.test(text));
      if (tool === undefined || /setup-trivy|cli-install/i.test(text)) return [];
      const fails = tool.needs === undefined || tool.needs.test(text);
      return [{ tool: tool.name, job, step, isGate: fails && !step.isSoft && !SOFT.test(text) }];
    }),
  );
}

/** Without the lines that only fetch something. */
function commandsOf({ text }: PipelineStep): string {
  return text
    .split('\n')
    .filter((line) => !INSTALLS.test(line))
    .join('\n');
}

export interface Deployment {
  readonly job: PipelineJob;
  readonly step: PipelineStep;
}

const DEPLOYS =
  /\bkubectl\s+(?:\S+\s+)*?(?:apply|create|replace|set\s+image)\b|\bhelm\s+(?:upgrade|install)\b|azure\/(?:k8s-deploy|arm-deploy|bicep-deploy|aks-deploy)|KubernetesManifest@|HelmDeploy@|AzureResourceManagerTemplateDeployment@|\baz\s+(?:deployment|stack)\s+\S+\s+create\b|\baz\s+aks\s+command\s+invoke\b|\bterraform\s+apply\b|\btofu\s+apply\b|command:\s*['"]?apply\b|\bpulumi\s+up\b|\bargocd\s+app\s+sync\b|\bskaffold\s+(?:run|deploy)\b|\bazd\s+(?:up|deploy|provision)\b/i;
const TRIES = /--dry-run|\bkind\s+create\s+cluster\b|\bminikube\s+start\b|\bk3d\s+cluster\s+create\b/i;
const TRIAL_CLUSTERS = /\bkind-action\b|\bkind\s+create\s+cluster\b|\bminikube\b|\bk3d\b|setup-(?:kind|minikube|k3s)/i;

/** Steps that change a cluster or what is around it. Jobs that start a cluster to try something in change nothing that stays. */
export function deploymentsOf({ jobs }: Pipeline): readonly Deployment[] {
  return jobs.flatMap((job) => {
    if (job.steps.some(({ text }) => TRIAL_CLUSTERS.test(text))) return [];
    return job.steps
      .filter(({ text }) =>
        text.split('\n').some((line) => DEPLOYS.test(line) && !TRIES.test(line) && !/^\s*#/.test(line)),
      )
      .map((step) => ({ job, step }));
  });
}

/** Whether a check is over before something is deployed, so that it can stop it. */
export function comesBefore({ jobs }: Pipeline, check: Check, { job, step }: Deployment): boolean {
  if (check.job === job) return job.steps.indexOf(check.step) <= job.steps.indexOf(step);
  if (check.job.stage !== job.stage) return check.job.stage < job.stage;
  const seen = new Set<string>();
  const open = [...job.needs];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === check.job.id) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    open.push(...jobs.filter((each) => each.id === id).flatMap(({ needs }) => needs));
  }
  return false;
}
