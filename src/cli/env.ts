// `npm run env`: writes .env.example from the described settings.
import { writeFileSync } from 'node:fs';
import { describeSettings } from '../config.ts';

writeFileSync('.env.example', describeSettings());
console.log('Đã ghi .env.example.');
