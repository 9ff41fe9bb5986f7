import type { PlainObject } from '#model/plain.ts';
import type { PaidFeature } from '../choices/choices.ts';
import type { Design } from '../plan/design.ts';

/** A control that fails for a choice, and why that is accepted. */
interface Accepted {
  readonly control: string;
  readonly where?: string;
  readonly reason: string;
  readonly owner: string;
}

/** What is lost with each paid feature. */
const LOST: Readonly<Record<PaidFeature, readonly Omit<Accepted, 'owner'>[]>> = {
  ddosProtection: [],
  firewallPremium: [],
  defender: [],
  bastion: [],
  flowLogs: [],
  customerManagedKeys: [],
};

/** Findings that follow from the choices, each with its reason; without an end, as nobody has said one. */
export function acceptedFindings({ choices }: Design): readonly PlainObject[] {
  const owner = choices.alertsTo[0]!;
  const lost = Object.entries(choices.paid)
    .filter(([, isOn]) => !isOn)
    .flatMap(([feature]) => LOST[feature as PaidFeature].map((each) => ({ ...each, owner })));
  return [
    {
      control: 'IAM-NET-001',
      where: 'network-admins',
      reason: 'network admins own the network: they alone may change policies, as the choices say',
      owner,
    },
    ...lost,
  ];
}
