import { type ReactNode, useMemo, useState } from 'react';
import type { ScanAnswer } from '#model/scan.ts';
import type { NamesAnswer } from '../api/answers.ts';
import { withQuery } from '../api/client.ts';
import { useAnswer } from '../api/use-answer.ts';
import { Choices, useChoices } from '../parts/choices.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { go } from './location.tsx';
import { SCREENS } from './screens.ts';

interface Entry {
  readonly id: string;
  readonly label: string;
  readonly about: string;
  readonly url: string;
}

const SHOWN_AT_MOST = 12;

/** Every place of the console by its name: screens, endpoints, controls. */
export function Palette({ onClose }: { readonly onClose: () => void }): ReactNode {
  const [text, setText] = useState('');
  const entries = useEntries(text);
  const found = useMemo(() => matching(entries, text), [entries, text]);
  const choices = useChoices({
    id: 'palette',
    count: found.length,
    first: 0,
    pick: (at) => {
      onClose();
      go(found[at]!.url);
    },
  });
  return (
    <Dialog title="Go to" onClose={onClose} className="palette">
      <input
        {...choices.input}
        data-first
        aria-label="Screen, endpoint or control"
        placeholder="A screen, an endpoint, a control …"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          choices.reset();
        }}
      />
      <Choices of={choices} label="Places" options={found} />
      <p className="quiet small" role="status">
        {found.length === 0 ? 'Nothing has that in its name' : `${found.length} shown`}
      </p>
    </Dialog>
  );
}

function useEntries(text: string): readonly Entry[] {
  const names = useAnswer<NamesAnswer>(withQuery('/names', { q: text.trim(), limit: '8' })).data?.names;
  const controls = useAnswer<ScanAnswer>('/scan').data?.controls;
  return useMemo(
    () => [
      ...SCREENS.map(({ path, title, about }) => ({ id: path, label: title, about, url: path })),
      ...(names ?? []).flatMap(({ name, kind }) => aboutEndpoint(name, kind)),
      ...(controls ?? [])
        .filter(({ state }) => state === 'FAIL' || state === 'PARTIAL' || state === 'WARN')
        .map(({ id, title }) => ({ id, label: id, about: title, url: `/findings?q=control:${id}` })),
    ],
    [names, controls],
  );
}

/** All of it, for what has a place of its own; and both questions about it. */
function aboutEndpoint(name: string, kind: string): readonly Entry[] {
  const id = idOf(name, kind);
  const asked = [
    { id: `from ${name}`, label: name, about: 'whom can it reach', url: `/ask?${new URLSearchParams({ from: name })}` },
    { id: `to ${name}`, label: name, about: 'who can reach it', url: `/ask?${new URLSearchParams({ to: name })}` },
  ];
  if (id === undefined) return asked;
  const url = `/workload?${new URLSearchParams({ id })}`;
  return [{ id, label: name, about: `${kind}: everything about it`, url }, ...asked];
}

/** Names leave the kind out where it is plain. Undefined for what is neither workload nor node. */
function idOf(name: string, kind: string): string | undefined {
  if (kind === 'Node') return name;
  const parts = name.split('/');
  if (name.includes(':') || parts.length < 2) return undefined;
  return parts.length === 2 ? `${parts[0]}/${kind}/${parts[1]}` : name;
}

function matching(entries: readonly Entry[], text: string): readonly Entry[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = ({ label, about }: Entry): boolean => {
    const whole = `${label} ${about}`.toLowerCase();
    return words.every((word) => whole.includes(word));
  };
  return entries.filter(fits).slice(0, SHOWN_AT_MOST);
}
