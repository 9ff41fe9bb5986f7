import { type Cidr, formatRange, parseCidr } from '#base/address.ts';
import type { AcceptedFinding, ControlSettings } from '#model/control-settings.ts';
import type { ProfileId } from '#model/profile.ts';
import type { ManualAnswer } from '#model/scan.ts';
import type { PreviewInput } from './live-preview.ts';

/** How an environment is judged, as plain data: what a preview elsewhere has to be told besides the texts. */
export interface PreviewSettings extends Pick<PreviewInput, (typeof COPIED)[number]> {
  readonly engine?: ProfileId;
  readonly azureCluster?: string;
  readonly podRanges: readonly string[];
  readonly controls: Omit<ControlSettings, 'answers' | 'onPremisesRanges' | 'adminRanges' | 'accepted'> & {
    readonly answers: Readonly<Record<string, ManualAnswer>>;
    readonly accepted: readonly AcceptedFinding[];
    readonly onPremisesRanges?: readonly string[];
    readonly adminRanges?: readonly string[];
  };
}

const COPIED = ['problems', 'named', 'hasCloud', 'ownInvariants', 'staged', 'kind', 'today'] as const;

type Judging = Omit<PreviewInput, 'texts'>;

export function plainSettings(input: Judging): PreviewSettings {
  const { problems, named, hasCloud, ownInvariants, staged, kind, today, engine, azureCluster } = input;
  const { answers, onPremisesRanges, adminRanges, ...rest } = input.controls;
  return {
    ...{ problems, named, hasCloud, ownInvariants, staged, kind, today },
    ...(engine !== undefined && { engine }),
    ...(azureCluster !== undefined && { azureCluster }),
    podRanges: input.podRanges.flatMap(formatRange),
    controls: {
      ...rest,
      answers: Object.fromEntries(answers),
      ...(onPremisesRanges !== undefined && { onPremisesRanges: onPremisesRanges.flatMap(formatRange) }),
      ...(adminRanges !== undefined && { adminRanges: adminRanges.flatMap(formatRange) }),
    },
  };
}

export function settingsFrom({ podRanges, controls, ...same }: PreviewSettings): Judging {
  const { answers, onPremisesRanges, adminRanges, ...rest } = controls;
  return {
    ...same,
    podRanges: cidrsIn(podRanges),
    controls: {
      ...rest,
      answers: new Map(Object.entries(answers)),
      ...(onPremisesRanges !== undefined && { onPremisesRanges: cidrsIn(onPremisesRanges) }),
      ...(adminRanges !== undefined && { adminRanges: cidrsIn(adminRanges) }),
    },
  };
}

function cidrsIn(texts: readonly string[]): readonly Cidr[] {
  return texts.flatMap((text) => parseCidr(text)?.cidr ?? []);
}
