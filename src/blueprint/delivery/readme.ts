import type { Estate } from '../azure/drafts.ts';
import { type Choices, PAID_FEATURES } from '../choices/choices.ts';
import type { Design } from '../plan/design.ts';
import { firstTime } from './first-time.ts';
import { cloudCommands, clusterCommands, VERIFY } from './steps.ts';

/** For whoever opens the folder for the first time: what it is, how it is deployed, how it is changed. */
export function readmeText(design: Design, estate: Estate): string {
  const { choices, addresses, names } = design;
  const cloud = cloudCommands(design);
  return `# ${choices.name} ${choices.environment}

${sentence(choices)} Built from [blueprint.yaml](blueprint.yaml) by \`ringfence blueprint\`; [PROOF.md](PROOF.md) shows that
it does what it says, control by control. [RUNBOOK.md](RUNBOOK.md) holds what people do by hand.

## What there is

| | |
| --- | --- |
| region | ${choices.region} |
| resource groups | ${[...estate.groups.values()].map((name) => `\`${name}\``).join(', ')} |
| networks | ${[...new Set([addresses.hub.prefix, addresses.spoke.prefix])].map((prefix) => `\`${prefix}\``).join(', ')} |
| pods, Services | \`${choices.addresses.pods}\`, \`${choices.addresses.services}\` |
| cluster | \`${names.of('aks')}\`, Kubernetes ${choices.kubernetesVersion}, ${choices.engine} |
| namespaces | ${choices.teams.flatMap(({ namespaces }) => namespaces.map(({ name }) => `\`${name}\``)).join(', ')} |
| way in | ${choices.wayIn === 'none' ? 'none' : `${choices.wayIn}, \`${choices.host}\`, ${choices.waf}`} |

## Before the first time

1. A subscription of Azure, and somebody who may write role assignments and policies in it.
2. The groups of people in Microsoft Entra ID whose object ids stand in \`blueprint.yaml\`.
3. An identity for the pipeline with a federated credential: no secret stands anywhere.
${numbered([...needed(design), ...estate.parameters.map(({ name, description }) => `A value for \`${name}\`: ${lowered(description)}.`)], 4)}

## Deploy

${fence(cloud.preview)}

shows what would change. Then:

${fence(cloud.deploy)}

The API server has no public address. From a machine in the network, or through Bastion:

${fence(clusterCommands(design))}

The first time:

${numbered(firstTime(design), 1)}

## Verify

${fence(VERIFY)}

## Change

Edit [blueprint.yaml](blueprint.yaml) and run \`ringfence blueprint build\`. Edit any other file too: what you change stays, and is
merged with what the blueprint changes. \`ringfence blueprint prove\` says whether it still holds. On ${choices.reviewBy} what was
accepted counts again: look at it, and choose the next \`reviewBy\`.

## What it costs

${costs(choices)}
`;
}

/** Of Azure, before anything is deployed. */
function needed(design: Design): readonly string[] {
  const features =
    'The provider features that the templates use: `az feature register --namespace Microsoft.Compute --name EncryptionAtHost`.';
  if (!cloudCommands(design).isTerraform) return [features];
  return [
    features,
    'A storage account for the state of Terraform, which is a secret as a whole: without public access and with versions kept. `STATE_GROUP`, `STATE_ACCOUNT` and `STATE_CONTAINER` name it, `ARM_SUBSCRIPTION_ID` the subscription: in your shell, and as variables of the pipeline.',
  ];
}

function numbered(lines: readonly string[], first: number): string {
  return lines.map((line, index) => `${first + index}. ${line}`).join('\n');
}

function sentence({ platform, topology, wayIn }: Choices): string {
  const where = {
    aks: 'A private cluster of AKS',
    'azure-local': 'A cluster of AKS enabled by Azure Arc on Azure Local',
    arc: 'A cluster of your own, connected by Azure Arc',
  }[platform];
  const network = topology === 'single' ? 'in one network' : 'in a spoke behind a hub';
  const door =
    wayIn === 'public'
      ? 'open to the internet by one door'
      : wayIn === 'internal'
        ? 'open to its own network by one door'
        : 'open to nobody';
  return `${where} ${network}, closed by default, ${door}.`;
}

function costs({ paid }: Choices): string {
  const on = PAID_FEATURES.filter((feature) => paid[feature]);
  const off = PAID_FEATURES.filter((feature) => !paid[feature]);
  return [
    `On, and paid for by themselves: ${on.length === 0 ? 'nothing' : on.map((each) => `\`${each}\``).join(', ')}.`,
    ...(off.length === 0
      ? []
      : [
          `Off: ${off.map((each) => `\`${each}\``).join(', ')}. What is lost stands in PROOF.md, and is accepted in \`ringfence.yaml\`.`,
        ]),
  ].join('\n');
}

function fence(commands: readonly string[]): string {
  return ['```sh', ...commands, '```'].join('\n');
}

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
