import { CONTROLS } from '#analysis/controls/controls.ts';
import type { Design } from '../plan/design.ts';

/** What no tool can do: checks with the question of each control, who answers it, and how. */
export function runbookText({ choices, names }: Design): string {
  const questions = CONTROLS.flatMap(({ data }) =>
    data.question === undefined ? [] : [{ ...data, asks: data.question }],
  );
  return `# Runbook of ${choices.name} ${choices.environment}

What people do by hand, and how they write down that they did. An answer goes into \`ringfence.yaml\`:

\`\`\`yaml
controls:
  answers:
    MON-NW-003: {answer: yes, by: Ada Lovelace, on: 2027-01-31, note: capture of a node in drill 12}
\`\`\`

## On the first day

- [ ] Deploy as [README.md](README.md) says; keep the output of the preview with the change.
- [ ] Sign in as a member of each group. A cluster administrator may do everything, a team only in its namespaces, an auditor may look.
- [ ] Show that local accounts are off: \`az aks get-credentials --admin\` is refused.
- [ ] Ask the API server from outside of the network: it does not answer.
- [ ] Stop a pod's way out on purpose, and find the refusal in the firewall's log and in the flows of the cluster.
- [ ] Change a security group in a test, and see that ${choices.alertsTo.join(', ')} is told.

## Every quarter

- [ ] \`ringfence diff . live.json\` of a fresh snapshot: everything that opened has a change that says so.
- [ ] Read the accepted findings of [PROOF.md](PROOF.md); end those whose reason is gone, and choose the next \`reviewBy\` in \`blueprint.yaml\`.
- [ ] Take a packet capture of a node by Network Watcher and read it.
- [ ] Restore a backup into another namespace, and compare.
- [ ] Rotate what the vault \`${names.globally('kv')}\` does not rotate by itself.

## When something happens

| | |
| --- | --- |
| why does A not reach B | \`ringfence can A B PORT live.json\`: every layer and the rule that decides |
| what can a taken pod reach | \`ringfence map live.json --namespace NAMESPACE\` |
| cut a workload off | the console (\`ringfence serve .\`) shows the policy and what it closes |
| go back | revert the change in git; the pipeline deploys what was |

## Questions of controls

Asked only where the environment has what they are about; \`ringfence scan\` tells which are open.

| control | question |
| --- | --- |
${questions.map(({ id, asks }) => `| ${id} | ${asks} |`).join('\n')}
`;
}
