import type { Service, ServicePort } from '#model/exposure.ts';
import type { PortProtocol } from '#model/traffic.ts';

/** A Service found behind an address. */
export interface ServiceAddress {
  readonly service: Service;
  readonly via: 'ClusterIP' | 'externalIP' | 'LoadBalancer' | 'NodePort';
  /** Absent: the address is the Service's and the port is not; such connections are refused. */
  readonly port?: ServicePort;
}

export interface AddressedPort {
  /** In canonical text. */
  readonly address: string;
  readonly port: number;
  readonly protocol: PortProtocol;
}

/** Answers which Service an address and port mean. Several where addresses are shared by port, or claimed twice. */
export type AddressIndex = (asked: AddressedPort) => readonly ServiceAddress[];

export function addressIndexOf(services: readonly Service[], nodeAddresses: ReadonlySet<string>): AddressIndex {
  const byAddress = new Map<string, { readonly service: Service; readonly via: ServiceAddress['via'] }[]>();
  for (const service of services) {
    for (const address of service.clusterIPs) add(address, { service, via: 'ClusterIP' });
    for (const address of service.externalIPs) add(address, { service, via: 'externalIP' });
    for (const address of service.loadBalancerAddresses) add(address, { service, via: 'LoadBalancer' });
  }
  const byNodePort = nodePortsOf(services);
  return (asked) => {
    const own = (byAddress.get(asked.address) ?? []).map((claim) => withPort(claim, asked));
    const served = own.filter(({ port }) => port !== undefined);
    if (served.length > 0 || !nodeAddresses.has(asked.address)) return served.length > 0 ? served : own;
    return [...(byNodePort.get(`${asked.port}/${asked.protocol}`) ?? []), ...own];
  };

  function add(address: string, claim: { service: Service; via: ServiceAddress['via'] }): void {
    const claims = byAddress.get(address);
    if (claims === undefined) byAddress.set(address, [claim]);
    else claims.push(claim);
  }
}

function withPort(claim: Omit<ServiceAddress, 'port'>, asked: AddressedPort): ServiceAddress {
  const port = claim.service.ports.find((own) => own.port === asked.port && own.protocol === asked.protocol);
  return port === undefined ? claim : { ...claim, port };
}

function nodePortsOf(services: readonly Service[]): Map<string, ServiceAddress[]> {
  const out = new Map<string, ServiceAddress[]>();
  for (const service of services) {
    for (const port of service.ports) {
      if (port.nodePort === undefined) continue;
      const key = `${port.nodePort}/${port.protocol}`;
      out.set(key, [...(out.get(key) ?? []), { service, via: 'NodePort', port }]);
    }
  }
  return out;
}
