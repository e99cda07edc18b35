/** A whole lab through `learn` on a terminal of 80 columns. */

import { testPlay } from './test-play.ts';

testPlay(80);
