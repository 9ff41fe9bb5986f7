import type { Labels } from '#model/resource.ts';
import { CONTROLLER_FAMILIES, type ControllerFamily } from './controller-families.ts';
import type { Exposing } from './exposing.ts';

/** What stands between the outside and a backend: who it is, and from what that was concluded. */
export type Controller = PodController | FarController | UnknownController;

/** Pods of the input. */
export interface PodController {
  readonly kind: 'pods';
  /** Endpoint id, as `ingress-nginx/Deployment/controller`. */
  readonly id: string;
  readonly points: readonly number[];
  readonly hostNetwork: boolean;
  readonly evidence: string;
}

/** A controller that sends from elsewhere than pods. */
export interface FarController {
  readonly kind: 'far';
  readonly family: ControllerFamily;
  readonly evidence: string;
}

export interface UnknownController {
  readonly kind: 'unknown';
  readonly evidence: string;
}

/** The controllers of a family, by the labels of their pods; several where several are deployed. */
export function controllersOf(exposing: Exposing, family: ControllerFamily | undefined, why: string): Controller[] {
  if (family === undefined) return [{ kind: 'unknown', evidence: `${why}; which pods serve it is not known` }];
  if (family.sends !== 'pods') return [{ kind: 'far', family, evidence: `${why}: ${family.name}` }];
  const found = podsWith(exposing, family.pods, `${why}: ${family.name}`);
  if (found.length > 0) return found;
  return [{ kind: 'unknown', evidence: `${why}: ${family.name}, whose pods are not in the input` }];
}

/** Controllers of any family that have pods here: who may serve what names no class. */
export function controllersPresent(exposing: Exposing): Controller[] {
  return CONTROLLER_FAMILIES.filter(({ sends }) => sends === 'pods').flatMap((family) =>
    podsWith(exposing, family.pods, `no class is named; ${family.name} is deployed`),
  );
}

/** Workloads with one of some sets of labels. */
export function podsWith(
  { engine: { world } }: Exposing,
  sets: readonly Readonly<Record<string, string>>[],
  why: string,
): PodController[] {
  const found = new Map<number, { label: string; points: Set<number>; hostNetwork: boolean }>();
  for (const [index, point] of world.points.entries()) {
    if (point.kind !== 'pod' || point.units.length === 0) continue;
    const labels = sets.find((set) => hasLabels(point.labels, set));
    if (labels === undefined) continue;
    for (const unit of point.units) {
      const { owner, shape } = world.units[unit]!;
      const entry = found.get(owner) ?? { label: textOf(labels), points: new Set(), hostNetwork: shape.hostNetwork };
      found.set(owner, entry);
      entry.points.add(index);
    }
  }
  const several = found.size > 1 ? '; several match, and any of them may serve it' : '';
  return [...found].map(([owner, { label, points, hostNetwork }]) => {
    const { id } = world.owners[owner]!;
    return {
      kind: 'pods',
      id,
      points: [...points],
      hostNetwork,
      evidence: `${why}, found as ${id} by ${label}${several}`,
    };
  });
}

function hasLabels(labels: Labels, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([key, value]) => labels.get(key) === value);
}

function textOf(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
}
