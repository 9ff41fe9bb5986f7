import type { Design } from '../plan/design.ts';
import { PAUSE, pauseImage } from '../plan/images.ts';
import { watcherName } from '../plan/names.ts';
import { workloadPort } from '../plan/ports.ts';
import { doorOf } from '../plan/way-in.ts';
import { CERTIFICATE, CONTROLLER_ACCOUNT } from '../plan/workload-account.ts';
import { cloudCommands } from './steps.ts';

/** What is done once, and in which order: what only people have, and what one half of the deployment needs of the other. */
export function firstTime(design: Design): readonly string[] {
  const { platform } = design.choices;
  return [
    ...(platform === 'aks' ? [] : [CONNECT]),
    ...takenIn(design),
    ...withCertificate(design),
    ...(platform === 'aks' ? [importPause(design)] : []),
    ...installed(design),
    'Fill in `cluster/values.env`: a comment above each value says where it stands. Apply the configuration of the cluster.',
    ...afterwards(design),
  ];
}

const CONNECT =
  'Let the agents of Azure Arc into the cluster with `az connectedk8s connect`, as its documentation says for your machines.';

/** Azure makes a Network Watcher by itself: Terraform refuses what is there and not in its state. */
function takenIn(design: Design): readonly string[] {
  const { isTerraform, folder } = cloudCommands(design);
  if (!isTerraform) return [];
  const id = `/subscriptions/$ARM_SUBSCRIPTION_ID/resourceGroups/${design.names.group('watcher')}`;
  const watcher = `${id}/providers/Microsoft.Network/networkWatchers/${watcherName(design.choices)}`;
  return [
    `Where the subscription has a Network Watcher of the region already, take it in: \`terraform -chdir=${folder} import azurerm_resource_group.watcher ${id}\`, and \`terraform -chdir=${folder} import azurerm_network_watcher.watcher ${watcher}\`.`,
  ];
}

function withCertificate(design: Design): readonly string[] {
  const { names, choices } = design;
  const isInside = ['gateway', 'containers'].includes(doorOf(choices));
  const isAtEdge = choices.wayIn !== 'none' && choices.waf === 'application-gateway';
  if (!isInside && !isAtEdge) return [];
  const stops = isAtEdge
    ? ' The first deployment stops at the Application Gateway, which cannot fetch what is not there: deploy again afterwards.'
    : '';
  return [
    `Put the certificate of \`${choices.host}\` into the vault, from a machine in the network: \`az keyvault certificate import --vault-name ${names.globally('kv')} --name ${CERTIFICATE} --file certificate.pfx\`.${stops}`,
  ];
}

function importPause(design: Design): string {
  const [registry = ''] = pauseImage(design).split('.');
  const [image = ''] = PAUSE.repository.split('@');
  return `Bring the image that the configuration names into the registry: \`az acr import --name ${registry} --source ${PAUSE.from} --image ${image}\`.`;
}

/** What the blueprint configures and does not install. */
function installed({ choices }: Design): readonly string[] {
  return [
    ...(choices.mesh === 'linkerd'
      ? ['Install Linkerd with Helm, its control plane in the namespace `linkerd`, with a trust anchor of your own.']
      : []),
    ...(doorOf(choices) === 'containers'
      ? [
          `Install the controller of Application Gateway for Containers with Helm into \`${CONTROLLER_ACCOUNT.namespace}\`, with the client id of its identity.`,
        ]
      : []),
  ];
}

function afterwards({ choices, names }: Design): readonly string[] {
  const isGateway = doorOf(choices) === 'gateway';
  const entered = choices.teams.flatMap(({ namespaces }) => namespaces.filter(({ published }) => published));
  return [
    ...(['gateway', 'containers'].includes(doorOf(choices)) && workloadPort(choices) === 8443
      ? [
          `Put the certificate of who signs those of your pods into \`entry-authority\` (${isGateway ? 'a ConfigMap' : 'a Secret'}, key \`ca.crt\`) of ${entered.map(({ name }) => `\`${name}\``).join(', ')}.`,
        ]
      : []),
    ...(choices.wayIn !== 'none' && choices.waf === 'front-door'
      ? [
          'Deploy the cloud again: the private link of Front Door is there once the gateway in the cluster is. Approve its connection, and make the record that proves the domain.',
        ]
      : []),
    ...(choices.wayIn === 'none'
      ? []
      : [`Let the name \`${choices.host}\` lead to ${whereto(choices.waf, choices.wayIn)}.`]),
    ...(choices.teams.some(({ namespaces }) => namespaces.some(({ services }) => services.includes('postgresql')))
      ? [
          `Make a user of each database for the identity of its namespace (\`${names.of('id', 'ns-…')}\`), as an administrator of it: Azure cannot do that from a template.`,
        ]
      : []),
  ];
}

function whereto(waf: Design['choices']['waf'], wayIn: Design['choices']['wayIn']): string {
  if (waf === 'front-door') return 'the endpoint of Front Door';
  if (waf === 'containers') return 'the frontend of Application Gateway for Containers';
  return `the ${wayIn === 'public' ? 'public' : 'private'} address of the Application Gateway`;
}
