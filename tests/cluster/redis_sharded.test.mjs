import { declareBehaviours } from './lib/behaviours.mjs';

declareBehaviours('redis-sharded', ['--adapter', 'redis-sharded']);
