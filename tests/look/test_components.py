"""Components and layouts: described, shown in the style guide, and sound as documents."""

from __future__ import annotations

import re

import html5lib
import pytest

from tests.look.rendering import STATIC, TEMPLATES, environment, page, style_guide

COMPONENTS = sorted((TEMPLATES / "components").glob("*.html"))
SAID = re.compile(r"\{# (.+) #\}$")
CLASS = re.compile(r"\.([a-z][\w-]*)")


def macros(text):
    return re.findall(r"\{%-? macro (\w+)\(([^\n]*?)\) -?%\}", text)


@pytest.fixture(scope="module")
def guide():
    return style_guide()


@pytest.fixture(scope="module")
def tree(guide):
    return html5lib.parse(guide, namespaceHTMLElements=False)


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_is_described_on_its_first_line(path):
    text = path.read_text()
    said = SAID.match(text.splitlines()[0])
    assert said
    inner = {name for name, _ in macros(text) if len(re.findall(rf"\b{name}\(", text)) > 1}
    for name, _ in macros(text):
        assert f"{name}(" in said[1] or name in inner, f"{name} is not described"


def test_every_component_is_in_the_style_guide():
    shown = environment().get_template("styleguide/index.html")
    sources = [(TEMPLATES / "styleguide/index.html").read_text()]
    sources += [path.read_text() for path in (TEMPLATES / "layout").glob("*.html")]
    text = "".join(sources)
    for path in COMPONENTS:
        assert f'"components/{path.name}"' in text, path.name
    assert shown


def test_the_style_guide_is_sound_html(guide):
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(guide)
    grave = [code for _, code, _ in parser.errors if "doctype" not in code]
    assert not grave, grave


def test_ids_are_unique_and_references_arrive(tree):
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    for element in tree.iter():
        for name in ("aria-labelledby", "aria-describedby", "aria-controls", "for"):
            for target in (element.get(name) or "").split():
                assert target in ids, f"{name} names {target}"


def test_every_control_has_a_name(tree):
    labelled = {label.get("for") for label in tree.iter("label")}
    inside = {control for label in tree.iter("label") for control in label.iter("input")}
    for kind in ("input", "select", "textarea"):
        for control in tree.iter(kind):
            named = control.get("aria-label") or control.get("id") in labelled
            assert named or control in inside or control.get("type") == "hidden"


def test_a_page_has_one_heading_and_a_title_that_ends_with_the_product(tree):
    assert len(list(tree.iter("h1"))) == 1
    assert next(tree.iter("title")).text.endswith("· Northpeak Partner hub")


def test_a_page_holds_no_inline_style_and_no_handler(tree):
    for element in tree.iter():
        assert not [name for name in element.attrib if name == "style" or name.startswith("on")]


def test_every_form_that_posts_carries_its_token(tree):
    for form in tree.iter("form"):
        if form.get("method") == "post":
            assert [field for field in form.iter("input") if field.get("name") == "csrf_token"]


def test_every_class_on_the_page_is_styled(tree):
    styled = set(CLASS.findall("".join(p.read_text() for p in (STATIC / "css").rglob("*.css"))))
    used = {
        name
        for element in tree.iter()
        if isinstance(element.tag, str)
        for name in (element.get("class") or "").split()
    }
    plain = {name for name in used - styled if not re.search(r"--|__|^is-", name)}
    assert plain <= {"answers", "file-list", "more", "page"}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_stands_in_the_first_tag(theme):
    head = style_guide(theme=theme)[:200]
    assert f'<html lang="en" data-theme="{theme}">' in head


def test_text_from_outside_is_escaped():
    name = "<b>x</b>"
    shown = style_guide(viewer_name=name)
    assert name not in shown
    assert "&lt;b&gt;x&lt;/b&gt;" in shown


def test_an_error_page_says_what_happened_what_to_do_and_a_number_to_quote():
    drawn = (
        environment()
        .get_template("errors/error.html")
        .render(
            page=page(),
            status=409,
            title="It changed in the meantime",
            message="Mara Lind decided this at 14:02.",
            advice="Open it again to see what it is now.",
            reference="ER-7K3Q9ABCX",
        )
    )
    for words in ("It changed in the meantime", "decided this", "Open it again", "ER-7K3Q9ABCX"):
        assert words in drawn


@pytest.mark.parametrize(("beside", "columns"), [("", 0), ("<aside>side</aside>", 1)])
def test_a_record_has_a_second_column_only_when_something_stands_beside_it(beside, columns):
    source = (
        '{% extends "layout/record.html" %}{% block record %}<p>body</p>{% endblock %}'
        f"{{% block beside %}}{beside}{{% endblock %}}"
    )
    drawn = environment().from_string(source).render(page=page(), heading_text="Deal")
    assert drawn.count("<p>body</p>") == 1
    assert drawn.count("with-aside") == columns


def test_a_list_opens_its_panel_when_it_is_told_to():
    source = '{% extends "layout/list.html" %}{% block open %}<h2>Deal</h2>{% endblock %}'
    template = environment().from_string(source)
    closed = template.render(page=page(), heading_text="Deals")
    opened = template.render(page=page(), heading_text="Deals", opened=True)
    assert "main--split is-open" in opened
    assert "<h2>Deal</h2>" in opened
    assert "is-open" not in closed
    assert "<h2>Deal</h2>" not in closed


@pytest.mark.parametrize("layout", ["layout/email.html", "layout/email.txt"])
def test_a_mail_names_its_sender_and_says_why_it_came(layout):
    source = (
        f'{{% extends "{layout}" %}}{{% block subject %}}Approved{{% endblock %}}'
        "{% block content %}Protected to 22 Feb 2027.{% endblock %}"
        "{% block reason %}You registered this deal.{% endblock %}"
    )
    brand = {"name": "Northpeak", "subtitle": "Partner hub"}
    drawn = environment().from_string(source).render(brand=brand, manage_url="https://p.example/me")
    for words in ("Northpeak Partner hub", "22 Feb 2027", "You registered", "https://p.example/me"):
        assert words in drawn
