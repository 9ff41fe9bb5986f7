import type { Rule } from '#engine/form.ts';
import type { RuleRisk } from '#model/rulebook.ts';
import type { Finding } from '#model/scan.ts';
import type { PolicyRef } from '#model/verdict.ts';

/** What the findings of a scan say of rules: a rule is risky where a control that fails names it as evidence. */
export interface Risks {
  readonly ofRule: (policy: PolicyRef, rule: Pick<Rule, 'path' | 'origin'>) => readonly RuleRisk[];
  /** Findings whose place is the policy itself. */
  readonly ofPolicy: (policy: PolicyRef) => readonly RuleRisk[];
}

/** Accepted findings do not count. */
export function risksOf(findings: readonly Finding[]): Risks {
  const byRule = new Map<string, Finding[]>();
  const byPlace = new Map<string, Finding[]>();
  for (const finding of findings) {
    if (finding.suppressed !== null) continue;
    const { kind, namespace, name } = finding.where;
    add(byPlace, objectKey(kind, namespace, name), finding);
    for (const { object, field, origin } of finding.evidence) {
      if (field !== undefined) add(byRule, `${object} ${ruleIn(field)}`, finding);
      if (origin !== undefined && origin.line > 0) add(byRule, `${object} ${origin.file}:${origin.line}`, finding);
    }
  }
  return {
    ofRule: (policy, { path, origin }) => {
      const key = objectKey(policy.kind, policy.namespace, policy.name);
      const named = path === '' ? [] : (byRule.get(`${key} ${path}`) ?? []);
      const stands = origin.line > 0 ? (byRule.get(`${key} ${origin.file}:${origin.line}`) ?? []) : [];
      return byControl([...named, ...stands]);
    },
    ofPolicy: ({ kind, namespace, name }) => byControl(byPlace.get(objectKey(kind, namespace, name)) ?? []),
  };
}

/** As evidence names objects: `NetworkPolicy shop/db`. */
function objectKey(kind: string, namespace: string, name: string): string {
  return `${kind} ${namespace === '' ? name : `${namespace}/${name}`}`;
}

/** `spec.ingress[0]` of `spec.ingress[0].from[1]`: rules are entries of a list, and evidence may be inside of one. */
function ruleIn(field: string): string {
  return /^[^[]*\[\d+\]/.exec(field)?.[0] ?? field;
}

function add(map: Map<string, Finding[]>, key: string, finding: Finding): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [finding]);
  else list.push(finding);
}

/** Once for each control, the most urgent first. */
function byControl(findings: readonly Finding[]): readonly RuleRisk[] {
  const groups = Map.groupBy(new Set(findings), ({ control }) => control);
  return [...groups.values()]
    .map((own) => own.toSorted((a, b) => b.priority - a.priority))
    .sort((a, b) => b[0]!.priority - a[0]!.priority)
    .map((own): RuleRisk => {
      const { control, title, severity, message, fingerprint } = own[0]!;
      return { control, title, severity, message, fingerprint, findings: own.length };
    });
}
