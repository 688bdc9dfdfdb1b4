import asyncio
import datetime
from collections.abc import Awaitable

import pytest

from bot.llm.circuit import FAILURES, Circuit, Health, tried
from bot.llm.failure import PASSING, SAYS, ModelFailure, Reason

MODEL = "ollama:llama3.2"
SHORT = 0.01  # seconds of rest
OURS: tuple[Reason, ...] = ("spent", "silent", "refusing", "foreign", "unsupported")
ITS = tuple(reason for reason in SAYS if reason not in (*OURS, "resting"))


class Told(list[Health]):
    """What was heard of a circuit."""

    @property
    def states(self) -> list[str]:
        return [health.state for health in self]


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def circuit(told: Told) -> Circuit:
    """Whose rest is longer than any test."""
    return Circuit(MODEL, told.append)


@pytest.fixture
async def rested(told: Told) -> Circuit:
    """A model that failed as often as it may and was left alone long enough."""
    circuit = Circuit(MODEL, told.append, rest=SHORT)
    await fail_often(circuit)
    await asyncio.sleep(2 * SHORT)
    return circuit


async def succeed(circuit: Circuit) -> str:
    async with circuit.attempt():
        return "answered"


async def fail(circuit: Circuit, *reasons: Reason) -> None:
    for reason in reasons:
        with pytest.raises(ModelFailure) as failed:
            async with circuit.attempt():
                raise ModelFailure(reason)
        assert failed.value.reason == reason


async def fail_often(circuit: Circuit) -> None:
    """As often as it may."""
    for _ in range(FAILURES):
        await fail(circuit, "failing")


async def outcome(attempt: Awaitable[str]) -> str:
    try:
        return await attempt
    except ModelFailure as failure:
        return failure.reason


async def refused(circuit: Circuit) -> bool:
    """Whether the model is left alone."""
    return await outcome(succeed(circuit)) == "resting"


async def time_out(circuit: Circuit) -> None:
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0), circuit.attempt():
            await asyncio.sleep(60)


async def test_a_model_that_answers_is_asked_again_and_again(circuit: Circuit) -> None:
    assert [await succeed(circuit) for _ in range(10)] == ["answered"] * 10


async def test_after_three_failures_in_a_row_a_model_is_left_alone(circuit: Circuit) -> None:
    await fail(circuit, "failing", "slow")
    await succeed(circuit)
    await fail(circuit, "failing", "slow")
    assert not await refused(circuit)
    await fail(circuit, "failing", "slow", "unreachable")
    assert circuit.health.state == "resting"
    assert [await refused(circuit) for _ in range(5)] == [True] * 5


async def test_nothing_is_asked_of_a_model_that_is_left_alone(circuit: Circuit) -> None:
    await fail_often(circuit)
    asked = []
    with pytest.raises(ModelFailure, match="tried again soon"):
        async with circuit.attempt():
            asked.append("a question")
    assert asked == []


@pytest.mark.parametrize("reason", ITS)
async def test_every_fault_of_a_model_counts(circuit: Circuit, reason: Reason) -> None:
    await fail(circuit, *[reason] * FAILURES)
    assert await refused(circuit)
    assert circuit.health.reason == reason


@pytest.mark.parametrize("reason", OURS)
async def test_what_is_no_fault_of_the_model_does_not_count(circuit: Circuit, told: Told, reason: Reason) -> None:
    await fail(circuit, *[reason] * 2 * FAILURES)
    assert await succeed(circuit)
    assert told.states == ["working"]


async def test_money_that_is_spent_between_two_failures_does_not_excuse_them(circuit: Circuit) -> None:
    await fail(circuit, "failing", "failing", "spent", "failing")
    assert await refused(circuit), "the model has not answered in between"


async def test_whoever_no_longer_waits_is_no_fault_of_the_models(circuit: Circuit, told: Told) -> None:
    for _ in range(2 * FAILURES):
        await time_out(circuit)
    assert await succeed(circuit)
    assert told.states == ["working"]


async def test_an_attempt_that_is_cancelled_stays_cancelled(circuit: Circuit) -> None:
    entered = asyncio.Event()

    async def wait() -> None:
        async with circuit.attempt():
            entered.set()
            await asyncio.sleep(60)

    waiting = asyncio.create_task(wait())
    await entered.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert circuit.health.state == "untried"


async def test_failures_at_once_count_one_by_one(circuit: Circuit) -> None:
    together = asyncio.Barrier(FAILURES)

    async def failing() -> str:
        async with circuit.attempt():
            await together.wait()
            raise ModelFailure("failing")

    assert await asyncio.gather(*(outcome(failing()) for _ in range(FAILURES))) == ["failing"] * FAILURES
    assert await refused(circuit)


async def test_after_its_rest_a_model_is_tried_once_and_success_lets_everybody_in(rested: Circuit, told: Told) -> None:
    assert await succeed(rested) == "answered"
    assert rested.health.state == "working"
    assert [await succeed(rested) for _ in range(5)] == ["answered"] * 5
    await fail(rested, "failing", "failing")
    assert await succeed(rested) == "answered", "it counts anew"
    assert told.states == ["failing", "resting", "working", "failing", "working"]


async def many_at_once(circuit: Circuit) -> list[str]:
    """How twenty attempts end that nobody finishes before all have begun."""
    finish = asyncio.Event()

    async def slowly() -> str:
        async with circuit.attempt():
            await finish.wait()
            return "answered"

    attempts = [asyncio.create_task(outcome(slowly())) for _ in range(20)]
    await asyncio.sleep(SHORT)
    turned_away = [each for each in attempts if each.done()]
    finish.set()
    ended = await asyncio.gather(*attempts)
    assert [each.result() for each in turned_away] == ["resting"] * ended.count("resting"), "none waits for the one"
    return ended


async def test_after_its_rest_exactly_one_of_many_at_once_is_let_through(rested: Circuit) -> None:
    assert sorted(await many_at_once(rested)) == ["answered"] + ["resting"] * 19
    assert await many_at_once(rested) == ["answered"] * 20, "it has answered"


async def test_a_model_that_fails_again_after_its_rest_is_left_alone_at_once(told: Told) -> None:
    circuit = Circuit(MODEL, told.append, rest=0.3)
    await fail_often(circuit)
    await asyncio.sleep(0.35)
    await fail(circuit, "slow")
    assert await refused(circuit)
    assert (circuit.health.state, circuit.health.reason) == ("resting", "slow")
    assert "working" not in told.states


async def test_a_probe_that_runs_out_of_time_lets_another_try_later(rested: Circuit) -> None:
    await time_out(rested)
    await asyncio.sleep(2 * SHORT)
    assert await succeed(rested) == "answered"


async def test_a_probe_for_which_there_is_no_money_leaves_the_model_untried(rested: Circuit) -> None:
    await fail(rested, "spent")
    assert (await many_at_once(rested)).count("answered") <= 1, "it has not answered since it was left alone"


async def test_a_late_answer_from_before_does_not_end_the_rest(circuit: Circuit) -> None:
    begun, finish = asyncio.Event(), asyncio.Event()

    async def late() -> str:
        async with circuit.attempt():
            begun.set()
            await finish.wait()
            return "answered"

    answering = asyncio.create_task(late())
    await begun.wait()
    await fail_often(circuit)
    finish.set()
    assert await answering == "answered"
    assert (await refused(circuit)) == (circuit.health.state == "resting"), "its health is what it is treated by"


async def test_what_is_no_failure_of_a_model_falls_through(circuit: Circuit, told: Told) -> None:
    with pytest.raises(ZeroDivisionError):
        async with circuit.attempt():
            raise ZeroDivisionError
    assert told == []


async def test_nothing_is_known_of_a_model_that_was_not_asked(circuit: Circuit, told: Told) -> None:
    assert circuit.health == Health(model=MODEL)
    assert circuit.health.says == "has not been asked yet"
    assert told == []


async def test_every_change_of_health_or_of_its_reason_is_told_once(circuit: Circuit, told: Told) -> None:
    await succeed(circuit)
    await succeed(circuit)
    await fail(circuit, "slow", "slow")
    await succeed(circuit)
    await fail(circuit, "slow", "rate-limited", "unauthorised")
    await refused(circuit)
    assert told.states == ["working", "failing", "working", "failing", "failing", "resting"]
    assert [health.reason for health in told] == [None, "slow", None, "slow", "rate-limited", "unauthorised"]
    assert {health.model for health in told} == {MODEL}
    assert told[-1] == circuit.health


async def test_a_change_says_when_it_was(circuit: Circuit, told: Told) -> None:
    before = datetime.datetime.now(datetime.UTC)
    await fail(circuit, "slow")
    assert told[0].at
    assert before <= told[0].at <= datetime.datetime.now(datetime.UTC)


async def test_nobody_needs_to_listen() -> None:
    assert await succeed(Circuit(MODEL)) == "answered"


def test_health_is_said_in_words() -> None:
    at = datetime.datetime(2026, 5, 4, 12, 30, tzinfo=datetime.UTC)
    working = Health(model=MODEL, state="working", at=at)
    failing = Health(model=MODEL, state="failing", reason="unauthorised", at=at)
    resting = Health(model=MODEL, state="resting", reason="slow", at=at)
    assert working.says == "answers"
    assert failing.says == "failed: it does not accept our key (04 May 2026, 12:30 UTC)"
    assert resting.says == (
        "failed: it takes too long (04 May 2026, 12:30 UTC); it is left alone for 60 seconds at a time, "
        "and every answer is given without it"
    )


class Calls:
    """Fails as it is told to, call after call, and answers then."""

    def __init__(self, *ends: Exception) -> None:
        self._ends = list(ends)
        self.made = 0

    async def __call__(self) -> str:
        self.made += 1
        if self._ends:
            raise self._ends.pop(0)
        return "answered"


async def test_a_call_that_succeeds_is_made_once() -> None:
    calls = Calls()
    assert (await tried(calls), calls.made) == ("answered", 1)


@pytest.mark.parametrize("reason", sorted(PASSING))
async def test_what_may_pass_is_tried_a_second_time(reason: Reason) -> None:
    calls = Calls(ModelFailure(reason))
    assert (await tried(calls), calls.made) == ("answered", 2)


async def test_nothing_is_tried_a_third_time() -> None:
    calls = Calls(ModelFailure("rate-limited"), ModelFailure("unreachable"))
    with pytest.raises(ModelFailure) as failed:
        await tried(calls)
    assert (failed.value.reason, calls.made) == ("unreachable", 2)


@pytest.mark.parametrize("reason", sorted(SAYS.keys() - PASSING))
async def test_what_does_not_pass_is_not_tried_again(reason: Reason) -> None:
    calls = Calls(ModelFailure(reason))
    with pytest.raises(ModelFailure) as failed:
        await tried(calls)
    assert (failed.value.reason, calls.made) == (reason, 1)


async def test_what_is_no_failure_of_a_model_is_not_tried_again() -> None:
    calls = Calls(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        await tried(calls)
    assert calls.made == 1


def test_what_may_pass_is_named() -> None:
    assert {"rate-limited", "unreachable", "failing"} == PASSING
