"""A child process: started, ready, ended politely, killed, and explained when it dies."""

import os

import pytest

from sandbox.bot_process import BotProcess

SERVER = """
import http.server, os, signal, sys
class Handler(http.server.BaseHTTPRequestHandler):
    count = 0
    def do_GET(self):
        Handler.count += 1
        ready = self.path == "/readyz" and Handler.count > 2
        self.send_response(200 if ready else 503)
        self.end_headers()
    def log_message(self, *args):
        pass
signal.signal(signal.SIGTERM, lambda *args: sys.exit(7))
print("greeting", os.environ["GREETING"], "home" in os.environ, flush=True)
http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"""


@pytest.fixture
async def process(tmp_path, unused_tcp_port):
    """A small server as child process, which is not ready at once."""
    environment = {"GREETING": "hello", "PORT": str(unused_tcp_port), "PATH": os.environ["PATH"]}
    child = BotProcess(environment, tmp_path / "bot.log", ["-c", SERVER])
    child.url = f"http://127.0.0.1:{unused_tcp_port}"
    yield child
    if child.running:
        await child.kill()


async def test_ready_then_terminated(process):
    """ready() waits for 200, the environment is the given one, and SIGTERM's exit code is returned."""
    process.start()
    await process.ready(process.url)
    assert process.running and process.tail() == "greeting hello False"
    assert await process.terminate() == 7
    assert not process.running and process.exit_code == 7


async def test_killed_and_started_again(process):
    """SIGKILL ends it at once; it can be started again and the log goes on."""
    process.start()
    await process.ready(process.url)
    assert await process.kill() == -9
    process.start()
    await process.ready(f"{process.url}/readyz")
    assert process.tail().count("greeting") == 2


async def test_a_child_that_dies_is_explained(tmp_path):
    """ready() fails at once with the exit code and the end of the log."""
    child = BotProcess({}, tmp_path / "log", ["-c", "raise SystemExit('no token')"])
    child.start()
    with pytest.raises(RuntimeError, match=r"ended with 1:\nno token"):
        await child.ready("http://127.0.0.1:9")
    assert await child.ended() == 1


async def test_a_child_that_never_gets_ready_is_explained(process):
    """ready() gives up after its time with the end of the log."""
    process.start()
    with pytest.raises(RuntimeError, match="not ready after 0"):
        await process.ready("http://127.0.0.1:9", timeout=0)


async def test_starting_twice_is_a_mistake(process):
    """A running process is not started again, and one that never ran cannot be ended."""
    with pytest.raises(RuntimeError, match="never started"):
        await process.kill()
    process.start()
    with pytest.raises(RuntimeError, match="running already"):
        process.start()
