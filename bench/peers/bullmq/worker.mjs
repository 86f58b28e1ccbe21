// The worker: makes the five tasks of a plan's first phase, in one transaction with the plan's new status.
import { randomUUID } from 'node:crypto';
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';

const AT_ONCE = 16;
const { DATABASE_URL, REDIS_PORT } = process.env;
const database = new pg.Pool({ connectionString: DATABASE_URL, max: AT_ONCE });

const read = { name: 'read', text: "select phases from plan where plan_id = $1 and status = 'approved' for update" };
const make = {
  name: 'make',
  text: `insert into task (task_id, plan_id, position, title, what, channel, priority, status)
         select id, $1, n - 1, title, what, channel, priority, 'created'
           from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[])
                with ordinality as t (id, title, what, channel, priority, n)`,
};
const move = {
  name: 'move',
  text: `update plan set status = 'executing', version = version + 1, phase1_at = now(), changed_at = now()
          where plan_id = $1`,
};

async function phase1({ data: { plan } }) {
  const client = await database.connect();
  try {
    await client.query('begin');
    const { rows } = await client.query({ ...read, values: [plan] });
    if (rows.length > 0) {
      const tasks = rows[0].phases.find((phase) => phase.number === 1).tasks;
      const column = (name) => tasks.map((task) => task[name]);
      const values = [plan, tasks.map(() => randomUUID()), ...['title', 'what', 'channel', 'priority'].map(column)];
      await client.query({ ...make, values });
      await client.query({ ...move, values: [plan] });
    }
    await client.query('commit');
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}

const worker = new Worker('phase1', phase1, {
  connection: new Redis(Number(REDIS_PORT), '127.0.0.1', { maxRetriesPerRequest: null }),
  concurrency: AT_ONCE,
});
worker.on('error', (error) => console.error(error));
await worker.waitUntilReady();
console.log('ready');
