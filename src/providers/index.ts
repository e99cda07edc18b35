/** The shelf of providers. */

export { findEngine, openEngine } from './engine.ts';
export { openKind } from './kind.ts';
