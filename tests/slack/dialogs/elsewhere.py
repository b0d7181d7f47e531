"""Tests of ``tests/commands`` that say nothing about Slack, each with the reason."""

OUTBOX = "looks at what waits in the outbox, which has been sent here"
DISPATCHER = "asks the dispatcher itself"
MENU = "submits what Slack's form does not offer, or a form that it would not show"
OWN = "stands in its Slack form in tests/slack/test_dialogs_review.py"
TWICE = "counts lines, and a message in Slack has its text beside its blocks"
KEPT = "the form is drawn anew elsewhere; Slack's stays open with what was typed"

ELSEWHERE = {
    "test_ending_brings_the_outcomes_to_the_tracker": OUTBOX,
    "test_the_last_reviews_are_listed_and_exported": OUTBOX,
    "test_documents_are_made_afterwards": OUTBOX,
    "test_what_is_changed_elsewhere_is_told_in_the_channel": OUTBOX,
    "test_the_sample_is_loaded_by_the_worker": OUTBOX,
    "test_nobody_is_told_of_their_own_role": OUTBOX,
    "test_the_po_is_reminded_after_three_working_days": OUTBOX,
    "test_applying_shows_the_plan_and_moves_it_once_confirmed": OUTBOX,
    "test_the_same_delivery_twice_is_one_entry": DISPATCHER,
    "test_the_same_delivery_twice_is_one_change": DISPATCHER,
    "test_in_a_direct_conversation_the_only_open_review_is_meant": DISPATCHER,
    "test_another_products_review_is_out_of_reach": DISPATCHER,
    "test_the_database_itself_allows_one_open_review_per_channel": DISPATCHER,
    "test_a_button_starts_the_review_that_is_missing": DISPATCHER,
    "test_in_english_with_a_mention_that_shows_a_name": DISPATCHER,
    "test_a_number_is_no_item_to_be_made": DISPATCHER,
    "test_alone_a_card_offers_what_one_may_do": DISPATCHER,
    "test_people_of_one_name_are_offered_by_their_handles": DISPATCHER,
    "test_a_form_that_comes_back_says_what_it_lacks": DISPATCHER,
    "test_the_next_step_of_a_form_is_not_wrong_yet": DISPATCHER,
    "test_handing_in_at_once_and_by_file": DISPATCHER,
    "test_a_form_opened_before_a_change_ticks_nothing": MENU,
    "test_a_wrong_form_comes_back_with_what_was_typed": MENU,
    "test_a_form_says_all_points_at_once": MENU,
    "test_agreed_words_need_a_change_request[form]": MENU,
    "test_the_products_own_and_the_plans_are_told_apart": TWICE,
    "test_a_line_of_the_form_that_is_not_understood_stands_beside_its_field": KEPT,
    "test_what_is_said_becomes_minutes_once": OWN,
    "test_only_the_thread_of_the_card_is_the_meeting_where_there_are_threads": OWN,
    "test_reactions_make_entries_and_take_them_back": OWN,
}
