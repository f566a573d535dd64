"""`make run`: from whatever is there to a running system with its demonstration."""

from concurrent.futures import ThreadPoolExecutor

from ops import account, environment, frontend, logs, messages, packages, venv, web
from ops.places import CHECKOUT
from ops.say import Failure, doing, say
from ops.stack import Stack
from ops.stamps import Stamp


def run(port: int) -> None:
    """Start everything and stay until it is told to stop."""
    packages.ensure(packages.FOR_RUN)
    with Stack("run", port=port) as stack:
        if other := stack.held_by():
            say(f"Tessera is already running at http://localhost:{other[-1]} (make stop stops it).")
            return
        web.check_port(port)
        venv.create()
        with ThreadPoolExecutor() as pool:
            site = pool.submit(frontend.build)
            venv.install("run")
            messages.compile_all(stack.environment())
            _start_servers(stack)
            site.result()
        accounts = _open(stack)
        say()
        say(f"Tessera is running at http://localhost:{port}")
        say(accounts.rstrip())
        say("Ctrl-C stops it. Your data stays.")
        say()
        _stay(stack)


def _start_servers(stack: Stack) -> None:
    stack.application = account.for_application(stack.servers, venv.PYTHON, CHECKOUT)
    if stack.servers.switch and not stack.application.switch:
        say("The web server runs as root here, as other users cannot enter this directory.")
    programs = web.programs(stack.places, stack.application, stack.port)
    with doing("Starting the database and the broker"):
        stack.start(*programs, env=stack.environment() | environment.DEMONSTRATION)


def _open(stack: Stack) -> str:
    """Bring all up to date, load the demonstration, open; returns the list of accounts.

    Collecting (and compressing) static files takes as long as all else; it is seldom needed.
    """
    env = stack.environment() | environment.DEMONSTRATION
    owner = stack.environment("tessera_owner") | environment.DEMONSTRATION
    with ThreadPoolExecutor() as pool:
        static = pool.submit(_collect_static, stack)
        with doing("Bringing the tables up to date"):
            commands = ("migrate --noinput -v 0", "grant_application_role")
            stack.manage(*commands, env=owner, what="Bringing the tables up to date")
        with doing("Loading the demonstration and starting Tessera"):
            commands = ("load_demo", "demo_accounts")
            demonstration = pool.submit(
                stack.manage, *commands, env=env, what="Loading the demonstration"
            )
            static.result()
            stack.supervisor.start_application()
            accounts = demonstration.result()
            web.wait(stack.port, stack.supervisor)
    return accounts


def _collect_static(stack: Stack) -> None:
    sources = [CHECKOUT / "static", CHECKOUT / "requirements" / "run.txt"]
    stamp = Stamp("static", inputs=sources, home=stack.places.data)
    if stamp.is_current():
        return
    env = stack.environment() | environment.DEMONSTRATION
    stack.manage("collectstatic --noinput -v 0", env=env, what="Collecting the static files")
    stamp.set()


def _stay(stack: Stack) -> None:
    process = stack.supervisor.process
    if process is None:
        return
    names = ["web", "worker", "beat", "postgres", "redis", "supervisor"]
    logs.follow(stack.places.logs, names, process)
    raise Failure("The supervisor ended. Everything has been stopped; make run starts it again.")
