export * from '../case-code.ts';
export * from './case.ts';
export * from './fold.ts';
export * from './routing.ts';
export * from './transition.ts';
