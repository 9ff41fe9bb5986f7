import type { AzureResource } from '#model/azure/resource.ts';
import type { Evidence, Judged } from '#model/control.ts';
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

/** What stands where an edit leaves them out: "True if the service was created on or before April 1, 2018 and False otherwise". */
const OLD_SERVICES = '2018-04-01';

/**
 * `customProperties` of API Management (REST reference of ApiManagementService, learn.microsoft.com; checked 2026-11): the old
 * versions are on in services made up to April 2018 unless they are turned off. The tier for consumption and those of v2 came
 * later. Of others a template does not show when the service was first made.
 */
function managementFloor(resource: AzureResource): Judged {
  const where = placeOfResource(resource);
  const settings = ['Tls10', 'Tls11', 'Ssl30'].map((each) =>
    settingAt(resource, 'properties', 'customProperties', `${PROTOCOLS}${each}`),
  );
  const open = settings.find(({ state }) => state === 'unsettled');
  if (open?.state === 'unsettled') return unknownOf(resource, open);
  const on = settings.filter((setting) => wordOf(setting) === 'true');
  if (on.length > 0) {
    const evidence = on.map((setting) => evidenceOf(resource, setting));
    return { where, state: 'FAIL', message: 'it takes TLS before 1.2', evidence };
  }
  const evidence = settings.map((setting) => evidenceOf(resource, setting));
  if (settings.every((setting) => wordOf(setting) === 'false'))
    return { where, state: 'PASS', message: 'versions before 1.2 are turned off', evidence };
  return { where, ...byAge(resource, evidence) };
}

function byAge(resource: AzureResource, shown: readonly Evidence[]): Omit<Judged, 'where'> {
  const made = settingAt(resource, 'properties', 'createdAtUtc');
  const tier = settingAt(resource, 'sku', 'name');
  const evidence = [...shown, evidenceOf(resource, tier), evidenceOf(resource, made)];
  const isLate = /^consumption$|v2$/.test(wordOf(tier) ?? '');
  const day = made.state === 'value' ? String(made.value).slice(0, 10) : undefined;
  if (isLate || (day !== undefined && day > OLD_SERVICES))
    return { state: 'PASS', message: 'versions before 1.2 are off unless they are turned on', evidence };
  if (day !== undefined)
    return {
      state: 'FAIL',
      message: `it was made on ${day}, and takes TLS before 1.2 unless that is turned off`,
      evidence,
    };
  const message =
    'versions before 1.2 are on where the service was made before April 2018, which the input does not show';
  return { state: 'UNKNOWN', message, evidence };
}

function wordOf(setting: Setting): string | undefined {
  return setting.state === 'value' ? String(setting.value).toLowerCase() : undefined;
}
