import { escapeControl } from '#base/escape.ts';
import type { Evidence, Judged, Place } from '#model/control.ts';
import type { ClusterObject } from '#model/object.ts';
import { entriesAt, textAt } from '#model/plain.ts';
import { familyOfClass, familyOfController } from '../../../exposure/controller-families.ts';
import { placeOf } from '../../assessment.ts';
import type { ControlContext } from '../../context.ts';
import { seenAt } from '../../evidence.ts';
import { retiredThing } from '../retired.ts';
import { endOf } from './addons.ts';

/** Classes that are there or asked for, and controllers by their images. */
export function controllerPlaces(context: ControlContext): Judged[] {
  const { objects } = context;
  const classes = [
    ...objects.of('networking.k8s.io', 'IngressClass'),
    ...objects.of('gateway.networking.k8s.io', 'GatewayClass'),
  ];
  return [
    ...classes.map((object) => judgedClass(context, object)),
    ...askedClasses(context, classes),
    ...context.podOwners.flatMap(({ object, containers }): Judged[] => {
      const old = containers.find(({ value }) => COMMUNITY.test(textAt(value, 'image') ?? ''));
      if (old === undefined) return [];
      return [{ where: placeOf(object), ...ofCommunity(context), evidence: [seenAt(object, [...old.path, 'image'])] }];
    }),
  ];
}

/** Images of the community project. What Microsoft builds of it for AKS is mended by Microsoft, until its own end. */
const COMMUNITY =
  /^(?:registry\.k8s\.io|k8s\.gcr\.io|(?:us|eu|asia)\.gcr\.io\/k8s-artifacts-prod)\/ingress-nginx\/controller|^quay\.io\/kubernetes-ingress-controller\/nginx-ingress-controller|(?:^|\/)ingress-nginx\/controller(?:-chroot)?[:@]/;

function ofCommunity(context: ControlContext): Pick<Judged, 'state' | 'message'> {
  const gone = retiredThing(context, 'ingress-nginx')?.isGone === true;
  return {
    state: gone ? 'FAIL' : 'WARN',
    message: `the community controller ingress-nginx: ${endOf(context, 'ingress-nginx')}`,
  };
}

function judgedClass(context: ControlContext, object: ClusterObject): Judged {
  const path = object.kind === 'GatewayClass' ? ['spec', 'controllerName'] : ['spec', 'controller'];
  const controller = textAt(object.value, ...path) ?? '';
  return { where: placeOf(object), ...verdictOf(context, controller), evidence: [seenAt(object, path)] };
}

function verdictOf(context: ControlContext, controller: string): Pick<Judged, 'state' | 'message'> {
  const family = familyOfController(controller)?.name;
  if (controller.startsWith('k8s.io/ingress-nginx') || controller === 'k8s.io/internal-ingress-nginx')
    return ofCommunity(context);
  return (
    byFamily(context, family) ?? {
      state: 'UNKNOWN',
      message: `controller \`${escapeControl(controller)}\` is not one that is known here`,
    }
  );
}

function byFamily(context: ControlContext, family: string | undefined): Pick<Judged, 'state' | 'message'> | undefined {
  if (family === 'AKS application routing') {
    const gone = retiredThing(context, 'app-routing-nginx')?.isGone === true;
    return {
      state: gone ? 'FAIL' : 'WARN',
      message: `NGINX of application routing: ${endOf(context, 'app-routing-nginx')}`,
    };
  }
  if (family === 'Application Gateway ingress controller')
    return {
      state: 'WARN',
      message: 'the Application Gateway ingress controller: its successor is Application Gateway for Containers',
    };
  return family === undefined ? undefined : { state: 'PASS', message: `${family} is a product in support` };
}

// ---------------------------------------------------------------- classes without their object

interface Asked {
  readonly name: string;
  readonly by: readonly ClusterObject[];
  readonly path: readonly string[];
}

const LEGACY = ['metadata', 'annotations', 'kubernetes.io/ingress.class'];
const HTTP_ROUTING = 'addon-http-application-routing';

function askedClasses({ objects, ...context }: ControlContext, known: readonly ClusterObject[]): Judged[] {
  const names = new Set(known.map(({ name }) => name));
  const asked = [
    ...byClass(objects.of('networking.k8s.io', 'Ingress'), ['spec', 'ingressClassName']),
    ...byClass(objects.of('networking.k8s.io', 'Ingress'), LEGACY),
    ...byClass(objects.of('gateway.networking.k8s.io', 'Gateway'), ['spec', 'gatewayClassName']),
  ];
  return asked
    .filter(({ name }) => !names.has(name))
    .map((one) => ({
      where: placeOfClass(one),
      ...verdictByName({ objects, ...context }, one),
      evidence: evidenceOf(one),
    }));
}

function byClass(list: readonly ClusterObject[], path: readonly string[]): Asked[] {
  const groups = Map.groupBy(list, ({ value }) => textAt(value, ...path));
  return [...groups].flatMap(([name, by]) => (name === undefined ? [] : [{ name, by, path }]));
}

function placeOfClass({ name, by, path }: Asked): Place {
  const kind = by[0]!.kind === 'Gateway' ? 'GatewayClass' : 'IngressClass';
  return { kind, namespace: '', name, id: `class/${kind}/${name}`, origin: by[0]!.originAt(path) };
}

function evidenceOf({ by, path }: Asked): Evidence[] {
  return by.slice(0, 3).map((object) => seenAt(object, path));
}

function verdictByName(context: ControlContext, { name, by }: Asked): Pick<Judged, 'state' | 'message'> {
  if (name === HTTP_ROUTING)
    return {
      state: 'FAIL',
      message: `the class of HTTP application routing: ${endOf(context, 'http-application-routing')}`,
    };
  const family = familyOfClass(name)?.name;
  // Two products have this class: the annotations that only one of them reads tell them apart.
  if (family === 'ingress-nginx') {
    const isAsked = by.some(({ value }) =>
      entriesAt(value, 'metadata', 'annotations').some(([key]) => key.startsWith('nginx.ingress.kubernetes.io/')),
    );
    return isAsked
      ? {
          state: 'WARN',
          message: `annotations ask for the community controller ingress-nginx: ${endOf(context, 'ingress-nginx')}`,
        }
      : {
          state: 'UNKNOWN',
          message:
            'whether the community controller or that of NGINX serves the class is not in the input: its IngressClass or pods would tell',
        };
  }
  return (
    byFamily(context, family) ?? {
      state: 'UNKNOWN',
      message: 'the object of the class is not in the input, and so not which product serves it',
    }
  );
}
