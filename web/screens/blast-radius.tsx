import type { ReactNode } from 'react';
import type { BlastRadius } from '#model/scan.ts';
import { count } from '#report/words.ts';
import { EndpointName, shortName } from '../parts/endpoint-name.tsx';

interface BlastRadiusProps {
  readonly of: BlastRadius;
  readonly place: string;
}

/** Drawn as a lane of boxes, read as a list: who can come in, where they would be, what they could reach from there. */
export function BlastRadiusView({ of, place }: BlastRadiusProps): ReactNode {
  return (
    <ol className="blast">
      <li className={of.fromInternet === true ? 'hot' : 'cold'}>
        <h4>Comes in</h4>
        <p>{internetText(of.fromInternet)}</p>
        {of.entrances.slice(0, 3).map((entrance) => (
          <code key={entrance}>{entrance}</code>
        ))}
        {of.entrances.length > 3 && <p className="quiet">and {of.entrances.length - 3} more</p>}
      </li>
      <li className="here">
        <h4>Is at</h4>
        <p>
          <b>{place}</b>
        </p>
      </li>
      <li>
        <h4>Reaches</h4>
        <p>
          {count(of.reaches, 'workload')}
          {of.toInternet === true && ', and the internet'}
          {of.toInternet === 'unknown' && ', and perhaps the internet'}
        </p>
        {of.through.length > 0 && <p className="quiet">through {of.through.map(shortName).join(', ')}</p>}
      </li>
      <li className={of.dataStores.length > 0 ? 'hot' : 'cold'}>
        <h4>Data</h4>
        {of.dataStores.length === 0 ? (
          <p className="quiet">no data store</p>
        ) : (
          of.dataStores.map((store) => <EndpointName key={store} id={store} />)
        )}
      </li>
    </ol>
  );
}

function internetText(from: BlastRadius['fromInternet']): string {
  if (from === 'unknown') return 'perhaps from the internet';
  return from ? 'from the internet' : 'not from the internet';
}
