from __future__ import annotations

from generator.message.handles import handles
from generator.message.writing import When, only_when, with_handles


def test_a_text_for_several_states_is_repeated() -> None:
    assert only_when(("is_alert", "is_no_data"), "x") == "{{#is_alert}}x{{/is_alert}}\n{{#is_no_data}}x{{/is_no_data}}"


def test_notify_receives_every_state() -> None:
    assert with_handles("Slow.", notify=["@slack-a", "@slack-b"]) == "Slow.\n\n@slack-a @slack-b"


def test_urgent_receives_alerts_only() -> None:
    message = with_handles("Slow.", notify=["@slack-a"], urgent=["@pagerduty-b"])

    assert message == "Slow.\n\n{{#is_alert}} @pagerduty-b {{/is_alert}}\n@slack-a"


def test_notify_stays_inside_the_states_of_the_kind() -> None:
    message = with_handles("Failed.", notify=["@slack-a"], urgent=["@pagerduty-b"], when=When(("is_alert",)))

    assert message == "Failed.\n\n{{#is_alert}} @slack-a @pagerduty-b {{/is_alert}}"


def test_urgent_is_left_out_of_states_that_are_no_alert() -> None:
    message = with_handles("", notify=["@slack-a"], urgent=["@pagerduty-b"], when=When(("is_alert", "is_no_data")))

    assert message == ("{{#is_alert}} @slack-a @pagerduty-b {{/is_alert}}\n{{#is_no_data}} @slack-a {{/is_no_data}}")


def test_urgent_receives_alerts_even_where_the_kind_notifies_no_alert() -> None:
    message = with_handles("", notify=["@slack-a"], urgent=["@pagerduty-b"], when=When(("is_no_data",)))

    assert message == "{{#is_alert}} @pagerduty-b {{/is_alert}}\n{{#is_no_data}} @slack-a {{/is_no_data}}"


def test_urgent_receives_the_states_that_the_kind_finds_urgent() -> None:
    late = ("is_alert", "is_no_data")
    message = with_handles("", notify=["@slack-a"], urgent=["@pagerduty-b"], when=When(late, late))

    assert message == (
        "{{#is_alert}} @slack-a @pagerduty-b {{/is_alert}}\n{{#is_no_data}} @slack-a @pagerduty-b {{/is_no_data}}"
    )


def test_urgent_is_not_called_by_a_kind_that_only_warns() -> None:
    message = with_handles("", notify=["@slack-a"], urgent=["@pagerduty-b"], when=When(("is_warning",), ()))

    assert message == "{{#is_warning}} @slack-a {{/is_warning}}"


def test_a_handle_that_is_notified_anyway_is_not_repeated_for_alerts() -> None:
    assert with_handles("", notify=["@slack-a"], urgent=["@slack-a"]) == "@slack-a"


def test_a_runbook_stands_below_the_text() -> None:
    message = with_handles("Slow.\n", notify=["@slack-a"], runbook="https://wiki.example.com/x")

    assert message == "Slow.\n\nRunbook: https://wiki.example.com/x\n\n@slack-a"


def test_a_runbook_that_the_text_names_is_not_repeated() -> None:
    assert with_handles("See https://w.example.com/x.", runbook="https://w.example.com/x").count("https") == 1


def test_a_message_without_text_runbook_and_handles_is_empty() -> None:
    assert with_handles("") == ""


def test_every_handle_that_is_written_is_found_again() -> None:
    message = with_handles("x", notify=["@slack-a"], urgent=["@pagerduty-b"], when=When(("is_alert", "is_no_data")))

    assert set(handles(message)) == {"@slack-a", "@pagerduty-b"}
