/** The shelf of providers. */

export { findEngine, openEngine } from './engine.ts';
export { openExisting } from './existing.ts';
export { openKind } from './kind.ts';
