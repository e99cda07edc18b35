/** A whole lab through `learn` on a terminal of 40 columns. */

import { testPlay } from './test-play.ts';

testPlay(40);
