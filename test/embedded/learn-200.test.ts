/** A whole lab through `learn` on a terminal of 200 columns. */

import { testPlay } from './test-play.ts';

testPlay(200);
