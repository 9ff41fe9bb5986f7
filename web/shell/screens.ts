import { lazy } from 'react';

/** In the order of the navigation. Each screen's code is read when it is first shown. */
export const SCREENS = [
  {
    path: '/',
    title: 'Home',
    key: 'h',
    about: 'what changed, what is open, what is not known, what to close first',
    View: lazy(async () => ({ default: (await import('../screens/home.tsx')).Home })),
  },
  {
    path: '/ask',
    title: 'Ask',
    key: 'a',
    about: 'can one endpoint reach another, and which rules decide',
    View: lazy(async () => ({ default: (await import('../screens/ask.tsx')).Ask })),
  },
  {
    path: '/reach',
    title: 'Reach',
    key: 'r',
    about: 'who can reach whom, all of it',
    View: lazy(async () => ({ default: (await import('../screens/reach.tsx')).Reach })),
  },
  {
    path: '/map',
    title: 'Map',
    key: 'm',
    about: 'namespaces as islands, and who reaches whom between them',
    View: lazy(async () => ({ default: (await import('../screens/map.tsx')).MapScreen })),
  },
  {
    path: '/workload',
    title: 'Workload',
    key: 'w',
    about: 'everything about one: in, out, rules, findings, isolation',
    View: lazy(async () => ({ default: (await import('../screens/workload.tsx')).Workload })),
  },
  {
    path: '/exposure',
    title: 'Exposure',
    key: 'e',
    about: 'from the outside in',
    View: lazy(async () => ({ default: (await import('../screens/exposure.tsx')).ExposureScreen })),
  },
  {
    path: '/rulebook',
    title: 'Rulebook',
    key: 'u',
    about: 'every rule in the order in which it is asked; dead, shadowed, risky',
    View: lazy(async () => ({ default: (await import('../screens/rulebook.tsx')).Rulebook })),
  },
  {
    path: '/findings',
    title: 'Findings',
    key: 'f',
    about: 'what to fix, with evidence, blast radius and fix',
    View: lazy(async () => ({ default: (await import('../screens/findings.tsx')).Findings })),
  },
  {
    path: '/baselines',
    title: 'Baselines',
    key: 'b',
    about: 'published baselines by scope, with evidence to take along',
    View: lazy(async () => ({ default: (await import('../screens/baselines.tsx')).Baselines })),
  },
  {
    path: '/change',
    title: 'Change',
    key: 'c',
    about: 'what an edit would open and close, before it is saved',
    View: lazy(async () => ({ default: (await import('../screens/change.tsx')).Change })),
  },
  {
    path: '/azure',
    title: 'Azure',
    key: 'z',
    about: 'the layers outside the cluster: ways out, where they differ from policy, rules on one path',
    View: lazy(async () => ({ default: (await import('../screens/azure.tsx')).Azure })),
  },
  {
    path: '/drift',
    title: 'Drift',
    key: 'd',
    about: 'what changed, when, and what it means',
    View: lazy(async () => ({ default: (await import('../screens/drift.tsx')).Drift })),
  },
  {
    path: '/trust',
    title: 'Trust',
    key: 't',
    about: 'what was read, assumed and not understood',
    View: lazy(async () => ({ default: (await import('../screens/trust.tsx')).Trust })),
  },
] as const;

export type Screen = (typeof SCREENS)[number];

export function screenAt(path: string): Screen | undefined {
  return SCREENS.find((screen) => screen.path === path);
}
