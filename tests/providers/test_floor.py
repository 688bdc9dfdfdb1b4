"""Whatever a language model does, whoever asks gets a useful, cited answer, and is told what became of the model.

Each with the four providers' own clients at once.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence

import pytest
import pytest_asyncio
from langchain_core.language_models import BaseChatModel

from bot.budget import Asker
from bot.debate import Speech
from bot.debater import utc
from bot.delegate import Delegate
from bot.evaluation.attacks import Unlimited
from bot.llm.chat import Chat
from bot.llm.circuit import FAILURES as IN_A_ROW
from bot.llm.circuit import Circuit
from bot.speechwriter import Speechwriter
from knowledge.library import Library
from tests.outages import FAILURES, FAITHFUL, QUESTION, SEAT, Failure, claim, said, sketch
from tests.providers.clients import models
from tests.providers.dialect import Asked
from tests.providers.replies import Drops, Empty, Json, Refuses, Reply, Says, Slow, Status
from tests.providers.server import Providers

pytestmark = pytest.mark.asyncio(loop_scope="module")  # clients are built slowly, and belong to a loop

PATIENCE, IMPATIENCE = 20.0, 0.5  # seconds that a model has; of the first, no failure that shows takes any
LIE = claim("France supports a NATO office in Tokyo.")
BESIDE = claim(
    "It was reported in June 2023 that France's President Macron opposed a NATO office in Tokyo and had called it a "
    "big mistake to widen NATO's scope and geography.",
    (4,),
    "Macron opposed a NATO office in Tokyo",
)
MENDABLE: dict[str, tuple[Json, str]] = {  # and what is said of it
    "a number": (sketch(claim("France opposed a NATO liaison office in Tokyo in 2031.")), "does not print “2031”"),
    "a word": (sketch(LIE), "nothing in the passage means “supports”"),
    "a passage": (sketch(claim(FAITHFUL, (99,))), "there is no such passage"),
    "a quote": (sketch(claim(FAITHFUL, quote="France will never agree")), "quoted do not stand in the passage"),
    "no words": (sketch(claim("")), "it has 0 words"),
    "a stance": (sketch(claim(FAITHFUL), stance="for"), "The draft is for, France is against"),
}
PERSON, SERVER = 123456789012345678, 876543210987654321


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hosts() -> AsyncIterator[Providers]:
    """Providers that are there for all the tests here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_PROXY", "127.0.0.1")
        server = Providers()
        await server.start()
        yield server
        await server.clients.aclose()
        await server.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def clients(hosts: Providers) -> Mapping[str, BaseChatModel]:
    return {name: build() for name, build in models(hosts, PATIENCE).items()}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def floor(library: Library) -> Speech:
    """The answer where there is no model."""
    return await Delegate(library).answer(QUESTION, library.record.delegations[SEAT])


@pytest.fixture
def providers(hosts: Providers) -> Providers:
    """As if they had not been asked yet."""
    hosts.asked.clear()
    return hosts


@pytest.fixture
def chats(clients: Mapping[str, BaseChatModel]) -> Sequence[Chat]:
    return [Chat(model, f"{name}:model") for name, model in clients.items()]


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
async def test_whatever_the_model_does_the_answer_is_there_and_says_that_it_was_given_without(
    delegate: Delegate, floor: Speech, providers: Providers, chats: Sequence[Chat], failure: Failure
) -> None:
    if failure.reply is None:
        await providers.stop()
    else:
        providers.replies(failure.reply)
    seconds = IMPATIENCE if isinstance(failure.reply, Slow) else PATIENCE
    speeches = await answers(delegate, chats, seconds)
    if failure.reply is None:
        await providers.start()
    for speech in speeches:
        assert speech.drafter == "extractive"
        assert speech.remark == f"Given without the language model: {failure.says}."
        assert speech.model_copy(update={"remark": ""}) == floor


async def test_what_stands_in_for_a_model_is_a_useful_answer(floor: Speech) -> None:
    assert floor.answered
    assert floor.remark == ""
    assert is_cited_word_for_word(floor)
    assert [claim.voice for claim in floor.claims] == ["newer", "earlier", "own"]


async def test_a_faithful_model_puts_the_answer_into_its_own_words(
    delegate: Delegate, floor: Speech, providers: Providers, chats: Sequence[Chat]
) -> None:
    providers.replies(Says(sketch(claim(FAITHFUL))))
    for chat, speech in zip(chats, await answers(delegate, chats), strict=True):
        assert (speech.drafter, speech.remark, speech.notices) == (chat.name, "", ())
        assert worded(speech) == [FAITHFUL]
        assert is_cited_word_for_word(speech)
        assert speech.opening == floor.opening
    assert len(providers.asked) == len(chats)


async def test_what_a_model_words_is_cited_in_all_the_words_that_the_record_has_for_it(
    delegate: Delegate, floor: Speech, providers: Providers, chats: Sequence[Chat]
) -> None:
    providers.replies(Says(sketch(claim(FAITHFUL))))
    for speech in await answers(delegate, chats):
        assert speech.citations == floor.citations


async def test_what_later_events_overtook_is_told_as_that_whatever_the_model_leaves_out(
    delegate: Delegate, floor: Speech, providers: Providers, chats: Sequence[Chat]
) -> None:
    for chosen in (claim(FAITHFUL), BESIDE):
        providers.replies(Says(sketch(chosen)))
        for speech in await answers(delegate, chats):
            assert worded(speech) == [chosen["text"]]
            assert [claim.voice for claim in speech.claims][:2] == ["newer", "earlier"]
            assert speech.claims[0].text == floor.claims[0].text


async def test_what_a_model_says_in_the_words_of_the_record_is_not_called_its_own(
    delegate: Delegate, floor: Speech, providers: Providers, chats: Sequence[Chat]
) -> None:
    providers.replies(Says(sketch(claim(floor.claims[1].text))))
    assert await answers(delegate, chats) == [floor] * len(chats)


async def test_what_is_good_of_an_answer_is_kept(
    delegate: Delegate, providers: Providers, chats: Sequence[Chat]
) -> None:
    providers.replies(Says(sketch(LIE, claim(FAITHFUL), claim(FAITHFUL, (99,)))))
    for chat, speech in zip(chats, await answers(delegate, chats), strict=True):
        assert (speech.drafter, speech.remark) == (chat.name, "")
        assert worded(speech) == [FAITHFUL]
        assert is_cited_word_for_word(speech)


@pytest.mark.parametrize(("spoilt", "says"), MENDABLE.values(), ids=MENDABLE)
async def test_a_model_may_mend_what_fails_and_is_told_precisely_what_that_is(
    delegate: Delegate, providers: Providers, chats: Sequence[Chat], spoilt: Json, says: str
) -> None:
    providers.answers(first_then(Says(spoilt), Says(sketch(claim(FAITHFUL)))))
    for speech in await answers(delegate, chats):
        assert (worded(speech), speech.remark) == ([FAITHFUL], "")
    prompts = [prompted(asked) for asked in providers.asked if is_mending(asked)]
    assert len(prompts) == len(chats)
    for prompt in prompts:
        assert says in prompt
        assert spoilt["stance"] == "for" or spoilt["claims"][0]["text"] in prompt


@pytest.mark.parametrize("spoilt", ["a word", "a stance"])
async def test_nothing_is_mended_twice(
    delegate: Delegate, floor: Speech, providers: Providers, chats: Sequence[Chat], spoilt: str
) -> None:
    providers.replies(Says(MENDABLE[spoilt][0]))
    for speech in await answers(delegate, chats):
        assert speech.claims == floor.claims
    assert [is_mending(asked) for asked in sorted(providers.asked, key=is_mending)] == [False] * 4 + [True] * 4


async def test_nothing_is_mended_where_nothing_is_wrong(
    delegate: Delegate, providers: Providers, chats: Sequence[Chat]
) -> None:
    for good in (sketch(claim(FAITHFUL)), sketch()):
        providers.replies(Says(good))
        await answers(delegate, chats)
    assert not any(map(is_mending, providers.asked))
    assert len(providers.asked) == 2 * len(chats)


@pytest.mark.parametrize("second", [Drops(), Status(401), Refuses(), Empty(), Slow(60)], ids=repr)
async def test_what_was_good_before_a_mending_that_fails_is_kept(
    delegate: Delegate, providers: Providers, chats: Sequence[Chat], second: Reply
) -> None:
    providers.answers(first_then(Says(sketch(claim(FAITHFUL), LIE)), second))
    for speech in await answers(delegate, chats, 2.0 if isinstance(second, Slow) else PATIENCE):
        assert (worded(speech), speech.remark) == ([FAITHFUL], "")


async def test_a_mending_that_fails_is_told_where_nothing_was_good(
    delegate: Delegate, floor: Speech, providers: Providers, chats: Sequence[Chat]
) -> None:
    providers.answers(first_then(Says(sketch(LIE)), Status(401)))
    for speech in await answers(delegate, chats):
        assert speech.claims == floor.claims
        assert speech.remark == "Given without the language model: it does not accept our key."


async def test_what_the_record_does_not_answer_is_said(
    delegate: Delegate, providers: Providers, chats: Sequence[Chat]
) -> None:
    """In our words: the model's are not shown."""
    providers.replies(Says(sketch(claim(FAITHFUL), unanswered="What it would cost <@1>, and who pays.")))
    for speech in await answers(delegate, chats):
        assert speech.notices == ("Not everything that was asked is answered by the record.",)
        assert "who pays" not in speech.model_dump_json()


async def test_a_model_that_keeps_failing_is_left_alone(
    delegate: Delegate, floor: Speech, providers: Providers, chats: Sequence[Chat]
) -> None:
    providers.replies(Empty())
    for chat in chats:
        writer, seat = Speechwriter(chat, Circuit(chat.name), Unlimited(), utc), delegate.record.delegations[SEAT]
        speeches = [await delegate.written_by(writer).answer(QUESTION, seat) for _ in range(IN_A_ROW + 1)]
        assert all(speech.claims == floor.claims for speech in speeches)
        assert "its answer could not be read" in speeches[-2].remark
        assert "it has failed several times and is tried again soon" in speeches[-1].remark
    assert len(providers.asked) == IN_A_ROW * len(chats)


async def test_nobody_who_asks_is_told_of_to_a_provider(
    delegate: Delegate, providers: Providers, chats: Sequence[Chat]
) -> None:
    """Neither who they are nor whom they speak of; when the model reads a question, words an answer, or mends it."""
    question = f"And what do <@{PERSON}>, <@!{PERSON}> and <@&{PERSON}> say of Tokyo?"
    lines = (f"In <#{PERSON}> <@{PERSON}> asked for Osaka.", QUESTION)
    providers.answers(first_then(Says({**sketch(LIE), "question": QUESTION}), Says(sketch(LIE))))
    for chat in chats:
        writer, seat = Speechwriter(chat, Circuit(chat.name), Unlimited(), utc), delegate.record.delegations[SEAT]
        asker = Asker(user=PERSON, server=SERVER)
        await delegate.written_by(writer).answer(question, seat, asker=asker, said=lines)
        await delegate.written_by(writer).answer("Why is that?", seat, asker=asker, said=lines)
    assert any(map(is_mending, providers.asked))
    assert sum("is searched in English" in prompted(asked) for asked in providers.asked) >= len(chats)
    for asked in providers.asked:
        sent = json.dumps([asked.path, dict(asked.headers), asked.body])
        assert "asked for Osaka" in sent
        assert str(PERSON) not in sent
        assert str(SERVER) not in sent
        assert not {"user", "metadata", "safety_identifier", "prompt_cache_key"} & asked.body.keys()


async def answers(delegate: Delegate, chats: Sequence[Chat], seconds: float = PATIENCE) -> list[Speech]:
    """With each of them, at once."""
    return await asyncio.gather(*(said(delegate, chat, seconds) for chat in chats))


def first_then(first: Reply, mended: Reply) -> Callable[[Asked], Reply]:
    return lambda asked: mended if is_mending(asked) else first


def is_mending(asked: Asked) -> bool:
    """Whether a model is shown an answer of its own."""
    return any(message["role"] == "assistant" for message in asked.body["messages"])


def prompted(asked: Asked) -> str:
    """The last that a model was told."""
    content = asked.body["messages"][-1]["content"]
    return content if isinstance(content, str) else "".join(part["text"] for part in content)


def worded(speech: Speech) -> list[str]:
    """The claims in a model's words."""
    return [claim.text for claim in speech.claims if claim.checked == "worded"]


def is_cited_word_for_word(speech: Speech) -> bool:
    cited = [citation for claim in speech.claims for citation in claim.citations]
    return all(claim.citations for claim in speech.claims) and all(c.quote in c.passage.text for c in cited)
