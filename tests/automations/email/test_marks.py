"""Tags in HTML: set aside, cleaned around, and put back where each of them stood."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from automations.email import cleaning, marks, plain


def cleaned(written: str) -> marks.Marked:
    return cleaning.clean(marks.set_aside(written))


@pytest.mark.parametrize(
    ("written", "template"),
    [
        ("<p>Hi {{ contact.first_name }}</p>", "<p>Hi {{ contact.first_name }}</p>"),
        # what a tag says is escaped as values are, but what it compares with stays
        ("{{ a | default: '&lt;b&gt;' }}", "{{ a | default: '&lt;b&gt;' }}"),
        ("{% if a == 'x&amp;y' %}1{% endif %}", "{% if a == 'x&y' %}1{% endif %}"),
        # a value within an address is a part of it, one that is the address stays whole
        (
            '<a href="https://x.example/?n={{ a }}&amp;m=1">x</a>',
            '<a href="{% link %}https://x.example/?n={{ a | url_part }}&amp;m=1{% endlink %}">x</a>',
        ),
        ('<a href="{{ a }}">x</a>', '<a href="{% link %}{{ a }}{% endlink %}">x</a>'),
        (
            '<img src="https://x.example/{{ a }}.png">',
            '<img src="{% source %}https://x.example/{{ a | url_part }}.png{% endsource %}">',
        ),
        # between the rows of a table nothing is moved out of it
        (
            "<table><tbody>{% for i in a %}<tr><td>{{ i }}</td></tr>{% endfor %}</tbody></table>",
            "<table><tbody>{% for i in a %}<tr><td>{{ i }}</td></tr>{% endfor %}</tbody></table>",
        ),
    ],
)  # fmt: skip
def test_tags_stand_where_they_stood(written: str, template: str) -> None:
    assert marks.put_back_in_html(cleaned(written)) == template


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("<p onclick='x()'>a<script>alert(1)</script></p>", "<p>a</p>"),
        ('<a href="javascript:alert(1)">a</a>', "<a>a</a>"),
        ('<a href=" JaVaScRiPt:alert(1)">a</a>', "<a>a</a>"),
        ('<img src="data:text/html;base64,x" onerror="x">', "<img>"),
        ("<iframe src='https://x.example'></iframe><form><input></form>b", "b"),
        ("<p>a<p>b", "<p>a</p><p>b</p>"),
        ("<b><i>a</b></i>", "<b><i>a</i></b>"),
        ("a<!-- [if mso]> x <![endif] -->b", "ab"),
        ("<svg><style><img src=x onerror=alert(1)></style></svg>c", '<img src="x">c'),
    ],
)
def test_what_can_run_or_escape_is_taken_out(written: str, kept: str) -> None:
    assert cleaned(written).html == kept


def test_style_sheets_are_taken_out_without_what_they_load() -> None:
    body, sheets = cleaning.styles_of("<style>@import 'x.css'; p { color: red; background: url(//x) }</style><p>a</p>")
    assert (body, sheets) == ("<p>a</p>", "p { color: red; background:  }")


def test_a_tag_where_none_can_stand_is_named() -> None:
    assert marks.lost(cleaned("<p {{ contact.email }}>a</p>")) == ["{{ contact.email }}"]
    assert marks.lost(cleaned("<p>{{ contact.email }}</p>")) == []


PIECES = st.lists(
    st.one_of(
        st.text(st.characters(codec="utf-8", exclude_characters="\0\r{}%<>")).map(html.escape),
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<b>",
                "</b>",
                "<table><tr><td>",
                "</table>",
                "<br>",
                "<a href='https://x.example/{{ b }}'>",
            ]
        ),
        st.sampled_from(["{{ a }}", "{% if a %}", "{% endif %}", "{{ a | default: &quot;x&quot; }}"]),
    )
).map("".join)


@given(PIECES)
def test_what_is_clean_stays_as_it_is(written: str) -> None:
    once = marks.put_back(cleaned(written))
    assert marks.put_back(cleaned(once)) == once


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("<h1>Hi</h1><p>One<br>two</p><p>three</p>", "Hi\n\nOne\ntwo\n\nthree"),
        ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "- a\n- b\n  - c"),
        ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
        ('<a href="https://x.example/?a=1&amp;b=2">Pay</a>', "Pay ({% link %}https://x.example/?a=1&b=2{% endlink %})"),
        ('<a href="mailto:a@b.example">Write</a>', "Write (a@b.example)"),
        ('<a href="https://x.example">https://x.example</a>', "https://x.example"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ('<p>{{ a }} &lt; 5 <img src="https://x.example/a.png" alt="Logo"></p>', "{{ a }} < 5 Logo"),
        ("<p>a</p><p></p><p></p><p>b</p>", "a\n\nb"),
    ],
)
def test_the_plain_text_says_what_there_is_to_read(written: str, text: str) -> None:
    marked = cleaned(written)
    assert marks.put_back_in_text(plain.text_of(marked.html), marked.tags) == text


def test_a_text_becomes_paragraphs_and_is_the_same_again() -> None:
    text = "Hello {{ a }},\n\none <two>\nthree"
    body = plain.html_of(text)
    assert body == "<p>Hello {{ a }},</p><p>one &lt;two&gt;<br>three</p>"
    marked = cleaned(body)
    assert marks.put_back_in_text(plain.text_of(marked.html), marked.tags) == text
