/** The transcripts that go by at once; those with pulls, workloads and waiting are compared in the run with clusters. */

import { compareEmbedded } from './embedded.ts';

compareEmbedded(['lesson/', 'custom/definition', 'custom/server', 'patch/', 'errors/conflicts', 'errors/typos'], 110);
