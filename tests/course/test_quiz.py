from __future__ import annotations

import pytest

from golifelab.course.progress import progress
from golifelab.course.quiz import parse_quizzes, quiz, quiz_html, quizzes
from golifelab.errors import GolifelabError, ParseError


def test_answers_are_judged_and_noted():
    one = quiz("whole-life")
    for number, question in enumerate(one.questions, 1):
        for index, choice in enumerate(question.choices, 1):
            reply = one.answer(number, index)
            assert ("right" in reply.split(":")[0]) == choice.right
            assert choice.reply in reply
    marks = progress().record["quizzes"]
    assert len(marks) == len(one.questions)


def test_every_question_has_choices_and_replies():
    for one in quizzes().values():
        assert one.title
        for question in one.questions:
            assert len(question.choices) >= 2
            assert all(choice.text and choice.reply for choice in question.choices)
            # The right answer is not always in the same place.
        places = {
            [choice.right for choice in question.choices].index(True) for question in one.questions
        }
        assert len(places) > 1


def test_numbers_out_of_range_are_refused_kindly():
    with pytest.raises(GolifelabError, match="questions 1 to"):
        quiz("whole-life").answer(0, 1)
    with pytest.raises(GolifelabError, match="answers 1 to"):
        quiz("whole-life").answer(1, 9)
    with pytest.raises(GolifelabError, match="whole-life"):
        quiz("nothing")


def test_the_static_form_holds_every_reply_escaped():
    text = b"""
q:
  title: <b>t</b>
  questions:
    - ask: <script>
      choices:
        - {answer: <i>, reply: <u>, right: true}
        - {answer: two, reply: no}
"""
    html = quiz_html(parse_quizzes(text)["q"])
    for word in ("<script", "<i>", "<u>", "<b>t"):
        assert word not in html
    assert html.count("<details>") == 2


@pytest.mark.parametrize(
    "text",
    [b"", b"3", b"q: 1", b"q: {title: t}", b"q: {title: t, questions: [{ask: a, choices: []}]}"],
)
def test_a_malformed_quiz_is_a_parse_error(text):
    with pytest.raises(ParseError):
        parse_quizzes(text)
