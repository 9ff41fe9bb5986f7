import type { ReactNode } from 'react';
import { useAnswer } from '../api/use-answer.ts';
import type { WorkloadAnswer } from '../api/workload-answers.ts';
import { filtered, useCommand } from '../parts/command.ts';
import { Answered, Screen } from '../parts/screen.tsx';
import { usePlace } from '../shell/location.tsx';
import '../style/screens/common.css';
import '../style/screens/workload.css';
import { AllWorkloads } from './workload/all.tsx';
import { Everything } from './workload/everything.tsx';

/** Everything about one workload or node; without one, all that there are. */
export function Workload(): ReactNode {
  const id = usePlace().query.get('id') ?? '';
  return id === '' ? <AllWorkloads /> : <One id={id} />;
}

function One({ id }: { readonly id: string }): ReactNode {
  const asked = useAnswer<WorkloadAnswer>(`/workload/${encodeURIComponent(id)}`);
  const namespace = id.startsWith('node:') ? undefined : id.split('/')[0];
  const command = useCommand(
    ['map'],
    [...(namespace === undefined ? [] : ['--namespace', namespace]), ...filtered(`"${id}"`)],
  );
  return (
    <Screen
      title="Workload"
      about="Who it is, whom it reaches and who reaches it, and by which rules"
      command={command}
    >
      <Answered asked={asked}>{(answer) => <Everything answer={answer} />}</Answered>
    </Screen>
  );
}
