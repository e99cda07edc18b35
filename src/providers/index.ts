/** The shelf of providers. */

export { openEmbedded } from './embedded.ts';
export { launchApart, launchHere, type Standby } from './embedded-launch.ts';
export { openEmbeddedProcess } from './embedded-process.ts';
export { findEngine, openEngine } from './engine.ts';
export { openExisting } from './existing.ts';
export { findKindProblem } from './fitness.ts';
export { openKind } from './kind.ts';
export { detectPlatform } from './platform.ts';
export { listPreconditions } from './preconditions.ts';
