import type { ReactNode } from 'react';
import type { BaselinesAnswer } from '#model/baselines.ts';
import { withQuery } from '../api/client.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useCommand } from '../parts/command.ts';
import { Answered, Screen } from '../parts/screen.tsx';
import { usePlace } from '../shell/location.tsx';
import '../style/screens/common.css';
import '../style/screens/baselines.css';
import { Framework } from './baselines/framework.tsx';
import { Grid } from './baselines/grid.tsx';

/** Are we within what the published baselines ask for, where, and what shows it? */
export function Baselines(): ReactNode {
  const { query } = usePlace();
  const framework = query.get('framework') ?? '';
  const scope = query.get('scope') ?? '';
  const asked = useAnswer<BaselinesAnswer>(
    withQuery('/baselines', framework === '' ? {} : { framework, scope: scope === '' ? 'all' : scope }),
  );
  const command = useCommand(['scan'], framework === '' ? [] : ['--framework', framework]);
  return (
    <Screen title="Baselines" about="What published baselines ask for, and what shows that it is so" command={command}>
      <Answered asked={asked}>
        {(answer) =>
          framework === '' ? (
            <Grid answer={answer} />
          ) : (
            <Framework answer={answer} framework={framework} scope={scope === '' ? 'all' : scope} />
          )
        }
      </Answered>
    </Screen>
  );
}
