import type { AzureResource } from '#model/azure/resource.ts';
import type { Judged } from '#model/control.ts';
import {
  evidenceOf,
  isOn,
  managedClustersOf,
  placeOfResource,
  type Setting,
  settingAt,
  unknownOf,
  wordOf,
} from '../../azure-facts.ts';
import type { ControlContext } from '../../context.ts';
import { retiredThing } from '../retired.ts';

/** Add-ons of AKS that bring a controller. */
export function addonPlaces(context: ControlContext): Judged[] {
  return managedClustersOf(context).flatMap(({ resource }) => [
    ...routingPlaces(context, resource),
    ...gatewayPlaces(resource),
    ...modernPlaces(context, resource),
  ]);
}

function routingPlaces(context: ControlContext, resource: AzureResource): Judged[] {
  const setting = settingAt(resource, 'properties', 'addonProfiles', 'httpApplicationRouting', 'enabled');
  const message = `the add-on HTTP application routing is on: ${endOf(context, 'http-application-routing')}`;
  return whereOn(resource, setting, { state: 'FAIL', message });
}

function gatewayPlaces(resource: AzureResource): Judged[] {
  const setting = settingAt(resource, 'properties', 'addonProfiles', 'ingressApplicationGateway', 'enabled');
  const message =
    'the Application Gateway ingress controller is on: its successor is Application Gateway for Containers';
  return whereOn(resource, setting, { state: 'WARN', message });
}

/** The add-on makes an NGINX unless it is told not to. */
function modernPlaces(context: ControlContext, resource: AzureResource): Judged[] {
  const routing = ['properties', 'ingressProfile', 'webAppRouting'];
  const nginx = settingAt(resource, ...routing, 'nginx', 'defaultIngressControllerType');
  const setting = settingAt(resource, ...routing, 'enabled');
  if (wordOf(nginx, 'anonymous') === 'none')
    return whereOn(resource, setting, { state: 'PASS', message: 'application routing runs without NGINX' });
  const isGone = retiredThing(context, 'app-routing-nginx')?.isGone === true;
  const message = `application routing runs NGINX: ${endOf(context, 'app-routing-nginx')}`;
  return whereOn(resource, setting, { state: isGone ? 'FAIL' : 'WARN', message });
}

function whereOn(resource: AzureResource, setting: Setting, said: Pick<Judged, 'state' | 'message'>): Judged[] {
  const detail = setting.field.split('.').at(-2) ?? setting.field;
  if (setting.state === 'unsettled') return [{ ...unknownOf(resource, setting), detail }];
  if (isOn(setting, false) !== true) return [];
  return [{ where: placeOfResource(resource), ...said, evidence: [evidenceOf(resource, setting)], detail }];
}

export function endOf(context: ControlContext, id: string): string {
  const found = retiredThing(context, id);
  return found === undefined ? 'no longer supported' : `${found.text}; use ${found.replacement}`;
}
