// `npm run env`: writes .env.example from the described settings.
import { writeFileSync } from 'node:fs';
import { describeSettings } from '../config.ts';
import { readArguments } from './read-arguments.ts';

readArguments('Cách dùng: npm run env');

writeFileSync('.env.example', describeSettings());
console.log('Đã ghi .env.example.');
