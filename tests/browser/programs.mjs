// Programs that a test starts, and that must not outlive it.
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';

// Told to end, we leave by the exit event, at which what was started is ended.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));

/** Starts a program in a process group of its own, so that what it starts ends with it, whichever way we end:
 *  { child, ended: a promise, stop() }. The folder `home` goes with it. */
export function startProgram(command, args, options, home = '') {
    const child = spawn(command, args, { ...options, detached: true });
    const group = (signal) => {
        try {
            if (child.pid) process.kill(-child.pid, signal);
        } catch {
            // It has ended.
        }
    };
    const kill = () => group('SIGKILL');
    const removeHome = () => home && rmSync(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    const leave = () => {
        kill();
        removeHome();
    };
    process.on('exit', leave);
    const ended = new Promise((resolve) => {
        child.on('exit', resolve);
        child.on('error', resolve);
    });
    return {
        child, ended,
        async stop() {
            group('SIGTERM');
            const timer = setTimeout(kill, 3000);
            await ended;
            clearTimeout(timer);
            leave();
            process.off('exit', leave);
        },
    };
}
