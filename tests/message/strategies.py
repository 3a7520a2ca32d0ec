"""Messages for property tests: any text, text thick with the language's signs, and well-formed messages."""

from __future__ import annotations

from hypothesis import strategies as st

from generator.message.vocabulary import STATE_CONDITIONS, VARIABLES

_WORDS = [
    "{{", "}}", "{{{", "}}}", "{{{{", "}}}}", "{", "}", "#", "^", "/", "else", "is_alert", "is_match", "raw", "!",
    "!--", "--", '"', "'", "(", ")", "[", "]", ".", "@", "@slack-a", "@usr", "eval", "value", "host.name", " ",
    "\n", "x", ",", "-", "é",
]  # fmt: skip
broken = st.lists(st.sampled_from(_WORDS), max_size=30).map("".join)
any_text = st.one_of(st.text(max_size=60), broken)

_PLAIN = st.text(alphabet="ab @.-\n", max_size=8)
_TAGS = st.one_of(
    st.sampled_from([*VARIABLES, "host.name", "[kube.app].name", "@usr.id.name", "log.attributes.[a.b]"]).map(
        lambda name: f"{{{{{name}}}}}"
    ),
    st.sampled_from(
        [
            "{{ value }}", "{{{check_message}}}", '{{eval "round(value / 3, 2)"}}',
            "{{! note }}",
            "{{!-- {{value}} --}}",
            "{{local_time 'last_triggered_at' 'Asia/Tokyo'}}", "{{override_priority 'P1'}}", "@slack-{{team.name}}",
            "{{{{raw}}}} {{ x }} {{{{/raw}}}}", '{{{{is_match "a" "b"}}}}{{{{/is_match}}}}',
        ]
    ),
)  # fmt: skip
_OPENINGS = st.sampled_from([*STATE_CONDITIONS, 'is_match "host.name" "a" "b"', "is_priority 'P1'"])


def _block(sign: str, opening: str, body: str, otherwise: str | None) -> str:
    separated = "" if otherwise is None else "{{else}}" + otherwise
    return f"{{{{{sign}{opening}}}}}{body}{separated}{{{{/{opening.split(maxsplit=1)[0]}}}}}"


def _blocks(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(_block, st.sampled_from("#^"), _OPENINGS, inner, st.none() | inner)


well_formed = st.recursive(
    st.one_of(_PLAIN, _TAGS),
    lambda inner: st.one_of(_blocks(inner), st.lists(inner, max_size=4).map("".join)),
    max_leaves=12,
)
