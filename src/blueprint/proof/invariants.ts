import type { PlainObject } from '#model/plain.ts';
import { PLATFORM_ADDRESSES, PLATFORM_PORTS } from '../cluster/network/platform.ts';
import { gatewayWorkload } from '../cluster/way-in/gateway.ts';
import { subnetPrefix } from '../plan/address-plan.ts';
import type { Design } from '../plan/design.ts';
import { metricsPort, PRIVATE_PORTS, SERVICE_PORT, workloadPort } from '../plan/ports.ts';
import { type Space, spacesOf } from '../plan/spaces.ts';
import { doorOf, WAY_IN, wayInSources } from '../plan/way-in.ts';
import { CERTIFICATE_ACCOUNT } from '../plan/workload-account.ts';
import { yamlFile } from '../write/yaml.ts';
import { controlPlanes, METRICS_COLLECTOR } from './stand-ins.ts';

/** Everything of the choices that can be asked: `ringfence test` holds it against manifests, or a live cluster. */
export function invariantsText(design: Design): string {
  const spaces = spacesOf(design.choices);
  const invariants = [
    ...spaces.flatMap((space) => ofSpace(design, space)),
    ...ofDoor(design),
    ...ofPlatform(design),
    ...ofOutside(design),
    ...ofPrivateServices(design),
  ];
  return yamlFile([
    {
      why: 'What must stay true of this environment. Names are those of the stand-ins: `ns:` is every workload of a namespace, those of later too.',
      value: {
        apiVersion: 'ringfence.dev/v1',
        kind: 'Invariants',
        metadata: { name: design.choices.name },
        invariants,
      },
    },
  ]);
}

const COLLECTOR = `kube-system/${METRICS_COLLECTOR}`;
const RESOLVER = 'kube-system/coredns';

function ofSpace(design: Design, space: Space): readonly PlainObject[] {
  const { name, calls, callers } = space;
  const port = `${workloadPort(design.choices)}`;
  const from = [...callers.map(inside), ...comersOf(design, space)];
  const others = spacesOf(design.choices)
    .map((other) => other.name)
    .filter((other) => other !== name && !calls.includes(other));
  return [
    { name: `${name} is closed both ways`, isolated: { endpoints: inside(name), directions: ['ingress', 'egress'] } },
    ...(from.length === 0
      ? []
      : [{ name: `${name} takes what was chosen alone`, onlyThese: { from, to: inside(name) } }]),
    ...(others.length === 0
      ? []
      : [
          {
            name: `${name} reaches no namespace that it does not call`,
            never: { from: inside(name), to: others.map(inside) },
          },
        ]),
    ...calls
      .filter((other) => other !== name)
      .map((other) => ({
        name: `${name} calls ${other}`,
        always: { from: inside(name), to: inside(other), ports: [port] },
      })),
    ...(design.choices.platform === 'aks'
      ? [
          {
            name: `${name} is measured`,
            always: { from: COLLECTOR, to: inside(name), ports: [`${metricsPort(design.choices)}`] },
          },
        ]
      : []),
  ];
}

/** Who comes besides namespaces: the door, and the collector of metrics. */
function comersOf(design: Design, { isEntered }: Space): readonly string[] {
  return [...(isEntered ? doorSources(design) : []), ...(design.choices.platform === 'aks' ? [COLLECTOR] : [])];
}

/** As pods of published namespaces see it. */
function doorSources(design: Design): readonly string[] {
  return doorOf(design.choices) === 'gateway' ? [gatewayName(design)] : wayInSources(design);
}

function gatewayName(design: Design): string {
  return `${WAY_IN}/${gatewayWorkload(design)}`;
}

function ofDoor(design: Design): readonly PlainObject[] {
  const port = `${workloadPort(design.choices)}`;
  const spaces = spacesOf(design.choices);
  const entered = spaces.filter(({ isEntered }) => isEntered);
  const hasGateway = doorOf(design.choices) === 'gateway';
  const all = [...spaces.map(({ name }) => name), ...(hasGateway ? [WAY_IN] : [])];
  return [
    { name: 'the internet reaches nothing by itself', never: { from: 'internet', to: all.map(inside) } },
    ...entered.map(({ name }) => ({
      name: `the way in leads to ${name}`,
      always: { from: doorSources(design), to: inside(name), ports: [port] },
    })),
    ...(hasGateway
      ? [
          {
            name: 'the way in is open to its edge',
            always: { from: wayInSources(design), to: gatewayName(design), ports: [`${SERVICE_PORT}`] },
          },
          {
            name: 'the way in is open to its edge alone',
            onlyThese: { from: [...wayInSources(design), COLLECTOR], to: gatewayName(design) },
          },
          ...leadsNowhereElse(design, spaces),
        ]
      : []),
  ];
}

function leadsNowhereElse(design: Design, spaces: readonly Space[]): readonly PlainObject[] {
  const closed = spaces.filter(({ isEntered }) => !isEntered).map(({ name }) => inside(name));
  if (closed.length === 0) return [];
  return [{ name: 'the way in leads to published namespaces alone', never: { from: gatewayName(design), to: closed } }];
}

/** In the namespace of the way in the gateway alone has any. */
function proxiesOf(design: Design, space: string): string {
  return space === WAY_IN ? gatewayName(design) : inside(space);
}

function ofPlatform(design: Design): readonly PlainObject[] {
  const { choices } = design;
  const all = spacesOf(choices).map(({ name }) => inside(name));
  return [
    ...controlPlanes(design).flatMap(({ name, pods, ports, askedBy }) =>
      askedBy.map((space) => ({
        name: `proxies of ${space} ask ${name}`,
        always: { from: proxiesOf(design, space), to: `${pods.namespace}/${name}`, ports: ports.map(String) },
      })),
    ),
    {
      name: 'everybody can ask DNS',
      always: {
        from: [...all, ...ofWayIn(design)],
        to: RESOLVER,
        ports: ['53/UDP', '53/TCP'],
      },
    },
    {
      name: 'nobody reaches the metadata of nodes',
      never: {
        from: all,
        to: PLATFORM_ADDRESSES.map((prefix) => prefix.replace('/32', '')),
        ports: PLATFORM_PORTS.map(({ port, protocol }) => `${port}/${protocol}`),
      },
    },
    { name: 'nobody reaches the API server', never: { from: all, to: 'apiserver', ports: ['443'] } },
  ];
}

/** Workloads of the namespace of the way in. */
function ofWayIn(design: Design): readonly string[] {
  const certificate = `${CERTIFICATE_ACCOUNT.namespace}/${CERTIFICATE_ACCOUNT.name}`;
  switch (doorOf(design.choices)) {
    case 'gateway':
      return [gatewayName(design), certificate];
    case 'containers':
      return [certificate];
    case 'balancers':
    case 'none':
      return [];
  }
}

function ofOutside({ choices }: Design): readonly PlainObject[] {
  const spaces = spacesOf(choices);
  return [
    ...spaces.map(({ name, outside }) => ({
      name:
        outside.length === 0
          ? `${name} reaches nothing of the internet`
          : `${name} reaches the internet on no port but those of its names`,
      never: { from: inside(name), to: 'internet', ...beside(outside) },
    })),
    // Without rules for names the firewall knows them: what the cluster allows is a port.
    ...(choices.engine === 'cilium' ? namesOutside(choices.outside, spaces) : []),
  ];
}

/** Where a name may lead is known only when it is asked: on its port nothing can be said of other addresses. */
function beside(outside: Space['outside']): { readonly ports?: readonly string[] } {
  if (outside.length === 0) return {};
  const taken = [...new Set(outside.map(({ port }) => port))].sort((a, b) => a - b);
  const gaps = [...taken, LAST_PORT + 1].map((port, index) => [(taken[index - 1] ?? 0) + 1, port - 1] as const);
  return {
    ports: [...gaps.filter(([first, last]) => first <= last).map(([first, last]) => `${first}-${last}`), 'UDP', 'SCTP'],
  };
}

const LAST_PORT = 65_535;

type Outside = Design['choices']['outside'];

function namesOutside(outside: Outside, spaces: readonly Space[]): readonly PlainObject[] {
  return outside
    .filter(({ name }) => !name.startsWith('*'))
    .flatMap(({ name, port, namespaces }) => {
      // Where a private service has the same port, no policy tells whether the name leads there.
      const others = spaces.filter(
        (space) =>
          !space.outside.some((each) => each.name === name) &&
          !space.services.some((service) => PRIVATE_PORTS[service] === port),
      );
      return [
        {
          name: `${name} is reached from where it is needed`,
          always: { from: namespaces.map(inside), to: `dns:${name}`, ports: [`${port}`] },
        },
        ...(others.length === 0
          ? []
          : [
              {
                name: `${name} is reached from nowhere else`,
                never: { from: others.map((space) => inside(space.name)), to: `dns:${name}`, ports: [`${port}`] },
              },
            ]),
      ];
    });
}

function ofPrivateServices({ choices, addresses }: Design): readonly PlainObject[] {
  const spaces = spacesOf(choices);
  const endpoints = subnetPrefix(addresses.spoke, 'snet-endpoints');
  const without = spaces.filter(({ services }) => services.length === 0);
  return [
    ...spaces
      .filter(({ services }) => services.length > 0)
      .map(({ name, services }) => ({
        name: `${name} reaches its private services`,
        always: { from: inside(name), to: endpoints, ports: services.map((service) => `${PRIVATE_PORTS[service]}`) },
      })),
    ...without.map(({ name, outside }) => ({
      name: `${name} reaches no private service`,
      never: { from: inside(name), to: endpoints, ...beside(outside) },
    })),
  ];
}

function inside(namespace: string): string {
  return `ns:${namespace}`;
}
