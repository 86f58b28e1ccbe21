// The door: takes an approval, writes the decision, and puts a job into the queue. Answers once both are done.
import { timingSafeEqual } from 'node:crypto';
import { Queue } from 'bullmq';
import Fastify from 'fastify';
import { Redis } from 'ioredis';
import pg from 'pg';

const { DATABASE_URL, REDIS_PORT, DOOR_PORT, DOOR_KEY } = process.env;
const key = Buffer.from(`Bearer ${DOOR_KEY}`);
const database = new pg.Pool({ connectionString: DATABASE_URL, max: 8 });
const queue = new Queue('phase1', { connection: new Redis(Number(REDIS_PORT), '127.0.0.1') });
const door = Fastify();

const approval = {
  params: { type: 'object', properties: { id: { type: 'string', format: 'uuid' } } },
  body: {
    type: 'object',
    required: ['action'],
    additionalProperties: false,
    properties: { action: { const: 'approve' } },
  },
};

function allowed(given) {
  const said = Buffer.from(given ?? '');
  return said.length === key.length && timingSafeEqual(said, key);
}

const decide = {
  name: 'decide',
  text: `update plan set status = 'approved', version = version + 1, decided_by = $2, decided_at = now(), changed_at = now()
          where plan_id = $1 and status = 'awaiting_approval'`,
};

door.get('/health/live', async () => ({ status: 'up' }));

door.patch('/api/marketplace/analysis/:id', { schema: approval }, async (request, reply) => {
  if (!allowed(request.headers.authorization)) return reply.code(401).send({ title: 'who are you' });
  const { id } = request.params;
  const { rowCount } = await database.query({ ...decide, values: [id, 'bench'] });
  if (rowCount === 0) return reply.code(409).send({ title: 'it does not wait for an approval' });
  await queue.add('phase1', { plan: id }, {
    jobId: id,
    attempts: 3,
    backoff: { type: 'exponential', delay: 1000 },
    removeOnComplete: 1000,
  });
  return reply.code(202).send({ planId: id, status: 'approved' });
});

await door.listen({ host: '127.0.0.1', port: Number(DOOR_PORT), backlog: 2048 });
