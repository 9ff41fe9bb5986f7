import { z } from 'zod';
import { CONTROL_STATES, FRAMEWORK_IDS, SEVERITIES } from '#model/control.ts';

const told = z.object({
  id: z.string(),
  family: z.string().describe('The group of controls that it is of'),
  title: z.string().describe('What holds where it passes'),
  severity: z.enum(SEVERITIES),
  rationale: z.string().describe('Why it matters'),
  evidence: z.string().describe('What is looked at'),
  states: z.array(z.object({ state: z.enum(CONTROL_STATES), when: z.string() })),
  remedy: z.string().describe('What a person does to close it'),
  fix: z.boolean().describe('Whether findings may come with changes that close them'),
  question: z.string().exactOptional().describe('What a person is asked where no input decides'),
  frameworks: z.array(z.object({ framework: z.enum(FRAMEWORK_IDS), id: z.string(), title: z.string() })),
});

/** `controls -o json` */
export const controlsSchema = z
  .object({ schema: z.literal('ringfence.dev/controls/v1'), controls: z.array(told) })
  .meta({ title: 'ringfence controls', description: 'What controls are about' });
