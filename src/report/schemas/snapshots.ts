import { z } from 'zod';

/** `snapshot list -o json` */
export const snapshotsSchema = z
  .object({
    schema: z.literal('ringfence.dev/snapshots/v1'),
    snapshots: z.array(
      z.object({
        file: z.string(),
        taken: z.string().describe('ISO 8601'),
        from: z.array(z.string()).describe('The paths or the cluster that it was read from'),
        objects: z.int().nonnegative(),
        policies: z.int().nonnegative(),
        azure: z.int().nonnegative().exactOptional().describe('Resources of Azure, where it holds any'),
        ringfence: z.string().describe('Version of Ringfence that wrote it'),
      }),
    ),
  })
  .meta({ title: 'ringfence snapshot list', description: 'The snapshot files of a folder' });
