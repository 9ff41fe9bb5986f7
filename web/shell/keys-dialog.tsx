import type { ReactNode } from 'react';
import { Dialog } from '../parts/dialog.tsx';
import { SCREENS } from './screens.ts';

const KEYS: readonly (readonly [string, string])[] = [
  ['Ctrl K or :', 'go to a screen, an endpoint, a control'],
  ['/', 'filter or ask'],
  ['j  k', 'next and previous row'],
  ['Enter', 'open the row'],
  ['o', 'show the line that decided'],
  ['Escape', 'close'],
  ['?', 'these keys'],
];

export function KeysDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl className="keys">
        {[...KEYS, ...SCREENS.map(({ key, title, about }) => [`g ${key}`, `${title}: ${about}`] as const)].map(
          ([key, what]) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{what}</dd>
            </div>
          ),
        )}
      </dl>
    </Dialog>
  );
}
