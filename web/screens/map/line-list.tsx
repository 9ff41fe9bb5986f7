import type { ReactNode } from 'react';
import type { DrawingAnswer } from '../../api/answers.ts';
import { Scrolled } from '../../parts/scrolled.tsx';
import { Verdict } from '../../parts/verdict.tsx';
import { Link } from '../../shell/location.tsx';
import { askUrl, endOf } from './line.ts';

/** The same as the drawing: its lines, and what stands in its boxes instead of lines. */
export function LineList({ answer }: { readonly answer: DrawingAnswer }): ReactNode {
  const notes = [...answer.groups.map(({ id, notes: lines }) => ({ id, lines })), ...answer.nodes].flatMap(
    ({ id, lines }) => lines.map((line) => ({ id, line })),
  );
  return (
    <>
      <Scrolled className="scroll" label="Lines of the map">
        <table>
          <thead>
            <tr>
              <th scope="col">From</th>
              <th scope="col">To</th>
              <th scope="col">Ports</th>
              <th scope="col">Verdict</th>
            </tr>
          </thead>
          <tbody>
            {answer.edges.map((edge) => (
              <tr key={`${edge.from} ${edge.to} ${edge.tone}`}>
                <td>
                  <Link to={askUrl(answer, edge)} row>
                    {endOf(answer, edge.from).text}
                  </Link>
                </td>
                <td>{endOf(answer, edge.to).text}</td>
                <td>{edge.label}</td>
                <td>
                  <Verdict of={edge.tone} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
      {notes.length > 0 && (
        <section className="group map-notes">
          <h2>What the boxes say</h2>
          <ul className="card">
            {notes.map(({ id, line }) => (
              <li key={`${id} ${line}`}>
                <b>{endOf(answer, id).text}</b> <span className="quiet">{line}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
