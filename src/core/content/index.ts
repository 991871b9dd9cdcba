export { isBarred, NATIONALITY } from './citizens.ts';
export { known, OVERVIEW, resting, type Told } from './facts.ts';
export { namesOf } from './names.ts';
export { parse } from './parse.ts';
export { render, slotsOf, wordingOf } from './render.ts';
export * from './schema.ts';
export { type SlotsOf, SYSTEM, type SystemId } from './system.ts';
export { validate } from './validate.ts';
