// npm run build: what a server would else make at its first start. Runs by itself after npm ci.
import { ensureWeb } from '../http/web-assets.ts';
import { openFiles } from './open-files.ts';
import { readArguments } from './read-arguments.ts';

readArguments('Cách dùng: npm run build');
await ensureWeb();
await openFiles();
