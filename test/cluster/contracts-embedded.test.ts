/** Every transcript, played on the embedded cluster: a thousand times kubectl, which takes minutes. */

import { compareEmbedded } from '../contracts/kubectl/embedded.ts';

compareEmbedded([], 800);
