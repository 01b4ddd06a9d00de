"""Reading formulas: trees, offsets, limits."""

from __future__ import annotations

import copy
import pickle

import pytest

from tongkao.scheme.expressions import (
    Binary,
    Call,
    Compare,
    ExpressionError,
    Logic,
    Name,
    Node,
    Number,
    Text,
    Unary,
    names_in,
    parse,
    walk,
)

A, B, C, D = Name("a"), Name("b"), Name("c"), Name("d")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("1", Number(1.0)),
        ("1.5", Number(1.5)),
        (".5", Number(0.5)),
        ("1e3", Number(1000.0)),
        ("2.5E-1", Number(0.25)),
        ('"north"', Text("north")),
        ('"一类（北）"', Text("一类（北）")),
        ('""', Text("")),
        ("a", A),
        ("人均_gdp2", Name("人均_gdp2")),
        ("地区\u3000+\u00a01", Binary(("+",), (Name("地区"), Number(1.0)))),
        ("a + b", Binary(("+",), (A, B))),
        ("a - b + c", Binary(("-", "+"), (A, B, C))),
        ("a / b * c", Binary(("/", "*"), (A, B, C))),
        ("a + b * c", Binary(("+",), (A, Binary(("*",), (B, C))))),
        ("a * b + c", Binary(("+",), (Binary(("*",), (A, B)), C))),
        ("(a + b) * c", Binary(("*",), (Binary(("+",), (A, B)), C))),
        ("(a + b) + c", Binary(("+",), (Binary(("+",), (A, B)), C))),
        ("a ** b ** c", Binary(("**",), (A, Binary(("**",), (B, C))))),
        ("-a ** b", Unary("-", Binary(("**",), (A, B)))),
        ("a ** -b ** c", Binary(("**",), (A, Unary("-", Binary(("**",), (B, C)))))),
        ("a ** -b * c", Binary(("*",), (Binary(("**",), (A, Unary("-", B))), C))),
        ("-a * b", Binary(("*",), (Unary("-", A), B))),
        ("a - -b", Binary(("-",), (A, Unary("-", B)))),
        ("+a", Unary("+", A)),
        ("a < b + 1", Compare("<", A, Binary(("+",), (B, Number(1.0))))),
        ("a!=b", Compare("!=", A, B)),
        ("a <- b", Compare("<", A, Unary("-", B))),
        ("(a < b) == (c < d)", Compare("==", Compare("<", A, B), Compare("<", C, D))),
        ("a and b and c or d", Logic("or", (Logic("and", (A, B, C)), D))),
        ("a or b and c", Logic("or", (A, Logic("and", (B, C))))),
        ("not a and b", Logic("and", (Unary("not", A), B))),
        ("not a < b", Unary("not", Compare("<", A, B))),
        ("not not a", Unary("not", Unary("not", A))),
        ("not(a or b)", Unary("not", Logic("or", (A, B)))),
        ("target()", Call("target", ())),
        ("if(a > 0, b, -c)", Call("if", (Compare(">", A, Number(0.0)), B, Unary("-", C)))),
        ("max (a, min(b, c) + 1)", Call("max", (A, Binary(("+",), (Call("min", (B, C)), Number(1.0)))))),
        ("max + max(a)", Binary(("+",), (Name("max"), Call("max", (A,))))),
        ("((a))", A),
        ("andes or nothing", Logic("or", (Name("andes"), Name("nothing")))),
    ],
)
def test_trees(text: str, tree: Node) -> None:
    assert parse(text).root == tree


def test_offsets_are_those_of_the_text_and_parentheses_belong_to_the_chain_around_them() -> None:
    text = " (a + b) * max( c,1 ) - -d"
    spans = {(type(node).__name__, text[node.start : node.end]) for node in walk(parse(text).root)}
    assert spans == {
        ("Binary", "(a + b) * max( c,1 ) - -d"),
        ("Binary", "(a + b) * max( c,1 )"),
        ("Binary", "a + b"),
        ("Name", "a"),
        ("Name", "b"),
        ("Call", "max( c,1 )"),
        ("Name", "c"),
        ("Number", "1"),
        ("Unary", "-d"),
        ("Name", "d"),
    }


def test_walking_goes_from_left_to_right() -> None:
    assert [node.name for node in walk(parse("a + f(b, c) < d and not e").root) if isinstance(node, Name)] == list("abcde")


def test_names_are_those_of_values() -> None:
    assert names_in(parse('max(gdp, prev(人口)) / gdp + if(class == "north", 1, target())')) == {"gdp", "人口", "class"}


def test_a_formula_is_known_by_its_text_and_survives_copying() -> None:
    expression = parse("a + b * c")
    assert expression == parse("a + b * c")
    assert hash(expression) == hash(parse("a + b * c"))
    assert expression != parse("a + (b * c)")
    for other in (copy.deepcopy(expression), pickle.loads(pickle.dumps(expression))):
        assert (other.text, other.root) == (expression.text, expression.root)


class TestLimits:
    @pytest.mark.parametrize(
        "text",
        [
            "(" * 200 + "a" + ")" * 200,
            "-" * 199 + "a",
            "not " * 199 + "a",
            "2**" * 199 + "2",
            "abs(" * 199 + "a" + ")" * 199,
        ],
    )
    def test_two_hundred_deep_is_allowed(self, text: str) -> None:
        expression = parse(text)
        assert pickle.loads(pickle.dumps(expression)) == expression
        assert repr(expression) == f"Expression(text={text!r})"

    @pytest.mark.parametrize(
        ("text", "offset"),
        [
            ("(" * 201 + "a" + ")" * 201, 200),
            ("(" * 10_000 + "a" + ")" * 10_000, 200),
            ("abs(" * 10_000, 800),
            ("-" * 10_000 + "a", 200),
            ("not " * 2_000 + "a", 800),
            ("2**" * 3_000 + "2", 601),
            ("1+2*(" * 1_000 + "a" + ")" * 1_000, 1004),
            ("if(a<1,2," * 1_000, 1800),
        ],
    )
    def test_deeper_is_an_error_at_the_place_where_it_goes_too_deep(self, text: str, offset: int) -> None:
        with pytest.raises(ExpressionError) as caught:
            parse(text)
        assert (caught.value.code, caught.value.offset) == ("expression.too_deep", offset)
        assert caught.value.fields == {"limit": 200, "position": offset + 1}

    def test_a_tree_of_small_groups_is_too_deep_where_its_nodes_are(self) -> None:
        # Each group adds a comparison, a sum and a product to the tree: 67 of them are more than 200 nodes deep.
        text = "1 < 2 + 3 * (" * 67 + "a" + ")" * 67
        with pytest.raises(ExpressionError) as caught:
            parse(text)
        assert (caught.value.code, caught.value.offset) == ("expression.too_deep", 6)

    def test_a_long_chain_is_flat(self) -> None:
        root = parse("+".join(["a"] * 2_000)).root
        assert root == Binary(("+",) * 1_999, (A,) * 2_000)
        assert parse(" or ".join(["a"] * 1_000)).root == Logic("or", (A,) * 1_000)

    def test_length(self) -> None:
        assert parse("a" * 10_000).root == Name("a" * 10_000)
        for text in ("a" * 10_001, "a+" * 6_000 + "a", '"' + "x" * 10_000 + '"', "a" + " " * 10_000 + "+ b", "1 + " * 10_000_000):
            with pytest.raises(ExpressionError) as caught:
                parse(text)
            assert (caught.value.code, caught.value.offset) == ("expression.too_long", 10_000)
            assert caught.value.fields == {"length": len(text), "limit": 10_000, "position": 10_001}
