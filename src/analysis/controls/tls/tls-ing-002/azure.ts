import type { AzureResource } from '#model/azure/resource.ts';
import type { Judged } from '#model/control.ts';
import {
  evidenceOf,
  itemsAt,
  placeOfResource,
  resourcesOfType,
  type Setting,
  settingAt,
  settingOf,
  unknownOf,
} from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';

/** Edges of Azure that end TLS: gateways, domains of Front Door, API Management. */
export function azureFloors(context: ControlContext): Judged[] {
  return [
    ...resourcesOfType(context, 'Microsoft.Network/applicationGateways').flatMap(gatewayFloor),
    ...resourcesOfType(context, 'Microsoft.Cdn/profiles/customDomains').map(doorFloor),
    ...resourcesOfType(context, 'Microsoft.ApiManagement/service').map(managementFloor),
  ];
}

function gatewayFloor(resource: AzureResource): Judged[] {
  const listeners = itemsAt(resource, 'properties', 'httpListeners');
  if ('kind' in listeners || !listeners.some((each) => wordOf(settingOf(each, 'properties', 'protocol')) === 'https'))
    return [];
  const name = settingAt(resource, 'properties', 'sslPolicy', 'policyName');
  const lowest = settingAt(resource, 'properties', 'sslPolicy', 'minProtocolVersion');
  const where = placeOfResource(resource);
  for (const setting of [name, lowest]) if (setting.state === 'unsettled') return [unknownOf(resource, setting)];
  const evidence = [name, lowest].map((setting) => evidenceOf(resource, setting));
  const policy = wordOf(name);
  const version = wordOf(lowest);
  if (version !== undefined && /tlsv1_[01]/.test(version))
    return [{ where, state: 'FAIL', message: 'its own policy allows TLS before 1.2', evidence }];
  if (policy === undefined && version === undefined)
    return [
      {
        where,
        state: 'WARN',
        message: 'it names no policy: older versions of the API give it one that allows TLS 1.0',
        evidence,
      },
    ];
  if (policy !== undefined && /2015|2017/.test(policy))
    return [{ where, state: 'WARN', message: 'its predefined policy is of 2015 or 2017', evidence }];
  return [{ where, state: 'PASS', message: 'TLS 1.2 is its lowest version', evidence }];
}

function doorFloor(resource: AzureResource): Judged {
  const setting = settingAt(resource, 'properties', 'tlsSettings', 'minimumTlsVersion');
  const where = placeOfResource(resource);
  if (setting.state === 'unsettled') return unknownOf(resource, setting);
  const isOld = wordOf(setting) === 'tls10';
  return {
    where,
    state: isOld ? 'FAIL' : 'PASS',
    message: isOld ? 'it takes TLS 1.0' : 'TLS 1.2 is its lowest version',
    evidence: [evidenceOf(resource, setting)],
  };
}

const PROTOCOLS = 'Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Protocols.';

/** Services made since April 2018 have the old versions off unless they are turned on. */
function managementFloor(resource: AzureResource): Judged {
  const where = placeOfResource(resource);
  const settings = ['Tls10', 'Tls11', 'Ssl30'].map((each) =>
    settingAt(resource, 'properties', 'customProperties', `${PROTOCOLS}${each}`),
  );
  const open = settings.find(({ state }) => state === 'unsettled');
  if (open?.state === 'unsettled') return unknownOf(resource, open);
  const on = settings.filter((setting) => wordOf(setting) === 'true');
  const evidence = (on.length > 0 ? on : settings).map((setting) => evidenceOf(resource, setting));
  return on.length > 0
    ? { where, state: 'FAIL', message: 'it takes TLS before 1.2', evidence }
    : { where, state: 'PASS', message: 'nothing turns versions before 1.2 on', evidence };
}

function wordOf(setting: Setting): string | undefined {
  return setting.state === 'value' ? String(setting.value).toLowerCase() : undefined;
}
