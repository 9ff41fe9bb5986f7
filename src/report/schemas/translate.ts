import { z } from 'zod';
import { PROFILE_IDS } from '#model/profile.ts';
import { TRANSLATION_REFUSALS, TRANSLATION_TARGETS, type TranslationRefusal } from '#model/translation.ts';
import { diagnostic, engine, origin, plainObject, trafficList, verdict } from './common.ts';

const policyFields = { kind: z.string(), namespace: z.string(), name: z.string(), origin };

const policy = z.object(policyFields).meta({ id: 'PolicyName' });

const refusal = z
  .enum(Object.keys(TRANSLATION_REFUSALS) as [TranslationRefusal, ...TranslationRefusal[]])
  .meta({ id: 'TranslationRefusal', description: 'Why a policy cannot be said in the other form: a closed list' });

const compared = {
  pairs: z.int().nonnegative().describe('Ordered pairs of endpoints that were asked before and after, all alike'),
  unknown: z.int().nonnegative().describe('Of them, those with traffic that is unknown before and after alike'),
};

const proof = z
  .object({
    source: z.enum(PROFILE_IDS).describe('The engine profile under which the source was asked'),
    result: z.enum(PROFILE_IDS).describe('The engine profile under which the result was asked'),
    input: z.object(compared),
    madeUp: z
      .object({
        ...compared,
        namespaces: z.int().nonnegative(),
        pods: z.int().nonnegative(),
        combinations: z.int().nonnegative().describe('Combinations of the labels of pods that policies mention'),
        tried: z.int().nonnegative().describe('Of them, those that a pod of the made-up world has'),
      })
      .describe('A made-up world, so that the result is right for pods that are not there yet'),
  })
  .meta({ id: 'TranslationProof' });

const witness = z
  .object({
    world: z.enum(['input', 'made-up']),
    from: z.string(),
    to: z.string(),
    traffic: trafficList,
    before: verdict,
    after: verdict,
  })
  .meta({ id: 'TranslationWitness', description: 'A connection that the result would decide otherwise' });

/** `translate -o json` */
export const translateSchema = z
  .object({
    schema: z.literal('ringfence.dev/translate/v1'),
    to: z.enum(TRANSLATION_TARGETS),
    engines: z.array(z.object({ of: z.string(), source: engine, result: engine })),
    translated: z.array(
      z.object({ from: z.array(policy), documents: z.array(plainObject), notes: z.array(z.string()), proof }),
    ),
    refused: z.array(
      z.object({
        ...policyFields,
        path: z.string().describe('The field, as `spec.ingress[0].from[1]`'),
        reason: refusal,
        why: z.string(),
        witness: witness.exactOptional(),
      }),
    ),
    kept: z.array(z.object({ ...policyFields, why: z.string() })),
    diagnostics: z.array(diagnostic),
  })
  .meta({ title: 'ringfence translate', description: 'Policies in another form, each proven to mean the same' });
